// The keyboard: never while somebody types or stands on something that a key already works.

import { step } from "./_player_deck";
import { keep, kept } from "./_player_kept";
import { noteHere } from "./_player_notes";
import { focusSearch } from "./_player_search";
import { changeSpeed, seek, toggle, toggleSkip } from "./_player_tools";

const TYPING = "input, textarea, select, [contenteditable]";
const OWN_KEYS = "button, summary, a, audio, video"; // space and arrows mean something there
const LETTERS = "player:letters"; // single signs can be switched off: who speaks to the computer says them by accident
const WORKED = [" ", "ArrowLeft", "ArrowRight"];

const help = document.querySelector<HTMLDetailsElement>("#keys-help");
const letters = document.querySelector<HTMLInputElement>("#keys-letters");

const ACTIONS: Record<string, () => void> = {
  " ": toggle,
  ArrowLeft: () => seek(-5),
  ArrowRight: () => seek(5),
  "<": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  s: toggleSkip,
  n: noteHere,
  "]": () => step(1),
  "[": () => step(-1),
  "/": focusSearch,
  "?": () => {
    if (help) help.open = !help.open;
  },
};

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || target.closest(TYPING)) return;
  if (WORKED.includes(event.key) && target.closest(OWN_KEYS)) return;
  if (event.key === "Escape" && help) help.open = false;
  const action = ACTIONS[event.key];
  if (!action || (letters?.checked === false && !WORKED.includes(event.key))) return;
  event.preventDefault();
  action();
});

if (letters) {
  letters.checked = kept(LETTERS) !== "no";
  letters.addEventListener("change", () => keep(LETTERS, letters.checked ? "yes" : "no"));
}
