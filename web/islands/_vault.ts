// What was recorded lies on this device before it is sent: sealed slices in IndexedDB, gone once the server has them.

const NAME = "onterview";
const VERSION = 1;
const RUNS = "runs";
const SLICES = "slices";
const KEYS = "keys";
const INCIDENTS = "incidents";
const IV_BYTES = 12; // AES-GCM's own size

/** One run of the recorder: one upload, one segment on the server. */
export interface Run {
  id: string;
  interview: string;
  question: string;
  position: number;
  take: number;
  filetype: string;
  before: number; // seconds of the answer that were recorded before this run
  seconds: number; // recorded by this run and kept
  bytes: number; // recorded by this run and kept
  address: string; // of the upload; empty until the server made it
  offset: number; // acknowledged bytes
  ended: boolean; // nothing more comes
  closing: boolean; // the candidate finished the answer with this run
  began: number; // ms since 1970
}

/** Bytes `start` to `end` of a run; `seconds` of the run are recorded up to its end. */
export interface Slice {
  run: string;
  start: number;
  end: number;
  seconds: number;
  data: Blob;
}

export interface Incident {
  key: string;
  interview: string;
  position: number;
  kind: string;
  began: number; // ms since 1970
  ended: number;
  seconds: number;
}

interface Sealed {
  run: string;
  start: number;
  end: number;
  seconds: number;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error ?? new Error("IndexedDB"));
  });
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(RUNS, { keyPath: "id" });
    request.result.createObjectStore(SLICES, { keyPath: ["run", "start"] });
    request.result.createObjectStore(INCIDENTS, { keyPath: "key" });
    request.result.createObjectStore(KEYS);
  };
  return settled(request);
}

/** Every slice of one run in the store's order. */
function slicesOf(run: string): IDBKeyRange {
  return IDBKeyRange.bound([run, 0], [run, Number.MAX_SAFE_INTEGER]);
}

export class Vault {
  private constructor(private readonly database: IDBDatabase, private readonly key: CryptoKey) {}

  /** Rejects where the browser keeps nothing: private windows of old browsers, a device without room. */
  static async open(): Promise<Vault> {
    const database = await opened();
    const kept = (await settled(database.transaction(KEYS).objectStore(KEYS).get("slices"))) as CryptoKey | undefined;
    const vault = new Vault(database, kept ?? (await Vault.newKey()));
    if (kept === undefined) await vault.change([KEYS], (store) => store(KEYS).put(vault.key, "slices"));
    return vault;
  }

  // not extractable: no script, ours included, can read the key; only this browser can open what it sealed
  private static newKey(): Promise<CryptoKey> {
    return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  /** One transaction that is on the disk before it resolves. */
  private change(stores: string[], act: (store: (name: string) => IDBObjectStore) => void): Promise<void> {
    return new Promise((done, fail) => {
      const transaction = this.database.transaction(stores, "readwrite", { durability: "strict" });
      transaction.oncomplete = () => done();
      transaction.onabort = () => fail(transaction.error ?? new Error("IndexedDB"));
      act((name) => transaction.objectStore(name));
    });
  }

  /** Keeps a slice and where its run stands, together. */
  async keep(run: Run, slice: Slice): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, await slice.data.arrayBuffer());
    const sealed: Sealed = { run: slice.run, start: slice.start, end: slice.end, seconds: slice.seconds, iv, data };
    await this.change([RUNS, SLICES], (store) => {
      store(SLICES).put(sealed);
      store(RUNS).put({ ...run });
    });
  }

  /** Keeps where a run stands; forgets the slices that the server has acknowledged. */
  async note(run: Run, acknowledged: Slice[] = []): Promise<void> {
    await this.change([RUNS, SLICES], (store) => {
      store(RUNS).put({ ...run });
      for (const slice of acknowledged) store(SLICES).delete([slice.run, slice.start]);
    });
  }

  /** The run and everything of it is gone from this device. */
  async forget(run: string): Promise<void> {
    await this.change([RUNS, SLICES], (store) => {
      store(RUNS).delete(run);
      store(SLICES).delete(slicesOf(run));
    });
  }

  /** The runs of one interview, oldest first. */
  async runs(interview: string): Promise<Run[]> {
    const all = (await settled(this.database.transaction(RUNS).objectStore(RUNS).getAll())) as Run[];
    return all.filter((run) => run.interview === interview).sort((one, other) => one.began - other.began);
  }

  /** What of a run is not acknowledged yet. */
  async slices(run: string): Promise<Slice[]> {
    const store = this.database.transaction(SLICES).objectStore(SLICES);
    const sealed = (await settled(store.getAll(slicesOf(run)))) as Sealed[];
    return Promise.all(
      sealed.map(async ({ iv, data, ...rest }) => {
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, data);
        return { ...rest, data: new Blob([plain]) };
      }),
    );
  }

  async tell(incident: Incident): Promise<void> {
    await this.change([INCIDENTS], (store) => store(INCIDENTS).put(incident));
  }

  async incidents(interview: string): Promise<Incident[]> {
    const all = (await settled(this.database.transaction(INCIDENTS).objectStore(INCIDENTS).getAll())) as Incident[];
    return all.filter((incident) => incident.interview === interview);
  }

  async told(incidents: Incident[]): Promise<void> {
    await this.change([INCIDENTS], (store) => {
      for (const incident of incidents) store(INCIDENTS).delete(incident.key);
    });
  }

  /** Whether anything here has still to be sent. */
  async waiting(): Promise<boolean> {
    const reading = this.database.transaction([RUNS, INCIDENTS]);
    const counts = [RUNS, INCIDENTS].map((name) => settled(reading.objectStore(name).count()));
    return (await Promise.all(counts)).some((count) => count > 0);
  }

  close(): void {
    this.database.close();
  }

  /** Whether `bytes` more fit; true where the browser does not say. */
  static async hasRoom(bytes: number): Promise<boolean> {
    const storage = navigator.storage as StorageManager | undefined;
    const told = await storage?.estimate?.().catch(() => null);
    return !told?.quota || told.quota - (told.usage ?? 0) > bytes;
  }

  /** Everything of every interview, key included: the interview is over. */
  static wipe(): Promise<void> {
    return new Promise((done) => {
      const request = indexedDB.deleteDatabase(NAME);
      request.onsuccess = request.onerror = request.onblocked = () => done();
    });
  }
}
