"""The database's one pen: writers of every process take turns, and none is kept out for good."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

import pytest

from interview_ai import database
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Organisation


def written(name: str, then: threading.Event) -> None:
    with transaction(EVERYWHERE) as session:
        session.add(Organisation(kind="employer", name_ko=name, name_en=name))
    then.set()


def names() -> set[str]:
    with reading(EVERYWHERE) as session:
        return {one.name_en for one in session.query(Organisation)}


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
