"""The plain baseline beside every figure of ours: ridge on TF-IDF of words, learned on the same split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression

from models import points, ridge
from models.ridge import Matrix
from worker.evaluation.rated import Rated


def words(train: Sequence[Rated], test: Sequence[Rated]) -> tuple[Matrix, Matrix]:
    """Points and levels for answers to the same question, by their words.

    Levels are points with the spread of ratings, as ours are: what we gain over the baseline is not gained by that.
    """
    vectors = TfidfVectorizer(sublinear_tf=True)
    seen = vectors.fit_transform([answer.text for answer in train]).toarray()
    means = np.array([answer.mean for answer in train])
    middle = float(means.mean())
    fitted = ridge.fit(seen @ seen.T, means - middle, ridge.blocks_of([answer.person for answer in train]))
    places = fitted.predict(vectors.transform([answer.text for answer in test]).toarray() @ seen.T)
    return places + middle, points.spread(fitted.left_out, fitted.targets).of(places) + middle


def nearness(train: Sequence[Rated], test: Sequence[Rated]) -> tuple[Matrix, Matrix]:
    """Points and levels for answers to other questions, by the cosine with the model answer."""
    vectors = TfidfVectorizer().fit([text for answer in train for text in (answer.text, answer.key)])
    means = np.array([answer.mean for answer in train])
    line = LinearRegression().fit(_near(vectors, train), means)
    found: Matrix = line.predict(_near(vectors, test))
    return found, points.spread(line.predict(_near(vectors, train)), means).of(found)


def _near(vectors: TfidfVectorizer, answers: Sequence[Rated]) -> Matrix:
    said, asked = (vectors.transform(texts) for texts in ([a.text for a in answers], [a.key for a in answers]))
    return np.asarray(said.multiply(asked).sum(axis=1), dtype=np.float64).reshape(-1, 1)
