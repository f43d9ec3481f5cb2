// Prints the page as its print style draws it. Without the script there is no button; the browser's menu prints too.

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

export {};
