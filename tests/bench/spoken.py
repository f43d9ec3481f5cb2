"""Recordings for measuring: a browser's VP8 and Opus, a picture that moves, speech with a chosen share of silence."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from interview_ai.demonstration import load

RATE = 48_000
PICTURES = 24  # a second
KEY_EVERY = 120  # pictures: browsers put a key frame every few seconds
PAUSE_S = 3.0
Sound = NDArray[np.float32]


def speech(seconds: float, *, silent: float) -> Sound:
    """Float32 mono at 48 000 Hz of the demonstration's voices; `silent`: the share that is faint noise, 3 s at a time."""
    voice = np.concatenate([_sound(item.path) for item in load().recordings if item.opening == "quality"][:4])
    voice = voice[np.convolve(np.abs(voice), np.ones(4800) / 4800, mode="same") > 0.005]  # its own pauses out
    whole = int(seconds * RATE)
    made = (np.random.default_rng(3).standard_normal(whole) * 0.0008).astype(np.float32)
    pause = int(PAUSE_S * RATE)
    spoken = int(pause * (1 - silent) / silent)
    at = taken = 0
    while at < whole:
        length = min(spoken, whole - at)
        made[at : at + length] += np.take(voice, np.arange(taken, taken + length), mode="wrap")
        at, taken = at + length + pause, taken + length
    return made


def _sound(path: Path) -> Sound:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    with av.open(str(path)) as container:
        blocks = [f.to_ndarray().ravel() for frame in container.decode(audio=0) for f in resampler.resample(frame)]
    return np.concatenate(blocks).astype(np.float32)


def recording(sound: Sound, path: Path, *, width: int = 640, height: int = 480, bits: int = 600_000) -> Path:
    """A webm of the sound with a moving picture, as a browser records it."""
    wall = np.random.default_rng(5).integers(60, 200, (height, width * 2, 3), dtype=np.uint8)
    wall = np.repeat(np.repeat(wall[::16, ::16], 16, axis=0), 16, axis=1)
    with av.open(str(path), "w") as out:
        video = out.add_stream("libvpx", rate=PICTURES, options={"deadline": "realtime", "cpu-used": "8"})
        video.width, video.height, video.pix_fmt, video.bit_rate = width, height, "yuv420p", bits
        video.gop_size = KEY_EVERY
        audio = out.add_stream("libopus", rate=RATE)
        audio.layout = "mono"
        sent = 0
        for place in range(0, len(sound), RATE // 50):
            while sent * RATE <= place * PICTURES:
                shift = sent % width
                picture = np.ascontiguousarray(wall[:height, shift : shift + width])
                out.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
                sent += 1
            block = np.zeros((1, RATE // 50), dtype=np.float32)
            part = sound[place : place + RATE // 50]
            block[0, : len(part)] = part
            frame = av.AudioFrame.from_ndarray(block, format="flt", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, place, Fraction(1, RATE)
            out.mux(audio.encode(frame))
        for stream in (video, audio):
            out.mux(stream.encode(None))
    return path
