"""Recordings for measuring: a browser's VP8 and Opus, a picture that moves, speech with a chosen share of silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from interview_ai.demonstration import load
from tests.fixtures.sound import RATE, Pictures, Sound, decoded, recorded

PICTURES = 24  # a second
PAUSE_S = 3.0


def speech(seconds: float, *, silent: float) -> Sound:
    """Float32 mono at 48 000 Hz of the demonstration's voices; `silent`: the share that is faint noise, 3 s at a time."""
    voice = np.concatenate([decoded(item.path) for item in load().recordings if item.opening == "quality"][:4])
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


def recording(sound: Sound, path: Path, *, width: int = 640, height: int = 480, bits: int = 600_000) -> Path:
    """A webm of the sound with a moving picture, as a browser records it; a key frame every 5 s."""
    blocks = np.random.default_rng(5).integers(60, 200, (height // 16 + 1, width // 8 + 2, 3), dtype=np.uint8)
    wall = np.repeat(np.repeat(blocks, 16, axis=0), 16, axis=1)

    def drawn(number: int) -> np.ndarray:
        shift = number % width
        return np.ascontiguousarray(wall[:height, shift : shift + width])

    return recorded(sound, path, Pictures(width, height, PICTURES, bits, drawn, key_every=5 * PICTURES))
