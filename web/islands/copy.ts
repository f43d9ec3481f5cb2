// Puts a link on the clipboard. Without the script the link is there to be selected, and no button is.

const SAID_MS = 3000;

async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    // not over plain http: select it and let the browser do it as by hand
    getSelection()?.selectAllChildren(source);
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const source = document.getElementById(button.dataset["copy"] ?? "");
  if (!source) continue;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  const words = button.textContent;
  button.addEventListener("click", () => {
    void copy(source).then((done) => {
      if (!done) return;
      button.textContent = button.dataset["copied"] ?? words;
      setTimeout(() => (button.textContent = words), SAID_MS);
    });
  });
}
