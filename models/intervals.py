"""90 % intervals that hold whatever the model: jackknife+ by person, wider where the model errs more."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from models.ridge import Matrix

MISS = 0.1  # share of answers whose rating may lie outside
TRUST = 10.0  # examples that it takes to believe half of what the clues say about where errors are large
NARROWEST = 0.3  # of the average error: no answer is surer than that


@dataclass(frozen=True, slots=True)
class Widths:
    """The error to expect at an answer: `typical` times a mix of clues, each divided by its `usual` size."""

    typical: float
    usual: Matrix
    mix: Matrix

    def at(self, clues: Matrix) -> Matrix:
        """Expected absolute error for t answers from their clues (t x c)."""
        found: Matrix = self.typical * np.maximum(_with_constant(clues / self.usual) @ self.mix, NARROWEST)
        return found


def widths(residuals: Matrix, clues: Matrix) -> Widths:
    """How errors on unseen people grow with the clues (n x c, none negative), shrunk towards not at all."""
    typical = max(float(np.abs(residuals).mean()), 1e-6)
    usual = np.maximum(clues.mean(axis=0), 1e-9)
    seen = _with_constant(clues / usual)
    even = np.zeros(seen.shape[1])
    even[0] = 1
    pull = math.sqrt(TRUST)
    rows = np.vstack([seen, pull * np.eye(len(even))])
    mix: Matrix = nnls(rows, np.concatenate([np.abs(residuals) / typical, pull * even]))[0]
    return Widths(typical, usual, mix)


def _with_constant(clues: Matrix) -> Matrix:
    return np.hstack([np.ones((len(clues), 1)), clues])


def limits(without: Matrix, errors: Matrix, expected: Matrix, *, people: int) -> tuple[Matrix, Matrix]:
    """Low and high for t answers (Barber, Candès, Ramdas & Tibshirani 2021, jackknife+, with scaled errors).

    `without` (t x n): predictions by regressions that have not seen the person of example i; `errors` (n): size of
    that regression's error on example i divided by the error expected there; `expected` (t): the error expected
    here. With fewer than 9 people nothing can be said at 90 %: the limits are infinite.
    """
    reach = errors[None] * expected[:, None]
    if math.ceil((1 - MISS) * (people + 1)) > people:
        return np.full(len(without), -np.inf), np.full(len(without), np.inf)
    place = min(errors.size, math.ceil((1 - MISS) * (errors.size + 1)))
    low = -_smallest(reach - without, place)
    return low, _smallest(without + reach, place)


def _smallest(values: Matrix, place: int) -> NDArray[np.float64]:
    found: Matrix = np.partition(values, place - 1, axis=1)[:, place - 1]
    return found
