"""Calibrations of a criterion from double-rated interviews: fitted, named, and tried on people who were left out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from interview_ai import queries
from interview_ai.double_ratings import Sample, Spoken
from interview_ai.rules.calibration import Estimate, calibrated
from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL, Criterion, Rubric, Score
from interview_ai.tables import Opening
from models import grading
from models.grading import Calibrated, Example
from models.overlap import Asked
from models.points import Prediction, Scale
from models.wordspace import Space, space

SCALE = Scale(LOWEST_LEVEL, HIGHEST_LEVEL)
FOLDS = 10
SEED = 1  # of who is left out together
DIGITS = 16
DECIMALS = 3  # of points: what two machines calculate apart lies far behind them


@dataclass(frozen=True, slots=True)
class Task:
    """What a calibration is about: the opening's questions, and one criterion with its anchors, in one language."""

    criterion: str
    question: str
    anchors: str


def tasks(opening: Opening) -> dict[str, Task]:
    """The task of each criterion, by its id."""
    of = opening.language
    asked = " ".join(one.text_ko if of == "ko" else one.text_en for one in opening.questions)
    return {item.id: _task(item, asked, of) for item in queries.rubric_of(opening).criteria}


def _task(criterion: Criterion, asked: str, language: str) -> Task:
    anchors = " ".join(text.text(language) for _, text in sorted(criterion.anchors.items()))
    return Task(criterion.id, asked, f"{criterion.name.text(language)} {anchors}")


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
    learned = examples(samples, of)
    named = f"{grading.digest(learned, SCALE, _space(learned, of))} {of.question} {of.anchors}"
    return hashlib.sha256(named.encode()).hexdigest()[:DIGITS]


def _space(learned: Sequence[Example], of: Task) -> Space:
    # from the rated answers alone: with later ones in it, the same ratings would give other points tomorrow
    asked = Asked(of.question, of.anchors, tuple(item.text for item in learned))
    return space(asked, [item.evidence for item in learned])


def fit(samples: Sequence[Sample], of: Task) -> Calibrated:
    """Learned from all samples. Raises Invalid as models.grading.fit does."""
    learned = examples(samples, of)
    return grading.fit(learned, scale=SCALE, space=_space(learned, of))


def _predicted(model: Calibrated, spoken: Sequence[Spoken], of: Task) -> list[Estimate]:
    found = model.predict([one.text for one in spoken], [one.counts(of.criterion) for one in spoken])
    return [_estimate(item) for item in found]


def _estimate(found: Prediction) -> Estimate:
    points, low, high = (round(value, DECIMALS) for value in (found.points, found.low, found.high))
    return Estimate(points, low, high, found.abstained)


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


def estimates(
    samples: Sequence[Sample], said: Mapping[str, Spoken], of: Task, tried: Sequence[Prediction] = ()
) -> dict[str, Estimate]:
    """What people would give for each interview, by id; nobody is judged by a model that has seen their own ratings.

    `tried`: what `left_out` gave, where that is known already.
    """
    own = [sample.spoken.interview_id for sample in samples]
    found = {name: _estimate(item) for name, item in zip(own, tried or left_out(samples, of), strict=True)}
    others = [one for name, one in said.items() if name not in found]
    if others:
        told = _predicted(fit(samples, of), others, of)
        found |= zip((one.interview_id for one in others), told, strict=True)
    return found


def scores(
    said: Mapping[str, Spoken], found: Mapping[str, Mapping[str, Estimate]], rubric: Rubric
) -> dict[str, tuple[Score | None, ...]]:
    """The scores of each interview's answers, by id, with estimates by criterion and interview in the rule's place.

    An estimate is about the whole interview, so each of its answers gets it and their mean is the estimate.
    """
    return {
        name: tuple(
            calibrated(part.ruled(rubric), {criterion: of[name] for criterion, of in found.items()}, rubric)
            for part in one.parts
        )
        for name, one in said.items()
    }
