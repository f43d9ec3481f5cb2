"""Whether an answer fits its own question better than other questions of the same kind.

Two views of the words, content words and character n-grams, each weighted by how rare it is among the questions. That
finds what is about something else altogether; it cannot see that other words mean the same.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from statistics import fmean, pstdev

NGRAMS = {"ko": (2, 3, 4), "en": (3, 4, 5)}  # characters; Korean syllable blocks hold more than letters
MEANING = 4  # weight of a sentence encoder's view against each of the two views of words
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """The content words (lemmas) of a question or an answer, and its character n-grams within words."""

    lemmas: tuple[str, ...]
    ngrams: tuple[str, ...]


def text(words: Iterable[str], said: str, language: str) -> Text:
    """`words`: content words as an analyser found them; `said`: the text itself."""
    padded = [f" {word} " for word in WORD.findall(said.lower())]
    sizes = NGRAMS[language]
    found = (word[at : at + size] for word in padded for size in sizes for at in range(len(word) - size + 1))
    return Text(tuple(words), tuple(found))


@dataclass(frozen=True, slots=True)
class Fit:
    """How an answer fits its own question among others, in standard deviations over all of them.

    `own`: 0 as well as the average one, negative worse; however many are compared, about the same comes out. `lead`: by
    how much the best of the others fits better, less what the best of so many leads by chance.
    """

    own: float
    lead: float


def fit(answer: Text, own: Text, others: Sequence[Text], vectors: Sequence[float] | None = None) -> Fit | None:
    """None where nothing can be told apart: too few questions, no word shared.

    `vectors`: the same comparison by a sentence encoder (own question first), which weighs as much as words twice over.
    """
    questions = (own, *others)
    views = [(1, cosines(answer.lemmas, [question.lemmas for question in questions]))]
    views.append((1, cosines(answer.ngrams, [question.ngrams for question in questions])))
    views += [(MEANING, list(vectors))] if vectors is not None else []
    known = [(weight, _standardised(view)) for weight, view in views if len(view) > 2 and pstdev(view) > 0]
    if not known:
        return None
    weights = [weight for weight, _ in known]
    mean = [sum(map(mul, weights, column)) / sum(weights) for column in zip(*(view for _, view in known), strict=True)]
    # the largest of n normal deviates is near sqrt(2 ln n): otherwise each question more would look like a better fit
    lead = max(mean[1:]) - mean[0] - math.sqrt(2 * math.log(len(others)))
    return Fit(round(mean[0], 3), round(lead, 3))


def _standardised(values: Sequence[float]) -> list[float]:
    middle, spread = fmean(values), pstdev(values)
    return [(value - middle) / spread for value in values]


def cosines(answer: Sequence[str], questions: Sequence[Sequence[str]]) -> list[float]:
    """Cosine of the answer's terms to those of each question: log counts, terms that few questions have weigh more."""
    rare = _rarity(questions)
    mine = {term: (1 + math.log(count)) * rare.get(term, rare[""]) for term, count in Counter(answer).items()}
    length = math.sqrt(sum(value**2 for value in mine.values()))
    return [_cosine(mine, length, question, rare) for question in questions]


def _rarity(questions: Sequence[Sequence[str]]) -> dict[str, float]:
    """Inverse document frequency among the questions; under "" that of a term which none of them has."""
    counts = Counter(term for question in questions for term in set(question))
    most = math.log(1 + len(questions)) + 1
    return {term: most - math.log(1 + count) for term, count in counts.items()} | {"": most}


def _cosine(mine: dict[str, float], length: float, question: Sequence[str], rare: dict[str, float]) -> float:
    theirs = {term: (1 + math.log(count)) * rare[term] for term, count in Counter(question).items()}
    other = math.sqrt(sum(value**2 for value in theirs.values()))
    shared = sum(mine[term] * value for term, value in theirs.items() if term in mine)
    return shared / (length * other) if length and other else 0.0
