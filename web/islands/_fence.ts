// One window records an interview; a second one asks before it takes over, and the first then stops.

export interface Fence {
  /** Resolves once this window is the only one; `taken` tells the page that another has it until it is asked for. */
  entered: Promise<void>;
  /** Takes over from the other window. */
  take(): void;
}

/** Browsers without locks (Safari before 15.4) are told apart by the server's own lock on each upload. */
export function fence(name: string, taken: () => void, lost: () => void): Fence {
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return { entered: Promise.resolve(), take: () => undefined };
  let enter: () => void = () => undefined;
  const entered = new Promise<void>((done) => (enter = done));
  const forEver = new Promise<never>(() => undefined);
  const hold = (options: LockOptions): void => {
    let inside = false;
    void locks
      .request(name, options, (lock) => {
        if (lock === null) {
          taken();
          return undefined;
        }
        inside = true;
        enter();
        return forEver;
      })
      .catch(() => {
        if (inside) lost(); // another window stole the lock
      });
  };
  hold({ ifAvailable: true });
  return { entered, take: () => hold({ steal: true }) };
}
