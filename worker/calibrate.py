"""`interview-ai calibrate OPENING`: what double ratings teach about each criterion; a report that changes nothing."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from statistics import fmean
from typing import Any

from sqlalchemy.orm import Session

from interview_ai import applications, calibrations, double_ratings, elsewhere, openings, queries
from interview_ai.calibrations import Made
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.double_ratings import Sample, Spoken, Tally
from interview_ai.elsewhere import Neighbour
from interview_ai.rules import agreement, calibration, standings
from interview_ai.rules.agreement import Interval, bootstrap
from interview_ai.rules.calibration import rounded
from interview_ai.rules.evidence import Rubric
from interview_ai.rules.standings import Standing
from models.grading import VERSION
from models.points import Prediction
from worker import fitted
from worker.fitted import Lesson, Placed

SEED = 1
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Material:
    """All that the reports of one opening are made from, read before the database is let go."""

    opening_id: str
    organisation_id: str
    rubric: Rubric
    tallies: tuple[Tally, ...]
    said: Mapping[str, Spoken]
    lessons: Mapping[str, Lesson]
    neighbours: Mapping[str, tuple[Neighbour, ...]]
    in_use: Mapping[str, Lesson]
    people: Mapping[str, Standing]


def command(given: argparse.Namespace) -> int:
    """Prints one JSON object and keeps its reports; exit 0 also where there are too few ratings. Raises NotFound."""
    found = material(given.opening)
    reports, made = [], []
    for tally in found.tallies:
        report, kept = _criterion(found, tally)
        reports.append(report)
        made += [kept] if kept else []
    with transaction(found.organisation_id) as session:
        opening = openings.own(session, found.opening_id)
        for one in made:
            calibrations.record(session, opening, one)
    whole = {"opening": found.opening_id, "applied": False, "criteria": reports}
    sys.stdout.write(json.dumps(whole, ensure_ascii=False) + "\n")
    return 0


def material(opening_id: str) -> Material:
    """Reads the opening. Raises NotFound."""
    with reading(EVERYWHERE) as session:
        organisation_id = queries.opening(session, opening_id).organisation_id
    with reading(organisation_id) as session:
        opening = queries.opening(session, opening_id)
        rubric = queries.rubric_of(opening)
        said, levels = double_ratings.spoken(session, opening_id), double_ratings.given(session, opening_id)
        tasks = fitted.tasks(opening)
        samples = {item.id: double_ratings.samples(said, levels.get(item.id, {})) for item in rubric.criteria}
        people = {one.person for one in said.values()}
        others = {
            item.id: elsewhere.neighbours(session, opening, item, rated=len(samples[item.id]), people=people)
            for item in rubric.criteria
        }
        used = calibrations.in_use(session, opening_id)
        repeated = {name: calibrations.learned_from(session, row, said) for name, row in used.items()}
        return Material(
            opening_id,
            organisation_id,
            rubric,
            tuple(double_ratings.tally(item.id, said, levels.get(item.id, {})) for item in rubric.criteria),
            said,
            {name: fitted.lesson(tasks[name], some, others[name]) for name, some in samples.items()},
            others,
            {name: fitted.lesson(tasks[name], one.own, one.elsewhere) for name, one in repeated.items() if one},
            _people(session, opening_id, rubric),
        )


def _people(session: Session, opening_id: str, rubric: Rubric) -> dict[str, Standing]:
    """Where people's ratings put those whom somebody rated in full."""
    there = [one for one in applications.of_opening(session, opening_id) if one.state != "withdrawn"]
    stood = {one.id: standings.rated(one.levels.values(), rubric) for one in there}
    return {name: standing for name, standing in stood.items() if standing}


def _criterion(found: Material, tally: Tally) -> tuple[dict[str, Any], Made | None]:
    """The report of one criterion, and what is kept of it: nothing where there are too few people to fit anything."""
    ready = calibration.readiness(tally.double)
    about = {
        "criterion": tally.criterion,
        "double_rated": tally.double,
        "single_rated": tally.single,
        "double_rated_without_words": tally.wordless,
        "missing_to_report": calibration.missing(tally.double, calibration.FEWEST),
        "missing_to_apply": calibration.missing(tally.double),
        "readiness": ready,
    }
    if ready == "too_few":
        return {**about, "calibration": None}, None
    placed, neighbours = fitted.placed(found.lessons[tally.criterion]), found.neighbours[tally.criterion]
    digest = fitted.digest(placed)
    report = {
        **about,
        "calibration": f"{VERSION}@{digest}",
        "elsewhere": _elsewhere(placed, neighbours),
        **_figures(found, placed),
    }
    return report, Made(tally.criterion, VERSION, digest, placed.lesson.own, report, neighbours)


