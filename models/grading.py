"""Points learned from human ratings of one question, with a 90 % interval; fewer than nine people say nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
from sklearn import __version__ as sklearn_version

from interview_ai.errors import Invalid
from models import intervals, points, ridge
from models.competency import Prior
from models.points import Prediction, Scale
from models.ridge import Matrix, Places, Ridge
from models.threads import one_thread
from models.wordspace import Rows, Space, diagonals, kernels

VERSION = "grading-1"
SHARES = (1.0, 0.75, 0.5, 0.25, 0.0)  # of the competency's view that a question may start from
COMPETENCY = 5.0  # answers that the competency's view weighs, in full against not at all
MOST = 3_000  # rated answers; the time grows with their cube, and 3 000 take half a minute


@dataclass(frozen=True, slots=True)
class Example:
    """A rated answer. `person` keeps everything one person said on one side; `evidence`: counts by the analysers."""

    text: str
    ratings: tuple[float, ...]
    person: str
    evidence: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A fitted question. Its examples and the answers of `space` give it again exactly: store those and `digest`."""

    scale: Scale
    space: Space
    examples: Rows
    views: tuple[Ridge, ...]
    prior: Prior | None
    share: float
    spread: points.Spread
    errors: Matrix
    expected: intervals.Widths
    digest: str

    def predict(self, texts: Sequence[str], evidence: Sequence[Sequence[float]] = ()) -> list[Prediction]:
        """What people would give these answers, in the order of `texts`."""
        return self.predict_rows(self.space.rows(texts, evidence)) if texts else []

    def predict_rows(self, rows: Rows) -> list[Prediction]:
        """The same for answers already placed in `space`."""
        with one_thread():
            return self._predicted(rows)

    def _predicted(self, rows: Rows) -> list[Prediction]:
        base = self.share * _given(self.prior, rows)
        seen = list(zip(self.views, kernels(rows, self.examples), diagonals(rows), strict=True))
        places = _mean(view.predict(kernel) for view, kernel, _ in seen) + base
        without = _mean(view.without(kernel) for view, kernel, _ in seen) + base[:, None]
        variance = _mean(view.variance(kernel, own) for view, kernel, own in seen)
        expected = self.expected.at(points.clues(places, variance))
        limits = intervals.limits(without, self.errors, expected, people=len(self.views[0].blocks))
        return points.predictions(self.scale, places, limits, self.spread)


def fit(examples: Sequence[Example], *, scale: Scale, space: Space, prior: Prior | None = None) -> Calibrated:
    """Learns a question from its rated answers, starting from what other questions of the competency have shown.

    Raises Invalid with fewer than two people, more than 3 000 answers, or a rating off the scale.
    """
    rows = space.rows([item.text for item in examples], [item.evidence for item in examples if item.evidence])
    return fit_rows(rows, examples, scale=scale, space=space, prior=prior)


def fit_rows(
    rows: Rows, examples: Sequence[Example], *, scale: Scale, space: Space, prior: Prior | None = None
) -> Calibrated:
    """The same for answers already placed in `space`, in the same order."""
    _check(examples, scale)
    with one_thread():
        return _fitted(rows, examples, scale=scale, space=space, prior=prior)


def _fitted(rows: Rows, examples: Sequence[Example], *, scale: Scale, space: Space, prior: Prior | None) -> Calibrated:
    targets = scale.places(np.array([fmean(item.ratings) for item in examples]))
    given = _given(prior, rows)
    share, views = _shrunk(rows, targets, given, ridge.blocks_of([item.person for item in examples]))
    left_out = _mean(view.left_out for view in views) + share * given
    clues = points.clues(left_out, _mean(view.doubt for view in views))
    expected = intervals.widths(targets - left_out, clues)
    return Calibrated(
        scale=scale,
        space=space,
        examples=rows,
        views=views,
        prior=prior,
        share=share,
        spread=points.spread(left_out, targets),
        errors=np.abs(targets - left_out) / expected.at(clues),
        expected=expected,
        digest=digest(examples, scale, space, prior),
    )


def _given(prior: Prior | None, rows: Rows) -> Matrix:
    """Where the competency expects answers; the middle of the scale where it says nothing."""
    return prior.places(rows) if prior else np.zeros(len(rows))


def _mean(views: Any) -> Matrix:
    found: Matrix = np.mean(list(views), axis=0)
    return found


def _shrunk(rows: Rows, targets: Matrix, given: Matrix, blocks: tuple[Places, ...]) -> tuple[float, tuple[Ridge, ...]]:
    """The share of the competency's view that serves people left out best; few examples must argue hard against it."""
    seen = kernels(rows, rows)

    def views(share: float) -> tuple[Ridge, ...]:
        return tuple(ridge.fit(kernel, targets - share * given, blocks) for kernel in seen)

    def cost(share: float) -> float:
        residuals = _mean(view.left_out for view in fitted[share]) + share * given - targets
        return float((residuals**2).mean()) * (len(blocks) + COMPETENCY * (1 - share))

    fitted = {share: views(share) for share in (SHARES if given.any() else SHARES[-1:])}
    best = min(fitted, key=cost)
    return best, fitted[best]


def digest(examples: Sequence[Example], scale: Scale, space: Space, prior: Prior | None = None) -> str:
    """Names the data and the code that a calibration comes from: ratings in any order, and all answers of `space`."""
    rows: list[Any] = sorted([item.person, item.text, item.ratings, item.evidence] for item in examples)
    named = [VERSION, sklearn_version, space.digest, scale.low, scale.high, prior.digest if prior else None, rows]
    return hashlib.sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest()[:16]


def _check(examples: Sequence[Example], scale: Scale) -> None:
    if len({item.person for item in examples}) < 2:
        raise Invalid(
            "At least two people's answers to this question have to be rated first.",
            "먼저 이 질문에 대한 두 사람 이상의 답변이 평정되어야 합니다.",
            code="too_few_ratings",
        )
    if len(examples) > MOST:
        raise Invalid(
            f"A question is calibrated from at most {MOST} rated answers; choose some of the {len(examples)}.",
            f"질문 하나의 보정에는 평정된 답변을 {MOST}개까지 씁니다. {len(examples)}개 중에서 고르십시오.",
            code="too_many_ratings",
        )
    if any(not scale.low <= rating <= scale.high for item in examples for rating in item.ratings or (np.nan,)):
        raise Invalid(
            f"Every answer needs ratings between {scale.low:g} and {scale.high:g}.",
            f"모든 답변에 {scale.low:g}~{scale.high:g} 사이의 평정이 있어야 합니다.",
            code="off_scale",
        )
