// The question page: takes up what was left behind, gives time to think, and records the answer.

import { fence } from "./_fence";
import { Incidents } from "./_incidents";
import { clock } from "./_clock";
import { area, filled, number, part, say, show, state, words } from "./_page";
import { Recording } from "./_recording";
import { Refused, Sender } from "./_send";
import { Vault, type Run } from "./_vault";

const LEFT_ALONE_S = 30; // a countdown that ended so long ago ended while nobody was there

let safe = number(words.recorded);
let thinking = 0;
let recording: Recording | null = null;

function safeTo(seconds: number): void {
  safe = Math.max(safe, seconds);
  part("safe").textContent = safe > 0 ? filled(words.safe, { at: clock(safe) }) : "";
}

/** What stays on the device while nothing gets through. */
function awayText(why: string): string {
  if (why === "signed_out") return words.signedout ?? "";
  const values = { here: clock(recording?.seconds ?? safe), sent: clock(safe) };
  return filled(why === "service" ? words.serviceaway : words.offline, values);
}

function listener(incidents: Incidents): ConstructorParameters<typeof Sender>[1] {
  const kinds: Record<string, string> = { network: "network_away", service: "service_away", signed_out: "signed_out" };
  let told = false;
  return {
    acknowledged: (run, seconds) => {
      if (run.position === number(words.position)) safeTo(seconds);
    },
    away: (why) => {
      incidents.begin(kinds[why] ?? "network_away", recording?.seconds ?? safe);
      say(awayText(why));
      told = true;
    },
    back: () => {
      if (!told) return;
      told = false;
      say("");
      void incidents.end().then(() => incidents.tell());
    },
    notKept: () => {
      say(words.notkept ?? "");
      void incidents.note("device_keeps_nothing", recording?.seconds ?? safe);
    },
    leftBehind: (run, error: Refused) => {
      if (error.code !== "received") void incidents.note("tail_refused", run.before + run.seconds);
    },
  };
}

/** Runs of an earlier page that have not arrived; returns those of this very answer. */
async function recover(vault: Vault | null, sender: Sender): Promise<Run[]> {
  const kept = (await vault?.runs(words.interview ?? "").catch(() => [])) ?? [];
  const own: Run[] = [];
  for (const run of kept) {
    sender.recover(run, (await vault?.slices(run.id)) ?? []);
    if (run.question === words.question && run.take === number(words.take)) own.push(run);
  }
  return own;
}

async function camera(): Promise<MediaStream | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24, max: 30 }, facingMode: "user" },
      audio: { echoCancellation: true, noiseSuppression: true },
    });
    part<HTMLVideoElement>("view").srcObject = stream;
    area.classList.remove("has-no-camera");
    say("");
    return stream;
  } catch {
    say(words.denied ?? "");
    area.classList.add("has-no-camera");
    show("plain", true);
    return null;
  }
}

function live(stream: MediaStream | null): stream is MediaStream {
  return stream !== null && stream.getTracks().every((track) => track.readyState === "live");
}

/** The time to think ends by itself only while somebody looks. */
function think(begin: () => void): void {
  const until = performance.now() + number(words.think) * 1000;
  const tick = (): void => {
    const left = (until - performance.now()) / 1000;
    if (left > 0) {
      state(`${words.thinking ?? ""}. ${words.byitself ?? ""}`);
      part("clock").textContent = clock(Math.ceil(left));
      return;
    }
    window.clearInterval(thinking);
    part("clock").textContent = "";
    if (document.hidden || left < -LEFT_ALONE_S) state(words.ready ?? "");
    else begin();
  };
  thinking = window.setInterval(tick, 250);
  tick();
}

/** A recorded question is heard first: the time to think begins when it ends, or when the candidate says so. */
function afterTheQuestion(then: () => void): void {
  const video = document.getElementById("prompt") as HTMLVideoElement | null;
  const now = document.getElementById("think-now");
  if (video === null || now === null) return then();
  let begun = false;
  const begin = (): void => {
    if (begun) return;
    begun = true;
    now.hidden = true;
    then();
  };
  now.hidden = false;
  state("");
  video.addEventListener("ended", begin, { once: true });
  video.addEventListener("error", begin, { once: true }); // the text stands above: nobody waits for a broken file
  now.addEventListener("click", begin, { once: true });
  // whoever starts at once needs no time to think, and the recording must not hear the question
  part("start").addEventListener("click", () => {
    begun = true;
    now.hidden = true;
    video.pause();
  }, { once: true });
}

function hideMe(): void {
  const button = part("hide");
  const video = part("view");
  button.addEventListener("click", () => {
    const hidden = video.style.visibility === "hidden";
    video.style.visibility = hidden ? "visible" : "hidden"; // set by script, which the policy allows
    button.textContent = (hidden ? words.hide : words.show) ?? "";
    button.setAttribute("aria-pressed", String(!hidden));
  });
}

async function record(vault: Vault | null, incidents: Incidents): Promise<void> {
  const sender = new Sender(vault, listener(incidents));
  const own = await recover(vault, sender);
  const last = own[own.length - 1];
  const before = Math.max(safe, ...own.map((run) => run.before + run.seconds));
  const current = new Recording(vault, sender, incidents, before);
  recording = current;
  void incidents.tell();
  if (last?.closing === true) return current.close(last);
  if (last !== undefined) await incidents.note("page_closed", before, last.began + last.seconds * 1000);
  const sending = sender.drained().catch(() => undefined);
  part("here").addEventListener("click", () => void current.close(last, true));
  part("finish").addEventListener("click", () => void current.finish());
  if (before > 0) resumed(before, current);
  if (current.full) return sending.then(() => current.close(last, true));
  let stream = await camera();
  hideMe();
  const begin = async (): Promise<void> => {
    window.clearInterval(thinking);
    part<HTMLButtonElement>("start").disabled = true;
    if (!live(stream)) stream = await camera();
    part<HTMLButtonElement>("start").disabled = false;
    if (live(stream)) await current.start(stream);
  };
  part<HTMLButtonElement>("start").disabled = false;
  part("start").addEventListener("click", () => void begin());
  if (before === 0 && stream !== null) afterTheQuestion(() => think(() => void begin()));
  else state("");
}

function resumed(before: number, current: Recording): void {
  const line = part("resumed").querySelector("p");
  const values = { at: clock(before), left: clock(current.limit - Math.floor(before)) }; // the two add up to the limit as they are read
  if (line !== null) line.textContent = filled(words.resumed, values);
  show("resumed", true);
  show("here", true);
  part("start").textContent = words.resume ?? "";
  part("clock").textContent = `${clock(before)} / ${clock(current.limit)}`;
}

async function begin(): Promise<void> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!window.isSecureContext || devices === undefined || !("MediaRecorder" in window)) {
    say((window.isSecureContext ? words.nocamera : words.insecure) ?? "");
    return;
  }
  area.hidden = false;
  show("plain", false);
  safeTo(safe);
  const vault = await Vault.open().catch(() => null);
  const incidents = new Incidents(vault, words.interview ?? "", number(words.position), words.csrf ?? "");
  if (vault === null) void incidents.note("device_keeps_nothing", safe);
  const door = fence(
    `onterview-${words.interview ?? ""}`,
    () => {
      show("taken", true);
      area.hidden = true;
    },
    async () => {
      area.hidden = true;
      show("moved", true);
      say("");
      await incidents.note("second_window", recording?.seconds ?? safe);
      await recording?.leave();
    },
  );
  part("take-over").addEventListener("click", () => door.take());
  await door.entered;
  show("taken", false);
  area.hidden = false;
  await record(vault, incidents);
}

void begin();
