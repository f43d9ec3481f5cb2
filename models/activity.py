"""Where in a recording somebody speaks: silero voice activity (ONNX), which stands before every recogniser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # Hz
SAMPLE_BYTES = 4
# 300 ms end a phrase; 200 ms of air around it keep soft first and last sounds
OPTIONS = VadOptions(threshold=0.5, min_speech_duration_ms=250, min_silence_duration_ms=300, speech_pad_ms=200)
BLOCK = 60 * SAMPLE_RATE  # samples that are looked at together
MARGIN = SAMPLE_RATE // 2  # samples: nearer to a block's end nobody knows yet whether it goes on

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class SoundFile:
    """Raw little-endian float32 samples, mono in [-1, 1] at 16 000 Hz, read piece by piece: an hour takes 230 MB."""

    path: Path

    @property
    def size(self) -> int:
        """How many samples there are."""
        return self.path.stat().st_size // SAMPLE_BYTES

    def __getitem__(self, place: slice) -> NDArray[np.float32]:
        start, stop, _ = place.indices(self.size)
        return np.fromfile(self.path, dtype="<f4", count=max(0, stop - start), offset=start * SAMPLE_BYTES)


Sound = NDArray[np.float32] | SoundFile
"""Float32 mono in [-1, 1], 16 000 Hz; in memory or in a file."""


def speech_spans(sound: Sound) -> tuple[Span, ...]:
    """Start and end, in seconds, of each stretch of speech.

    A minute at a time, so that memory stays flat: a stretch that a minute's end cuts is looked at again with what
    follows it.
    """
    found: list[Span] = []
    at = 0
    while at < sound.size:
        block = sound[at : at + BLOCK]
        spans = [(span["start"], span["end"]) for span in get_speech_timestamps(block, OPTIONS)]
        following = at + block.size
        if following < sound.size and spans and spans[-1][1] >= block.size - MARGIN and spans[-1][0] > 0:
            following = at + spans.pop()[0]
        found += [((at + start) / SAMPLE_RATE, (at + end) / SAMPLE_RATE) for start, end in spans]
        at = following
    return tuple(found)


def samples_of(sound: Sound, span: Span) -> NDArray[np.float32]:
    """The samples of one stretch."""
    return sound[int(span[0] * SAMPLE_RATE) : int(span[1] * SAMPLE_RATE)]
