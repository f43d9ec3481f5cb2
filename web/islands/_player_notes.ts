// A note at the second that plays: the form takes the answer and the time, the player waits while one writes.

import { current } from "./_player_deck";
import { open } from "./_player_tabs";
import { clock } from "./_clock";

export function noteHere(): void {
  const player = current();
  const answer = document.querySelector<HTMLInputElement | HTMLSelectElement>("#note-answer");
  const at = document.querySelector<HTMLInputElement>("#note-at");
  const text = document.querySelector<HTMLTextAreaElement>("#note-text");
  if (!answer || !at || !text) return;
  open("notes");
  if (player) {
    player.pause();
    answer.value = player.closest<HTMLElement>(".screen")?.dataset.screen ?? answer.value;
    at.value = clock(player.currentTime);
  }
  text.focus();
}

document.querySelector("#note-here")?.addEventListener("click", noteHere);
