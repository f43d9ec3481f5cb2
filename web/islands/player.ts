// One candidate: words and quotes play the second that they rest on, and the word being said is marked; an answer in
// work is asked for again; a reason half written outlives a reload. Without it the links open the recording at that
// second. Its parts: the deck of players, their tools, the search, notes, a phone's tabs, the keyboard.

import { adopt, begin, playFrom } from "./_player_deck";
import "./_player_keys";

const FIRST_WAIT_MS = 3000;
const LONGEST_WAIT_MS = 60000;
const SLOWER = 1.3;
const REST_MS = 5000;
const SEARCH_PX = 56; // the search stands over the words

const panel = document.querySelector<HTMLElement>(".panel-answers");
let scrolledAt = 0;

function media(of: HTMLElement): HTMLMediaElement | null {
  const id = of.dataset.media ?? of.closest<HTMLElement>("[data-media]")?.dataset.media;
  return id ? document.querySelector<HTMLMediaElement>(`#${id}`) : null;
}

/** A click on the sound's outline plays from there; keyboards have the player's own slider and the transcript's times. */
document.addEventListener("click", (event) => {
  const wave = event.target instanceof Element ? event.target.closest<SVGElement>("[data-wave]") : null;
  const player = wave && document.querySelector<HTMLMediaElement>(`#${wave.dataset.wave}`);
  if (!wave || !player) return;
  const box = wave.getBoundingClientRect();
  playFrom(player, (Number(wave.dataset.seconds) * (event.clientX - box.left)) / box.width);
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-start]") : null;
  const player = target && media(target);
  if (!target || !player) return;
  event.preventDefault();
  playFrom(player, Number(target.dataset.start));
});

function mark(words: HTMLElement[], second: number): void {
  for (const word of words) {
    const said = second >= Number(word.dataset.start) && second < Number(word.dataset.end);
    word.classList.toggle("is-now", said);
    if (said) keepInView(word);
  }
}

/** Where the words scroll by themselves they follow the voice, unless somebody has just scrolled to look elsewhere. */
function keepInView(word: HTMLElement): void {
  if (!panel || panel.scrollHeight <= panel.clientHeight || Date.now() - scrolledAt < REST_MS) return;
  const box = word.getBoundingClientRect();
  const frame = panel.getBoundingClientRect();
  if (box.top < frame.top + SEARCH_PX || box.bottom > frame.bottom) panel.scrollTop += box.top - frame.top - SEARCH_PX * 2;
}
for (const by of ["wheel", "touchmove", "keydown"]) {
  panel?.addEventListener(by, () => (scrolledAt = Date.now()), { passive: true });
}

function follow(transcript: HTMLElement): void {
  const words = [...transcript.querySelectorAll<HTMLElement>(".word[data-start]")];
  media(transcript)?.addEventListener("timeupdate", (event) => {
    mark(words, (event.target as HTMLMediaElement).currentTime);
  });
}

adopt(document);
for (const transcript of document.querySelectorAll<HTMLElement>(".transcript[data-media]")) follow(transcript);
document.addEventListener("htmx:load", (event) => {
  const article = event.target as HTMLElement;
  if (!article.matches(".answer")) return;
  adopt(article);
  article.querySelectorAll<HTMLElement>(".transcript[data-media]").forEach(follow);
});

/** Not while nobody looks: the answer brings its transcript, and that is kept as a look at it. */
function askAgain(wait: number): void {
  const working = document.querySelectorAll("[data-working]");
  if (!working.length) return;
  setTimeout(() => {
    if (!document.hidden) for (const answer of working) answer.dispatchEvent(new Event("refresh"));
    askAgain(Math.min(wait * SLOWER, LONGEST_WAIT_MS));
  }, wait);
}

/** In this tab only, and until it is sent: a change of language or a reload loses nothing that was typed. */
function keepDraft(form: HTMLFormElement): void {
  const key = `decision:${form.dataset.draft}`;
  const reason = form.querySelector<HTMLTextAreaElement>("textarea")!;
  const kinds = [...form.querySelectorAll<HTMLInputElement>("input[name=kind]")];
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}") as { kind?: string; reason?: string };
  if (!reason.value) {
    reason.value = kept.reason ?? "";
    for (const kind of kinds) kind.checked ||= kind.value === kept.kind;
  }
  let sent = false;
  form.addEventListener("submit", () => (sent = true));
  addEventListener("pagehide", () => {
    const kind = kinds.find((one) => one.checked)?.value;
    if (sent || !(reason.value || kind)) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify({ kind, reason: reason.value }));
  });
  // a refused form was answered under the address that only takes forms: reloading would send it again
  if (form.dataset.address) history.replaceState(null, "", form.dataset.address);
}

/** From a snippet of the list: at its second. Once only, so that a reload does not speak by itself. */
function beginAsAsked(): void {
  const here = new URL(location.href);
  const at = here.searchParams.get("at");
  const answer = /^#answer-(\w+)/.exec(here.hash)?.[1];
  if (at === null) return;
  const player = answer ? document.querySelector<HTMLMediaElement>(`#media-${answer}`) : null;
  if (player) begin(player, Number(at) || 0);
  here.searchParams.delete("at");
  history.replaceState(null, "", here);
}

askAgain(FIRST_WAIT_MS);
beginAsAsked();
const decision = document.querySelector<HTMLFormElement>("[data-draft]");
if (decision) keepDraft(decision);
