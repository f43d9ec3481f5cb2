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

from interview_ai import calibrations, double_ratings, openings, queries
from interview_ai.calibrations import Made
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.double_ratings import Given, Sample, Spoken, Tally
from interview_ai.rules import agreement, calibration
from interview_ai.rules.agreement import Interval, bootstrap
from interview_ai.rules.calibration import Estimate, rounded
from interview_ai.rules.evidence import Rubric
from models.grading import VERSION
from models.points import Prediction
from worker import fitted
from worker.fitted import Task

SEED = 1
DIGITS = 4


@dataclass(frozen=True, slots=True)
class Material:
    """All that the reports of one opening are made from, read before the database is let go."""

    opening_id: str
    organisation_id: str
    rubric: Rubric
    tasks: Mapping[str, Task]
    tallies: tuple[Tally, ...]
    said: Mapping[str, Spoken]
    levels: Mapping[str, Mapping[str, Sequence[Given]]]
    in_use: frozenset[str]


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
        asked = [one.text_ko if opening.language == "ko" else one.text_en for one in opening.questions]
        return Material(
            opening_id,
            organisation_id,
            rubric,
            {item.id: fitted.task(item, asked, opening.language) for item in rubric.criteria},
            double_ratings.tallies(session, opening_id, rubric),
            double_ratings.spoken(session, opening_id),
            double_ratings.given(session, opening_id),
            frozenset(calibrations.in_use(session, opening_id)),
        )


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
    samples = double_ratings.samples(found.said, found.levels[tally.criterion])
    task = found.tasks[tally.criterion]
    digest = fitted.digest(samples, task)
    report = {**about, "calibration": f"{VERSION}@{digest}", **_figures(found, samples, task)}
    return report, Made(tally.criterion, VERSION, digest, samples, report)


def _figures(found: Material, samples: Sequence[Sample], task: Task) -> dict[str, Any]:
    predicted = fitted.left_out(samples, task)
    ruled = [place for place, sample in enumerate(samples) if sample.spoken.scores]
    machine = [(item.level, item.points) for item in predicted]
    rule = {place: _rule(samples[place], task.criterion) for place in ruled}
    return {
        "machine": _agreement(samples, dict(enumerate(machine))),
        "rule": _agreement(samples, {place: (points, points) for place, points in rule.items()}),
        "machine_where_rule": _agreement(samples, {place: machine[place] for place in ruled}),
        "raters": _raters(samples),
        "interval": _interval(samples, predicted),
        "changes": asdict(_changes(found, samples, predicted, task)),
    }


def _rule(sample: Sample, criterion: str) -> float:
    """The rule's points for an interview: the mean over its answers, as lists show it."""
    return fmean(part.points for score in sample.spoken.scores for part in score.criteria if part.id == criterion)


def _agreement(samples: Sequence[Sample], given: Mapping[int, tuple[float, float]]) -> dict[str, Any]:
    """Against people: whole levels with each rater's (qwk), points with the raters' mean (r, rmse).

    `given`: level and points by the sample's place.
    """
    some = [(samples[place], level, points) for place, (level, points) in given.items()]
    if not some:
        return {"interviews": 0, "qwk": None, "r": None, "rmse": None}
    pairs = [(one, float(rounded(level)), float(item.level)) for one, level, _ in some for item in one.given]
    means = [(one, points, _mean(one)) for one, _, points in some]
    return {
        "interviews": len(some),
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


def _raters(samples: Sequence[Sample]) -> dict[str, Any]:
    """How far people agree with each other: every two raters of an interview, both ways round."""
    pairs = [
        (one, float(a), float(b))
        for one in samples
        for first, second in combinations(one.given, 2)
        for a, b in ((first.level, second.level), (second.level, first.level))
    ]
    return {"interviews": len(samples), "qwk": _drawn(pairs, agreement.weighted_kappa)}


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


def _changes(
    found: Material, samples: Sequence[Sample], predicted: Sequence[Prediction], task: Task
) -> calibration.Changes:
    """Over all interviews that have points now; who was learned from is judged by a model that never saw them."""
    before = {name: one.scores for name, one in found.said.items() if one.scores}
    own = zip((sample.spoken.interview_id for sample in samples), predicted, strict=True)
    estimates = {name: Estimate(item.points, item.low, item.high, item.abstained) for name, item in own}
    others = [found.said[name] for name in before if name not in estimates]
    if others:
        told = fitted.predict(fitted.fit(samples, task), others, task)
        estimates |= zip((one.interview_id for one in others), told, strict=True)
    return calibration.changes(
        before, estimates, found.rubric, criterion=task.criterion, known=found.in_use | {task.criterion}
    )
