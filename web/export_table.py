"""The columns of an exported list in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from interview_ai.exports import Export, ExportRow
from interview_ai.rules.standings import Standing
from web.sheets import Cell

Say = Callable[..., str]


def head(found: Export, t: Say, language: str) -> list[Cell]:
    """The names of the columns: own and mean level of each criterion stand in pairs."""
    named = [] if found.opening.blind else ["name"]
    before = [t(f"export.columns.{column}") for column in ["number", *named, "state", "mode"]]
    pairs = [
        t(f"export.columns.{which}", criterion=criterion.name.text(language))
        for criterion in found.rubric.criteria
        for which in ("own", "mean")
    ]
    points = ["raters", "band", "points", "low", "high", "by", "provisional", "reason"]
    after = [*points, "decision", "begun_at", "finished_at", "decided_at"]
    return [*before, *pairs, *(t(f"export.columns.{column}") for column in after)]


def cells(found: Export, line: ExportRow, t: Say) -> list[Cell]:
    """One row, in the order of `head`."""
    row = line.row
    levels: list[Cell] = []
    for criterion in found.rubric.criteria:
        mean = line.mean.get(criterion.id)
        levels += [line.own.get(criterion.id), None if mean is None else round(mean, 2)]
    return [
        row.number,
        *([] if found.opening.blind else [line.name]),
        t(f"export.states.{row.state}"),
        t(f"export.modes.{row.mode}"),
        *levels,
        row.raters,
        row.band,
        *_points(row.standing, line, t),
        _why_none(line, t),
        t(f"shortlist.page.kinds.{row.decision}") if row.decision else None,
        row.begun_at,
        line.finished_at,
        line.decided_at,
    ]


def _points(standing: Standing | None, line: ExportRow, t: Say) -> list[Cell]:
    if standing is None:
        return [None] * 5
    low, high = standing.shown
    provisional = t("export.yes") if line.provisional else t("export.no")
    points = [round(value, 2) for value in (standing.points, low, high)]
    return [*points, t(f"shortlist.by.{standing.by}"), provisional]


def _why_none(line: ExportRow, t: Say) -> str | None:
    """Why there are no points: in the same words as the list has, and never an empty cell."""
    if line.row.standing is not None:
        return None
    if line.row.hidden:
        return t("shortlist.hidden")
    return t(f"shortlist.reasons.{line.row.what.reason_code or 'unknown'}")
