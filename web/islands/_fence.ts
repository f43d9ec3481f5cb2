// One window records an interview; a second one asks before it takes over, and the first then stops.

const HANDOVER_MS = 5000; // how long a window that was asked to stop may take to put its last second away

export interface Fence {
  /** Resolves once this window is the only one; `taken` tells the page that another has it until it is asked for. */
  entered: Promise<void>;
  /** Takes over from the other window. */
  take(): void;
}

/** Waits for the lock for so long, then goes on without: a window that hangs must not keep its owner out. */
function inside(locks: LockManager, name: string, enter: () => void): { leave: () => void } {
  let leave: () => void = () => undefined;
  const held = new Promise<void>((done) => (leave = done));
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), HANDOVER_MS);
  void locks
    .request(name, { signal: patience.signal }, () => {
      clearTimeout(timer);
      enter();
      return held;
    })
    .catch(enter);
  return { leave };
}

/**
 * `lost` puts away what this window holds; only when it has does the other one begin. Browsers without locks (Safari
 * before 15.4) are told apart by the server's own lock on each upload.
 */
export function fence(name: string, taken: () => void, lost: () => Promise<void>): Fence {
  const locks = navigator.locks as LockManager | undefined;
  if (locks === undefined) return { entered: Promise.resolve(), take: () => undefined };
  let enter: () => void = () => undefined;
  const entered = new Promise<void>((done) => (enter = done));
  const forEver = new Promise<never>(() => undefined);
  const hold = (options: LockOptions): void => {
    let room: { leave: () => void } | null = null;
    void locks
      .request(name, options, (lock) => {
        if (lock === null) {
          taken();
          return undefined;
        }
        room = inside(locks, `${name}-inside`, enter);
        return forEver;
      })
      .catch(() => {
        const left = room; // another window stole the lock
        if (left !== null) void lost().finally(left.leave);
      });
  };
  hold({ ifAvailable: true });
  return { entered, take: () => hold({ steal: true }) };
}
