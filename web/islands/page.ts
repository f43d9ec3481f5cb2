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
