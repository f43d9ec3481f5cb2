"""Points for a question that nobody has rated yet, by other questions' ratings alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models import intervals, points
from models.competency import Prior
from models.points import Prediction, Scale
from models.ridge import Matrix
from models.threads import one_thread
from models.wordspace import Rows, Space


@dataclass(frozen=True, slots=True)
class Transferred:
    """A question judged by others'. Its intervals leave whole questions out; below nine of them they say nothing."""

    scale: Scale
    space: Space
    prior: Prior
    errors: Matrix
    expected: intervals.Widths
    spread: points.Spread

    def predict(self, texts: Sequence[str], evidence: Sequence[Sequence[float]] = ()) -> list[Prediction]:
        """What people would give these answers, in the order of `texts`."""
        return self.predict_rows(self.space.rows(texts, evidence)) if texts else []

    def predict_rows(self, rows: Rows) -> list[Prediction]:
        """The same for answers already placed in `space`."""
        with one_thread():
            return self._predicted(rows)

    def _predicted(self, rows: Rows) -> list[Prediction]:
        regression, kernel = self.prior.regression, self.prior.kernel(rows)
        places = regression.predict(kernel)
        variance = regression.variance(kernel, np.ones(len(rows)))
        limits = intervals.limits(
            regression.without(kernel),
            self.errors,
            self.expected.at(points.clues(places, variance)),
            people=len(regression.blocks),
        )
        return points.predictions(self.scale, places, limits, self.spread)


def transferred(space: Space, prior: Prior, scale: Scale) -> Transferred:
    """The question whose answers lie in `space`, which shares its overlap with the questions behind `prior`."""
    regression = prior.regression
    residuals = regression.targets - regression.left_out
    clues = points.clues(regression.left_out, regression.doubt)
    expected = intervals.widths(residuals, clues)
    errors = np.abs(residuals) / expected.at(clues)
    return Transferred(scale, space, prior, errors, expected, points.spread(regression.left_out, regression.targets))
