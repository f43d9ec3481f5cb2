"""When double ratings suffice to calibrate a criterion, what calibrated points make of a score, what would change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from interview_ai.rules import bands, standings
from interview_ai.rules.evidence import CriterionScore, Rubric, Score
from interview_ai.rules.standings import Standing

FEWEST = 9  # people from which a 90 % interval exists at all: below, the tenth of them is nobody
ENOUGH = 50  # double-rated interviews from which a calibration may replace the rule

Readiness = Literal["too_few", "report_only", "enough"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What people would give for one criterion, 1-5, with its 90 % interval; `abstained`: that is too wide to say."""

    points: float
    low: float
    high: float
    abstained: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """What calibrated points would do to what is scored now.

    `levels`: answers of `answers` whose whole level of the criterion would be another; `bands`: interviews of those
    `listed` in a band that would stand in another or in none; `abstained`: interviews of `interviews` for which the
    machine would suggest nothing any more.
    """

    answers: int
    levels: int
    listed: int
    bands: int
    interviews: int
    abstained: int


def readiness(interviews: int) -> Readiness:
    """What so many double-rated interviews allow: nothing, a report to read, or a calibration to use."""
    if interviews < FEWEST:
        return "too_few"
    return "enough" if interviews >= ENOUGH else "report_only"


def missing(interviews: int, until: int = ENOUGH) -> int:
    """How many double-rated interviews are still missing."""
    return max(0, until - interviews)


def rounded(points: float) -> int:
    """The whole level, halves upwards, as a person rounds a mark."""
    return math.floor(points + 0.5)


def calibrated(score: Score, found: Mapping[str, Estimate], rubric: Rubric) -> Score | None:
    """The rule's score with calibrated criteria in place of its own; None where one of them is too wide to say.

    It stays provisional, and then in whole levels with the range widened to them, until each criterion of the rubric is
    calibrated.
    """
    if any(found[item.id].abstained for item in score.criteria if item.id in found):
        return None
    provisional = not all(item.id in found for item in rubric.criteria)
    parts = tuple(
        _part(item.id, found[item.id], whole=provisional) if item.id in found else item for item in score.criteria
    )
    weights = {item.id: item.weight for item in rubric.criteria}
    points, low, high = (
        sum(getattr(part, name) * weights[part.id] for part in parts) / sum(weights[part.id] for part in parts)
        for name in ("points", "low", "high")
    )
    if provisional:
        points, low, high = float(rounded(points)), float(math.floor(low)), float(math.ceil(high))
    return replace(score, provisional=provisional, points=points, low=low, high=high, criteria=parts)


def _part(name: str, found: Estimate, *, whole: bool) -> CriterionScore:
    if whole:
        low, high = float(math.floor(found.low)), float(math.ceil(found.high))
        return CriterionScore(name, float(rounded(found.points)), low, high)
    return CriterionScore(name, found.points, found.low, found.high)


def changes(
    before: Mapping[str, Sequence[Score]],
    after: Mapping[str, Sequence[Score | None]],
    criterion: str,
    people: Mapping[str, Standing],
) -> Changes:
    """How scores differ, answer by answer, and the list with them; `before` has only interviews with all scores.

    `people`: the standing of those whom people rated, which wins in the list (KR-9), so that no machine moves them.
    """
    pairs = [(old, new) for name in before for old, new in zip(before[name], after[name], strict=True)]
    kept = {name: [score for score in after[name] if score] for name in before}
    was, would = _letters(before, people), _letters(kept, people)
    return Changes(
        answers=len(pairs),
        levels=sum(new is not None and _level(old, criterion) != _level(new, criterion) for old, new in pairs),
        listed=len(was),
        bands=sum(letter != would.get(name) for name, letter in was.items()),
        interviews=len(before),
        abstained=sum(not scores for scores in kept.values()),
    )


def _level(score: Score, criterion: str) -> int:
    return rounded(next(part.points for part in score.criteria if part.id == criterion))


def _letters(scores: Mapping[str, Sequence[Score]], people: Mapping[str, Standing]) -> dict[str, str]:
    suggested = {name: standings.suggested(some) for name, some in scores.items()}
    return bands.letters({name: stood for name, stood in {**suggested, **people}.items() if stood})
