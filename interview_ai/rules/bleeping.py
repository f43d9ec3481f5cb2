"""From which second to which a recording's sound is covered: the masked words and a margin on either side."""

from __future__ import annotations

from collections.abc import Sequence

from interview_ai.rules.evidence import Word
from interview_ai.rules.masking import Masks

MARGIN_S = 0.1  # a recogniser puts a word's edge where it is loud, and a name can be heard in its breath

Span = tuple[float, float]


def spans(words: Sequence[Word], found: Masks) -> tuple[Span, ...]:
    """Seconds to cover, in order and apart. A masked word without a time is covered from the word before it that has
    one to the one behind it; at the end of a recording that is for ever, `inf`.
    """
    edges = [_edges(words, place) for place, category in enumerate(found) if category]
    merged: list[Span] = []
    for start, end in sorted((max(0.0, start - MARGIN_S), end + MARGIN_S) for start, end in edges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def is_timed(words: Sequence[Word]) -> bool:
    """Whether any word has a time, without which nothing can be covered."""
    return any(word.start_s is not None and word.end_s is not None for word in words)


def _edges(words: Sequence[Word], place: int) -> Span:
    start, end = words[place].start_s, words[place].end_s
    if start is None:
        start = next((word.end_s for word in reversed(words[:place]) if word.end_s is not None), 0.0)
    if end is None:
        end = next((word.start_s for word in words[place + 1 :] if word.start_s is not None), float("inf"))
    return start, max(start, end)
