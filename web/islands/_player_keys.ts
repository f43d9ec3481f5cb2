// The keyboard: never while somebody types or stands on something that a key already works.

import { step } from "./_player_deck";
import { noteHere } from "./_player_notes";
import { focusSearch } from "./_player_search";
import { changeSpeed, seek, toggle, toggleSkip } from "./_player_tools";

const TYPING = "input, textarea, select, [contenteditable]";
const OWN_KEYS = "button, summary, a, audio, video"; // space and arrows mean something there
const WORKED = [" ", "ArrowLeft", "ArrowRight"];

const help = document.querySelector<HTMLDetailsElement>("#keys-help");

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
  if (!action) return;
  event.preventDefault();
  action();
});
