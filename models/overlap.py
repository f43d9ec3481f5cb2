"""How much an answer shares with the model answer, the question and other answers, alike for every question."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from models.measures import stems
from models.ridge import Matrix
from models.threads import one_thread

TOPICS = 100  # directions of meaning over all questions together
LONG = 40  # word families from which an answer is no longer short
SEED = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its model answer or anchors (empty: there are none) and all answers to it, rated or not."""

    question: str
    key: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rarity of words and nearness of meanings over everything asked and said; learned without ratings."""

    frequency: Counter[str]
    size: int
    words: Any
    letters: Any
    topics: tuple[Any, Any]
    digest: str

    def of(self, texts: Sequence[str], asked: Asked) -> Matrix:
        """One row for each answer; without a model answer the columns that need one are 0."""
        columns = [self._shared(text, asked) for text in texts]
        near = [self._near(vectors, texts, asked) for vectors in self._vectors()]
        return np.hstack([np.array(columns, dtype=np.float64).reshape(len(texts), 6), *near])

    def _vectors(self) -> tuple[Any, ...]:
        word_topics, letter_topics = self.topics
        return (
            self.words.transform,
            self.letters.transform,
            lambda texts: _unit(word_topics.transform(self.words.transform(texts))),
            lambda texts: _unit(letter_topics.transform(self.letters.transform(texts))),
        )

    def _near(self, vectors: Any, texts: Sequence[str], asked: Asked) -> Matrix:
        """Cosine with the model answer, with the question, and with others' answers, those near the model first."""
        own, others = vectors(texts), vectors(asked.answers)
        ends = vectors([asked.key, asked.question])
        near_key, near_question = _dot(own, ends).T
        weight = _dot(others, ends)[:, 0] ** 2 + 0.01
        alike = _dot(own, others)
        # the answer itself is among the others: nearness to oneself says nothing
        weights = np.where(alike > 1 - 1e-9, 0.0, weight[None])
        peers = (alike * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
        return np.column_stack([near_key, near_question, peers])

    def _shared(self, text: str, asked: Asked) -> tuple[float, ...]:
        said, key, question = (set(stems(part)) for part in (text, asked.key, asked.question))
        new, own = key - question or key, said - question
        common = new & own
        return (
            self._weight(said & new) / max(self._weight(new), 1e-9),
            self._weight(own & key) / max(self._weight(own), 1e-9),
            self._weight(said & question) / max(self._weight(question), 1e-9),
            len(said & key) / max(len(key), 1),
            len(common),
            float(np.log1p(min(len(said), LONG))),
        )

    def _weight(self, families: set[str]) -> float:
        return sum(float(np.log((self.size + 1) / max(1, self.frequency[family]))) for family in families)


def overlap(questions: Sequence[Asked]) -> Overlap:
    """Learned from all questions, model answers and answers that are there."""
    texts = [text for asked in questions for text in (asked.question, asked.key, *asked.answers)]
    frequency = Counter(family for text in texts for family in set(stems(text)))
    words = TfidfVectorizer(sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    with one_thread():
        topics = tuple(_topics(vectorizer.fit_transform(texts)) for vectorizer in (words, letters))
    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    return Overlap(frequency, len(texts), words, letters, (topics[0], topics[1]), digest)


def _topics(rows: Any) -> TruncatedSVD:
    return TruncatedSVD(max(1, min(TOPICS, min(rows.shape) - 1)), random_state=SEED).fit(rows)


def _dot(some: Any, others: Any) -> Matrix:
    found = some @ others.T
    return np.asarray(found.todense() if issparse(found) else found, dtype=np.float64)


def _unit(rows: Matrix) -> Matrix:
    found: Matrix = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return found
