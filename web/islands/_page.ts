// The question page's own parts and words, which the server wrote into it.

export function part<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found as T;
}

export const area = part("recorder");
export const words = area.dataset;

export function number(text: string | undefined): number {
  return Number(text ?? 0);
}

export function filled(text: string | undefined, values: Record<string, string>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** One sentence about what is wrong; the empty one takes it away. */
export function say(text: string): void {
  const line = part("problem").querySelector("p");
  if (line !== null && line.textContent !== text) line.textContent = text;
  part("problem").hidden = text === "";
}

export function state(text: string, live = false): void {
  const line = part("state");
  if (line.textContent !== text) line.textContent = text;
  line.className = live ? "live" : "";
}

export function show(id: string, shown: boolean): void {
  part(id).hidden = !shown;
}
