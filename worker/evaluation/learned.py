"""What a split of rated answers teaches about those that it tests, by our calibration and by the plain baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from interview_ai.errors import Invalid
from models.competency import Prior, prior
from models.grading import Calibrated, Example, fit_rows
from models.overlap import Asked, overlap
from models.points import Scale
from models.ridge import Matrix
from models.transfer import Transferred, transferred
from models.wordspace import Rows, Space, space
from worker.evaluation import baseline
from worker.evaluation.agreeing import Graded
from worker.evaluation.rated import Rated, Split

ENOUGH = 100  # own ratings from which other questions' ratings are not asked any more
PREDICTED = ("points", "low", "high", "level", "abstained", "plain", "plain_level")
OWN = 9  # own ratings from which a question has an interval of its own; below, others' judge where there are any


@dataclass(frozen=True, slots=True)
class Question:
    """One question's answers in the table (their numbers), placed once for all splits."""

    places: tuple[int, ...]
    scale: Scale
    space: Space
    rows: Rows

    def some(self, chosen: frozenset[int]) -> tuple[list[int], Rows]:
        """The answers among `chosen`: their numbers and rows."""
        kept = [place for place, number in enumerate(self.places) if number in chosen]
        return [self.places[place] for place in kept], self.rows.take(np.array(kept, dtype=np.intp))


@dataclass(frozen=True, slots=True)
class Table:
    """All rated answers with their questions. `helped`: questions with few ratings also learn from the others'."""

    answers: tuple[Rated, ...]
    questions: Mapping[str, Question]
    helped: bool


def table(answers: Sequence[Rated], *, one_scale: bool, helped: bool) -> Table:
    """Every question with all its answers placed; `one_scale`: all questions are rated on the same scale."""
    places: dict[str, list[int]] = {}
    for place, answer in enumerate(answers):
        places.setdefault(answer.question_id, []).append(place)
    asked = {name: _asked([answers[place] for place in mine]) for name, mine in places.items()}
    shared = overlap(list(asked.values())) if helped else None
    found = {}
    for name, mine in places.items():
        learned = space(asked[name], shared=shared)
        scale = _scale(name, answers if one_scale else [answers[place] for place in mine])
        found[name] = Question(tuple(mine), scale, learned, learned.rows(asked[name].answers))
    return Table(tuple(answers), found, helped)


def _asked(answers: Sequence[Rated]) -> Asked:
    return Asked(answers[0].question, answers[0].key, tuple(answer.text for answer in answers))


def _scale(name: str, answers: Sequence[Rated]) -> Scale:
    ratings = [rating for answer in answers for rating in (answer.rater1, answer.rater2)]
    if min(ratings) == max(ratings):
        raise Invalid(
            f"All ratings of question {name} are the same: nothing can be learned from them.",
            f"{name}번 질문의 평정이 모두 같아 학습할 수 없습니다.",
            code="rating",
        )
    return Scale(min(ratings), max(ratings))


def graded(table: Table, draws: Sequence[tuple[Split, ...]]) -> Graded:
    """Predictions for every tested answer in every draw."""
    columns = {name: np.zeros((len(draws), len(table.answers))) for name in ("tested", *PREDICTED)}
    for draw, splits in enumerate(draws):
        for split in splits:
            for tested, found in _tested(table, split):
                columns["tested"][draw, tested] = 1
                for name, values in found.items():
                    columns[name][draw, tested] = values
    span = np.empty(len(table.answers))
    for question in table.questions.values():
        span[list(question.places)] = question.scale.high - question.scale.low
    rater1, mean = (np.array([getattr(answer, name) for answer in table.answers]) for name in ("rater1", "mean"))
    return Graded(**columns, rater1=rater1, mean=mean, span=span)


def _tested(table: Table, split: Split) -> Iterator[tuple[list[int], dict[str, Any]]]:
    """For each question its tested answers (their numbers) and what the split teaches about them."""
    train, test = frozenset(split.train.tolist()), frozenset(split.test.tolist())
    priors: dict[frozenset[int], Prior | None] = {}
    for name, question in table.questions.items():
        tested, rows = question.some(test)
        if tested:
            learned = _learned(table, name, train, priors)
            predicted = learned.predict_rows(rows)
            ours = {column: [getattr(item, column) for item in predicted] for column in PREDICTED[:5]}
            plain = _plain(table, name, train, [table.answers[place] for place in tested])
            limits = question.scale.low, question.scale.high
            yield (
                tested,
                ours | {key: np.clip(values, *limits) for key, values in zip(PREDICTED[5:], plain, strict=True)},
            )


def _learned(
    table: Table, name: str, train: frozenset[int], priors: dict[frozenset[int], Prior | None]
) -> Calibrated | Transferred:
    """The question's own calibration, helped by others where it is small; the others' alone where there is none."""
    question = table.questions[name]
    own, rows = question.some(train)
    helping = None
    if table.helped and len(own) < ENOUGH:
        others = train.difference(own)
        if others not in priors:
            priors[others] = _prior(table, others)
        helping = priors[others]
    if helping and len(own) < OWN:
        return transferred(question.space, helping, question.scale)
    answers = [table.answers[place] for place in own]
    examples = [Example(answer.text, (answer.rater1, answer.rater2), answer.person) for answer in answers]
    return fit_rows(rows, examples, scale=question.scale, space=question.space, prior=helping)


def _prior(table: Table, train: frozenset[int]) -> Prior | None:
    """What the ratings of these answers say about answers to other questions; None below two questions."""
    others = {}
    for name, question in table.questions.items():
        rated, rows = question.some(train)
        if rated:
            others[name] = rows, question.scale.places(np.array([table.answers[place].mean for place in rated]))
    return prior(list(others.values()), names=list(others)) if len(others) >= 2 else None


def _plain(table: Table, name: str, train: frozenset[int], test: Sequence[Rated]) -> tuple[Matrix, Matrix]:
    own = [table.answers[place] for place in table.questions[name].places if place in train]
    if len(own) >= OWN or not test[0].key:
        return baseline.words(own, test)
    return baseline.nearness([table.answers[place] for place in sorted(train)], test)
