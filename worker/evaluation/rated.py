"""Rated answers out of a table, and who learns from whom: the same person is never on both sides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from interview_ai.errors import Invalid
from worker.evaluation.tables import Options, Row

FOLDS = 5
QUESTION_FOLDS = 10
DRAWS = 20
FEW = 50  # answers per question below which, with a model answer, questions are left out instead of persons

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rated:
    """One answer with two ratings; `key` is its model answer, empty where there is none."""

    question_id: str
    question: str
    key: str
    text: str
    rater1: float
    rater2: float
    person: str

    @property
    def mean(self) -> float:
        """What both raters together gave."""
        return (self.rater1 + self.rater2) / 2


@dataclass(frozen=True, slots=True)
class Split:
    """Numbers of the answers that are learned from and of those that are tested."""

    train: Places
    test: Places


def rated(rows: Sequence[Row], prefix: str = "") -> list[Rated]:
    """The table's rows; without a `person` column every id is a person of its own. Raises Invalid for odd ratings."""
    return [
        Rated(
            row["question_id"],
            row["question"],
            row.get("model_answer", ""),
            row["answer"],
            _rating(row, "rater1"),
            _rating(row, "rater2"),
            row["person"] if row.get("person") else f"{prefix}id {row['id']}",
        )
        for row in rows
    ]


def _rating(row: Row, column: str) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Invalid(
            f"Row {row['id']}: {column} has to be a number, not {row[column]!r}.",
            f"{row['id']}번 행: {column} 값은 숫자여야 합니다({row[column]!r}).",
            code="rating",
        )
    return value


def scheme(answers: Sequence[Rated], options: Options) -> str:
    """How answers are divided: train, ratings, questions or persons."""
    if options.train:
        return "train"
    if options.ratings is not None:
        return "ratings"
    questions = {answer.question_id for answer in answers}
    keyed = all(answer.key for answer in answers) and len(questions) >= QUESTION_FOLDS
    return "questions" if keyed and len(answers) / len(questions) < FEW else "persons"


def draws(answers: Sequence[Rated], options: Options, trained: int) -> Iterator[tuple[Split, ...]]:
    """Every draw as the splits that together test each answer once at most.

    `trained`: how many answers, put first, came by --train.
    """
    chance = np.random.default_rng(options.seed)
    kind = scheme(answers, options)
    if kind == "train":
        yield (_apart(answers, np.arange(trained), np.arange(trained, len(answers))),)
    elif kind == "ratings":
        for _ in range(options.draws or DRAWS):
            yield (_drawn(answers, options.ratings or 0, chance),)
    else:
        for _ in range(options.draws or 1):
            yield tuple(_crossed(answers, chance) if kind == "questions" else _by_person(answers, chance))


def _by_person(answers: Sequence[Rated], chance: np.random.Generator) -> Iterator[Split]:
    return _folds([answer.person for answer in answers], FOLDS, chance)


def _apart(answers: Sequence[Rated], train: Places, test: Places) -> Split:
    """Leaves out of the training side whoever is also tested."""
    tested = {answers[place].person for place in test}
    return Split(np.array([place for place in train if answers[place].person not in tested], dtype=np.intp), test)


def _folds(groups: Sequence[str], folds: int, chance: np.random.Generator) -> Iterator[Split]:
    names = sorted(set(groups))
    fold = dict(zip(chance.permutation(names).tolist(), np.arange(len(names)) % min(folds, len(names)), strict=True))
    mine = np.array([fold[group] for group in groups])
    for number in range(min(folds, len(names))):
        yield Split(np.flatnonzero(mine != number), np.flatnonzero(mine == number))


def _crossed(answers: Sequence[Rated], chance: np.random.Generator) -> Iterator[Split]:
    """Questions left out; where people answered several questions, those people are left out as well."""
    persons = [answer.person for answer in answers]
    for questions in _folds([answer.question_id for answer in answers], QUESTION_FOLDS, chance):
        if {persons[place] for place in questions.train}.isdisjoint(persons[place] for place in questions.test):
            yield questions
            continue
        for people in _folds(persons, FOLDS, chance):
            train, test = (np.intersect1d(getattr(questions, side), getattr(people, side)) for side in Split.__slots__)
            yield Split(train, test)


def _drawn(answers: Sequence[Rated], ratings: int, chance: np.random.Generator) -> Split:
    """Whole persons, in a drawn order, into the training side, until every question has its number of ratings."""
    names = sorted({answer.person for answer in answers})
    rows: dict[str, list[int]] = {name: [] for name in names}
    for place, answer in enumerate(answers):
        rows[answer.person].append(place)
    have = dict.fromkeys({answer.question_id for answer in answers}, 0)
    train: list[int] = []
    for name in chance.permutation(names).tolist():
        if any(have[answers[place].question_id] < ratings for place in rows[name]):
            train += _wanted(answers, rows.pop(name), have, ratings)
    test = [place for places in rows.values() for place in places]
    return Split(np.array(sorted(train), dtype=np.intp), np.array(sorted(test), dtype=np.intp))


def _wanted(answers: Sequence[Rated], places: list[int], have: dict[str, int], ratings: int) -> list[int]:
    """Of one person's answers those whose question still needs ratings; the others are neither learned nor tested."""
    wanted = []
    for place in places:
        question = answers[place].question_id
        if have[question] < ratings:
            have[question] += 1
            wanted.append(place)
    return wanted
