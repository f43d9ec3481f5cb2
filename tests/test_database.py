"""The database's one pen: writers of every process take turns, and none is kept out for good."""

from __future__ import annotations

import fcntl
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from interview_ai import audit, database, organisations, reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import AuditEntry, CampaignRow, Organisation
from tests import desk


def written(name: str, then: threading.Event) -> None:
    with transaction(EVERYWHERE) as session:
        session.add(Organisation(kind="employer", name_ko=name, name_en=name))
    then.set()


def names() -> set[str]:
    with reading(EVERYWHERE) as session:
        return {one.name_en for one in session.query(Organisation)}


def test_what_is_written_in_a_transaction_of_another_moment_was_made_then(home: Path) -> None:
    then = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with transaction(EVERYWHERE, at=then) as session:
        made = organisations.add_organisation(session, "university", "경북대", "North")
        assert database.now(session) == then
    with reading(EVERYWHERE) as session:
        kept = session.get_one(Organisation, made.id)
        entry = session.query(AuditEntry).one()
        assert (kept.created_at, entry.at) == (then, then)
    with transaction(EVERYWHERE) as session:
        assert database.now(session) > then


def test_a_writer_waits_until_another_process_puts_the_pen_down(home: Path) -> None:
    done = threading.Event()
    writer = threading.Thread(target=written, args=("late", done))
    with (home / "onterview.sqlite3-turn").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        writer.start()
        assert not done.wait(0.3)
        assert "late" not in names()
    assert done.wait(10)
    writer.join()
    assert "late" in names()


def test_a_writer_that_never_puts_the_pen_down_does_not_stop_the_others_for_ever(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    with (home / "onterview.sqlite3-turn").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        written("even so", threading.Event())
    assert "even so" in names()


def test_a_decision_and_a_beginning_at_one_moment_do_not_wait_for_each_other_for_ever(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    token = desk.invite(jun, opening_id, "Sora")
    decided, begun = threading.Event(), threading.Event()

    def begin() -> None:
        decided.wait(10)
        desk.begin(token)
        begun.set()

    other = threading.Thread(target=begin)
    other.start()
    with transaction(jun.organisation_id) as session:
        reviews.decide(session, jun, minji.interview_id, "hired", reason="The best answer by far.")
        decided.set()
        begun.wait(1 if anywhere == "postgresql" else 0)
    other.join()
    assert begun.is_set()
    with reading(EVERYWHERE) as session:
        assert audit.verify(session) > 0


def test_what_the_database_refuses_is_told_without_anybody_s_name(anywhere: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction(EVERYWHERE) as session:
        session.execute(insert(CampaignRow), [{"name": "김민지", "email": "minji@example.org", "row": 1}])
    said = str(error.value)
    assert "minji" not in said.partition("DETAIL")[0] + said.partition("[SQL")[2]  # PostgreSQL's own words may
