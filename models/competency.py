"""What other questions' ratings say about answers to a question that nobody has rated yet."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from interview_ai.errors import Invalid
from models import ridge
from models.ridge import Matrix, Ridge
from models.threads import one_thread
from models.wordspace import Rows

NARROW = 0.03  # of the radial kernel: 8 standardised measures apart by 2 each have 1/e in common
STYLE = 0.5  # weight of what was counted in the answer alone against its overlap with what was asked for


@dataclass(frozen=True, slots=True)
class Prior:
    """A regression over several questions. Places on the scale run from -0.5, the lowest, to 0.5, the highest."""

    examples: Matrix
    mean: Matrix
    spread: Matrix
    regression: Ridge
    digest: str

    def places(self, rows: Rows) -> Matrix:
        """Where on its scale each answer to another question is to be expected (n)."""
        return self.regression.predict(self.kernel(rows))

    def kernel(self, rows: Rows) -> Matrix:
        """How alike answers are to those that the prior was learned from (t x n)."""
        return _radial(_standard(_measures(rows), self.mean, self.spread), self.examples)


def prior(questions: Sequence[tuple[Rows, Matrix]], *, names: Sequence[Hashable]) -> Prior:
    """Learned from each question's answers with their places on its own scale; strength chosen on questions left out.

    Raises Invalid with fewer than two questions. `names`: one for each question, for the digest.
    """
    if len(questions) < 2:
        raise Invalid(
            "At least two rated questions are needed before another one can be judged by them.",
            "다른 질문을 판단하려면 평정된 질문이 두 개 이상 필요합니다.",
            code="too_few_questions",
        )
    measures = np.vstack([_measures(rows) for rows, _ in questions])
    targets = np.concatenate([places for _, places in questions])
    owners = [number for number, (_, places) in enumerate(questions) for _ in places]
    mean, spread = _standards(measures, questions[0][0].overlap.shape[1])
    examples = _standard(measures, mean, spread)
    with one_thread():
        regression = ridge.fit(_radial(examples, examples), targets, ridge.blocks_of(owners))
    named = repr(list(names)).encode() + np.round(measures, 6).tobytes() + targets.tobytes()
    return Prior(examples, mean, spread, regression, hashlib.sha256(named).hexdigest()[:16])


def _measures(rows: Rows) -> Matrix:
    # measures are standardised within their question already, so only the overlap keeps differences between questions
    return np.hstack([rows.overlap, STYLE * rows.measures])


def _standards(measures: Matrix, overlaps: int) -> tuple[Matrix, Matrix]:
    """Mean and spread of the overlap columns; the measures behind them stay as they are, and constants drop out."""
    mean, spread = measures.mean(axis=0), measures.std(axis=0)
    mean[overlaps:], spread[overlaps:] = 0, 1
    return mean, np.where(spread > 1e-9, spread, np.inf)


def _standard(measures: Matrix, mean: Matrix, spread: Matrix) -> Matrix:
    found: Matrix = (measures - mean) / spread
    return found


def _radial(some: Matrix, others: Matrix) -> Matrix:
    apart = (some**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * some @ others.T
    found: Matrix = np.exp(-NARROW * np.maximum(apart, 0))
    return found
