"""What an analyser of a language found in a text: the only thing, beside the rubric, that points are made of."""

from __future__ import annotations

from dataclasses import dataclass

from interview_ai.rules.evidence import EvidenceKind


@dataclass(frozen=True, slots=True)
class Find:
    """One passage, `text[start:end]`, and what it is. Another person's and a negated action are never finds."""

    kind: EvidenceKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """`units`: words (English) or eojeol (Korean); `content`: lemmas or stems of content words, in order;
    `disorder`: how far the words are from an order that somebody could have said, 0-1; None where too little could be
    judged. Korean: 0 where the words certainly gain from their order, against shuffles of themselves, 1 where they gain
    nothing. English: mean cost of neighbouring words in their most lenient reading, 0 fits, .3 odd, 1 impossible.
    """

    language: str
    units: tuple[str, ...]
    content: tuple[str, ...]
    finds: tuple[Find, ...]
    disorder: float | None
