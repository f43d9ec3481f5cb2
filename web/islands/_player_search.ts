// Finds words in all transcripts of the page, across words, and walks from place to place.

const form = document.querySelector<HTMLFormElement>("#find");
const input = document.querySelector<HTMLInputElement>("#find-words");
const told = document.querySelector<HTMLElement>(".find-count");

let places: HTMLElement[][] = [];
let at = -1;

function plain(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

/** The words that each occurrence touches, in one line after the other of a transcript. */
function found(transcript: HTMLElement, wanted: string): HTMLElement[][] {
  const words = [...transcript.querySelectorAll<HTMLElement>(".word")];
  const starts: number[] = [];
  let text = "";
  for (const word of words) {
    starts.push(text.length);
    text += `${plain(word.textContent ?? "")} `;
  }
  const result: HTMLElement[][] = [];
  for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
    const until = from + wanted.length;
    result.push(words.filter((_, n) => (starts[n] ?? 0) < until && (starts[n + 1] ?? text.length) - 1 > from));
  }
  return result;
}

function go(to: number): void {
  for (const word of places[at] ?? []) word.classList.remove("is-found-now");
  at = places.length ? (to + places.length) % places.length : -1;
  for (const word of places[at] ?? []) word.classList.add("is-found-now");
  places[at]?.[0]?.scrollIntoView({ block: "center" });
  if (!told) return;
  const count = (told.dataset.count ?? "").replace("{at}", String(at + 1)).replace("{n}", String(places.length));
  told.textContent = !input?.value.trim() ? "" : places.length ? count : (told.dataset.none ?? "");
}

function look(): void {
  for (const word of document.querySelectorAll(".is-found")) word.classList.remove("is-found", "is-found-now");
  const wanted = plain(input?.value ?? "").trim().replace(/\s+/g, " ");
  const transcripts = [...document.querySelectorAll<HTMLElement>(".transcript")];
  places = wanted ? transcripts.flatMap((transcript) => found(transcript, wanted)) : [];
  for (const word of places.flat()) word.classList.add("is-found");
  go(0);
}

export function focusSearch(): boolean {
  input?.focus();
  input?.select();
  return document.activeElement === input;
}

if (form && input) {
  form.hidden = false;
  input.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(at + 1);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      go(at - 1);
    } else if (event.key === "Escape") {
      input.value = "";
      look();
      input.blur();
    }
  });
  form.addEventListener("click", (event) => {
    const way = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-find]") : null;
    if (way) go(at + Number(way.dataset.find));
  });
}
