// What somebody chose for the player, kept in this browser.

/** Browsers that keep nothing for this site still play. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private windows of some browsers refuse; the choice then lasts as long as the page
  }
}
