// Brings runs of the recorder to the server by tus 1.0.0, one after the other; what is not acknowledged is sent again.

import { Vault, type Run, type Slice } from "./_vault";

const SEND_EVERY_MS = 4000;
const LARGEST_PART = 512 * 1024;
const SMALLEST_PART = 32 * 1024;
const PART_S = 4; // how long one part shall take on this network
const NO_ANSWER_MS = 25_000; // a connection that says nothing for so long is given up
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
const PART_TYPE = "application/offset+octet-stream";
const TUS = { "Tus-Resumable": "1.0.0" };

export interface Listener {
  /** The server holds the answer of this run up to so many seconds. */
  acknowledged(run: Run, seconds: number): void;
  /** Nothing gets through at the moment, and why: network, service, signed_out. */
  away(why: string): void;
  back(): void;
  /** The device keeps nothing more: what is recorded lives in this page only. */
  notKept(): void;
  /** The server will not take what an earlier run left behind. */
  leftBehind(run: Run, error: Refused): void;
}

interface Told {
  error?: { code?: string; text?: Record<string, string> };
}

/** The server will not take this, however often it is sent; `code` says why. */
export class Refused extends Error {
  constructor(readonly code: string, sentence: string) {
    super(sentence);
  }
}

class Away extends Error {}

function encoded(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Fetch that ends: a half-open connection would wait for ever. */
export async function ask(address: string, options: RequestInit): Promise<Response> {
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), NO_ANSWER_MS);
  try {
    return await fetch(address, { ...options, cache: "no-store", signal: cut.signal });
  } catch {
    throw new Away("network");
  } finally {
    clearTimeout(timer);
  }
}

/** Passes a good answer on. Throws Away for what may come right by itself, Refused for what will not. */
export async function accepted(answer: Response): Promise<Response> {
  if (answer.ok) return answer;
  if (answer.status === 401) throw new Away("signed_out");
  const told = (await answer.json().catch(() => ({}))) as Told;
  const code = told.error?.code ?? "";
  const again = answer.status === 423 || answer.status === 429 || answer.status >= 500 || code === "offset";
  if (again) throw new Away(answer.status >= 500 ? "service" : "busy");
  throw new Refused(code || String(answer.status), told.error?.text?.[document.documentElement.lang] ?? code);
}

export class Sender {
  private readonly runs: Run[] = [];
  private readonly waiting = new Map<string, Slice[]>();
  private readonly recovered = new Set<string>();
  private keeping: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private bytesPerS = 0;
  private stopped = false;
  private done = 0; // bytes of runs that have left
  private draining: Promise<void> | null = null;

  constructor(private readonly vault: Vault | null, private readonly listener: Listener) {}

  /** What goes through, in bits a second; 0 before anything went. */
  get throughput(): number {
    return this.bytesPerS * 8;
  }

  /** Seconds of recording that wait to be sent. */
  get backlogS(): number {
    return this.runs.reduce((sum, run) => {
      const first = this.slices(run)[0];
      return sum + (first === undefined ? 0 : run.seconds * (1 - first.start / Math.max(1, run.bytes)));
    }, 0);
  }

  begin(run: Run): void {
    this.runs.push(run);
    this.waiting.set(run.id, []);
    this.wake();
  }

  /** Goes on with what an earlier page of this browser recorded and could not send. */
  recover(run: Run, slices: Slice[]): void {
    this.runs.push(run);
    this.waiting.set(run.id, slices);
    this.recovered.add(run.id);
    run.ended = true;
  }

  /** Takes a slice: on the device first, then it may leave. */
  add(run: Run, data: Blob, seconds: number): void {
    if (data.size === 0) return;
    this.keeping = this.keeping.then(async () => {
      const slice: Slice = { run: run.id, start: run.bytes, end: run.bytes + data.size, seconds, data };
      const next = { ...run, bytes: slice.end, seconds };
      await this.vault?.keep(next, slice).catch(() => this.listener.notKept());
      run.bytes = next.bytes;
      run.seconds = next.seconds;
      this.slices(run).push(slice);
      this.wake();
    });
  }

  /** Nothing more comes for this run. Resolves when that is on the device. */
  async end(run: Run, closing: boolean): Promise<void> {
    await this.keeping;
    run.ended = true;
    run.closing = closing;
    await this.note(run);
    this.wake();
  }

  /** Another window took over: this one sends nothing more. */
  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Bytes of the runs that are not done: all of them, and what the server lacks. */
  get bytes(): { total: number; left: number } {
    const total = this.runs.reduce((sum, run) => sum + run.bytes, 0);
    return { total: total + this.done, left: this.runs.reduce((sum, run) => sum + run.bytes - run.offset, 0) };
  }

  /** Resolves when every run has ended and is acknowledged. Rejects with Refused. May be asked for at any time. */
  drained(): Promise<void> {
    this.draining ??= this.drain().finally(() => (this.draining = null));
    // a run may have begun while the last one was leaving
    return this.draining.then(() => (this.runs.length > 0 && !this.stopped ? this.drained() : undefined));
  }

