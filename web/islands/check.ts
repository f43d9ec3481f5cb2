// Looks at camera, light, sound and network before the first question; nothing recorded here is sent.

const DARK_BELOW = 45; // mean of 0-255
const QUIET_BELOW = 0.02; // of full scale
const SLOW_ABOVE_MS = 1500;
const TRY_MS = 5000;

const list = document.getElementById("checks") as HTMLElement;
const video = document.getElementById("view") as HTMLVideoElement;
const meter = document.getElementById("level") as HTMLMeterElement;
const button = document.getElementById("try") as HTMLButtonElement;

function tell(name: string, well: boolean): void {
  const row = list.querySelector(`[data-part="${name}"]`);
  const mark = row?.querySelector(".mark");
  const says = row?.querySelector(".says");
  if (!row || !mark || !says) return;
  const text = (well ? list.dataset.well : list.dataset[name]) ?? "";
  if (says.textContent === text) return;
  row.className = well ? "is-well" : "is-bad";
  mark.textContent = well ? "✓" : "!";
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
    tell("light", sum / (data.length / 4) >= DARK_BELOW);
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
    tell("sound", loudest >= QUIET_BELOW);
  }, 150);
}

async function measureNetwork(): Promise<void> {
  const began = performance.now();
  const well = await fetch("/healthz", { cache: "no-store" }).then((answer) => answer.ok, () => false);
  tell("network", well && performance.now() - began < SLOW_ABOVE_MS);
}

function tryOut(stream: MediaStream): void {
  const plain = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const recorder = new MediaRecorder(stream);
    const parts: Blob[] = [];
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      video.srcObject = null;
      video.src = URL.createObjectURL(new Blob(parts, { type: recorder.mimeType }));
      video.controls = true;
      video.muted = false;
      button.disabled = false;
      button.textContent = plain;
      video.addEventListener("ended", () => live(stream), { once: true });
      void video.play();
    });
    live(stream);
    button.disabled = true;
    button.textContent = `● ${button.dataset.trying ?? ""}`;
    recorder.start();
    window.setTimeout(() => recorder.stop(), TRY_MS);
  });
}

function live(stream: MediaStream): void {
  video.removeAttribute("src");
  video.controls = false;
  video.muted = true;
  video.srcObject = stream;
}

async function begin(): Promise<void> {
  void measureNetwork();
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  try {
    if (devices === undefined) throw new Error("no camera here");
    const stream = await devices.getUserMedia({ video: { facingMode: "user" }, audio: true });
    live(stream);
    tell("camera", true);
    watchLight();
    watchSound(stream);
    if ("MediaRecorder" in window) tryOut(stream);
  } catch {
    for (const name of ["camera", "light", "sound"]) tell(name, false);
  }
}

void begin();
