"""Where in a recording somebody speaks: silero voice activity (ONNX), which stands before every recogniser."""

from __future__ import annotations

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # Hz
# 300 ms end a phrase; 200 ms of air around it keep soft first and last sounds
OPTIONS = VadOptions(threshold=0.5, min_speech_duration_ms=250, min_silence_duration_ms=300, speech_pad_ms=200)

Span = tuple[float, float]


def speech_spans(sound: NDArray[np.float32]) -> tuple[Span, ...]:
    """Start and end, in seconds, of each stretch of speech. `sound`: float32 mono in [-1, 1], 16 000 Hz."""
    if not sound.size:
        return ()
    found = get_speech_timestamps(sound, OPTIONS, sampling_rate=SAMPLE_RATE)
    return tuple((span["start"] / SAMPLE_RATE, span["end"] / SAMPLE_RATE) for span in found)


def samples_of(sound: NDArray[np.float32], span: Span) -> NDArray[np.float32]:
    """The samples of one stretch."""
    return sound[int(span[0] * SAMPLE_RATE) : int(span[1] * SAMPLE_RATE)]
