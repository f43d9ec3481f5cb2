"""Calibrations of a criterion from double-rated interviews: fitted, named, and tried on people who were left out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import numpy as np

from interview_ai import queries
from interview_ai.double_ratings import Sample, Spoken
from interview_ai.elsewhere import FEWEST_OPENINGS, Neighbour
from interview_ai.rules.calibration import Estimate, calibrated
from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL, Criterion, Rubric, Score
from interview_ai.tables import Opening
from models import grading
from models.competency import Prior, prior
from models.grading import Calibrated, Example
from models.overlap import Asked, Overlap, overlap
from models.points import Prediction, Scale
from models.ridge import Matrix
from models.wordspace import Rows, Space, space

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


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one criterion is learned from: its own double ratings, and those of other openings' tasks it starts from."""

    task: Task
    own: tuple[Sample, ...]
    elsewhere: tuple[tuple[Task, tuple[Sample, ...]], ...] = ()

    def without(self, person: int) -> Lesson:
        """The same without what somebody gave in other openings."""
        others = (
            (task, tuple(one for one in samples if one.spoken.person != person)) for task, samples in self.elsewhere
        )
        return replace(self, elsewhere=tuple((task, samples) for task, samples in others if samples))


def lesson(task: Task, own: tuple[Sample, ...], neighbours: Sequence[Neighbour]) -> Lesson:
    """`neighbours`: other openings that are asked too; their questions and anchors have to be loaded."""
    return Lesson(task, own, tuple((tasks(one.opening)[one.criterion], one.samples) for one in neighbours))


@dataclass(frozen=True, slots=True)
class Placed:
    """A lesson's examples where they lie in the words of all of them, and what the other openings say (None: nothing).

    Vocabulary is learned from what was rated alone: with later answers in it, the same ratings would give other points
    tomorrow.
    """

    lesson: Lesson
    examples: tuple[Example, ...]
    space: Space
    prior: Prior | None


def placed(of: Lesson) -> Placed:
    """Raises Invalid where the answers have no words in common."""
    own = examples(of.own, of.task)
    others = [(task, examples(samples, task)) for task, samples in of.elsewhere]
    shared = overlap([_asked(of.task, own), *(_asked(task, some) for task, some in others)]) if others else None
    if len(others) < FEWEST_OPENINGS:
        return Placed(of, tuple(own), _space(of.task, own, shared), None)
    learned = [(_rows(_space(task, some, shared), some), _places(some)) for task, some in others]
    names = [[task.question, task.anchors] for task, _ in others]
    return Placed(of, tuple(own), _space(of.task, own, shared), prior(learned, names=[str(name) for name in names]))


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


def _asked(of: Task, learned: Sequence[Example]) -> Asked:
    return Asked(of.question, of.anchors, tuple(item.text for item in learned))


def _space(of: Task, learned: Sequence[Example], shared: Overlap | None) -> Space:
    return space(_asked(of, learned), [item.evidence for item in learned], shared=shared)


def _rows(where: Space, learned: Sequence[Example]) -> Rows:
    return where.rows([item.text for item in learned], [item.evidence for item in learned])


def _places(learned: Sequence[Example]) -> Matrix:
    return SCALE.places(np.array([fmean(item.ratings) for item in learned]))


def digest(of: Placed) -> str:
    """Names the ratings, the words, what was asked, and the code: the same again gives the same name."""
    task = of.lesson.task
    named = f"{grading.digest(of.examples, SCALE, of.space)} {task.question} {task.anchors}"
    for other, samples in of.lesson.elsewhere:
        rated = sorted([item.person, item.text, item.ratings, item.evidence] for item in examples(samples, other))
        named += json.dumps([other.question, other.anchors, rated], ensure_ascii=False)
    return hashlib.sha256(named.encode()).hexdigest()[:DIGITS]


def fit(of: Placed) -> Calibrated:
    """Learned from all samples. Raises Invalid as models.grading.fit does."""
    return grading.fit(of.examples, scale=SCALE, space=of.space, prior=of.prior)


def _predicted(model: Calibrated, spoken: Sequence[Spoken], of: Task) -> dict[str, Estimate]:
    found = model.predict([one.text for one in spoken], [one.counts(of.criterion) for one in spoken])
    return {one.interview_id: _estimate(item) for one, item in zip(spoken, found, strict=True)}


def _estimate(found: Prediction) -> Estimate:
    points, low, high = (round(value, DECIMALS) for value in (found.points, found.low, found.high))
    return Estimate(points, low, high, found.abstained)


def left_out(of: Placed) -> list[Prediction]:
    """For each sample what is learned from others: ten groups of people in turn, each by a model that never saw them.

    Vocabulary is learned from all of them, ratings only from the others.
    """
    learned = of.examples
    rows = _rows(of.space, learned)
    order = np.random.default_rng(SEED).permutation(len(learned))
    found: dict[int, Prediction] = {}
    for fold in range(min(FOLDS, len(learned))):
        test = order[fold :: min(FOLDS, len(learned))]
        train = np.setdiff1d(order, test)
        some = [learned[place] for place in train]
        model = grading.fit_rows(rows.take(train), some, scale=SCALE, space=of.space, prior=of.prior)
        found |= zip(test.tolist(), model.predict_rows(rows.take(test)), strict=True)
    return [found[place] for place in range(len(learned))]


def estimates(of: Placed, said: Mapping[str, Spoken], tried: Sequence[Prediction] = ()) -> dict[str, Estimate]:
    """What people would give for each interview, by id; nobody is judged by a model that has seen their own ratings.

    `tried`: what `left_out` gave, where that is known already.
    """
    own = [sample.spoken.interview_id for sample in of.lesson.own]
    found = {name: _estimate(item) for name, item in zip(own, tried or left_out(of), strict=True)}
    others = [one for name, one in said.items() if name not in found]
    known = {sample.spoken.person for _, samples in of.lesson.elsewhere for sample in samples}
    strangers = [one for one in others if one.person not in known]
    if strangers:
        found |= _predicted(fit(of), strangers, of.lesson.task)
    for one in others:
        if one.person in known:  # rated in another opening, and came to this one later
            found |= _predicted(fit(placed(of.lesson.without(one.person))), [one], of.lesson.task)
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
