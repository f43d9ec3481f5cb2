"""A deadline is moved while somebody begins: one waits for the other, and neither is thrown out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from interview_ai import deadlines, interviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import CandidateSession, Interview, Invitation, Opening
from tests import cast, desk

LONGEST_S = 20
WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


def wait_for(count: int) -> None:
    """Until so many connections wait for a lock of another."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        with reading(EVERYWHERE) as session:
            if session.execute(WAITING).scalar_one() == count:
                return
        time.sleep(0.02)
    raise AssertionError(f"never {count} that wait")


@pytest.mark.parametrize("anywhere", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_who_begins_while_the_deadline_is_moved_begins_with_the_later_one(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    token = desk.invite(jun, opening_id, "Minji")
    later = (datetime.now(UTC) + timedelta(days=60)).replace(microsecond=0)
    thrown: list[DBAPIError] = []

    def extend() -> None:
        with transaction(jun.organisation_id) as session:
            deadlines.extend_all(session, jun, opening_id, later, tell=False)

    def begin() -> None:
        with transaction(EVERYWHERE) as session:
            interviews.begin(session, token, cast.chosen("ai"), language="en")

    def guarded(act: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            try:
                act()
            except DBAPIError as error:
                thrown.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    with transaction(EVERYWHERE) as session:
        session.execute(select(Opening.id).where(Opening.id == opening_id).with_for_update())
        first = guarded(extend)
        wait_for(1)
        second = guarded(begin)
        wait_for(2)
    first.join(LONGEST_S)
    second.join(LONGEST_S)
    assert thrown == []
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Invitation.expires_at)).one() == later
        assert session.scalars(select(Interview.number)).one() == 1
        assert session.scalars(select(CandidateSession.expires_at)).one() == later + interviews.GRACE
