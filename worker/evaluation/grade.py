"""`evaluate --task grade`: points learned from human ratings, against ratings of people who were not learned from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np

from interview_ai.rules import agreement
from interview_ai.rules.agreement import Interval
from models.grading import VERSION
from worker.evaluation.agreeing import Graded, figures, rounded
from worker.evaluation.learned import ENOUGH, Table, graded, table
from worker.evaluation.rated import Rated, Split, draws, rated, scheme
from worker.evaluation.tables import Options, Row

COLUMNS = ("question_id", "question", "answer", "rater1", "rater2")

ENTIRE, PARTIAL = 1_000, 200  # times that persons are drawn anew for the table and for each of its questions
READ = {
    "qwk": "our levels, rounded to half levels, against the mean of the two raters; not comparable with human.qwk",
    "qwk_rater1": "our levels and rater1, both rounded to whole levels; human.qwk is the ceiling of this one",
    "r": "our points against the mean of the two raters",
    "rmse": "in levels, our points against the mean of the two raters",
    "coverage": "share of mean ratings inside the 90 % interval",
    "width": "mean width of the interval in levels; width_share: as a share of the scale",
    "abstention": "share of answers whose interval covers more than 60 % of the scale; the accuracy figures are over "
    "all answers, also these, but *_answered over the others",
    "error_cut": "share by which rmse falls when the 20 % widest intervals are left out",
    "baseline": "ridge on TF-IDF of words, strength and spread chosen as ours; where questions are left out, the "
    "cosine with the model answer",
    "human": "rater1 and rater2, as means over the questions like our figures; over all answers where questions are "
    "left out",
    "unrated": "vocabulary and directions are learned from all answers of the table, the tested ones without ratings",
    "scale": "ends of the scale: the lowest and the highest rating in the table",
}


def measure(rows: list[Row], options: Options) -> dict[str, Any]:
    """QWK, r, RMSE, coverage, width and abstention with 95 % intervals; per question; the plain baseline beside."""
    trained = rated(options.train, "train ")
    answers = [*trained, *rated(rows)]
    kind = scheme(answers, options)
    drawn = list(draws(answers, options, len(trained)))
    placed = table(answers, one_scale=kind == "questions", helped=_helped(answers, kind, drawn))
    found = graded(placed, drawn)
    groups = [range(len(answers))] if kind == "questions" else [item.places for item in placed.questions.values()]
    return {
        **_about(answers, kind, drawn, placed),
        **_figures(found, answers, groups, seed=options.seed, times=ENTIRE),
        "human": _human(answers, groups),
        "how_to_read": READ,
        "questions": [_question(found, placed, name, options.seed) for name in placed.questions],
    }


def _helped(answers: Sequence[Rated], kind: str, drawn: Sequence[tuple[Split, ...]]) -> bool:
    """Whether other questions' ratings are asked: where there are several, and some question has few of its own."""
    names = sorted({answer.question_id for answer in answers})
    train = {answers[place].question_id: 0 for place in range(len(answers))}
    for place in drawn[0][0].train.tolist():
        train[answers[place].question_id] += 1
    return len(names) > 2 and (kind == "questions" or min(train.values()) < ENOUGH)


def _about(answers: Sequence[Rated], kind: str, drawn: Sequence[tuple[Split, ...]], placed: Table) -> dict[str, Any]:
    sizes = [len(split.train) for splits in drawn for split in splits]
    return {
        "scoring": VERSION,
        "scheme": kind,
        "draws": len(drawn),
        "learned_from": round(float(np.mean(sizes)), 1),
        "questions_in_table": len(placed.questions),
        "answers": len(answers),
        "tested": len({place for splits in drawn for split in splits for place in split.test.tolist()}),
        "persons": len({answer.person for answer in answers}),
        "helped_by_other_questions": placed.helped,
        "unrated_answers_used": True,
    }


def _figures(
    found: Graded, answers: Sequence[Rated], groups: Sequence[Sequence[int]], *, seed: int, times: int
) -> dict[str, Any]:
    """Figures as JSON: ours each with the abstention rate beside it, the baseline's together."""
    persons = [answer.person for answer in answers]
    all_of_them = figures(found, persons, groups, seed=seed, times=times)
    abstention = _number(all_of_them["abstention"].value)
    ours = {name: value for name, value in all_of_them.items() if not name.startswith("baseline_")}
    said = {name: _interval(value) | {"abstention": abstention} for name, value in ours.items()}
    plain = {name.removeprefix("baseline_"): _interval(all_of_them[name]) for name in all_of_them if name not in ours}
    return said | {"baseline": plain}


def _interval(value: Interval) -> dict[str, float | None]:
    return {name: _number(getattr(value, name)) for name in ("value", "low", "high")}


def _number(value: float) -> float | None:
    """Four digits; what is not defined is null."""
    return None if math.isnan(value) else round(value, 4)


def _human(answers: Sequence[Rated], groups: Sequence[Sequence[int]]) -> dict[str, float | None]:
    """How far the two raters agree, over the same groups of answers as our figures."""
    found = [_raters([answers[place] for place in places]) for places in groups if len(places) > 1]
    means = {name: [figures[name] for figures in found if not math.isnan(figures[name])] for name in found[0]}
    return {name: _number(fmean(values)) if values else None for name, values in means.items()}


def _raters(answers: Sequence[Rated]) -> dict[str, float]:
    first, second = [answer.rater1 for answer in answers], [answer.rater2 for answer in answers]
    pairs = list(zip(first, second, strict=True))
    return {
        "qwk": _kappa(answers),
        "r": agreement.pearson(first, second),
        "rmse": agreement.rmse(first, second),
        "icc_2_1": agreement.icc(pairs),
        "icc_2_k": agreement.icc(pairs, average=True),
        "alpha_ordinal": agreement.alpha(pairs, "ordinal"),
        "alpha_interval": agreement.alpha(pairs, "interval"),
    }


def _kappa(answers: Sequence[Rated]) -> float:
    first = rounded(np.array([answer.rater1 for answer in answers]))
    second = rounded(np.array([answer.rater2 for answer in answers]))
    return agreement.weighted_kappa(first.tolist(), second.tolist())


def _question(found: Graded, placed: Table, name: str, seed: int) -> Mapping[str, Any]:
    question = placed.questions[name]
    answers = [placed.answers[place] for place in question.places]
    mine = found.take(question.places)
    return {
        "question_id": name,
        "answers": len(answers),
        "scale": [question.scale.low, question.scale.high],
        "human_qwk": _number(_kappa(answers)),
        **_figures(mine, answers, [range(len(answers))], seed=seed, times=PARTIAL),
    }
