"""Shares of people and how sure they are: Wilson's interval, the interval of a ratio of shares, Fisher's exact test."""

from __future__ import annotations

import math

Z_95 = 1.959964  # two-sided 95 %
TIE = 1e-7  # relative: tables as likely as the one seen, up to rounding, count as such

Interval = tuple[float, float]


def wilson(positive: int, n: int) -> Interval:
    """95 % interval of a share (Wilson 1927, without continuity correction); (0, 1) for nobody. Both ends in 0-1."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = positive / n, Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # at the rim the ends are exact, whatever rounding says
    return (0.0 if positive == 0 else middle - half), (1.0 if positive == n else middle + half)


def ratio_interval(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """95 % interval of the ratio of two independent shares, each (positive, n), built from their two Wilson intervals
    (MOVER; Donner and Zou 2012, Statistical Methods in Medical Research 21(4)).

    The usual log method has width 0 where everybody in both groups is positive, however few they are; this has not.
    Raises ValueError where nobody of the second group is positive.
    """
    if second[0] == 0:
        raise ValueError("a ratio to nothing")
    one, other = first[0] / first[1], second[0] / second[1]
    (low1, high1), (low2, high2) = wilson(*first), wilson(*second)
    product = one * other
    low = _root(product, low1 * (2 * one - low1), high2 * (2 * other - high2), sign=-1)
    high = _root(product, high1 * (2 * one - high1), low2 * (2 * other - low2), sign=1)
    return max(0.0, low), high


def _root(product: float, upper: float, lower: float, *, sign: int) -> float:
    if abs(lower) < 1e-12:  # the limit: only the low end gets here, for the other divisor is above 0
        return upper / (2 * product) if product else 0.0
    return (product + sign * math.sqrt(max(0.0, product**2 - upper * lower))) / lower


def fisher_exact(first: tuple[int, int], second: tuple[int, int]) -> float:
    """Two-sided p of Fisher's exact test of two groups, each (positive, n): the probability, margins given, of all
    tables that are at most as likely as the one seen.
    """
    (a, n), (c, m) = first, second
    positive = a + c
    least, most = max(0, positive - m), min(n, positive)
    logs = [_log_choose(n, k) + _log_choose(m, positive - k) for k in range(least, most + 1)]
    highest = max(logs)
    weights = [math.exp(value - highest) for value in logs]
    seen = weights[a - least] * (1 + TIE)
    return min(1.0, math.fsum(weight for weight in weights if weight <= seen) / math.fsum(weights))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
