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
    `disorder`: how far the words are from an order that somebody could have said, 0-1; None where too few could be
    judged. English: share of word pairs that cannot stand in this order. Korean: 0 where the words certainly gain
    from their order, against shuffles of themselves; 1 where they gain nothing.
    """

    language: str
    units: tuple[str, ...]
    content: tuple[str, ...]
    finds: tuple[Find, ...]
    disorder: float | None
