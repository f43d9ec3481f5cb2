"""Calibrations of a criterion from double-rated interviews: fitted, named, and tried on people who were left out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interview_ai.double_ratings import Sample, Spoken
from interview_ai.rules.calibration import Estimate
from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL, Criterion
from models import grading
from models.grading import Calibrated, Example
from models.overlap import Asked
from models.points import Prediction, Scale
from models.wordspace import Space, space

SCALE = Scale(LOWEST_LEVEL, HIGHEST_LEVEL)
FOLDS = 10
SEED = 1  # of who is left out together
DIGITS = 16


@dataclass(frozen=True, slots=True)
class Task:
    """What a calibration is about: the opening's questions, and one criterion with its anchors, in one language."""

    criterion: str
    question: str
    anchors: str


def task(criterion: Criterion, questions: Sequence[str], language: str) -> Task:
    """The task of one criterion."""
    anchors = " ".join(text.text(language) for _, text in sorted(criterion.anchors.items()))
    return Task(criterion.id, " ".join(questions), f"{criterion.name.text(language)} {anchors}")


def examples(samples: Sequence[Sample], of: Task) -> list[Example]:
    """One for each interview; a person is the candidate's random number."""
    return [
        Example(
            sample.spoken.text,
            tuple(float(given.level) for given in sample.given),
            str(sample.spoken.person),
            sample.spoken.counts(of.criterion),
        )
        for sample in samples
    ]


def digest(samples: Sequence[Sample], of: Task) -> str:
    """Names the ratings, the words, what was asked, and the code: the same again gives the same name."""
    named = f"{grading.digest(examples(samples, of), SCALE)} {of.question} {of.anchors}"
    return hashlib.sha256(named.encode()).hexdigest()[:DIGITS]


def _space(learned: Sequence[Example], of: Task) -> Space:
    # from the rated answers alone: with later ones in it, the same ratings would give other points tomorrow
    asked = Asked(of.question, of.anchors, tuple(item.text for item in learned))
    return space(asked, [item.evidence for item in learned])


def fit(samples: Sequence[Sample], of: Task) -> Calibrated:
    """Learned from all samples. Raises Invalid as models.grading.fit does."""
    learned = examples(samples, of)
    return grading.fit(learned, scale=SCALE, space=_space(learned, of))


def predict(model: Calibrated, spoken: Sequence[Spoken], of: Task) -> list[Estimate]:
    """What people would give for these interviews."""
    found = model.predict([one.text for one in spoken], [one.counts(of.criterion) for one in spoken])
    return [Estimate(item.points, item.low, item.high, item.abstained) for item in found]


def left_out(samples: Sequence[Sample], of: Task) -> list[Prediction]:
    """For each sample what is learned from others: ten groups of people in turn, each by a model that never saw them.

    Vocabulary is learned from all of them, ratings only from the others.
    """
    learned = examples(samples, of)
    placed = _space(learned, of)
    rows = placed.rows([item.text for item in learned], [item.evidence for item in learned])
    order = np.random.default_rng(SEED).permutation(len(learned))
    found: dict[int, Prediction] = {}
    for fold in range(min(FOLDS, len(learned))):
        test = order[fold :: min(FOLDS, len(learned))]
        train = np.setdiff1d(order, test)
        some = [learned[place] for place in train]
        model = grading.fit_rows(rows.take(train), some, scale=SCALE, space=placed)
        found |= zip(test.tolist(), model.predict_rows(rows.take(test)), strict=True)
    return [found[place] for place in range(len(learned))]
