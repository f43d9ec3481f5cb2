// Who is ticked in the ranked list stays so from page to page, with any filter and order: kept in this tab only, by
// reader and opening. Without the script the form and the addresses carry it.

const form = document.querySelector<HTMLFormElement>("#chosen-form");
const said = document.querySelector<HTMLElement>("#chosen-said");
const key = `chosen:${document.querySelector<HTMLElement>("#rows")?.dataset.keep ?? ""}`;
const chosen = new Set<string>(JSON.parse(sessionStorage.getItem(key) ?? "[]") as string[]);

function ticks(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("[data-row] [name=chosen]")];
}

function say(): void {
  if (!said) return;
  const here = ticks().filter((tick) => tick.checked).length;
  const away = chosen.size - here;
  const words = (away ? said.dataset.elsewhere : said.dataset.words) ?? "";
  said.hidden = chosen.size === 0;
  const line = said.querySelector("[role=status]");
  if (line) line.textContent = words.replace("{n}", String(chosen.size)).replace("{away}", String(away));
}

function keep(): void {
  if (chosen.size) sessionStorage.setItem(key, JSON.stringify([...chosen]));
  else sessionStorage.removeItem(key);
  say();
}

/** Rows that come anew have nobody ticked: who was, is again. */
export function tickAgain(): void {
  for (const tick of ticks()) tick.checked = chosen.has(tick.value);
  say();
}

/** Takes over what an address carried that was made without the script, and goes on without it there. */
function takeOver(): void {
  const here = new URL(location.href);
  const carried = here.searchParams.getAll("chosen");
  if (!carried.length) return;
  for (const one of carried) chosen.add(one);
  keep();
  here.searchParams.delete("chosen");
  location.replace(here);
}

document.addEventListener("change", (event) => {
  const tick = event.target instanceof HTMLInputElement && event.target.name === "chosen" ? event.target : null;
  if (!tick) return;
  if (tick.checked) chosen.add(tick.value);
  else chosen.delete(tick.value);
  keep();
});

said?.querySelector("[data-untick]")?.addEventListener("click", (event) => {
  event.preventDefault();
  chosen.clear();
  keep();
  tickAgain();
});

// the list itself needs nobody in its address; what is done with the chosen needs them all, and no filter
let toList = true;
form?.addEventListener("submit", (event) => {
  toList = !event.submitter?.hasAttribute("formaction");
});
form?.addEventListener("formdata", (event) => {
  const data = event.formData;
  data.delete("chosen");
  const names = [...new Set(data.keys())];
  for (const name of names) if (!toList || data.get(name) === "") data.delete(name);
  if (!toList) for (const one of chosen) data.append("chosen", one);
});

takeOver();
tickAgain();
addEventListener("pageshow", tickAgain); // a browser that goes back keeps ticks as they were then
