"""Ties each piece of evidence to the anchor of its criterion that it is nearest to, by meaning or else by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from interview_ai.rules import anchors
from interview_ai.rules.evidence import Criterion, Evidence, Rubric
from models import language
from worker import meaning


def tied(found: Sequence[Evidence], rubric: Rubric, of: str, encoder: Path | None) -> tuple[Evidence, ...]:
    """The evidence with its anchors; points are worked out beside it and never from it. `of`: the language."""
    criteria = {item.id: item for item in rubric.criteria}
    if encoder is not None:
        return _by_meaning(found, criteria, of, encoder)
    return tuple(replace(item, anchor=_by_words(item, criteria[item.criterion], of)) for item in found)


def _by_words(item: Evidence, criterion: Criterion, of: str) -> int | None:
    asked = {level: _content(anchors.affirmed(text.text(of), of), of) for level, text in criterion.anchors.items()}
    kinds = anchors.KINDS["ko" if of == "ko" else "en"]
    said = (*language.analyse(item.quote, of).content, *_content(kinds[item.kind], of))
    return anchors.by_words(said, asked)


@cache
def _content(text: str, of: str) -> tuple[str, ...]:
    return language.analyse(text, of).content


def _by_meaning(
    found: Sequence[Evidence], criteria: dict[str, Criterion], of: str, encoder: Path
) -> tuple[Evidence, ...]:
    quotes = meaning.embed([item.quote for item in found], encoder)
    tied = []
    for item, quote in zip(found, quotes, strict=True):
        texts = {level: text.text(of) for level, text in criteria[item.criterion].anchors.items()}
        near = meaning.embedded(tuple(texts.values()), encoder) @ quote
        level = anchors.by_vectors({level: float(value) for level, value in zip(texts, near, strict=True)})
        tied.append(replace(item, anchor=level))
    return tuple(tied)
