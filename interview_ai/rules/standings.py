"""An interview's points, from its answers' suggestions or people's ratings, and where its row stands in the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL, Rubric, Score

HALF_LEVEL = 0.5  # a person who chose 4 of five whole levels said: between 3.5 and 4.5
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Standing:
    """Points on 1-5 with their range, and who gave them: a machine's suggestion or people's ratings."""

    points: float
    low: float
    high: float
    by: Literal["machine", "people"]


def suggested(scores: Sequence[Score]) -> Standing | None:
    """The mean of the answers' points and of both ends of their ranges; None without any."""
    if not scores:
        return None
    points, low, high = (
        sum(getattr(score, name) for score in scores) / len(scores) for name in ("points", "low", "high")
    )
    return Standing(points, low, high, "machine")


def rated(raters: Iterable[Mapping[str, int]], rubric: Rubric) -> Standing | None:
    """The mean over the people who gave every criterion a level; their spread, and half a level, is the range."""
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
    )


def letters(ranked: Mapping[str, Standing]) -> dict[str, str]:
    """Band letters by id: the highest points open a band that holds all whose range contains them; then the next."""
    left = sorted(ranked, key=lambda key: (-ranked[key].points, key))
    found: dict[str, str] = {}
    for letter in LETTERS:
        if not left:
            break
        top = ranked[left[0]].points
        band = [key for key in left if ranked[key].low <= top <= ranked[key].high]
        found |= dict.fromkeys(band, letter)
        left = [key for key in left if key not in found]
    return found


def woven(ranked: Sequence[Row], others: Mapping[int, Row]) -> list[Row]:
    """The list: `others` (no score, or not to be seen yet) stand at their place of arrival, the ranked around them.

    `others` maps the place of arrival among all, from 0, to the row. So a row without a score is neither sent to
    the end nor put first: nothing about its place says how good it is.
    """
    waiting = iter(ranked)
    return [others[place] if place in others else next(waiting) for place in range(len(ranked) + len(others))]
