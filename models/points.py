"""What a calibration hands out: points on a scale with a 90 % interval, or the admission that it is too wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.ridge import Matrix

TOO_WIDE = 0.6  # share of the scale from which an interval says nothing worth showing
STEEPEST = 2.5  # how far predictions are spread at most to look like ratings


@dataclass(frozen=True, slots=True)
class Scale:
    """The lowest and the highest rating that people can give."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"a scale needs two ends, not {self.low} to {self.high}")

    def places(self, ratings: Matrix) -> Matrix:
        """Ratings as places between -0.5, the lowest, and 0.5, the highest."""
        return (ratings - self.low) / (self.high - self.low) - 0.5

    def ratings(self, places: Matrix) -> Matrix:
        """Places as ratings, kept on the scale."""
        found: Matrix = np.clip(self.low + (places + 0.5) * (self.high - self.low), self.low, self.high)
        return found


@dataclass(frozen=True, slots=True)
class Prediction:
    """`points`: the mean rating to expect; `low`, `high`: its 90 % interval, on the scale.

    `level`: the same points with the spread of human ratings, to be rounded where whole levels are wanted; expected
    points crowd in the middle. `abstained`: the interval covers more than 60 % of the scale.
    """

    points: float
    low: float
    high: float
    level: float
    abstained: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """Spreads places around `middle`, so that predictions of unseen people lie as far apart as their ratings."""

    middle: float
    slope: float

    def of(self, places: Matrix) -> Matrix:
        """Places spread out."""
        return self.middle + self.slope * (places - self.middle)


def spread(left_out: Matrix, targets: Matrix) -> Spread:
    """Learned from predictions for people left out; never narrows, and never trusts a slope above 2.5."""
    deviation = float(left_out.std())
    slope = float(targets.std()) / deviation if deviation > 0 else 1.0
    return Spread(float(left_out.mean()), min(STEEPEST, max(1.0, slope)))


def clues(places: Matrix, variance: Matrix) -> Matrix:
    """Signs of a larger error (n x 2): unlike the examples; in the middle, where there is room both ways."""
    room = np.maximum(0, 1 - (2 * places) ** 2)
    found: Matrix = np.column_stack([np.sqrt(variance), room])
    return found


def predictions(scale: Scale, places: Matrix, limits: tuple[Matrix, Matrix], spread: Spread) -> list[Prediction]:
    """Places and their limits as ratings."""
    low, high = (scale.ratings(limit) for limit in limits)
    wide = (high - low) / (scale.high - scale.low) > TOO_WIDE
    columns = (scale.ratings(places), low, high, scale.ratings(spread.of(places)), wide)
    return [
        Prediction(float(points), float(a), float(b), float(level), bool(too_wide))
        for points, a, b, level, too_wide in zip(*columns, strict=True)
    ]