  private async drain(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!this.stopped && this.runs.length > 0) {
      try {
        await this.step();
        wait = FIRST_WAIT_MS;
      } catch (error) {
        const run = this.runs[0];
        if (error instanceof Refused && run !== undefined && this.recovered.has(run.id)) {
          this.listener.leftBehind(run, error);
          await this.leave(run);
          continue;
        }
        if (!(error instanceof Away)) throw error;
        if (error.message !== "busy") this.listener.away(error.message);
        await this.pause(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
  }

  private slices(run: Run): Slice[] {
    return this.waiting.get(run.id) ?? [];
  }

  private async note(run: Run, acknowledged: Slice[] = []): Promise<void> {
    await this.vault?.note(run, acknowledged).catch(() => this.listener.notKept());
  }

  private async step(): Promise<void> {
    const run = this.runs[0];
    if (run === undefined) return;
    const waits = run.bytes - run.offset;
    if (!run.ended && waits < this.partBytes) await this.pause(SEND_EVERY_MS, true);
    if (run.bytes === 0) {
      if (run.ended) await this.leave(run);
      return;
    }
    try {
      if (run.address === "") await this.create(run);
      else if (run.bytes > run.offset || run.ended) await this.send(run);
    } catch (error) {
      if (error instanceof Away && run.address !== "") await this.whereTo(run).catch(() => undefined);
      throw error;
    }
  }

  private get partBytes(): number {
    const fits = this.bytesPerS === 0 ? LARGEST_PART : this.bytesPerS * PART_S;
    return Math.min(LARGEST_PART, Math.max(SMALLEST_PART, fits));
  }

  /** Waits; a new slice that makes a whole part, the end of a run and a network that comes back wake it. */
  private pause(ms: number, forPart = false): Promise<void> {
    return new Promise((done) => {
      const finish = (): void => {
        clearTimeout(timer);
        window.removeEventListener("online", finish);
        this.wake = () => undefined;
        done();
      };
      const timer = setTimeout(finish, ms);
      window.addEventListener("online", finish);
      this.wake = () => {
        const run = this.runs[0];
        const ready = run !== undefined && (run.ended || run.bytes - run.offset >= this.partBytes);
        if (this.stopped || (forPart && ready)) finish();
      };
    });
  }

  private async create(run: Run): Promise<void> {
    const described = { question: run.question, filetype: run.filetype, take: String(run.take), run: run.id, before: run.before.toFixed(2) };
    const metadata = Object.entries(described).map(([key, value]) => `${key} ${encoded(value)}`).join(",");
    const headers = { ...TUS, "Upload-Defer-Length": "1", "Upload-Metadata": metadata };
    const answer = await accepted(await ask("/uploads", { method: "POST", headers }));
    run.address = answer.headers.get("location") ?? "";
    await this.note(run);
    await this.reach(run, Number(answer.headers.get("upload-offset") ?? 0));
    this.listener.back();
  }

  private async send(run: Run): Promise<void> {
    const parts = this.slices(run);
    const body = this.body(parts, run.offset);
    const end = run.offset + body.size;
    const headers: Record<string, string> = {
      ...TUS,
      "Upload-Offset": String(run.offset),
      "Content-Type": PART_TYPE,
      "Recorded-Until": this.secondsAt(run, end).toFixed(2),
    };
    const last = run.ended && end === run.bytes;
    if (last) headers["Upload-Length"] = String(run.bytes);
    const began = performance.now();
    const answer = await accepted(await ask(run.address, { method: "PATCH", headers, body }));
    this.measured(body.size, (performance.now() - began) / 1000);
    this.listener.back();
    await this.reach(run, Number(answer.headers.get("upload-offset")));
    if (last && run.offset === run.bytes) await this.leave(run);
  }

  private body(parts: Slice[], from: number): Blob {
    const most = this.partBytes;
    const blobs: Blob[] = [];
    let size = 0;
    for (const part of parts) {
      if (size >= most) break;
      const blob = part.start < from ? part.data.slice(from - part.start) : part.data;
      const taken = blob.size > most - size ? blob.slice(0, most - size) : blob;
      blobs.push(taken);
      size += taken.size;
    }
    return new Blob(blobs);
  }

  private measured(bytes: number, seconds: number): void {
    if (bytes < SMALLEST_PART / 2 || seconds <= 0) return;
    const now = bytes / seconds;
    this.bytesPerS = this.bytesPerS === 0 ? now : 0.6 * this.bytesPerS + 0.4 * now;
  }

  /** Asks how much storage holds; what came of a part that broke off need not be sent again. */
  private async whereTo(run: Run): Promise<void> {
    const answer = await ask(run.address, { method: "HEAD", headers: TUS });
    this.bytesPerS /= 2; // the part was too large for this network, or the network has changed
    if (answer.ok) await this.reach(run, Number(answer.headers.get("upload-offset")));
  }

  private secondsAt(run: Run, offset: number): number {
    const slice = this.slices(run).find((part) => part.end >= offset);
    const within = slice === undefined ? run.seconds : slice.end === offset ? slice.seconds : Math.max(0, slice.seconds - 1);
    return run.before + within;
  }

  private async reach(run: Run, offset: number): Promise<void> {
    const held = this.slices(run).filter((part) => part.end <= offset);
    run.offset = offset;
    this.waiting.set(run.id, this.slices(run).filter((part) => part.end > offset));
    await this.note(run, held);
    const newest = held[held.length - 1];
    if (newest !== undefined) this.listener.acknowledged(run, run.before + newest.seconds);
  }

  private async leave(run: Run): Promise<void> {
    this.runs.shift();
    this.done += run.bytes;
    this.waiting.delete(run.id);
    if (!run.closing) await this.vault?.forget(run.id).catch(() => undefined);
  }
}
