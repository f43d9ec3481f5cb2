"""Which of a criterion's anchors, the sentences for levels 1, 3 and 5, a piece of evidence is nearest to.

It says where a reader may begin to compare. It never reaches the points: those come from kinds and counts alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from interview_ai.rules import relevance
from interview_ai.rules.evidence import EvidenceKind, Language

NEARER = {"words": 0.05, "vectors": 0.02}  # cosine: what is nearer by less is tied to none. Ours; by vectors untried

# what a piece of evidence is, in the words in which anchors ask for it
KINDS: Mapping[Language, Mapping[EvidenceKind, str]] = {
    "ko": {
        "situation": "문제 상황 어려움",
        "task": "맡은 일 책임 목표",
        "action": "스스로 한 일",
        "result": "결과",
        "specific": "구체적인 수치 사실",
    },
    "en": {
        "situation": "the problem",
        "task": "their duty, their own part",
        "action": "what they did",
        "result": "the result, what came of it",
        "specific": "figures, facts",
    },
}
CLAUSE = re.compile(r"[,;.](?=\s|$)")
MISSING = {
    "ko": re.compile(r"않|없|못|모르|(?<![가-힣])안 "),
    "en": re.compile(r"(?i:\b(?:not?|never|nothing|neither|nor|none|nobody|without|unclear|lacks?|fails?)\b|n't\b)"),
}


def affirmed(anchor: str, language: str) -> str:
    """The clauses of an anchor that say what one hears; those that say what is missing are left out, maybe all."""
    clauses = (clause.strip() for clause in CLAUSE.split(anchor))
    return ", ".join(clause for clause in clauses if clause and not MISSING[language].search(clause))


def by_words(piece: Sequence[str], anchors: Mapping[int, Sequence[str]]) -> int | None:
    """The level of the anchor that shares most content words with a piece of evidence; words of few anchors weigh more.

    None where none is clearly nearest.
    """
    near = relevance.cosines(piece, list(anchors.values()))
    return nearest(dict(zip(anchors, near, strict=True)), NEARER["words"])


def by_vectors(near: Mapping[int, float]) -> int | None:
    """The same by a sentence encoder's cosines, by level."""
    return nearest(near, NEARER["vectors"])


def nearest(near: Mapping[int, float], by: float) -> int | None:
    """The level that is nearest by at least `by`; None for a tie."""
    if not near:
        return None
    best = max(near, key=lambda level: near[level])
    second = max((value for level, value in near.items() if level != best), default=0.0)
    return best if near[best] - second >= by else None
