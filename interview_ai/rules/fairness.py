"""The fairness ledger: how often each group gets through, against the group that does best; it never says "pass"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from interview_ai.errors import Invalid
from interview_ai.rules.proportions import Interval, fisher_exact, ratio_interval, wilson

FOUR_FIFTHS = 0.80  # US-7
LEAST_SHOWN = 5  # people: law.md, no count below
SMALL_SHARE = 0.02  # US-6: of the people whose group is known

Key = tuple[str, ...]
"""A group: one value of one column, or one value of each of two."""

Verdict = Literal["reference", "flag", "too_few", "at_least_four_fifths", "left_out", "nobody"]
"""`flag`: the ratio is under 0.80. `too_few`: it is not, and its interval still holds values that are.
`at_least_four_fifths`: the whole interval is at or above 0.80. `nobody`: in no group anybody got through.
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Whether somebody got through, and their group; None where any part of it is not known."""

    group: Key | None
    through: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One group. `ratio` to the best group with its 95 % interval and Fisher's p; None where nothing is compared.

    `clear`: the interval lies on one side of 0.80. `reason`: why a group under 2 % was left out.
    """

    group: Key
    n: int
    through: int
    rate: float
    interval: Interval
    verdict: Verdict
    ratio: float | None = None
    ratio_interval: Interval | None = None
    p: float | None = None
    clear: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every group of at least 5 people. `unknown`: those whose group is not known or is not shown; one number, so that
    nobody can tell a rare group from silence. `small`: shown groups under 2 %.
    """

    people: int
    unknown: int
    small: tuple[Key, ...]
    lines: tuple[Line, ...]


def above_median(scores: Sequence[float]) -> list[bool]:
    """US-5: who lies above the median of the whole sample; at the median is not above."""
    middle = median(scores) if scores else 0.0
    return [score > middle for score in scores]


def ledger(people: Sequence[Person], *, left_out: Mapping[Key, str] | None = None) -> Ledger:
    """Rates by group and their ratios to the best.

    `left_out`: groups that are not compared, each with the reason in writing. Raises Invalid for one of 2 % or more,
    and for one without a reason.
    """
    reasons = left_out or {}
    known = [(person.group, person.through) for person in people if person.group is not None]
    n = Counter(group for group, _ in known)
    through = Counter(group for group, passed in known if passed)
    small = {group for group, count in n.items() if count < SMALL_SHARE * len(known)}
    _may_leave_out(reasons, small)
    hidden = unshown(n)
    shown = sorted((group for group in n if group not in hidden), key=lambda group: (-n[group], group))
    counts = {group: (through[group], n[group]) for group in shown}
    return Ledger(
        people=len(people),
        unknown=len(people) - sum(n[group] for group in shown),
        small=tuple(group for group in shown if group in small),
        lines=tuple(_line(group, counts, reasons) for group in shown),
    )


def _may_leave_out(reasons: Mapping[Key, str], small: set[Key]) -> None:
    for group, reason in reasons.items():
        if group not in small or not reason.strip():
            name = " × ".join(group)
            raise Invalid(
                f"{name} cannot be left out: only a group under 2 % can, with a reason in writing.",
                f"{name} 집단은 뺄 수 없습니다. 2 % 미만인 집단만, 이유를 적고 뺄 수 있습니다.",
                code="left_out",
            )


def unshown(counts: Mapping[Key, int]) -> frozenset[Key]:
    """The groups that may not be shown: those below 5, and, among pairs, as many others as it takes that none of them
    can be worked out by taking the pairs that are shown off the count of one column's value.
    """
    hidden = {group for group, count in counts.items() if count < LEAST_SHOWN}
    while more := next(_needed(counts, hidden), None):
        hidden.add(more)
    return frozenset(hidden)


def _needed(counts: Mapping[Key, int], hidden: set[Key]) -> Iterator[Key]:
    for line in _of_one_value(counts):
        kept_back = sum(counts[group] for group in line if group in hidden)
        rest = [group for group in line if group not in hidden]
        if 0 < kept_back < LEAST_SHOWN and rest:
            yield min(rest, key=lambda group: (counts[group], group))


def _of_one_value(counts: Mapping[Key, int]) -> Iterator[list[Key]]:
    """For pairs, those that share a value: the table of that column alone shows their sum."""
    pairs = [group for group in counts if len(group) > 1]
    for place, value in sorted({(place, group[place]) for group in pairs for place in range(len(group))}):
        yield [group for group in pairs if group[place] == value]


def _line(group: Key, counts: Mapping[Key, tuple[int, int]], reasons: Mapping[Key, str]) -> Line:
    through, n = counts[group]
    line = Line(group, n, through, through / n, wilson(through, n), "reference")
    if group in reasons:
        return replace(line, verdict="left_out", reason=reasons[group])
    best = _best({other: count for other, count in counts.items() if other not in reasons})
    if counts[best][0] == 0:
        return replace(line, verdict="nobody")
    ratio = line.rate / (counts[best][0] / counts[best][1])
    if group == best:
        return replace(line, ratio=1.0)
    interval = ratio_interval(counts[group], counts[best])
    return replace(
        line,
        verdict=_verdict(ratio, interval),
        ratio=ratio,
        ratio_interval=interval,
        p=fisher_exact(counts[group], counts[best]),
        clear=not interval[0] < FOUR_FIFTHS <= interval[1],
    )


def _best(counts: Mapping[Key, tuple[int, int]]) -> Key:
    """The group with the highest rate; of two with the same, the larger."""
    return min(counts, key=lambda group: (-counts[group][0] / counts[group][1], -counts[group][1], group))


def _verdict(ratio: float, interval: Interval) -> Verdict:
    if ratio < FOUR_FIFTHS:
        return "flag"
    return "at_least_four_fifths" if interval[0] >= FOUR_FIFTHS else "too_few"
