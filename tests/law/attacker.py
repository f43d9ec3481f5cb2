"""Somebody who keeps every report of a university's outcomes, knows the roster and who finished when, and computes.

What is consistent with all of it is a set of linear constraints; what the smallest and the largest count of a group
have in common, the attacker knows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from interview_ai.rules.anonymity import Group

CLOSE = 1e-6


@dataclass(frozen=True)
class Report:
    """At a time a figure was shown: of so many people of these groups something held."""

    time: int
    groups: frozenset[Group]
    stage: str
    n: int


@dataclass(frozen=True)
class Class:
    """People whom nothing tells apart: one cohort of a department, finished between the same two reports."""

    group: Group
    arrived: int


class Attacker:
    """All that is known, for any set of people that is asked about."""

    def __init__(self, people: Mapping[Class, int], reports: Iterable[Report], times: int) -> None:
        self.people, self.reports, self.times = dict(people), list(reports), times

    def knows(self, few: Mapping[Class, int], stage: str) -> tuple[int, int]:
        """The least and the most of these people of whom the stage can hold at the end.

        Stages: decided, hired, and `other`: decided about and not hired.
        """
        sizes = [(one, few.get(one, 0), True) for one in few] + [
            (one, n - few.get(one, 0), False) for one, n in self.people.items()
        ]
        width = 2 * self.times
        bounds = []
        rows: list[np.ndarray] = []
        totals = [np.zeros(len(sizes) * width) for _ in self.reports]
        for place, (one, n, _) in enumerate(sizes):
            start = place * width
            for time in range(self.times):
                there = n if one.arrived <= time else 0
                bounds += [(0, there), (0, there)]
                decided, hired = start + 2 * time, start + 2 * time + 1
                rows.append(_row(len(sizes) * width, {hired: 1, decided: -1}))
                if time:
                    rows += [_row(len(sizes) * width, {at - 2: 1, at: -1}) for at in (decided, hired)]
            for total, report in zip(totals, self.reports, strict=True):
                if one.group in report.groups:
                    total[start + 2 * report.time + (report.stage == "hired")] = 1
        asked = np.zeros(len(sizes) * width)
        for place, (_, _, inside) in enumerate(sizes):
            if inside:
                last = place * width + 2 * (self.times - 1)
                asked[last] = stage in ("decided", "other")
                asked[last + 1] = {"hired": 1, "other": -1}.get(stage, 0)
        least, most = (
            linprog(
                sign * asked,
                A_ub=np.array(rows),
                b_ub=np.zeros(len(rows)),
                A_eq=np.array(totals) if totals else None,
                b_eq=[report.n for report in self.reports] if totals else None,
                bounds=bounds,
                method="highs",
            )
            for sign in (1, -1)
        )
        assert least.status == most.status == 0, "the reports contradict each other"
        return math.ceil(least.fun - CLOSE), math.floor(-most.fun + CLOSE)


def _row(width: int, entries: Mapping[int, int]) -> np.ndarray:
    row = np.zeros(width)
    for place, value in entries.items():
        row[place] = value
    return row
