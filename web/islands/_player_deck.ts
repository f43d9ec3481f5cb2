// The deck: the one place in view where the players of a candidate's answers stand, one of them shown at a time.

const deck = document.querySelector<HTMLElement>("#deck");
const area = deck?.querySelector<HTMLElement>(".deck-player") ?? null;
const place = deck?.querySelector<HTMLElement>(".deck-screens") ?? null;

function screens(): HTMLElement[] {
  return [...(place?.querySelectorAll<HTMLElement>(".screen") ?? [])];
}

/** The player in view. */
export function current(): HTMLMediaElement | null {
  return place?.querySelector<HTMLMediaElement>(".screen:not([hidden]) .player") ?? null;
}

/** Shows the player of one answer and lets the others rest; what is not there changes nothing. */
export function show(answer: string): void {
  const wanted = screens().find((screen) => screen.dataset.screen === answer);
  if (!wanted) return;
  for (const screen of screens()) {
    screen.hidden = screen !== wanted;
    if (screen !== wanted) screen.querySelector<HTMLMediaElement>(".player")?.pause();
  }
  for (const chapter of document.querySelectorAll<HTMLElement>("[data-chapter]")) {
    if (chapter.dataset.chapter === answer) chapter.setAttribute("aria-current", "true");
    else chapter.removeAttribute("aria-current");
  }
  const title = deck?.querySelector(".deck-title");
  if (title) title.textContent = wanted.dataset.title ?? "";
  document.dispatchEvent(new Event("deck:shown"));
}

/** Takes the players out of a part of the page into the deck; one that plays there already is not replaced. */
export function adopt(part: ParentNode): void {
  if (!place || !area) return;
  for (const screen of part.querySelectorAll<HTMLElement>(".answer .screen, .screen")) {
    if (place.contains(screen)) continue;
    const known = screens().some((one) => one.dataset.screen === screen.dataset.screen);
    if (known) screen.remove();
    else {
      screen.hidden = true;
      place.append(screen);
    }
  }
  area.hidden = !screens().length;
  if (!area.hidden) deck?.classList.remove("deck-bare");
  if (!current()) show(screens()[0]?.dataset.screen ?? "");
}

/** Plays an answer from a second, whichever is in view now. */
export function playFrom(player: HTMLMediaElement, second: number): void {
  at(player, second, () => void player.play());
}

/** The same on arriving here by a click; a browser that plays nothing before a click on the page itself waits there. */
export function begin(player: HTMLMediaElement, second: number): void {
  at(player, second, () => void player.play().catch(() => player.pause()));
}

function at(player: HTMLMediaElement, second: number, then: () => void): void {
  show(player.closest<HTMLElement>(".screen")?.dataset.screen ?? "");
  const seek = () => {
    player.currentTime = second;
    then();
  };
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) {
    seek();
  } else {
    player.addEventListener("loadedmetadata", seek, { once: true });
    player.load();
  }
}

/** The next question's player and words, or those of the one before. */
export function step(by: number): void {
  const all = screens();
  const next = all[all.findIndex((screen) => !screen.hidden) + by]?.dataset.screen;
  if (!next) return;
  show(next);
  document.querySelector(`#answer-${next}`)?.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const chapter = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-chapter]") : null;
  if (chapter) show(chapter.dataset.chapter ?? "");
});

// what is jumped to has to stop below the deck
if (deck) {
  const measure = () => document.documentElement.style.setProperty("--deck", `${deck.offsetHeight}px`);
  new ResizeObserver(measure).observe(deck);
}