def _elsewhere(placed: Placed, neighbours: Sequence[Neighbour]) -> dict[str, Any]:
    """What other openings of the organisation contributed; `share`: how far their view is followed, 0-1."""
    return {
        "openings": len(neighbours),
        "interviews": elsewhere.interviews(neighbours),
        "share": fitted.fit(placed).share if neighbours else 0.0,
    }


def _figures(found: Material, placed: Placed) -> dict[str, Any]:
    samples, predicted = placed.lesson.own, fitted.left_out(placed)
    rule = [_rule(sample, found.rubric, placed.lesson.task.criterion) for sample in samples]
    return {
        "machine": _agreement(samples, [(item.level, item.points) for item in predicted]),
        "rule": _agreement(samples, [(points, points) for points in rule]),
        "raters": {"qwk": _raters(samples)},
        "interval": _interval(samples, predicted),
        "changes": asdict(_changes(found, placed, predicted)),
    }


def _rule(sample: Sample, rubric: Rubric, criterion: str) -> float:
    """The rule's points for an interview: the mean over its answers, as lists show it."""
    ruled = [part.ruled(rubric) for part in sample.spoken.parts]
    return fmean(part.points for score in ruled for part in score.criteria if part.id == criterion)


def _agreement(samples: Sequence[Sample], given: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """Whole levels against each rater's (qwk), points against the raters' mean (r, rmse); levels and points `given`."""
    some = [(sample, level, points) for sample, (level, points) in zip(samples, given, strict=True)]
    pairs = [(one, float(rounded(level)), float(item.level)) for one, level, _ in some for item in one.given]
    means = [(one, points, _mean(one)) for one, _, points in some]
    return {
        "qwk": _drawn(pairs, agreement.weighted_kappa),
        "r": _drawn(means, agreement.pearson),
        "rmse": _drawn(means, agreement.rmse),
    }


Pair = tuple[Sample, float, float]
Measure = Callable[[Sequence[float], Sequence[float]], float]


def _drawn(pairs: Sequence[Pair], measure: Measure) -> dict[str, float | None]:
    """A figure over pairs with its interval, persons drawn anew."""

    def figure(rows: list[int]) -> float:
        return measure([pairs[row][1] for row in rows], [pairs[row][2] for row in rows])

    return _json(bootstrap([pair[0].spoken.person for pair in pairs], figure, seed=SEED))


def _json(found: Interval) -> dict[str, float | None]:
    """Four digits; what the data do not define is null."""
    return {name: None if math.isnan(value) else round(value, DIGITS) for name, value in asdict(found).items()}


def _mean(sample: Sample) -> float:
    return fmean(given.level for given in sample.given)


def _raters(samples: Sequence[Sample]) -> dict[str, float | None]:
    """How far people agree with each other: every two raters of an interview, both ways round."""
    pairs = [
        (one, float(a), float(b))
        for one in samples
        for first, second in combinations(one.given, 2)
        for a, b in ((first.level, second.level), (second.level, first.level))
    ]
    return _drawn(pairs, agreement.weighted_kappa)


def _interval(samples: Sequence[Sample], predicted: Sequence[Prediction]) -> dict[str, Any]:
    """The 90 % interval: whether it holds the raters' mean, how wide it is, how often too wide to say anything."""
    both = list(zip(samples, predicted, strict=True))
    columns = {
        "coverage": [float(item.low - 1e-9 <= _mean(one) <= item.high + 1e-9) for one, item in both],
        "width": [item.high - item.low for _, item in both],
        "abstention": [float(item.abstained) for _, item in both],
    }
    persons = [one.spoken.person for one in samples]
    return {name: _json(bootstrap(persons, _average(values), seed=SEED)) for name, values in columns.items()}


def _average(values: Sequence[float]) -> Callable[[list[int]], float]:
    return lambda rows: fmean(values[row] for row in rows)


def _changes(found: Material, placed: Placed, predicted: Sequence[Prediction]) -> calibration.Changes:
    """What applying would do to the interviews that have points now, beside the calibrations that are in use."""
    task = placed.lesson.task
    others = {name: used for name, used in found.in_use.items() if name != task.criterion}
    told = {name: fitted.estimates(fitted.placed(used), found.said) for name, used in others.items()}
    told[task.criterion] = fitted.estimates(placed, found.said, predicted)
    before = {name: one.scores for name, one in found.said.items() if one.scores}
    after = fitted.scores(found.said, told, found.rubric)
    return calibration.changes(before, after, task.criterion, found.people)
