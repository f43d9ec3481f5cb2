"""An interview's points, from its answers' suggestions or from people's ratings, each with a range."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL, CriterionScore, Rubric, Score

HALF_LEVEL = 0.5  # a person who chose 4 of five whole levels said: between 3.5 and 4.5
By = Literal["machine", "people", "corrected"]
WHOLE = ""  # in place of a criterion's id: an override of the points as a whole


@dataclass(frozen=True, slots=True)
class Standing:
    """Points on 1-5 with their range, and who gave them: a machine's suggestion, people's ratings, or what either came
    to once a person overrode it (`corrected`).

    `low` to `high` is what bands compare; `given`: the lowest and highest that people really gave.
    """

    points: float
    low: float
    high: float
    by: By
    given: tuple[float, float] | None = None

    @property
    def shown(self) -> tuple[float, float]:
        """The range that a page may show: nobody said the half level on either side of a person's rating."""
        return self.given or (self.low, self.high)


def suggested(scores: Sequence[Score]) -> Standing | None:
    """The mean of the answers' points and of both ends of their ranges; None without any."""
    if not scores:
        return None
    points, low, high = (
        sum(getattr(score, name) for score in scores) / len(scores) for name in ("points", "low", "high")
    )
    return Standing(points, low, high, "machine")


def rated(raters: Iterable[Mapping[str, int]], rubric: Rubric) -> Standing | None:
    """The mean over the people who gave every criterion a level; bands compare their spread and half a level more."""
    criteria = rubric.criteria
    total = sum(criterion.weight for criterion in criteria)
    means = [
        sum(levels[criterion.id] * criterion.weight for criterion in criteria) / total
        for levels in raters
        if _is_complete(levels, rubric)
    ]
    if not means:
        return None
    return Standing(
        sum(means) / len(means),
        *_around(min(means), max(means)),
        by="people",
        given=(min(means), max(means)),
    )


def _is_complete(levels: Mapping[str, int], rubric: Rubric) -> bool:
    return all(criterion.id in levels for criterion in rubric.criteria)


def of_interview(
    scores: Sequence[Score], raters: Collection[Mapping[str, int]], overrides: Mapping[str, int], rubric: Rubric
) -> Standing | None:
    """What stands: an override wins over everything that it names (KR-9), people's ratings over suggestions.

    `overrides`: levels by criterion, or under WHOLE one for all. An override alone, without points that it corrects,
    makes none, except for the whole.
    """
    if WHOLE in overrides:
        level = float(overrides[WHOLE])
        return Standing(level, *_around(level, level), by="corrected", given=(level, level))
    by_people = rated([{**levels, **overrides} for levels in raters if _is_complete(levels, rubric)], rubric)
    base = by_people or (corrected(scores, overrides, rubric) if overrides else suggested(scores))
    return replace(base, by="corrected") if base and overrides else base


def corrected(scores: Sequence[Score], overrides: Mapping[str, int], rubric: Rubric) -> Standing | None:
    """The suggestion with overridden criteria at the person's level, half a level on either side as of a rating."""
    given = suggested([_corrected(score, overrides, rubric, half=0.0) for score in scores])
    compared = suggested([_corrected(score, overrides, rubric, half=HALF_LEVEL) for score in scores])
    return replace(compared, given=(given.low, given.high)) if given and compared else None


def _corrected(score: Score, overrides: Mapping[str, int], rubric: Rubric, *, half: float) -> Score:
    parts = {part.id: part for part in score.criteria}
    for criterion, level in overrides.items():
        parts[criterion] = CriterionScore(criterion, level, *_around(level - half, level + half, half=0.0))
    weights = [(parts[criterion.id], criterion.weight) for criterion in rubric.criteria if criterion.id in parts]
    total = sum(weight for _, weight in weights)
    points, low, high = (
        sum(getattr(part, name) * weight for part, weight in weights) / total for name in ("points", "low", "high")
    )
    return replace(score, points=points, low=low, high=high, criteria=tuple(parts.values()))


def _around(low: float, high: float, *, half: float = HALF_LEVEL) -> tuple[float, float]:
    """A range and half a level on either side, inside the scale."""
    return max(float(LOWEST_LEVEL), low - half), min(float(HIGHEST_LEVEL), high + half)
