// How large the picture may be on this network: measured by the check and by every answer, lowered while sending lags.

const KEPT = "uplink"; // bits a second, for this visit
const HEADROOM = 1.15; // a network is not the same every second

export interface Rate {
  video: number; // bits a second
  audio: number;
  width: number;
  height: number;
  frames: number;
}

// the lowest is what speech and a small picture need; together with headroom the middle one fits 300 kbit/s
export const RATES: readonly Rate[] = [
  { video: 500_000, audio: 48_000, width: 640, height: 480, frames: 24 },
  { video: 220_000, audio: 32_000, width: 480, height: 360, frames: 15 },
  { video: 110_000, audio: 24_000, width: 320, height: 240, frames: 10 },
];

export function measured(bits: number): void {
  if (bits > 0) sessionStorage.setItem(KEPT, String(Math.round(bits)));
}

/** Which of RATES this network carries; the best before anything was measured. */
export function fitting(bits = Number(sessionStorage.getItem(KEPT) ?? 0)): number {
  if (bits <= 0) return 0;
  const fits = RATES.findIndex((rate) => (rate.video + rate.audio) * HEADROOM <= bits);
  return fits < 0 ? RATES.length - 1 : fits;
}
