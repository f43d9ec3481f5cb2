"""What can be counted in an answer whatever its question: breadth, overlap with question and model answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.ridge import Matrix

WORD = re.compile(r"\w+")
SENTENCE = re.compile(r"[.!?]+(?:\s|$)|\n")
STEM = 5  # letters that words of one family share in English
STEM_SYLLABLES = 2  # the same for a Korean word with its particles
SUFFICIENT = 0.9  # share of the answers beyond whose quantity more of it earns nothing
QUANTITIES = (0, 1, 3, 6)  # the columns that grow with length


def stem(word: str) -> str:
    """The beginning that stands for a word's family; no dictionary, so it errs alike in both languages."""
    return word[:STEM] if word.isascii() else word[:STEM_SYLLABLES]


def stems(text: str) -> list[str]:
    """The families of a text's words, in order."""
    return [stem(word) for word in WORD.findall(text.lower())]


@dataclass(frozen=True, slots=True)
class Said:
    """Which word families the question has, and in how many of `size` answers each family occurs."""

    question: frozenset[str]
    frequency: Counter[str]
    size: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Measures of answers as the whole set of them, rated or not, defines them: rarity, sufficiency, mean, spread."""

    said: Said
    ceiling: Matrix
    mean: Matrix
    spread: Matrix

    def of(self, texts: Sequence[str], evidence: Sequence[Sequence[float]] = ()) -> Matrix:
        """One row for each text: standardised measures, then the evidence counts given for it, if any."""
        found: Matrix = (np.minimum(_raw(texts, self.said, evidence), self.ceiling) - self.mean) / self.spread
        return found


def counted(texts: Sequence[str], question: str, evidence: Sequence[Sequence[float]] = ()) -> Counted:
    """The measures over all answers of an opening; needs no ratings."""
    frequency = Counter(family for text in texts for family in set(stems(text)))
    said = Said(frozenset(stems(question)), frequency, len(texts))
    raw = _raw(texts, said, evidence)
    ceiling = np.full(raw.shape[1], np.inf)
    ceiling[list(QUANTITIES)] = np.quantile(raw[:, list(QUANTITIES)], SUFFICIENT, axis=0)
    capped = np.minimum(raw, ceiling)
    spread = capped.std(axis=0)
    return Counted(said, ceiling, capped.mean(axis=0), np.where(spread > 1e-9, spread, 1.0))


def _raw(texts: Sequence[str], said: Said, evidence: Sequence[Sequence[float]]) -> Matrix:
    rows = [_measures(text, said) for text in texts]
    extra = [tuple(np.sqrt(counts)) for counts in evidence] or [()] * len(texts)
    return np.array([[*row, *more] for row, more in zip(rows, extra, strict=True)], dtype=np.float64)


def _measures(text: str, said: Said) -> tuple[float, ...]:
    words = WORD.findall(text.lower())
    families = {stem(word) for word in words}
    many = max(1, len(words))
    rarity = [np.log((said.size + 1) / max(1, said.frequency[family])) for family in families]
    return (
        np.log1p(len(words)),
        np.sqrt(len(families)),
        np.sqrt(len(families & said.question)),
        np.sqrt(len(families - said.question)),
        sum(map(len, words)) / many,
        len(families) / many,
        np.log(max(1, len(SENTENCE.findall(text)))),
        float(np.mean(rarity)) if rarity else 0.0,
        sum(said.frequency[stem(word)] <= 1 for word in words) / many,
        text.count(",") / many,
    )
