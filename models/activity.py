"""Where in a recording somebody speaks: silero voice activity (ONNX), which stands before every recogniser."""

from __future__ import annotations

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps
from numpy.typing import NDArray

SAMPLE_RATE = 16_000  # Hz
# 300 ms end a phrase; 200 ms of air around it keep soft first and last sounds
OPTIONS = VadOptions(threshold=0.5, min_speech_duration_ms=250, min_silence_duration_ms=300, speech_pad_ms=200)
BLOCK = 60 * SAMPLE_RATE  # samples that are looked at together
MARGIN = SAMPLE_RATE // 2  # samples: nearer to a block's end nobody knows yet whether it goes on

Span = tuple[float, float]


def speech_spans(sound: NDArray[np.float32]) -> tuple[Span, ...]:
    """Start and end, in seconds, of each stretch of speech. `sound`: float32 mono in [-1, 1], 16 000 Hz.

    A minute at a time, so that memory stays flat: a stretch that a minute's end cuts is looked at again with what
    follows it.
    """
    found: list[Span] = []
    at = 0
    while at < sound.size:
        block = np.asarray(sound[at : at + BLOCK])
        spans = [(span["start"], span["end"]) for span in get_speech_timestamps(block, OPTIONS)]
        following = at + block.size
        if following < sound.size and spans and spans[-1][1] >= block.size - MARGIN and spans[-1][0] > 0:
            following = at + spans.pop()[0]
        found += [((at + start) / SAMPLE_RATE, (at + end) / SAMPLE_RATE) for start, end in spans]
        at = following
    return tuple(found)


def samples_of(sound: NDArray[np.float32], span: Span) -> NDArray[np.float32]:
    """The samples of one stretch."""
    return sound[int(span[0] * SAMPLE_RATE) : int(span[1] * SAMPLE_RATE)]
