"""Makes the demonstration's recordings by `python -m interview_ai.demonstration.make`, with three free voices."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from interview_ai.demonstration import RECORDINGS, DemonstrationRecording, load

RATE = 48_000  # Hz
PICTURES_PER_S = 8
WIDTH, HEIGHT = 320, 240
PROGRAMS = {"flite": "flite", "text2wave": "festival festvox-us-slt-hts", "espeak-ng": "espeak-ng"}
SILENT_S = 20
QUIET = 0.001  # of full scale: the noise of a still room
# background, shirt, hair as BGR: calm, and different for each candidate
COLOURS = (
    ((226, 232, 236), (160, 110, 60), (40, 40, 50)),
    ((220, 236, 226), (80, 120, 70), (30, 50, 80)),
    ((236, 226, 232), (130, 80, 130), (30, 30, 30)),
    ((214, 230, 240), (60, 110, 180), (60, 70, 90)),
)
SKIN = (190, 214, 240)
INK = (50, 45, 45)

Sound = NDArray[np.float32]
Picture = NDArray[np.uint8]


def main() -> int:
    """Makes every recording of the manifest."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if missing:
        sys.stderr.write(f"Install first: apt install {' '.join(missing)}\n")
        return 1
    RECORDINGS.mkdir(exist_ok=True)
    for number, item in enumerate(load().recordings):
        with tempfile.TemporaryDirectory() as folder:
            write(speak(item, Path(folder)), item.path, number)
        sys.stdout.write(f"{item.file}: {item.path.stat().st_size / 1000:.0f} kB\n")
    return 0


def speak(item: DemonstrationRecording, folder: Path) -> Sound:
    """The text read aloud, float32 mono at 48 000 Hz, half a second of quiet before and after."""
    noise = np.random.default_rng(len(item.text))
    if item.kind == "silent":
        return (noise.standard_normal(SILENT_S * RATE) * QUIET).astype(np.float32)
    path = folder / "spoken.wav"
    engine, voice = item.voice.split()
    commands = {
        "flite": ["flite", "-voice", voice, "-t", item.text, "-o", str(path)],
        "festival": ["text2wave", "-eval", f"(voice_{voice})", "-o", str(path)],
        "espeak-ng": ["espeak-ng", "-v", voice, "-s", "140", "-w", str(path), item.text],
    }
    subprocess.run(commands[engine], input=item.text, text=True, check=True)
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(str(path), "r") as container:
        frames = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    quiet = np.zeros(RATE // 2, dtype=np.float32)
    return np.concatenate([quiet, *(part.to_ndarray().ravel() for part in frames), quiet]).astype(np.float32)


def write(sound: Sound, path: Path, number: int) -> None:
    """Codes sound and figure: webm with VP8 and Opus, or mp4 with H.264 and AAC."""
    webm = path.suffix == ".webm"
    options = {"deadline": "good", "cpu-used": "2"} if webm else {"preset": "slow", "crf": "32"}
    with av.open(str(path), "w") as out:
        video: Any = out.add_stream("libvpx" if webm else "libx264", rate=PICTURES_PER_S, options=options)
        video.width, video.height, video.pix_fmt, video.bit_rate = WIDTH, HEIGHT, "yuv420p", 40_000
        audio: Any = out.add_stream("libopus" if webm else "aac", rate=RATE)
        audio.layout, audio.bit_rate = "mono", 24_000 if webm else 40_000
        step = RATE // 50 if webm else 1024
        shown = 0
        for place in range(0, len(sound), step):
            while shown * RATE // PICTURES_PER_S <= place:
                picture = av.VideoFrame.from_ndarray(figure(sound, shown, number), format="bgr24")
                out.mux(video.encode(picture))
                shown += 1
            out.mux(audio.encode(_block(sound, place, step)))
        for stream in (video, audio):
            out.mux(stream.encode(None))


def _block(sound: Sound, place: int, step: int) -> av.AudioFrame:
    block = np.zeros((1, step), dtype=np.float32)
    part = sound[place : place + step]
    block[0, : len(part)] = part
    frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, place, Fraction(1, RATE)
    return frame


def figure(sound: Sound, shown: int, number: int) -> Picture:
    """A drawn person whose mouth opens with the loudness; sways a little, blinks now and then."""
    background, shirt, hair = COLOURS[number % len(COLOURS)]
    start = shown * RATE // PICTURES_PER_S
    around = sound[start : start + RATE // PICTURES_PER_S]
    loud = float(np.sqrt(np.mean(around**2))) if around.size else 0.0
    picture = np.full((HEIGHT, WIDTH, 3), background, dtype=np.uint8)
    x = WIDTH // 2 + round(3 * np.sin(shown / 9))
    cv2.ellipse(picture, (x, 262), (104, 84), 0, 180, 360, shirt, -1, cv2.LINE_AA)
    cv2.rectangle(picture, (x - 17, 150), (x + 17, 192), SKIN, -1)
    cv2.ellipse(picture, (x, 104), (66, 74), 0, 0, 360, hair, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x, 116), (52, 62), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(picture, (x, 74), (54, 30), 0, 180, 360, hair, -1, cv2.LINE_AA)
    for eye in (x - 20, x + 20):
        open_eye = (4, 5) if shown % 29 else (5, 1)
        cv2.ellipse(picture, (eye, 110), open_eye, 0, 0, 360, INK, -1, cv2.LINE_AA)
    mouth = round(min(12.0, loud * 90))
    cv2.ellipse(picture, (x, 148), (15, 2 + mouth), 0, 0, 360, (80, 70, 170), -1, cv2.LINE_AA)
    return picture


if __name__ == "__main__":
    sys.exit(main())
