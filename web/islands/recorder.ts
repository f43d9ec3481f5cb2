// Records one answer and sends it while it is recorded; a reload begins the next segment of the same answer.

import { Refused, Upload } from "./_tus";

const TYPES = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const VIDEO_BITS = 500_000;
const AUDIO_BITS = 48_000;
const SLICE_MS = 1000;

function part<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`#${id} is missing`);
  return found as T;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const area = part("recorder");
const words = area.dataset;
const problem = part("problem");
const state = part("state");
const kept = `answered-${words.question ?? ""}-${words.again ?? ""}`;

function say(text: string): void {
  problem.hidden = text === "";
  const line = problem.querySelector("p");
  if (line !== null) line.textContent = text;
}

function number(text: string | undefined): number {
  return Number(text ?? 0);
}

class Recording {
  private before = number(words.resumed) === 1 ? number(sessionStorage.getItem(kept) ?? undefined) : 0;
  private spoken = 0;
  private safe = 0;
  private recorder: MediaRecorder | null = null;
  private upload: Upload | null = null;
  private sending: Promise<void> = Promise.resolve();
  private timer = 0;
  private unsent = false;

  constructor(private readonly stream: MediaStream) {
    window.addEventListener("beforeunload", (event) => {
      if (this.unsent) event.preventDefault();
    });
    part("finish").addEventListener("click", () => void this.finish());
  }

  private get limit(): number {
    return Math.max(5, number(words.answer) - this.before);
  }

  start(): void {
    const type = TYPES.find((name) => MediaRecorder.isTypeSupported(name)) ?? "";
    this.recorder = new MediaRecorder(this.stream, {
      mimeType: type,
      videoBitsPerSecond: VIDEO_BITS,
      audioBitsPerSecond: AUDIO_BITS,
    });
    const filetype = (this.recorder.mimeType || "video/webm").split(";")[0] ?? "video/webm";
    const described = { question: words.question ?? "", filetype, again: words.again === "1" ? "1" : "0" };
    this.upload = new Upload(described, {
      acknowledged: (seconds) => this.acknowledged(seconds),
      network: (away) => say(away ? (words.offline ?? "") : ""),
    });
    const began = performance.now();
    this.recorder.addEventListener("dataavailable", (event) => {
      this.spoken = (performance.now() - began) / 1000;
      this.upload?.add(event.data, this.spoken);
    });
    this.recorder.start(SLICE_MS);
    this.unsent = true;
    this.sending = this.upload.run();
    this.sending.catch((error: unknown) => this.refused(error));
    part("start").hidden = true;
    part("finish").hidden = false;
    part("finish").focus();
    state.textContent = `● ${words.recording ?? ""}`;
    state.className = "live";
    this.timer = window.setInterval(() => this.tick((performance.now() - began) / 1000), 250);
  }

  private tick(seconds: number): void {
    part("clock").textContent = `${clock(this.before + seconds)} / ${clock(this.before + this.limit)}`;
    if (seconds >= this.limit) void this.finish();
  }

  private acknowledged(seconds: number): void {
    this.safe = this.before + seconds;
    sessionStorage.setItem(kept, String(this.safe));
    part("safe").textContent = `✓ ${words.safe ?? ""} ${clock(this.safe)}`;
  }

  private async finish(): Promise<void> {
    const recorder = this.recorder;
    if (recorder === null || recorder.state === "inactive") return;
    window.clearInterval(this.timer);
    part<HTMLButtonElement>("finish").disabled = true;
    state.textContent = words.sending ?? "";
    state.className = "";
    await new Promise((done) => {
      recorder.addEventListener("stop", done, { once: true });
      recorder.stop();
    });
    for (const track of this.stream.getTracks()) track.stop();
    this.upload?.end();
    try {
      await this.sending;
      await this.close();
    } catch (error) {
      this.refused(error);
    }
  }

  private async close(): Promise<void> {
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
      const answer = await fetch(`/interview/questions/${words.position ?? ""}/finish`, {
        method: "POST",
        headers: { "X-CSRF-Token": words.csrf ?? "", Accept: "application/json" },
      }).catch(() => null);
      if (answer?.ok === true) break;
      if (answer !== null && answer.status < 500 && answer.status !== 429) throw new Refused(String(answer.status));
      await new Promise((done) => setTimeout(done, wait));
    }
    this.unsent = false;
    sessionStorage.removeItem(kept);
    location.assign(`/interview/questions/${words.position ?? ""}`);
  }

  private refused(error: unknown): void {
    say(error instanceof Refused ? error.message : String(error));
    part("plain").hidden = false;
  }
}

function think(recording: Recording): void {
  const button = part<HTMLButtonElement>("start");
  const until = performance.now() + number(words.think) * 1000;
  button.disabled = false;
  const begin = (): void => {
    window.clearInterval(timer);
    recording.start();
  };
  const tick = (): void => {
    const left = (until - performance.now()) / 1000;
    state.textContent = `${words.thinking ?? ""} ${clock(left)}`;
    if (left <= 0) begin();
  };
  const timer = window.setInterval(tick, 250);
  button.addEventListener("click", begin, { once: true });
  if (words.resumed === "1") {
    window.clearInterval(timer);
    state.textContent = "";
  } else {
    tick();
  }
}

function hideMe(video: HTMLVideoElement): void {
  const button = part("hide");
  button.addEventListener("click", () => {
    const hidden = video.style.visibility === "hidden";
    video.style.visibility = hidden ? "visible" : "hidden"; // set by script, which the policy allows
    button.textContent = (hidden ? words.hide : words.show) ?? "";
  });
}

async function begin(): Promise<void> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!window.isSecureContext || devices === undefined || !("MediaRecorder" in window)) {
    say((window.isSecureContext ? words.nocamera : words.insecure) ?? "");
    return;
  }
  area.hidden = false;
  part("plain").hidden = true;
  try {
    const stream = await devices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 }, facingMode: "user" },
      audio: { echoCancellation: true, noiseSuppression: true },
    });
    const video = part<HTMLVideoElement>("view");
    video.srcObject = stream;
    hideMe(video);
    think(new Recording(stream));
  } catch {
    area.hidden = true;
    part("plain").hidden = false;
    say(words.denied ?? "");
  }
}

void begin();
