"""A transcript as pages draw it: words in lines up to a pause, each line with the second at which it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interview_ai.rules.disclosures import Category
from interview_ai.rules.evidence import Word
from interview_ai.rules.masking import Masks

DOUBTFUL_BELOW = 0.6  # of the recogniser's own confidence, 0-1
WORDS_A_LINE = 16
PAUSE_S = 0.9


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word of a transcript as it is drawn; masked words next to each other are one, without text."""

    text: str
    start_s: float | None
    end_s: float | None
    doubtful: bool
    masked: Category | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Words up to a pause, with the second at which they begin: what a keyboard can reach and play."""

    start_s: float | None
    words: tuple[SpokenWord, ...]


def of(words: Sequence[Word], masks: Masks = ()) -> tuple[Line, ...]:
    """A new line at every pause, and where a line has grown long. `masks`: one for each word, or none at all."""
    drawn = _drawn(words, masks or (None,) * len(words))
    lines: list[list[SpokenWord]] = []
    for before, word in zip([None, *drawn], drawn, strict=False):
        if before is None or len(lines[-1]) >= WORDS_A_LINE or _pause_s(before, word) >= PAUSE_S:
            lines.append([])
        lines[-1].append(word)
    return tuple(Line(line[0].start_s, tuple(line)) for line in lines)


def _pause_s(before: SpokenWord, after: SpokenWord) -> float:
    return after.start_s - before.end_s if after.start_s is not None and before.end_s is not None else 0.0


def _drawn(words: Sequence[Word], masks: Masks) -> list[SpokenWord]:
    drawn: list[SpokenWord] = []
    for word, category in zip(words, masks, strict=True):
        if category is None:
            drawn.append(_word(word))
        elif drawn and drawn[-1].masked == category:
            drawn[-1] = replace(drawn[-1], end_s=word.end_s)
        else:
            drawn.append(SpokenWord("", word.start_s, word.end_s, doubtful=False, masked=category))
    return drawn


def _word(word: Word) -> SpokenWord:
    doubtful = word.confidence is not None and word.confidence < DOUBTFUL_BELOW
    return SpokenWord(word.text, word.start_s, word.end_s, doubtful)
