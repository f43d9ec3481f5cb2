"""An interview's points, from its answers' suggestions or from people's ratings, each with a range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL, Rubric, Score

HALF_LEVEL = 0.5  # a person who chose 4 of five whole levels said: between 3.5 and 4.5


@dataclass(frozen=True, slots=True)
class Standing:
    """Points on 1-5 with their range, and who gave them: a machine's suggestion or people's ratings.

    `low` to `high` is what bands compare; `given`: the lowest and highest that people really gave.
    """

    points: float
    low: float
    high: float
    by: Literal["machine", "people"]
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
        if all(criterion.id in levels for criterion in criteria)
    ]
    if not means:
        return None
    return Standing(
        points=sum(means) / len(means),
        low=max(float(LOWEST_LEVEL), min(means) - HALF_LEVEL),
        high=min(float(HIGHEST_LEVEL), max(means) + HALF_LEVEL),
        by="people",
        given=(min(means), max(means)),
    )
