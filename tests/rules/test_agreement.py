"""Agreement between raters: figures that others have published or that fit on a sheet of paper."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from interview_ai.rules import agreement

# Shrout & Fleiss 1979, "Intraclass correlations: uses in assessing rater reliability", table 2: six targets, four judges
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]

# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example C: four observers, twelve units, gaps
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]

levels = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=40)


def test_intraclass_correlations_are_those_of_shrout_and_fleiss() -> None:
    assert agreement.icc(SHROUT_FLEISS) == pytest.approx(0.29, abs=0.005)
    assert agreement.icc(SHROUT_FLEISS, average=True) == pytest.approx(0.62, abs=0.005)


def test_alpha_is_that_of_krippendorffs_example() -> None:
    units = [list(unit) for unit in zip(*KRIPPENDORFF, strict=True)]
    assert agreement.alpha(units, "ordinal") == pytest.approx(0.815, abs=0.0005)
    assert agreement.alpha(units, "interval") == pytest.approx(0.849, abs=0.0005)


def test_kappa_computed_by_hand() -> None:
    # four answers: 0-0, 1-1, 2-2, 0-2. Observed squared distances: 4 in all, mean 1. By chance: 16 pairs of
    # {0, 0, 1, 2} with {0, 1, 2, 2}; per first rating 0: 0+1+4+4 = 9 (twice), 1: 1+0+1+1 = 3, 2: 4+1+0+0 = 5; 26/16.
    assert agreement.weighted_kappa([0, 1, 2, 0], [0, 1, 2, 2]) == pytest.approx(1 - 1 / (26 / 16))


@given(levels)
def test_kappa_is_the_one_that_others_compute(pairs: list[tuple[int, int]]) -> None:
    first, second = [list(side) for side in zip(*pairs, strict=True)]
    if len({*first, *second}) < 2:
        assert math.isnan(agreement.weighted_kappa(first, second))
        return
    theirs = cohen_kappa_score(first, second, weights="quadratic", labels=range(5))
    assert agreement.weighted_kappa(first, second) == pytest.approx(theirs)


def test_correlation_and_error_computed_by_hand() -> None:
    # deviations -1, 0, 1 and -4/3, -1/3, 5/3: across 3, spreads 2 and 42/9
    assert agreement.pearson([1, 2, 3], [1, 2, 4]) == pytest.approx(3 / math.sqrt(2 * 42 / 9))
    assert agreement.rmse([1, 2, 3], [1, 2, 5]) == pytest.approx(math.sqrt(4 / 3))


@given(levels)
def test_a_rater_agrees_fully_with_themselves_and_alike_from_both_sides(pairs: list[tuple[int, int]]) -> None:
    first, second = [[float(value) for value in side] for side in zip(*pairs, strict=True)]
    if len(set(first)) > 1:
        assert agreement.weighted_kappa(first, first) == 1
        assert agreement.alpha([[value, value] for value in first]) == 1
    there, back = agreement.weighted_kappa(first, second), agreement.weighted_kappa(second, first)
    assert there == pytest.approx(back, nan_ok=True)


def test_what_does_not_vary_has_no_agreement_to_speak_of() -> None:
    assert math.isnan(agreement.weighted_kappa([3, 3], [3, 3]))
    assert math.isnan(agreement.pearson([3, 3], [1, 2]))
    assert math.isnan(agreement.alpha([[3, 3], [3, 3]]))
    assert math.isnan(agreement.icc([[3, 3], [3, 3]]))


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        agreement.pearson([1, 2], [1])
    with pytest.raises(ValueError, match="two answers"):
        agreement.icc([[1, 2]])
    with pytest.raises(ValueError, match="two ratings"):
        agreement.alpha([[1, None], [None, 2]])


def test_the_interval_draws_persons_and_not_their_answers() -> None:
    values = [0.0] * 10 + [1.0] * 10 + [2.0] * 10 + [3.0] * 10

    def mean(rows: list[int]) -> float:
        return sum(values[row] for row in rows) / len(rows)

    alone = agreement.bootstrap(range(40), mean, seed=5, times=400)
    together = agreement.bootstrap([row // 10 for row in range(40)], mean, seed=5, times=400)
    assert alone.value == together.value == 1.5
    # four persons of one level each: the standard error is √10 times that of forty answers
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert together == agreement.bootstrap([row // 10 for row in range(40)], mean, seed=5, times=400)


def test_two_raters_who_are_far_apart_wait_for_a_third() -> None:
    assert agreement.resolved(2, 3) == 2.5
    assert agreement.resolved(1, 3) is None
    assert agreement.resolved(1, 4, 3) == 3.5
    assert agreement.resolved(1, 3, 2) == 2


def test_a_quantile_lies_between_its_neighbours() -> None:
    assert agreement.quantile([4, 1, 3, 2], 0.5) == 2.5
    assert agreement.quantile([4, 1, 3, 2], 1) == 4
    assert math.isnan(agreement.quantile([], 0.5))
