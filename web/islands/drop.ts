// A roster is dropped on its field. Without the script the field is a plain one for a file.

for (const zone of document.querySelectorAll<HTMLElement>("[data-drop]")) {
  const field = zone.querySelector<HTMLInputElement>("input[type=file]");
  const words = zone.querySelector<HTMLElement>("[data-drop-words]");
  if (!field || !words) continue;
  const asked = words.textContent ?? "";
  words.hidden = false;
  words.setAttribute("aria-live", "polite");
  const named = (): void => {
    const file = field.files?.[0];
    words.textContent = file ? (words.dataset["chosen"] ?? "").replace("FILE", file.name) : asked;
    zone.classList.toggle("is-chosen", Boolean(file));
  };
  field.addEventListener("change", named);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (!event.dataTransfer?.files.length) return;
    field.files = event.dataTransfer.files;
    named();
  });
}

// What counts for nothing where links are handed over is not asked then. Without the script a sentence says so.
for (const settings of document.querySelectorAll<HTMLElement>("[data-by-channel]")) {
  const channel = settings.querySelector<HTMLSelectElement>("select[name=channel]");
  const rest = settings.querySelector<HTMLElement>("[data-not-by-file]");
  if (!channel || !rest) continue;
  const days = rest.querySelector<HTMLInputElement>("input[name=remind_after_days]");
  const shown = (): void => {
    rest.hidden = channel.value === "file";
    if (rest.hidden && days) days.value = ""; // it is refused there, and nobody could see why
  };
  channel.addEventListener("change", shown);
  if (!rest.querySelector(".form-wrong")) shown();
}
