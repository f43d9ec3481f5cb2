"""Whom the filters of the ranked list let through, as conditions of a statement."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, func, select, true

from interview_ai import flags, search, tallies
from interview_ai.rules import searching
from interview_ai.sight import Sight, Wanted, rated_by
from interview_ai.tables import CriterionPoints, StandingRow


def let_through(sight: Sight, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions of all filters, the opening's first.

    Points that the reader may not see let nobody through, and keep nobody out.
    """
    here = [StandingRow.opening_id == sight.opening.id, shown(sight, wanted.show)]
    if wanted.criterion and wanted.least:
        enough = select(CriterionPoints.interview_id).where(
            CriterionPoints.opening_id == sight.opening.id,
            CriterionPoints.criterion == wanted.criterion,
            CriterionPoints.points >= wanted.least,
        )
        here += [sight.visible, StandingRow.interview_id.in_(enough)]
    if wanted.rater:
        here.append(StandingRow.interview_id.in_(rated_by(sight.opening.id, wanted.rater)))
    if wanted.sort == "own":
        here.append(StandingRow.interview_id.in_(sight.rated))
    if wanted.flag:
        here += _flagged(sight, wanted.flag)
    if wanted.words:
        here += _said(sight, wanted.words)
    return here


def shown(sight: Sight, show: str) -> ColumnElement[bool]:
    """The condition of one of the filters that are counted."""
    rated = StandingRow.interview_id.in_(sight.rated)
    if show == "rate":
        return StandingRow.stage.in_(sight.ready) & ~rated
    if show == "decide":
        return StandingRow.stage.in_((*sight.ready, "working")) & rated
    if show == "decided":
        return StandingRow.decision.is_not(None)
    return _unscored(sight) if show == "unscored" else true()


def _unscored(sight: Sight) -> ColumnElement[bool]:
    """Without points though somebody tried; while scoring is stopped, all who answered."""
    if sight.stopped:
        return StandingRow.answered > 0
    reason = func.coalesce(StandingRow.reason_code, "unknown")
    return StandingRow.by.is_(None) & reason.not_in(tallies.UNTRIED)


def _flagged(sight: Sight, flag: str) -> list[ColumnElement[bool]]:
    """That a second opinion contradicts says something about points, so it waits for the reader's own rating."""
    marked = [getattr(StandingRow, flag).is_(True)] if flag in flags.NAMES else []
    if flag == flags.ABOUT_POINTS and not sight.ended:
        marked.append(StandingRow.interview_id.in_(sight.rated))
    return marked


def _said(sight: Sight, typed: str) -> list[ColumnElement[bool]]:
    beginnings = searching.looked_for(typed)
    if not beginnings:
        return [false()]
    met = search.met_by(sight.session, sight.opening.id, beginnings)
    return [StandingRow.mode == "ai", StandingRow.interview_id.in_(met)]
