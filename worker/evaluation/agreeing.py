"""The figures of graded answers, each as the mean of all draws and with an interval that draws persons anew."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from interview_ai.rules.agreement import Interval, bootstraps
from models.ridge import Matrix

WIDEST = 0.2  # share of answers on which abstaining is tried out
HALF = 2  # the mean of two whole ratings lies on half levels

Weights = Matrix
Figure = Callable[["Graded", Weights], float]


@dataclass(frozen=True, slots=True)
class Graded:
    """n answers, tested in d draws (d x n; 0 where not tested), their ratings and the span of their scale (n)."""

    tested: Matrix
    points: Matrix
    low: Matrix
    high: Matrix
    level: Matrix
    abstained: Matrix
    plain: Matrix
    plain_level: Matrix
    rater1: Matrix
    mean: Matrix
    span: Matrix

    def take(self, places: Sequence[int]) -> Graded:
        """Some of the answers."""
        return Graded(*(getattr(self, name)[..., list(places)] for name in self.__slots__))


def rounded(values: Matrix, steps: int = 1) -> Matrix:
    """To the nearest step, halves upwards, as a person rounds a mark."""
    found: Matrix = np.floor(values * steps + 0.5) / steps
    return found


def kappa(first: Matrix, second: Matrix, weights: Weights) -> Matrix:
    """Quadratic weighted kappa in each draw (d), with weights that are 0 where an answer was not tested (d x n).

    By moments: the mean squared difference of all pairs is E[a²] + E[b²] - 2 E[a] E[b]. The same as
    `interview_ai.rules.agreement.weighted_kappa`, a thousand times over.
    """
    a, b, aa, bb, ab = _moments(first, second, weights)
    return 1 - _over(aa + bb - 2 * ab, aa + bb - 2 * a * b)


def correlation(first: Matrix, second: Matrix, weights: Weights) -> Matrix:
    """Pearson's correlation in each draw (d)."""
    a, b, aa, bb, ab = _moments(first, second, weights)
    return _over(ab - a * b, np.sqrt(np.maximum(0, aa - a * a) * np.maximum(0, bb - b * b)))


def error(first: Matrix, second: Matrix, weights: Weights) -> Matrix:
    """Root mean squared difference in each draw (d)."""
    found: Matrix = np.sqrt(_averages((first - second) ** 2, weights))
    return found


def _moments(first: Matrix, second: Matrix, weights: Weights) -> tuple[Matrix, Matrix, Matrix, Matrix, Matrix]:
    pairs = (first, second, first**2, second**2, first * second)
    a, b, aa, bb, ab = (_averages(values, weights) for values in pairs)
    return a, b, aa, bb, ab


def _averages(values: Matrix, weights: Weights) -> Matrix:
    values = np.broadcast_to(values, weights.shape)
    return _over(np.einsum("dn,dn->d", values, weights), weights.sum(axis=-1))


def _over(above: Matrix, below: Matrix) -> Matrix:
    """A quotient, NaN where there is nothing to divide by."""
    there = below > 1e-12
    return np.where(there, above / np.where(there, below, 1), np.nan)


def _mean(values: Matrix) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def _of(measure: Callable[[Matrix, Matrix, Weights], Matrix], name: str, against: str, steps: int) -> Figure:
    def figure(graded: Graded, weights: Weights) -> float:
        first, second = getattr(graded, name), getattr(graded, against)
        if steps:
            first, second = rounded(first, steps), rounded(second, steps)
        return _mean(measure(first, second, weights))

    return figure


def _share(pick: Callable[[Graded], Matrix]) -> Figure:
    return lambda graded, weights: _mean(_averages(pick(graded), weights))


def _covered(graded: Graded) -> Matrix:
    inside: Matrix = ((graded.mean >= graded.low - 1e-9) & (graded.mean <= graded.high + 1e-9)).astype(np.float64)
    return inside


def _answered(figure: Figure) -> Figure:
    return lambda graded, weights: figure(graded, np.where(graded.abstained == 0, weights, 0))


def error_cut(graded: Graded, weights: Weights) -> float:
    """By what share the root mean squared error falls when the 20 % widest intervals of each draw are left out."""
    width = np.where(weights > 0, graded.high - graded.low, np.inf)
    order = np.argsort(width, axis=1, kind="stable")
    sorted_weights = np.take_along_axis(weights, order, axis=1)
    reached = np.cumsum(sorted_weights, axis=1) <= (1 - WIDEST) * sorted_weights.sum(axis=1, keepdims=True)
    kept = np.zeros_like(weights)
    np.put_along_axis(kept, order, np.where(reached, sorted_weights, 0), axis=1)
    whole = error(graded.points, graded.mean, weights)
    return _mean(1 - _over(error(graded.points, graded.mean, kept), whole))


FIGURES: dict[str, Figure] = {
    "qwk": _of(kappa, "level", "mean", HALF),
    "qwk_rater1": _of(kappa, "level", "rater1", 1),
    "r": _of(correlation, "points", "mean", 0),
    "rmse": _of(error, "points", "mean", 0),
    "coverage": _share(_covered),
    "width": _share(lambda graded: graded.high - graded.low),
    "width_share": _share(lambda graded: (graded.high - graded.low) / graded.span),
    "abstention": _share(lambda graded: graded.abstained),
    "error_cut": error_cut,
    "qwk_answered": _answered(_of(kappa, "level", "mean", HALF)),
    "rmse_answered": _answered(_of(error, "points", "mean", 0)),
    "baseline_qwk": _of(kappa, "plain_level", "mean", HALF),
    "baseline_qwk_rater1": _of(kappa, "plain_level", "rater1", 1),
    "baseline_r": _of(correlation, "plain", "mean", 0),
    "baseline_rmse": _of(error, "plain", "mean", 0),
}


def figures(
    graded: Graded, persons: Sequence[str], questions: Sequence[Sequence[int]], *, seed: int, times: int
) -> dict[str, Interval]:
    """Every figure as the mean over groups of answers (their numbers), persons drawn anew over all of them."""
    parts = [(graded.take(places), list(places)) for places in questions]

    def values(rows: list[int]) -> list[float]:
        drawn = np.bincount(rows, minlength=len(persons)).astype(np.float64)
        weighted = [(part, part.tested * drawn[places]) for part, places in parts]
        return [_mean(np.array([figure(*pair) for pair in weighted])) for figure in FIGURES.values()]

    return dict(zip(FIGURES, bootstraps(persons, values, seed=seed, times=times), strict=True))
