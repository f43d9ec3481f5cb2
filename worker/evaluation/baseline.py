"""The plain baseline beside every figure of ours: ridge on TF-IDF of words, learned on the same split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, Ridge

from models.ridge import Matrix
from worker.evaluation.rated import Rated


def ridge(train: Sequence[Rated], test: Sequence[Rated]) -> Matrix:
    """Ratings by words, for answers to the same question."""
    words = TfidfVectorizer(sublinear_tf=True)
    seen = words.fit_transform([answer.text for answer in train])
    found: Matrix = Ridge(alpha=1.0).fit(seen, _means(train)).predict(words.transform([a.text for a in test]))
    return found


def nearness(train: Sequence[Rated], test: Sequence[Rated]) -> Matrix:
    """Ratings by the cosine with the model answer, for answers to other questions."""
    words = TfidfVectorizer().fit([text for answer in train for text in (answer.text, answer.key)])
    found: Matrix = LinearRegression().fit(_near(words, train), _means(train)).predict(_near(words, test))
    return found


def _near(words: TfidfVectorizer, answers: Sequence[Rated]) -> Matrix:
    said, asked = (words.transform(texts) for texts in ([a.text for a in answers], [a.key for a in answers]))
    return np.asarray(said.multiply(asked).sum(axis=1), dtype=np.float64).reshape(-1, 1)


def _means(answers: Sequence[Rated]) -> Matrix:
    return np.array([answer.mean for answer in answers])
