"""How near texts are in words: content words and character n-grams, weighted by their rarity in all texts at hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from models import language

NGRAMS = {"ko": (2, 4), "en": (3, 5)}  # characters, within words
Matrix = NDArray[np.float64]


def nearness(answers: Sequence[str], questions: Sequence[str], of: str) -> Matrix:
    """How well each answer (row) fits each question (column): the mean of two standardised cosines, by content words
    and by character n-grams.

    Rarity is counted over all of these texts, none of which is rated. What is near to everything is set back: rows and
    columns are standardised in turn.
    """
    content = [" ".join(language.analyse(text, of).content) for text in (*answers, *questions)]
    words = _cosines(TfidfVectorizer(analyzer=str.split, sublinear_tf=True), content, len(answers))
    grams = TfidfVectorizer(analyzer="char_wb", ngram_range=NGRAMS[of], sublinear_tf=True, lowercase=True)
    return (standardised(words) + standardised(_cosines(grams, [*answers, *questions], len(answers)))) / 2


def plain(answers: Sequence[str], questions: Sequence[str]) -> Matrix:
    """The baseline: cosine of character n-gram TF-IDF."""
    return _cosines(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)), [*answers, *questions], len(answers))


def _cosines(by: TfidfVectorizer, texts: Sequence[str], answers: int) -> Matrix:
    rows = by.fit_transform(texts)
    found: Matrix = np.asarray((rows[:answers] @ rows[answers:].T).todense())
    return found


def standardised(near: Matrix) -> Matrix:
    """Each row with mean 0 and deviation 1, after half of what a column gives to everybody was taken off."""
    centred = near - near.mean(axis=0, keepdims=True) / 2
    spread = centred.std(axis=1, keepdims=True)
    found: Matrix = (centred - centred.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1.0)
    return found
