// The ranked list by keyboard (j, k, Enter, 1-5), and new answers without reloading: asks the server for the
// list, less often the longer nothing changes, and not at all while nobody looks. The page works without it.

const FIRST_WAIT_MS = 3000;
const LONGEST_WAIT_MS = 60000;
const SLOWER = 1.5;

let wait = FIRST_WAIT_MS;
let timer: number | undefined;
let current: string | null = null;

function list(): HTMLElement | null {
  return document.querySelector("#rows");
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

function mark(row: HTMLElement | undefined): void {
  if (!row) return;
  current = row.dataset.row ?? null;
  for (const other of rows()) other.classList.toggle("is-current", other === row);
  row.querySelector("a")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(by: number): void {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.row === current);
  mark(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

/** Opens the candidate with the level chosen and nothing saved; of several criteria one key cannot mean them all. */
function rate(level: string): void {
  if (!current) return;
  const single = list()?.dataset.single === "yes";
  location.href = `/staff/interviews/${current}${single ? `?level=${level}` : ""}#criteria`;
}

function pressed(event: KeyboardEvent): void {
  const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && current && !(event.target instanceof HTMLAnchorElement)) {
    location.href = `/staff/interviews/${current}`;
  } else if (/^[1-5]$/.test(event.key)) rate(event.key);
}

function again(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = window.setTimeout(() => {
    wait = Math.min(wait * SLOWER, LONGEST_WAIT_MS);
    list()?.dispatchEvent(new Event("refresh"));
    again();
  }, wait);
}

document.addEventListener("keydown", pressed);
document.addEventListener("visibilitychange", () => {
  wait = FIRST_WAIT_MS;
  again();
});
// not afterSwap: it fires on the old list, which is no longer in the page
document.addEventListener("htmx:load", () => {
  wait = FIRST_WAIT_MS;
  const row = rows().find((candidate) => candidate.dataset.row === current);
  row?.classList.add("is-current");
  again();
});

if (location.hash.startsWith("#row-")) mark(document.querySelector<HTMLElement>(location.hash) ?? undefined);
again();
export {};
