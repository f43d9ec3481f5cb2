// One answer as it is recorded: runs of the recorder one after the other, each sent as a segment of the same answer.

import type { Incidents } from "./_incidents";
import { clock } from "./_clock";
import { area, filled, number, part, say, show, state, words } from "./_page";
import { RATES, fitting, measured, type Rate } from "./_rate";
import { Refused, Sender, accepted, ask } from "./_send";
import { Vault, type Run } from "./_vault";

const TYPES = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const SLICE_MS = 1000;
const TICK_MS = 250;
const LAGS_AFTER_S = 8; // of recording that waits to be sent
const LOWER_EVERY_MS = 15_000;
const SHORTEST_S = 1; // less is not worth another run
const LONGEST_WAIT_MS = 15_000;

interface Running {
  run: Run;
  recorder: MediaRecorder;
  began: number; // performance.now() at the recorder's start
}

export class Recording {
  private running: Running | null = null;
  private stream: MediaStream | null = null;
  private rate = fitting();
  private lowered = 0;
  private timer = 0;
  private lock: WakeLockSentinel | null = null;
  private over = false;
  unsent = false;

  constructor(
    private readonly vault: Vault | null,
    private readonly sender: Sender,
    private readonly incidents: Incidents,
    private before: number,
  ) {
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent) event.preventDefault();
    });
  }

  /** Seconds of the answer that are recorded now. */
  get seconds(): number {
    return this.before + (this.running === null ? 0 : (performance.now() - this.running.began) / 1000);
  }

  get limit(): number {
    return number(words.answer);
  }

  /** Whether too little time is left for another run. */
  get full(): boolean {
    return this.limit - this.before < SHORTEST_S;
  }

  async start(stream: MediaStream): Promise<void> {
    this.stream = stream;
    const rate = this.current;
    const bytes = ((rate.video + rate.audio) / 8) * (this.limit - this.before) * 1.5;
    if (!(await Vault.hasRoom(bytes))) {
      await this.incidents.note("device_full", this.before);
      say(words.devicefull ?? "");
    }
    for (const track of stream.getTracks()) track.addEventListener("ended", () => void this.cameraLost(), { once: true });
    await this.fit();
    this.unsent = true;
    this.next();
    show("start", false);
    show("here", false);
    show("resumed", false);
    show("finish", true);
    part("finish").focus();
    this.timer = window.setInterval(() => this.tick(), TICK_MS);
    this.lock = await navigator.wakeLock?.request("screen").catch(() => null) ?? null;
  }

  private get current(): Rate {
    return RATES[this.rate] as Rate;
  }

  private async fit(): Promise<void> {
    const { width, height, frames } = this.current;
    const track = this.stream?.getVideoTracks()[0];
    await track?.applyConstraints({ width, height, frameRate: frames }).catch(() => undefined);
  }

  /** Begins the next run. */
  private next(): void {
    const mimeType = TYPES.find((name) => MediaRecorder.isTypeSupported(name)) ?? "";
    const { video, audio } = this.current;
    const recorder = new MediaRecorder(this.stream as MediaStream, { mimeType, videoBitsPerSecond: video, audioBitsPerSecond: audio });
    const run: Run = {
      id: crypto.randomUUID(),
      interview: words.interview ?? "",
      question: words.question ?? "",
      position: number(words.position),
      take: number(words.take),
      filetype: (recorder.mimeType || "video/webm").split(";")[0] ?? "video/webm",
      before: this.before,
      seconds: 0,
      bytes: 0,
      address: "",
      offset: 0,
      ended: false,
      closing: false,
      began: Date.now(),
    };
    const running: Running = { run, recorder, began: performance.now() };
    this.running = running;
    this.sender.begin(run);
    recorder.addEventListener("start", () => (running.began = performance.now()), { once: true });
    recorder.addEventListener("dataavailable", (event) => {
      this.sender.add(run, event.data, (performance.now() - running.began) / 1000);
    });
    recorder.addEventListener("error", () => void this.cameraLost());
    recorder.start(SLICE_MS);
    void this.sender.drained().catch((error: unknown) => this.refused(error));
    state(`● ${words.recording ?? ""}`, true);
  }

  /** Ends the run; what it recorded is on the device when this resolves. */
  private async stop(closing: boolean): Promise<void> {
    const running = this.running;
    if (running === null) return;
    const { run, recorder } = running;
    if (recorder.state !== "inactive") {
      await new Promise((done) => {
        recorder.addEventListener("stop", done, { once: true });
        recorder.stop();
      });
    }
    this.running = null;
    await this.sender.end(run, closing);
    this.before = run.before + run.seconds;
  }

  private tick(): void {
    const seconds = Math.min(this.seconds, this.limit);
    part("clock").textContent = `${clock(seconds)} / ${clock(this.limit)}`;
    if (this.seconds >= this.limit) void this.finish();
    else if (this.sender.backlogS > LAGS_AFTER_S && performance.now() - this.lowered > LOWER_EVERY_MS) void this.lower();
  }

  /** The network does not keep up: from here on a smaller picture, in a run of its own. */
  private async lower(): Promise<void> {
    this.lowered = performance.now();
    const fits = fitting(this.sender.throughput);
    if (this.rate >= RATES.length - 1 || fits <= this.rate || this.over) return;
    this.rate = Math.max(this.rate + 1, fits);
    const at = this.seconds;
    await this.stop(false);
    await this.fit();
    if (!this.over) this.next();
    await this.incidents.note("rate_lowered", at);
  }

  /** Unplugged, taken by a call, put to sleep: what is recorded stays, and the candidate goes on when they can. */
  private async cameraLost(): Promise<void> {
    if (this.over || this.running === null) return;
    window.clearInterval(this.timer);
    await this.incidents.note("camera_lost", this.seconds);
    await this.stop(false);
    if (this.full) {
      await this.finish();
      return;
    }
    say(words.cameralost ?? "");
    state("");
    show("finish", false);
    show("start", true);
    show("here", true);
    part("start").textContent = words.resume ?? "";
  }

  /** Another window has taken over: nothing more is recorded or sent here. */
  async leave(): Promise<void> {
    this.over = true;
    window.clearInterval(this.timer);
    await this.stop(false);
    this.release();
    this.unsent = false;
    this.sender.stop();
  }

  private release(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    void this.lock?.release();
  }

  /** The candidate is done, or the time is over: the rest is sent, then the answer is closed. */
  async finish(): Promise<void> {
    if (this.over) return;
    this.over = true;
    window.clearInterval(this.timer);
    const last = this.running?.run;
    part<HTMLButtonElement>("finish").disabled = true;
    await this.stop(true);
    this.release();
    await this.close(last);
  }

  /** Sends what is left and asks for the receipt. `as it is`: the last run broke off on another page. */
  async close(last: Run | undefined, asItIs = false): Promise<void> {
    this.over = true;
    this.unsent = true;
    for (const id of ["start", "here", "finish"]) show(id, false);
    const timer = window.setInterval(() => this.progress(), TICK_MS);
    this.progress();
    try {
      await this.sender.drained();
      measured(this.sender.throughput);
      await this.incidents.tell();
      await this.received(asItIs);
      if (last !== undefined) await this.vault?.forget(last.id);
      this.unsent = false;
      location.assign(`/interview/questions/${words.position ?? ""}`);
    } catch (error) {
      this.refused(error);
    } finally {
      window.clearInterval(timer);
    }
  }

  private progress(): void {
    const { total, left } = this.sender.bytes;
    const bar = part<HTMLProgressElement>("sending");
    show("sending", true);
    bar.max = Math.max(1, total);
    bar.value = total - left;
    const speed = this.sender.throughput / 8;
    const seconds = speed > 0 ? Math.ceil(left / speed) : 0;
    const mb = (bytes: number): string => (bytes / 1e6).toFixed(1);
    const text = filled(words.sending, { sent: mb(total - left), total: mb(total) });
    state(seconds > 1 ? `${text} ${filled(words.sendingtime, { seconds: String(seconds) })}` : text);
  }

  private async received(asItIs: boolean): Promise<void> {
    const address = `/interview/questions/${words.position ?? ""}/${asItIs ? "as-it-is" : "finish"}`;
    for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        const headers = { "X-CSRF-Token": words.csrf ?? "", Accept: "application/json" };
        const answer = await ask(address, { method: "POST", headers });
        if (answer.status === 403) location.reload(); // signed in again meanwhile: the new page goes on from the device
        await accepted(answer);
        return;
      } catch (error) {
        if (error instanceof Refused && error.code === "received") return;
        if (error instanceof Refused && error.code !== "incomplete") throw error;
        await new Promise((done) => setTimeout(done, wait));
      }
    }
  }

  private refused(error: unknown): void {
    window.clearInterval(this.timer);
    this.over = true;
    this.release();
    const sentence = error instanceof Refused && error.message !== "" ? error.message : words.failed ?? "";
    say(sentence);
    state("");
    show("sending", false);
    area.classList.add("is-over");
    show("plain", true);
  }
}
