// Words and quotes play the second that they rest on, and the word being said is marked. Without it the links
// open the recording at that second.

function media(of: HTMLElement): HTMLMediaElement | null {
  const id = of.dataset.media ?? of.closest<HTMLElement>("[data-media]")?.dataset.media;
  return id ? document.querySelector<HTMLMediaElement>(`#${id}`) : null;
}

function playFrom(player: HTMLMediaElement, second: number): void {
  for (const other of document.querySelectorAll<HTMLMediaElement>(".player")) if (other !== player) other.pause();
  const seek = () => {
    player.currentTime = second;
    void player.play();
  };
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) {
    seek();
  } else {
    player.addEventListener("loadedmetadata", seek, { once: true });
    player.load();
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-start]") : null;
  const player = target && media(target);
  if (!target || !player) return;
  event.preventDefault();
  playFrom(player, Number(target.dataset.start));
  const box = player.getBoundingClientRect();
  if (box.bottom < 0 || box.top > innerHeight) player.scrollIntoView({ block: "center" });
});

function mark(words: HTMLElement[], second: number): void {
  for (const word of words) {
    const said = second >= Number(word.dataset.start) && second < Number(word.dataset.end);
    word.classList.toggle("is-now", said);
  }
}

for (const transcript of document.querySelectorAll<HTMLElement>(".transcript[data-media]")) {
  const words = [...transcript.querySelectorAll<HTMLElement>(".word[data-start]")];
  media(transcript)?.addEventListener("timeupdate", (event) => {
    mark(words, (event.target as HTMLMediaElement).currentTime);
  });
}
export {};
