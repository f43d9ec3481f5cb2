// The player's tools: speed and skipping of silence, kept in this browser; five seconds back and on; where it plays.

import { clock } from "./_clock";
import { current } from "./_player_deck";
import { keep, kept } from "./_player_kept";

const SPEED = "player:speed";
const SKIP = "player:skip";

const speed = document.querySelector<HTMLSelectElement>("#speed");
const skip = document.querySelector<HTMLInputElement>("#skip");
const skipWords = document.querySelector<HTMLElement>("#skip-words");
const skipLength = document.querySelector<HTMLElement>("#skip-length");
const note = document.querySelector<HTMLElement>("#note-here");

function silences(player: HTMLMediaElement): [number, number][] {
  return (player.dataset.silences ?? "")
    .split(",")
    .filter(Boolean)
    .map((span) => span.split("-").map(Number) as [number, number]);
}

function passSilence(player: HTMLMediaElement): void {
  if (!skip?.checked || player.paused || player.seeking) return;
  const at = player.currentTime;
  const span = silences(player).find(([start, end]) => at >= start && at < end);
  if (span) player.currentTime = span[1];
}

/** The line in the outline, and the time on the button for a note. */
function showPlace(player: HTMLMediaElement): void {
  const wave = player.closest(".screen")?.querySelector<SVGSVGElement>(".wave");
  const columns = wave?.viewBox.baseVal.width ?? 0;
  const at = (columns * player.currentTime) / (Number(wave?.dataset.seconds) || player.duration || 1);
  const line = wave?.querySelector(".wave-now");
  line?.setAttribute("d", `M${Math.min(at, columns).toFixed(2)} 0V92`);
  line?.classList.add("is-set");
  if (note && player === current()) note.textContent = (note.dataset.words ?? "").replace("{at}", clock(player.currentTime));
}

function fit(): void {
  const player = current();
  if (!player) return;
  player.playbackRate = Number(speed?.value ?? 1);
  const silent = player.dataset.silent ?? "";
  if (skip && skipWords) {
    skip.disabled = !silent;
    skipWords.textContent = (silent ? skipWords.dataset.some : skipWords.dataset.none) ?? "";
    if (skipLength) skipLength.textContent = silent;
  }
  if (note) note.textContent = (note.dataset.words ?? "").replace("{at}", clock(player.currentTime));
}

export function seek(by: number): void {
  const player = current();
  if (player) player.currentTime = Math.max(0, player.currentTime + by);
}

export function toggle(): void {
  const player = current();
  if (player?.paused) void player.play();
  else player?.pause();
}

export function changeSpeed(by: number): void {
  if (!speed) return;
  speed.selectedIndex = Math.min(Math.max(speed.selectedIndex + by, 0), speed.options.length - 1);
  speed.dispatchEvent(new Event("change"));
}

export function toggleSkip(): void {
  if (skip && !skip.disabled) skip.click();
}

if (speed && skip) {
  const before = kept(SPEED);
  if (before && [...speed.options].some((option) => option.value === before)) speed.value = before;
  skip.checked = kept(SKIP) === "yes";
  speed.addEventListener("change", () => {
    keep(SPEED, speed.value);
    fit();
  });
  skip.addEventListener("change", () => keep(SKIP, skip.checked ? "yes" : "no"));
}
document.addEventListener("deck:shown", fit);
// media events do not bubble, but they are seen on the way down
document.addEventListener(
  "timeupdate",
  (event) => {
    if (!(event.target instanceof HTMLMediaElement)) return;
    passSilence(event.target);
    showPlace(event.target);
  },
  true,
);
// a browser falls back to the usual speed when a file is loaded
document.addEventListener("loadedmetadata", fit, true);
document.addEventListener("click", (event) => {
  const tool = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-by]") : null;
  if (tool) seek(Number(tool.dataset.by));
});
