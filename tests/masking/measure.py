"""Masking measured word by word on the marked sentences: recall of marked words, share of others that were masked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from interview_ai.rules import masking

HERE = Path(__file__).parent
LANGUAGES = ("ko", "en")


@dataclass(frozen=True)
class Sentence:
    """Words as they are said, and the category that each is marked with, or None."""

    words: tuple[str, ...]
    marked: tuple[str | None, ...]


@dataclass
class Measured:
    """Counts of words, and what was missed or masked for nothing: (category, word, sentence)."""

    marked: int = 0
    found: int = 0
    others: int = 0
    masked: int = 0
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.marked

    @property
    def over(self) -> float:
        return self.masked / self.others


def read(text: str) -> Sentence:
    """`Andong/birthplace` is a marked word."""
    pairs = [word.partition("/") for word in text.split()]
    return Sentence(tuple(word for word, _, _ in pairs), tuple(category or None for _, _, category in pairs))


def development(language: str) -> list[Sentence]:
    return _sentences(yaml.safe_load((HERE / f"{language}.yaml").read_text()))


def held_out(language: str) -> list[Sentence]:
    return _sentences(yaml.safe_load((HERE / "held_out.yaml").read_text())[language])


def hard(language: str) -> list[Sentence]:
    return _sentences(yaml.safe_load((HERE / "hard.yaml").read_text())[language])


def _sentences(kinds: dict[str, list[str]]) -> list[Sentence]:
    return [read(text) for texts in kinds.values() for text in texts]


def measure(sentences: list[Sentence], language: str) -> Measured:
    counted = Measured()
    for sentence in sentences:
        _count(counted, sentence, masking.masks(sentence.words, language))
    return counted


def _count(into: Measured, sentence: Sentence, found: tuple[Any, ...]) -> None:
    said = " ".join(sentence.words)
    for word, marked, category in zip(sentence.words, sentence.marked, found, strict=True):
        into.marked += marked is not None
        into.found += marked is not None and category is not None
        into.others += marked is None
        into.masked += marked is None and category is not None
        if marked and not category:
            into.missed.append((marked, word, said))
        if category and not marked:
            into.wrong.append((category, word, said))


def figures() -> dict[str, Any]:
    """What the page of a candidate tells about masking: per cent over all sentences, and what is missed."""
    told = {}
    for language in LANGUAGES:
        found = measure([*development(language), *held_out(language), *hard(language)], language)
        missed = [_in_context(words, sentence) for words, sentence in _runs(found.missed)]
        told[language] = {"recall": round(100 * found.recall), "over": round(100 * found.over, 1), "missed": missed}
    return told


def _runs(missed: list[tuple[str, str, str]]) -> list[tuple[list[str], str]]:
    """Neighbours of one kind in one sentence together, with the sentence."""
    runs: list[tuple[tuple[str, str], list[str]]] = []
    for category, word, sentence in missed:
        if runs and runs[-1][0] == (category, sentence):
            runs[-1][1].append(word)
        else:
            runs.append(((category, sentence), [word]))
    return [(words, sentence) for (_, sentence), words in runs]


def _in_context(words: list[str], sentence: str) -> str:
    """What was missed, with the word before it and the one behind."""
    said = sentence.split()
    first, last = said.index(words[0]), said.index(words[-1])
    return " ".join(said[max(0, first - 1) : last + 2])
