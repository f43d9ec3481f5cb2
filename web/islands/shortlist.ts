// The ranked list by keyboard (j, k, x, /, Enter, 1-5), across its pages too, and new answers without reloading: asks
// the server for the list, less often the longer nothing changes, and not at all while nobody looks. The page works
// without it.

import { tickAgain } from "./_ticks";

const FIRST_WAIT_MS = 3000;
const LONGEST_WAIT_MS = 60000;
const SLOWER = 1.5;
const FIRST = "first-row";
const LAST = "last-row";

let wait = FIRST_WAIT_MS;
let timer: number | undefined;
let current: string | null = null;

function list(): HTMLElement | null {
  return document.querySelector("#rows");
}

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-row]")];
}

/** The candidate's page, which knows the way back to this place of the list. */
function page(row: string): URL {
  const link = document.querySelector<HTMLAnchorElement>(`[data-row="${row}"] .row-link`);
  return new URL(link?.href ?? `/staff/interviews/${row}`, location.href);
}

function mark(row: HTMLElement | undefined): void {
  if (!row) return;
  current = row.dataset.row ?? null;
  for (const other of rows()) other.classList.toggle("is-current", other === row);
  row.querySelector("a")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

/** Beyond the last row begins the next page, and before the first one ends the page before. */
function turn(by: number): boolean {
  const address = by > 0 ? list()?.dataset.after : list()?.dataset.before;
  if (address) location.href = `${address}#${by > 0 ? FIRST : LAST}`;
  return Boolean(address);
}

function step(by: number): void {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.row === current);
  if (at >= 0 && (at + by < 0 || at + by >= all.length) && turn(by)) return;
  mark(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

/** Opens the candidate with the level chosen and nothing saved; of several criteria one key cannot mean them all. */
function rate(level: string): void {
  if (!current) return;
  const address = page(current);
  if (list()?.dataset.single === "yes") address.searchParams.set("level", level);
  address.hash = "criteria";
  location.href = address.href;
}

function pressed(event: KeyboardEvent): void {
  const typing = event.target instanceof HTMLElement && event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && current && !(event.target instanceof HTMLAnchorElement)) {
    location.href = page(current).href;
  } else if (event.key === "x") {
    rows().find((row) => row.dataset.row === current)?.querySelector<HTMLInputElement>("[name=chosen]")?.click();
  } else if (event.key === "/") {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("#words")?.focus();
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
  tickAgain();
  again();
});

if (location.hash.startsWith("#row-")) mark(document.querySelector<HTMLElement>(location.hash) ?? undefined);
else if (location.hash === `#${FIRST}`) mark(rows()[0]);
else if (location.hash === `#${LAST}`) mark(rows()[rows().length - 1]);
again();
