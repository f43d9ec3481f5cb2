"""Rows of the ranked list for comparison, exports and pictures: each as the list shows it to this member."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import queries
from interview_ai.organisations import Member
from interview_ai.queries import ListRow
from interview_ai.sight import Sight
from interview_ai.tables import StandingRow

BATCH = 500  # rows that are read at once


def rows(session: Session, member: Member, opening_id: str) -> Iterator[ListRow]:
    """Every row in the order of arrival, which says nothing about points; what is hidden in the list is hidden here.

    Read in batches, so that memory does not grow with their number. Raises NotFound for another organisation's
    opening as for none.
    """
    sight = Sight(session, member, queries.opening(session, opening_id))
    after = 0
    while batch := queries.rows(sight, _ids(session, opening_id, after)):
        yield from batch
        after = batch[-1].number


def _ids(session: Session, opening_id: str, after: int) -> list[str]:
    later = select(StandingRow.interview_id).where(StandingRow.opening_id == opening_id, StandingRow.number > after)
    return list(session.scalars(later.order_by(StandingRow.number).limit(BATCH)))


def some(session: Session, member: Member, opening_id: str, wanted: Collection[str]) -> dict[str, ListRow]:
    """The rows of some interviews by their id."""
    sight = Sight(session, member, queries.opening(session, opening_id))
    return {row.interview_id: row for row in queries.rows(sight, list(wanted))}
