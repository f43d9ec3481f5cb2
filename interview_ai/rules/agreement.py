"""How well two sets of ratings agree: kappa, correlation, error, intraclass correlation, alpha, with intervals."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import fmean
from typing import Literal

BOOTSTRAPS = 1_000
CONFIDENCE = 0.95
ADJUDICATE_FROM = 2.0  # levels between two raters from which a third has to look: one level apart is everyday


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the limits of its confidence interval; NaN where the data do not define it."""

    value: float
    low: float
    high: float


def weighted_kappa(first: Sequence[float], second: Sequence[float]) -> float:
    """Quadratic weighted kappa (Cohen 1968): 1 is identity, 0 what chance gives. Any levels, also halves.

    1 minus the observed mean squared difference over that of all pairs; NaN where every rating is the same.
    """
    _check(first, second)
    observed = fmean((a - b) ** 2 for a, b in zip(first, second, strict=True))
    mine, yours = Counter(first), Counter(second)
    chance = sum(n * m * (a - b) ** 2 for a, n in mine.items() for b, m in yours.items()) / len(first) ** 2
    return 1 - observed / chance if chance else math.nan


def pearson(first: Sequence[float], second: Sequence[float]) -> float:
    """Pearson's correlation; NaN where one side does not vary."""
    _check(first, second)
    a, b = fmean(first), fmean(second)
    across = sum((x - a) * (y - b) for x, y in zip(first, second, strict=True))
    spread = math.sqrt(sum((x - a) ** 2 for x in first) * sum((y - b) ** 2 for y in second))
    return across / spread if spread else math.nan


def rmse(first: Sequence[float], second: Sequence[float]) -> float:
    """Root mean squared difference, in levels."""
    _check(first, second)
    return math.sqrt(fmean((a - b) ** 2 for a, b in zip(first, second, strict=True)))


def icc(ratings: Sequence[Sequence[float]], *, average: bool = False) -> float:
    """Intraclass correlation ICC(2,1), or ICC(2,k) of the raters' mean (Shrout & Fleiss 1979).

    One row per answer, one column per rater, all present: two-way random effects, absolute agreement. Raises
    ValueError below two answers or two raters; NaN where nothing varies.
    """
    n, k = len(ratings), len(ratings[0]) if ratings else 0
    if n < 2 or k < 2 or any(len(row) != k for row in ratings):
        raise ValueError("at least two answers with the same two or more raters are needed")
    answers, raters, rest = _mean_squares(ratings)
    raters_share = (raters - rest) / n
    below = answers + raters_share if average else answers + (k - 1) * rest + k * raters_share
    return (answers - rest) / below if below else math.nan


def _mean_squares(ratings: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Between answers, between raters, and what is left (two-way analysis of variance)."""
    n, k = len(ratings), len(ratings[0])
    rows = [fmean(row) for row in ratings]
    columns = [fmean(column) for column in zip(*ratings, strict=True)]
    grand = fmean(rows)
    between = k * sum((row - grand) ** 2 for row in rows)
    raters = n * sum((column - grand) ** 2 for column in columns)
    total = sum((value - grand) ** 2 for row in ratings for value in row)
    return between / (n - 1), raters / (k - 1), (total - between - raters) / ((n - 1) * (k - 1))


def alpha(units: Sequence[Sequence[float | None]], scale: Literal["ordinal", "interval"] = "ordinal") -> float:
    """Krippendorff's alpha (2011): units by raters, None where nobody rated; NaN where every rating is the same.

    Raises ValueError where no unit has two ratings.
    """
    paired = [[value for value in unit if value is not None] for unit in units]
    paired = [unit for unit in paired if len(unit) >= 2]
    if not paired:
        raise ValueError("no answer has two ratings")
    together: defaultdict[tuple[float, float], float] = defaultdict(float)
    for unit in paired:
        for a, b in permutations(unit, 2):
            together[a, b] += 1 / (len(unit) - 1)
    return _alpha(together, scale)


def _alpha(together: Mapping[tuple[float, float], float], scale: str) -> float:
    totals = {a: sum(n for (first, _), n in together.items() if first == a) for a, _ in together}
    apart = _ordinal(totals) if scale == "ordinal" else lambda a, b: (a - b) ** 2
    n = sum(totals.values())
    observed = sum(count * apart(a, b) for (a, b), count in together.items()) / n
    chance = sum(m * k * apart(a, b) for a, m in totals.items() for b, k in totals.items()) / (n * (n - 1))
    return 1 - observed / chance if chance else math.nan


def _ordinal(totals: Mapping[float, float]) -> Callable[[float, float], float]:
    """Squared distance in ranks: all ratings between two levels, the two ends by half."""

    def apart(a: float, b: float) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(count for level, count in totals.items() if low <= level <= high)
        return float(between - (totals[a] + totals[b]) / 2) ** 2

    return apart


def bootstrap(
    persons: Sequence[Hashable], figure: Callable[[list[int]], float], *, seed: int, times: int = BOOTSTRAPS
) -> Interval:
    """`figure` of all rows with the 95 % percentile interval of drawing persons, with all their rows, anew.

    `figure` gets row numbers, repeated as drawn. One person's answers hang together, so drawing rows would make the
    interval too narrow. Draws in which the figure is NaN are left out.
    """
    return bootstraps(persons, lambda rows: [figure(rows)], seed=seed, times=times)[0]


def bootstraps(
    persons: Sequence[Hashable], figures: Callable[[list[int]], Sequence[float]], *, seed: int, times: int = BOOTSTRAPS
) -> list[Interval]:
    """The same for several figures of the same draws."""
    rows: dict[Hashable, list[int]] = {}
    for row, person in enumerate(persons):
        rows.setdefault(person, []).append(row)
    groups, chance = list(rows.values()), random.Random(seed)
    drawn = [figures([row for group in chance.choices(groups, k=len(groups)) for row in group]) for _ in range(times)]
    return [
        Interval(value, *_limits([draw for draw in values if not math.isnan(draw)]))
        for value, values in zip(figures(list(range(len(persons)))), zip(*drawn, strict=True), strict=True)
    ]


def _limits(values: list[float]) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    return quantile(values, tail), quantile(values, 1 - tail)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, between two neighbours in proportion; NaN of none."""
    if not values:
        return math.nan
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def resolved(first: float, second: float, third: float | None = None) -> float | None:
    """One rating out of two: their mean; None while they lie two levels or more apart and no third person has looked.

    With a third rating, the mean of it and the nearer of the two (of both when equally near).
    """
    if third is not None:
        nearest = min(abs(third - first), abs(third - second))
        near = [value for value in (first, second) if abs(third - value) == nearest]
        return (third + fmean(near)) / 2
    return None if abs(first - second) >= ADJUDICATE_FROM else (first + second) / 2


def _check(first: Sequence[float], second: Sequence[float]) -> None:
    if not first or len(first) != len(second):
        raise ValueError(f"two equally long, non-empty lists are needed, not {len(first)} and {len(second)}")
