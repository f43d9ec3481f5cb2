// Every page: the house font after the first paint, so that no reader waits for half a megabyte to read; and a form is
// sent once.

interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

/** Slow or metered networks keep the system's font: what they carry is the recording. */
function affordable(): boolean {
  const connection = (navigator as Navigator & { connection?: Connection }).connection;
  return connection?.saveData !== true && (connection?.effectiveType ?? "4g") === "4g";
}

function loadFonts(): void {
  const address = document.documentElement.dataset["fonts"];
  if (!address || !affordable()) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

if (document.readyState === "complete") loadFonts();
else window.addEventListener("load", loadFonts, { once: true });

/** A deadline is in Korean time; who reads it elsewhere sees it in their own time too. */
function localMoments(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-moment]")) {
    const moment = new Date(place.dataset["moment"] ?? "");
    const korean = moment.toLocaleString("en", { timeZone: "Asia/Seoul" }) === moment.toLocaleString("en");
    if (Number.isNaN(moment.getTime()) || korean) continue;
    const style = { month: "long", day: "numeric", weekday: "short", hour: "numeric", minute: "2-digit" } as const;
    const here = moment.toLocaleString(document.documentElement.lang, style);
    place.textContent = (place.dataset["words"] ?? "").replace("WHEN", here);
    place.hidden = false;
  }
}

localMoments();

/** The second tap on a slow phone does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || form.dataset["sent"]) {
    if (form.dataset["sent"]) event.preventDefault();
    return;
  }
  form.dataset["sent"] = "yes";
  window.addEventListener("pageshow", () => delete form.dataset["sent"], { once: true });
});

export {};
