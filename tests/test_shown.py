"""What a page shows once: for one member, for a while, and readable from no table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from interview_ai import shown
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Shown
from tests import desk

LINK = b"http://localhost/i/a-key-that-nobody-else-may-read"


def test_it_is_there_for_its_member_alone_and_no_table_holds_it(anywhere: str) -> None:
    jun = desk.jun()
    hana = desk.organisation("employer", "Hana", "hana@example.com")
    with transaction(jun.organisation_id) as session:
        name = shown.keep(session, jun, LINK)
    with reading(EVERYWHERE) as session:
        row = session.scalars(select(Shown)).one()
        assert LINK not in row.sealed
        assert name not in row.name_hash
        assert shown.kept(session, jun, name) == LINK
        assert shown.kept(session, jun, "another name") is None
        assert shown.kept(session, hana, name) is None


def test_after_a_quarter_of_an_hour_it_is_gone(anywhere: str) -> None:
    jun = desk.jun()
    with transaction(jun.organisation_id) as session:
        name = shown.keep(session, jun, LINK)
        session.flush()
        session.scalars(select(Shown)).one().expires_at = datetime.now(UTC) - timedelta(seconds=1)
    with transaction(EVERYWHERE) as session:
        assert shown.kept(session, jun, name) is None
        shown.forget(session)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Shown)).all() == []
