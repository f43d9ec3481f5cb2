// One segment on its way to the server by tus 1.0.0: what was not acknowledged is kept and sent again.

const PART_BYTES = 512 * 1024;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
const PART_TYPE = "application/offset+octet-stream";

export interface Described {
  question: string;
  filetype: string;
  again: string;
}

export interface Listener {
  acknowledged(seconds: number): void;
  network(away: boolean): void;
}

interface Piece {
  blob: Blob;
  end: number; // bytes of the segment up to and including this piece
  seconds: number; // of the recording up to here
}

/** The server will not take this, however often it is sent. */
export class Refused extends Error {}

function encoded(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(finish, ms);
    function finish(): void {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      done();
    }
    window.addEventListener("online", finish);
  });
}

export class Upload {
  private address = "";
  private offset = 0;
  private total = 0;
  private pieces: Piece[] = [];
  private ended = false;
  private wake: () => void = () => undefined;

  constructor(private readonly described: Described, private readonly listener: Listener) {}

  add(blob: Blob, seconds: number): void {
    if (blob.size === 0) return;
    this.total += blob.size;
    this.pieces.push({ blob, end: this.total, seconds });
    this.wake();
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Sends until `end` was called and everything is acknowledged. Rejects with Refused. */
  async run(): Promise<void> {
    let wait = FIRST_WAIT_MS;
    while (!(this.ended && this.address !== "" && this.offset === this.total && this.declared)) {
      try {
        if (await this.step()) {
          wait = FIRST_WAIT_MS;
          this.listener.network(false);
        }
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.listener.network(true);
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
        await this.ask().catch(() => undefined);
      }
    }
  }

  private declared = false;

  private async step(): Promise<boolean> {
    if (this.total === 0 && !this.ended) {
      await this.sleep();
      return false;
    }
    if (this.address === "") {
      await this.create();
      return true;
    }
    const waiting = this.total - this.offset;
    if (waiting < PART_BYTES && !this.ended) {
      await this.sleep(4000);
    }
    if (this.total > this.offset || this.ended) {
      await this.send();
      return true;
    }
    return false;
  }

  private sleep(ms = 60000): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        if (this.ended || this.total - this.offset >= PART_BYTES || ms === 60000) {
          clearTimeout(timer);
          done();
        }
      };
    });
  }

  private async create(): Promise<void> {
    const metadata = Object.entries(this.described)
      .map(([key, value]) => `${key} ${encoded(value)}`)
      .join(",");
    const answer = await fetch("/uploads", {
      method: "POST",
      headers: { "Tus-Resumable": "1.0.0", "Upload-Defer-Length": "1", "Upload-Metadata": metadata },
    });
    await this.check(answer);
    this.address = answer.headers.get("location") ?? "";
  }

  private async send(): Promise<void> {
    const end = Math.min(this.total, this.offset + 2 * PART_BYTES);
    const headers: Record<string, string> = {
      "Tus-Resumable": "1.0.0",
      "Upload-Offset": String(this.offset),
      "Content-Type": PART_TYPE,
    };
    const last = this.ended && end === this.total;
    if (last) headers["Upload-Length"] = String(this.total);
    const answer = await fetch(this.address, { method: "PATCH", headers, body: this.bytes(this.offset, end) });
    await this.check(answer);
    this.reach(Number(answer.headers.get("upload-offset")));
    this.declared = last;
  }

  private bytes(start: number, end: number): Blob {
    const parts: Blob[] = [];
    for (const piece of this.pieces) {
      const begin = piece.end - piece.blob.size;
      if (piece.end > start && begin < end) {
        parts.push(piece.blob.slice(Math.max(0, start - begin), Math.min(piece.blob.size, end - begin)));
      }
    }
    return new Blob(parts);
  }

  private async ask(): Promise<void> {
    if (this.address === "") return;
    const answer = await fetch(this.address, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
    if (answer.ok) this.reach(Number(answer.headers.get("upload-offset")));
  }

  private reach(offset: number): void {
    this.offset = offset;
    let seconds = 0;
    for (const piece of this.pieces) if (piece.end <= offset) seconds = piece.seconds;
    this.pieces = this.pieces.filter((piece) => piece.end > offset);
    if (seconds > 0) this.listener.acknowledged(seconds);
  }

  private async check(answer: Response): Promise<void> {
    if (answer.ok) return;
    // the offset, a lock, a busy or broken server: ask again; anything else will not become right by itself
    if (answer.status === 409 || answer.status === 423 || answer.status === 429 || answer.status >= 500) {
      const told = (await answer.json().catch(() => null)) as { error?: { code?: string; text?: Record<string, string> } } | null;
      const code = told?.error?.code ?? "";
      if (answer.status !== 409 || code === "offset" || code === "") throw new Error(String(answer.status));
      throw new Refused(told?.error?.text?.[document.documentElement.lang] ?? code);
    }
    const told = (await answer.json().catch(() => null)) as { error?: { text?: Record<string, string> } } | null;
    throw new Refused(told?.error?.text?.[document.documentElement.lang] ?? String(answer.status));
  }
}
