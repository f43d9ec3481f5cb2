// A phone shows one part of the page below the player; a link into a part that is hidden shows that part first.

const review = document.querySelector<HTMLElement>(".review");
const tabs = [...document.querySelectorAll<HTMLAnchorElement>("[data-tab]:not(.review)")];

/** Shows one part: answers, criteria or notes. On a wide page all are there anyhow. */
export function open(part: string): void {
  if (!review || !tabs.length) return;
  review.dataset.tab = part;
  for (const tab of tabs) {
    if (tab.dataset.tab === part) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
}

function partOf(target: Element | null): string | null {
  return target?.closest("#answers, #criteria, #notes")?.id ?? null;
}

/** The part that an address of the page points into; a fold in it is opened too. */
function follow(hash: string): void {
  const target = hash.length > 1 ? document.getElementById(hash.slice(1)) : null;
  const part = partOf(target);
  if (!target || !part) return;
  open(part);
  target.scrollIntoView();
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
  const part = link ? partOf(document.getElementById(link.hash.slice(1))) : null;
  // a chapter only changes the player while one rates or writes
  if (link && part && !(link.dataset.chapter && review?.dataset.tab !== "answers")) open(part);
});
addEventListener("hashchange", () => follow(location.hash));

if (document.querySelector(".note-change[open], #note-form #note-wrong")) open("notes");
else if (document.querySelector("#rating-wrong")) open("criteria");
else open(partOf(document.getElementById(location.hash.slice(1) || "-")) ?? "answers");
