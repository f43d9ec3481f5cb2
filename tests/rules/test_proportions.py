"""Shares, ratios of shares and exact tests against numbers worked out another way."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules.proportions import Z_95, fisher_exact, ratio_interval, wilson


def exact_p(first: tuple[int, int], second: tuple[int, int]) -> Fraction:
    """Fisher's test in whole numbers."""
    (a, n), (c, m) = first, second
    tables = {k: math.comb(n, k) * math.comb(m, a + c - k) for k in range(max(0, a + c - m), min(n, a + c) + 1)}
    return Fraction(sum(w for w in tables.values() if w <= tables[a]), sum(tables.values()))


def test_the_lady_who_tasted_tea() -> None:
    assert fisher_exact((3, 4), (1, 4)) == pytest.approx(34 / 70)
    assert fisher_exact((4, 4), (0, 4)) == pytest.approx(2 / 70)


@given(st.data(), st.integers(1, 40), st.integers(1, 40))
def test_fishers_p_is_the_exact_fraction(data: st.DataObject, n: int, m: int) -> None:
    first, second = (data.draw(st.integers(0, n)), n), (data.draw(st.integers(0, m)), m)
    assert fisher_exact(first, second) == pytest.approx(float(exact_p(first, second)), rel=1e-6)
    assert fisher_exact(first, second) == pytest.approx(fisher_exact(second, first), rel=1e-9)


@given(st.integers(1, 200), st.data())
def test_wilsons_ends_are_the_shares_that_lie_z_standard_errors_away(n: int, data: st.DataObject) -> None:
    positive = data.draw(st.integers(0, n))
    for end in wilson(positive, n):
        distance = (positive / n - end) ** 2
        assert distance == pytest.approx(Z_95**2 * end * (1 - end) / n, abs=1e-9)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_a_ratio_lies_in_its_interval(n: int, m: int, data: st.DataObject) -> None:
    positive, other = data.draw(st.integers(0, n)), data.draw(st.integers(1, m))
    low, high = ratio_interval((positive, n), (other, m))
    assert 0 <= low <= (positive / n) / (other / m) + 1e-9
    assert high >= (positive / n) / (other / m) - 1e-9


@pytest.mark.parametrize(("one", "other"), [(0.4, 0.5), (0.25, 0.6), (0.9, 0.95), (0.8, 0.8)])
def test_the_interval_of_a_ratio_holds_the_truth_in_about_95_of_100_samples(one: float, other: float) -> None:
    """Every possible pair of samples of 25 and 40, weighted by how likely it is."""
    n, m = 25, 40
    held = total = 0.0
    for a in range(n + 1):
        for b in range(1, m + 1):
            chance = (
                math.comb(n, a) * one**a * (1 - one) ** (n - a) * math.comb(m, b) * other**b * (1 - other) ** (m - b)
            )
            low, high = ratio_interval((a, n), (b, m))
            total += chance
            held += chance * (low <= one / other <= high)
    assert 0.935 <= held / total <= 0.975


def test_there_is_no_ratio_to_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        ratio_interval((3, 5), (0, 5))
