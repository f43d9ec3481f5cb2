"""Speech cut out of a recording and laid end to end in windows that Whisper hears at once; times lead back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.activity import Sound, Span, samples_of

LONGEST_S = 29.5  # Whisper hears 30 s at a time; both engines may write 400 tokens, fast Korean needs 300


@dataclass(frozen=True, slots=True)
class Window:
    """Stretches of speech (seconds in the recording, in order), one after the other without what lay between."""

    spans: tuple[Span, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return sum(end - start for start, end in self.spans)

    def samples(self, sound: Sound) -> NDArray[np.float32]:
        """What it holds. `sound`: the recording."""
        return np.concatenate([samples_of(sound, span) for span in self.spans])

    def in_recording(self, at_s: float, *, ends: bool = False) -> float:
        """A moment of the window as a moment of the recording. `ends`: at a seam the earlier of the two."""
        left = max(0.0, at_s)
        for start, end in self.spans:
            length = end - start
            if left < length or (ends and left <= length):
                return start + left
            left -= length
        return self.spans[-1][1]


def packed(spans: Sequence[Span], longest_s: float = LONGEST_S) -> tuple[Window, ...]:
    """Windows of `longest_s` at most that hold all of the speech: a window costs the same full or nearly empty."""
    windows: list[list[Span]] = []
    room = 0.0
    for span in (part for whole in spans for part in _parts(whole, longest_s)):
        length = span[1] - span[0]
        if length > room:
            windows.append([])
            room = longest_s
        windows[-1].append(span)
        room -= length
    return tuple(Window(tuple(window)) for window in windows)


def _parts(span: Span, longest_s: float) -> list[Span]:
    """A stretch in equal parts that each fit; voice activity has cut longer ones in their pauses already."""
    start, end = span
    count = int(-(-(end - start) // longest_s)) or 1
    step = (end - start) / count
    return [(start + n * step, start + (n + 1) * step) for n in range(count)]
