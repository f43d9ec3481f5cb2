"""Rows of the ranked list for comparison, exports and pictures: each as the list shows it to this member."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from interview_ai import filters, queries
from interview_ai.organisations import Member
from interview_ai.queries import EVERYBODY, ListRow
from interview_ai.sight import Sight, Wanted
from interview_ai.tables import StandingRow

BATCH = 500  # rows that are read at once


def rows(session: Session, member: Member, opening_id: str, wanted: Wanted = EVERYBODY) -> Iterator[ListRow]:
    """Every row that the filters let through, in the order of arrival, which says nothing about points; what is
    hidden in the list is hidden here.

    Read in batches, so that memory does not grow with their number. Raises NotFound for another organisation's
    opening as for none.
    """
    sight = Sight(session, member, queries.opening(session, opening_id))
    here = filters.let_through(sight, wanted)
    after = 0
    while batch := queries.rows(sight, _ids(session, here, after)):
        yield from batch
        after = batch[-1].number


def _ids(session: Session, here: Sequence[ColumnElement[bool]], after: int) -> list[str]:
    later = select(StandingRow.interview_id).where(*here, StandingRow.number > after)
    return list(session.scalars(later.order_by(StandingRow.number).limit(BATCH)))


def count(session: Session, member: Member, opening_id: str, wanted: Wanted) -> int:
    """How many rows the filters let through."""
    here = filters.let_through(Sight(session, member, queries.opening(session, opening_id)), wanted)
    return session.scalars(select(func.count()).select_from(StandingRow).where(*here)).one()


def some(session: Session, member: Member, opening_id: str, wanted: Collection[str]) -> dict[str, ListRow]:
    """The rows of some interviews by their id."""
    sight = Sight(session, member, queries.opening(session, opening_id))
    return {row.interview_id: row for row in queries.rows(sight, list(wanted))}
