"""Where in a recording nobody speaks, so that a player may jump over it: from the sound's outline and word times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interview_ai.rules.evidence import Word

PEAKS_A_SECOND = 10
SHORTEST_S = 1.5  # a shorter pause is part of how somebody speaks
KEPT_S = 0.3  # of the pause, left on either side: a word's end is softer than its middle
QUIET_SHARE = 0.08  # of what is loud in this recording
ALWAYS_QUIET = 2  # of 100: the noise of a microphone alone

Span = tuple[float, float]


def spans(peaks: Sequence[int], words: Iterable[Word]) -> tuple[Span, ...]:
    """From second to second, where the sound stays under a share of its own loud places and no word is said.

    `peaks`: the loudest sample of each tenth of a second, 0-100. Without an outline nothing is known and nothing is
    jumped over.
    """
    said = {tenth for word in words for tenth in _tenths(word)}
    limit = _limit(peaks)
    runs: list[list[int]] = []
    for place, peak in enumerate(peaks):
        if peak > limit or place in said:
            continue
        if runs and runs[-1][1] == place:
            runs[-1][1] = place + 1
        else:
            runs.append([place, place + 1])
    found = [(start / PEAKS_A_SECOND, end / PEAKS_A_SECOND) for start, end in runs]
    long = [(start, end) for start, end in found if end - start >= SHORTEST_S]
    return tuple((round(start + KEPT_S, 1), round(end - KEPT_S, 1)) for start, end in long)


def _limit(peaks: Sequence[int]) -> float:
    """Loud is what one peak in twenty exceeds: a cough or a slammed door is not how loud somebody speaks."""
    loud = sorted(peaks)[len(peaks) * 19 // 20] if peaks else 0
    return max(ALWAYS_QUIET, loud * QUIET_SHARE)


def _tenths(word: Word) -> range:
    if word.start_s is None or word.end_s is None:
        return range(0)
    return range(int(word.start_s * PEAKS_A_SECOND), int(word.end_s * PEAKS_A_SECOND) + 1)
