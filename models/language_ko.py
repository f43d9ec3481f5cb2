"""Korean: what a spoken answer holds, by morphemes and endings (kiwipiepy); reads punctuation but needs none."""

from __future__ import annotations

from interview_ai.rules.analysis import Analysis, Find
from models.korean_clauses import sentences
from models.korean_evidence import evidence
from models.korean_morphemes import morphemes
from models.korean_numbers import counted
from models.korean_order import disorder

CONTENT = ("NNG", "NNP", "VV", "VA", "SL", "XR")


def analyse(text: str) -> Analysis:
    """Finds, eojeol and content lemmas of a Korean text, and how far its words are out of order. Deterministic."""
    morphs = morphemes(text)
    finds = evidence(sentences(morphs))
    finds += [Find("specific", start, end) for start, end in counted(morphs, text)]
    content = tuple(morph.form for morph in morphs if morph.tag in CONTENT)
    ordered = tuple(sorted(finds, key=lambda find: (find.start, find.end, find.kind)))
    return Analysis("ko", tuple(text.split()), content, ordered, disorder(text))


def stems(text: str) -> list[tuple[str, int]]:
    """The nouns and verb stems of a text, by which it can be found, each with where it begins, in characters."""
    return [(morph.form, morph.start) for morph in morphemes(text) if morph.tag in CONTENT]
