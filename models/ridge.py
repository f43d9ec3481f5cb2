"""Kernel ridge regression with everything that leaving one person out would give, in closed form."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Places = NDArray[np.intp]

STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # against kernels whose diagonal is 1 on average
LEVEL = 10.0  # added to every kernel, so that the mean is learned with next to no pull towards 0


@dataclass(frozen=True, slots=True)
class Ridge:
    """A fitted regression over n examples with their `targets`.

    `left_out`, `doubt`: the prediction for each example, and its variance up to a factor, by the regression that has
    not seen that example's person. `blocks`: the example numbers of each person.
    """

    weights: Matrix
    inverse: Matrix
    blocks: tuple[Places, ...]
    strength: float
    targets: Matrix
    left_out: Matrix
    doubt: Matrix

    def predict(self, kernel: Matrix) -> Matrix:
        """Predictions for t texts from their kernel with the examples (t x n)."""
        found: Matrix = (kernel + LEVEL) @ self.weights
        return found

    def variance(self, kernel: Matrix, diagonal: Matrix) -> Matrix:
        """How far each text lies from what the examples show (t), up to the factor that `doubt` shares."""
        there = kernel + LEVEL
        spread: Matrix = diagonal + LEVEL - np.einsum("tn,nm,tm->t", there, self.inverse, there, optimize=True)
        return np.maximum(spread, 0)

    def without(self, kernel: Matrix) -> Matrix:
        """Predictions for t texts by n regressions: column i has not seen the person of example i (t x n)."""
        there = kernel + LEVEL
        alone = self.weights / np.diag(self.inverse)
        found: Matrix = self.predict(kernel)[:, None] - (there @ self.inverse) * alone
        for block in (block for block in self.blocks if len(block) > 1):
            own = np.linalg.solve(self.inverse[np.ix_(block, block)], self.weights[block])
            found[:, block] = (self.predict(kernel) - there @ (self.inverse[:, block] @ own))[:, None]
        return found


def blocks_of(persons: Sequence[Hashable]) -> tuple[Places, ...]:
    """The rows of each person, in the order in which persons first appear."""
    rows: dict[Hashable, list[int]] = {}
    for row, person in enumerate(persons):
        rows.setdefault(person, []).append(row)
    return tuple(np.array(group, dtype=np.intp) for group in rows.values())


def fit(kernel: Matrix, targets: Matrix, blocks: tuple[Places, ...]) -> Ridge:
    """The regression whose strength errs least on people that it has not seen (generalised to blocks of answers).

    `kernel`: n x n, diagonal about 1; `targets`: n values around 0; `blocks` divide the n among persons. The
    left-out residual of a block b is inverse[b, b]⁻¹ · weights[b] (Rasmussen & Williams 2006, section 5.4.2).
    """
    values, vectors = np.linalg.eigh(kernel + LEVEL)
    candidates = (_with(strength, (values, vectors), targets, blocks) for strength in STRENGTHS)
    return min(candidates, key=lambda found: float(((found.left_out - targets) ** 2).mean()))


def _with(strength: float, spectrum: tuple[Matrix, Matrix], targets: Matrix, blocks: tuple[Places, ...]) -> Ridge:
    values, vectors = spectrum
    inverse: Matrix = (vectors / (np.maximum(values, 0) + strength)) @ vectors.T
    weights: Matrix = inverse @ targets
    # one answer of a person is a division; only several need a matrix
    doubt = 1 / np.diag(inverse) - strength
    residuals = weights / np.diag(inverse)
    for block in (block for block in blocks if len(block) > 1):
        covariance = np.linalg.inv(inverse[np.ix_(block, block)])
        residuals[block] = covariance @ weights[block]
        doubt[block] = np.diag(covariance) - strength
    return Ridge(weights, inverse, blocks, strength, targets, targets - residuals, np.maximum(doubt, 0))
