// Counts that come anew without reloading: asks for the part of the page marked with data-again, less often the longer
// it is open, and not at all while nobody looks. The page works without it.

const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 120000;
const SLOWER = 1.5;

let wait = FIRST_WAIT_MS;
let timer: number | undefined;

function again(): void {
  clearTimeout(timer);
  if (document.hidden) return;
  timer = window.setTimeout(() => {
    wait = Math.min(wait * SLOWER, LONGEST_WAIT_MS);
    const part = document.querySelector<HTMLElement>("[data-again]");
    // somebody who stands in it with the keyboard would be thrown out
    if (part && !part.contains(document.activeElement)) part.dispatchEvent(new Event("refresh"));
    again();
  }, wait);
}

document.addEventListener("visibilitychange", () => {
  wait = FIRST_WAIT_MS;
  again();
});
again();
export {};
