// Looks at camera, light, sound and network before the first question, and lets people practise; nothing is sent.

import { clock } from "./_clock";
import { measured } from "./_rate";

const DARK_BELOW = 45; // mean of 0-255
const QUIET_BELOW = 0.02; // of full scale
const SLOW_BELOW = 300_000; // bits a second: below, the picture becomes small
const PROBE_BYTES = 96 * 1024;

const list = document.getElementById("checks") as HTMLElement;
const stage = document.getElementById("stage") as HTMLElement;
const video = document.getElementById("view") as HTMLVideoElement;
const meter = document.getElementById("level") as HTMLMeterElement;
const caption = document.getElementById("caption") as HTMLElement;
const enough = document.getElementById("enough") as HTMLButtonElement;

type Found = "well" | "bad" | "unknown";

function shown(id: string, visible: boolean): void {
  const element = document.getElementById(id);
  if (element !== null) element.hidden = !visible;
}

/** What comes next and what the page shows of it: without a camera a file is sent, and no time runs. */
function expects(camera: boolean): void {
  shown("stage", camera);
  for (const line of document.querySelectorAll<HTMLElement>(".with-camera")) line.hidden = !camera;
  for (const line of document.querySelectorAll<HTMLElement>(".with-file")) line.hidden = camera;
}

function tell(name: string, found: Found): void {
  const row = list.querySelector(`[data-part="${name}"]`);
  const mark = row?.querySelector(".mark");
  const says = row?.querySelector(".says");
  if (!row || !mark || !says) return;
  const insecure = name === "camera" && !window.isSecureContext;
  const key = found === "bad" ? (insecure ? "insecure" : name) : found;
  const text = list.dataset[key] ?? "";
  if (says.textContent === text) return;
  row.className = { well: "is-well", bad: "is-bad", unknown: "" }[found];
  mark.textContent = { well: "✓", bad: "!", unknown: "–" }[found];
  says.textContent = text;
}

function watchLight(): void {
  const canvas = document.createElement("canvas");
  canvas.width = 32;
  canvas.height = 24;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  window.setInterval(() => {
    if (drawing === null || video.videoWidth === 0 || video.srcObject === null) return;
    drawing.drawImage(video, 0, 0, 32, 24);
    const data = drawing.getImageData(0, 0, 32, 24).data;
    let sum = 0;
    for (let i = 0; i < data.length; i += 4) sum += ((data[i] ?? 0) + (data[i + 1] ?? 0) + (data[i + 2] ?? 0)) / 3;
    tell("light", sum / (data.length / 4) >= DARK_BELOW ? "well" : "bad");
  }, 500);
}

function watchSound(stream: MediaStream): void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  window.setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let peak = 0;
    for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    meter.value = Math.min(1, peak * 2);
    loudest = Math.max(loudest, peak);
    tell("sound", loudest >= QUIET_BELOW ? "well" : "bad");
  }, 150);
}

/** Sends some bytes that the server forgets, and remembers how fast they went. */
async function measureNetwork(): Promise<void> {
  const headers = { "X-CSRF-Token": list.dataset["csrf"] ?? "", Accept: "application/json" };
  const began = performance.now();
  const answer = await fetch("/interview/network", { method: "POST", headers, body: new Uint8Array(PROBE_BYTES) }).catch(() => null);
  const bits = answer?.ok === true ? (PROBE_BYTES * 8) / ((performance.now() - began) / 1000) : 0;
  measured(bits);
  tell("network", bits >= SLOW_BELOW ? "well" : "bad");
}

function live(stream: MediaStream): void {
  video.removeAttribute("src");
  video.controls = false;
  video.muted = true;
  video.srcObject = stream;
  caption.hidden = true;
}

function playBack(stream: MediaStream, recorded: Blob): void {
  video.srcObject = null;
  video.src = URL.createObjectURL(recorded);
  video.controls = true;
  video.muted = false;
  caption.hidden = false;
  video.scrollIntoView({ block: "center" }); // the button that was pressed may be a page below it
  video.addEventListener("ended", () => live(stream), { once: true });
  void video.play();
}

/** A button that records for a while, counts down, and plays it back. */
function recordsOnClick(button: HTMLButtonElement, stream: MediaStream): void {
  const plain = button.textContent;
  button.addEventListener("click", () => {
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    const until = performance.now() + Number(button.dataset["seconds"]) * 1000;
    const stop = (): void => {
      if (recorder.state !== "inactive") recorder.stop();
    };
    const count = (): void => {
      const left = Math.ceil((until - performance.now()) / 1000);
      button.textContent = `● ${button.dataset["trying"] ?? ""} ${clock(left)}`;
      if (left <= 0) stop();
    };
    const timer = window.setInterval(count, 250);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      window.clearInterval(timer);
      enough.hidden = true;
      enough.removeEventListener("click", stop);
      button.disabled = false;
      button.textContent = plain;
      stage.classList.remove("is-kept");
      playBack(stream, new Blob(parts, { type: recorder.mimeType }));
    });
    live(stream);
    stage.classList.add("is-kept"); // whoever scrolls to the practice question goes on seeing themselves
    button.disabled = true;
    enough.hidden = button.id !== "practise";
    enough.addEventListener("click", stop);
    recorder.start();
    count();
  });
}

async function open(): Promise<void> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  try {
    if (devices === undefined) throw new Error("no camera here");
    const stream = await devices.getUserMedia({ video: { facingMode: "user" }, audio: true });
    live(stream);
    tell("camera", "well");
    watchLight();
    watchSound(stream);
    shown("retry", false);
    expects(true);
    if (!("MediaRecorder" in window)) return;
    for (const id of ["try", "practise"]) recordsOnClick(document.getElementById(id) as HTMLButtonElement, stream);
    shown("try", true);
    shown("practice", true);
  } catch {
    tell("camera", "bad");
    for (const name of ["light", "sound"]) tell(name, "unknown");
    shown("retry", devices !== undefined);
    expects(false);
  }
}

document.getElementById("retry")?.addEventListener("click", () => void open());
void measureNetwork();
void open();
// Asks the browser to keep recordings through a clean-up. Here and without waiting: Firefox puts a question to the
// person, and a recording that waited for the answer never began.
void (navigator.storage as StorageManager | undefined)?.persist?.().catch(() => false);
