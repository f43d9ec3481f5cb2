"""Rows of the ranked list for comparison, exports and pictures: each as the list shows it to this member."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from interview_ai import queries
from interview_ai.organisations import Member
from interview_ai.queries import ListRow


def rows(session: Session, member: Member, opening_id: str) -> Iterator[ListRow]:
    """Every row in the order of arrival, which says nothing about points; what is hidden in the list is hidden here.

    Raises NotFound for another organisation's opening as for none.
    """
    found = queries.shortlist(session, member, opening_id)
    yield from sorted(found.rows, key=lambda row: row.number)


def some(session: Session, member: Member, opening_id: str, wanted: Collection[str]) -> dict[str, ListRow]:
    """The rows of some interviews by their id."""
    return {row.interview_id: row for row in rows(session, member, opening_id) if row.interview_id in wanted}
