// A candidate's first page: says that a person has had it before them for a second, which no mail scanner does.

const SHOWN_MS = 1000;

const place = document.querySelector<HTMLElement>("[data-seen]");

function tell(): void {
  const headers = { "X-CSRF-Token": place?.dataset["csrf"] ?? "", Accept: "application/json" };
  // not said is not asked again: it is a figure for whoever invited, nothing that the candidate needs
  void fetch(place?.dataset["seen"] ?? "", { method: "POST", headers, keepalive: true }).catch(() => undefined);
}

function whenShown(): void {
  let waiting = 0;
  const look = (): void => {
    window.clearTimeout(waiting);
    if (document.visibilityState !== "visible") return;
    waiting = window.setTimeout(() => {
      document.removeEventListener("visibilitychange", look);
      tell();
    }, SHOWN_MS);
  };
  document.addEventListener("visibilitychange", look);
  look();
}

if (place !== null) whenShown();

export {};
