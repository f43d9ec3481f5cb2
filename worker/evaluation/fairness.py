"""`--task fairness`: who is selected and who scores above the median, by group and by pairs of groups."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from statistics import median
from typing import Any

from interview_ai.errors import Invalid
from interview_ai.rules import fairness
from interview_ai.rules.fairness import Key, Ledger, Line, Person
from worker.evaluation.tables import Options, Row

COLUMNS = ("score", "selected")
NO_GROUPS = frozenset({"id", "score", "selected", "language"})
YES, NO = frozenset({"1", "true", "yes", "y", "예"}), frozenset({"0", "false", "no", "n", "아니오", "아니요"})
UNKNOWN = frozenset({"", "-", "?", "n/a", "na", "unknown", "prefer not to say", "미상", "모름", "무응답", "응답 안 함"})
METHODS = {
    "score": "share above the median of the whole sample (6 RCNY 5-301)",
    "rate_interval": "95 %, Wilson",
    "ratio_interval": "95 %, from the two Wilson intervals (MOVER, Donner and Zou 2012); choosing the best group "
    "is not accounted for",
    "fisher_p": "Fisher's exact test, two-sided, against the best group; not adjusted for many groups",
    "shown": "groups of at least 5 people; the others, and pairs by which those could be worked out, count as unknown",
    "verdict": "flag: ratio under 0.80; too_few: not under, but too few to tell; at_least_four_fifths: the whole "
    "interval is; clear: the interval lies on one side of 0.80",
}


def measure(rows: Sequence[Row], options: Options) -> dict[str, Any]:
    """Rates, impact ratios, exact tests and intervals for both outcomes. Raises Invalid for a value it cannot read."""
    columns = [name for name in rows[0] if name not in NO_GROUPS]
    if not columns:
        raise Invalid(
            "The table has no column of groups beside id, score, selected and language.",
            "표에 id, score, selected, language 말고 집단을 나타내는 열이 없습니다.",
            code="columns",
        )
    scored = [(row, score) for row in rows if (score := _score(row)) is not None]
    decided = [(row, chosen) for row in rows if (chosen := _selected(row)) is not None]
    above = fairness.above_median([score for _, score in scored])
    return {
        "people": len(rows),
        "without_score": len(rows) - len(scored),
        "without_decision": len(rows) - len(decided),
        "median": median(score for _, score in scored) if scored else None,
        "selection": _tables([row for row, _ in decided], [chosen for _, chosen in decided], columns),
        "scoring": _tables([row for row, _ in scored], above, columns),
        "methods": METHODS,
    }


def _score(row: Row) -> float | None:
    if row["score"].strip() == "":
        return None
    try:
        score = float(row["score"])
    except ValueError:
        score = math.nan
    if not math.isfinite(score):
        raise _unreadable(row, "score", "a number or nothing", "숫자이거나 비어")
    return score


def _selected(row: Row) -> bool | None:
    value = row["selected"].strip().lower()
    if value in YES or value in NO:
        return value in YES
    if value:
        raise _unreadable(row, "selected", "1, 0 or nothing", "1, 0이거나 비어")
    return None


def _unreadable(row: Row, column: str, must: str, must_ko: str) -> Invalid:
    return Invalid(
        f"Row {row['id']}: {column} is {row[column]!r}; it must be {must}.",
        f"{row['id']}행: {column} 값이 {row[column]!r}입니다. {must_ko} 있어야 합니다.",
        code="columns",
    )


def _tables(rows: Sequence[Row], through: Sequence[bool], columns: Sequence[str]) -> dict[str, Any]:
    """A ledger for each column of groups and for each pair of them."""
    of: list[tuple[str, ...]] = [(name,) for name in columns]
    of += combinations(columns, 2)
    return {" × ".join(names): _shown(fairness.ledger(_people(rows, through, names))) for names in of}


def _people(rows: Sequence[Row], through: Sequence[bool], names: Sequence[str]) -> list[Person]:
    return [Person(_group(row, names), passed) for row, passed in zip(rows, through, strict=True)]


def _group(row: Row, names: Sequence[str]) -> Key | None:
    values = tuple(row[name].strip() for name in names)
    return None if any(value.lower() in UNKNOWN for value in values) else values


def _shown(found: Ledger) -> dict[str, Any]:
    name: Callable[[Key], str] = " × ".join
    return {
        "people": found.people,
        "unknown": found.unknown,
        "under_2_percent": [name(group) for group in found.small],
        "groups": {name(line.group): _figures(line) for line in found.lines},
    }


def _figures(line: Line) -> dict[str, Any]:
    return {
        "n": line.n,
        "rate": round(line.rate, 4),
        "rate_interval": _rounded(line.interval),
        "impact_ratio": None if line.ratio is None else round(line.ratio, 4),
        "ratio_interval": None if line.ratio_interval is None else _rounded(line.ratio_interval),
        "fisher_p": None if line.p is None else float(f"{line.p:.4g}"),
        "verdict": line.verdict,
        "clear": line.clear,
    }


def _rounded(interval: tuple[float, float]) -> list[float]:
    return [round(interval[0], 4), round(interval[1], 4)]
