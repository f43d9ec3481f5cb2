"""A roster's file whose campaign never came: it goes after a day, and no other goes with it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import LocalStore
from sqlalchemy import select, update

from interview_ai import campaigns, roster_uploads
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.storage import Bucket, storage
from interview_ai.tables import Campaign, RosterUpload
from tests import campaigning as made
from tests import desk
from worker import campaigning, timetable

FETCHING = """
import os, signal, sys
from pathlib import Path
from obstore.store import LocalStore
from interview_ai import roster_uploads, storage

class Killing(storage.Bucket):
    def segment(self, segment_id):
        yield b"name,email"
        os.kill(os.getpid(), signal.SIGKILL)

storage.storage = roster_uploads.storage = lambda: Killing(LocalStore(sys.argv[1], mkdir=True))
roster_uploads.opened("0" * 32, 10)
"""
KILLED = """
import io, os, signal, sys
from interview_ai import roster_uploads
from tests import desk
with roster_uploads.stored(desk.signed_in("jun@example.com").organisation_id, io.BytesIO(b"name,email")) as (upload_id, _):
    print(upload_id, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_before_the_commit() -> str:
    """A process that stored a roster and died before it added the campaign; returns the file's id."""
    died = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False, env=os.environ)
    assert died.returncode == -signal.SIGKILL, died.stderr
    return died.stdout.strip()


def older(**by: float) -> None:
    with transaction(EVERYWHERE) as session:
        session.execute(update(RosterUpload).values(created_at=datetime.now(UTC) - timedelta(**by)))


def on_record() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(RosterUpload.id)))


def test_the_file_of_a_transaction_that_was_lost_goes_after_a_day(home: Path) -> None:
    desk.jun()
    upload_id = killed_before_the_commit()
    older(hours=23)
    timetable.sweep()
    assert storage().size(upload_id) == 10
    older(hours=25)
    timetable.sweep()
    assert (storage().size(upload_id), on_record()) == (0, [])
    assert roster_uploads.sweep() == 0


def test_a_file_that_a_campaign_still_reads_stays_however_old(home: Path) -> None:
    region = made.region()
    with roster_uploads.stored(region.seoyeon.organisation_id, io.BytesIO(made.ROSTER.encode())) as (upload_id, length):
        campaign_id = made.added(region.seoyeon, region.opening_id, upload_id=upload_id, file_bytes=length)
    older(days=9)
    assert roster_uploads.sweep() == 0
    assert storage().size(upload_id) == length
    with transaction(EVERYWHERE) as session:  # read; the drop after the commit never came
        session.get_one(Campaign, campaign_id).file_key = None
    assert roster_uploads.sweep() == 1
    assert storage().size(upload_id) == 0


def test_a_refused_file_goes_at_once_and_an_empty_one_is_said_to_be(home: Path) -> None:
    jun = desk.jun()
    with pytest.raises(Invalid, match="empty"), roster_uploads.stored(jun.organisation_id, io.BytesIO()):
        pass
    with (
        pytest.raises(Invalid, match="no"),
        roster_uploads.stored(jun.organisation_id, io.BytesIO(b"x")) as (upload_id, _),
    ):
        raise Invalid("no", "안 됩니다")
    assert storage().size(upload_id) == 0


@pytest.mark.parametrize(
    ("content", "state"),
    [(made.ROSTER, "preview"), ("", "refused"), ("갑,을\n김민지,minji@example.org\n", "cancelled")],
    ids=["read", "refused", "cancelled while it waited"],
)
def test_a_file_that_is_over_goes_at_once_and_off_the_record_with_the_next_sweep(
    home: Path, content: str, state: str
) -> None:
    region = made.region()
    data = io.BytesIO(content.encode() or b"%PDF")
    with roster_uploads.stored(region.seoyeon.organisation_id, data) as (upload_id, length):
        campaign_id = made.added(region.seoyeon, region.opening_id, upload_id=upload_id, file_bytes=length)
    campaigning.read(campaign_id)
    waits = made.campaign(campaign_id).file_key
    if state == "cancelled":
        assert waits and storage().size(waits) > 0
        with transaction(EVERYWHERE) as session:
            campaigns.cancel(session, region.seoyeon, campaign_id)
    found = made.campaign(campaign_id)
    assert (found.state, found.file_key, storage().size(waits or upload_id), storage().size(upload_id)) == (
        state,
        None,
        0,
        0,
    )
    timetable.sweep()
    assert on_record() == []


def test_a_file_whose_dropping_failed_after_the_commit_goes_with_the_next_sweep(home: Path) -> None:
    region = made.region()
    with roster_uploads.stored(region.seoyeon.organisation_id, io.BytesIO(b"x")) as (upload_id, _):
        pass
    with transaction(EVERYWHERE) as session:
        roster_uploads.end(session, upload_id)
        session.info["after"].clear()  # a kill between the commit and what follows it
    assert storage().size(upload_id) == 1
    timetable.sweep()
    assert (storage().size(upload_id), on_record()) == (0, [])


def copies(folder: Path) -> list[Path]:
    return list(folder.glob(f"{roster_uploads.COPIES}*"))


def test_a_copy_that_a_killed_reader_left_goes_after_a_day(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    command = [sys.executable, "-c", FETCHING, str(tmp_path / "bucket")]
    assert subprocess.run(command, check=False, env=os.environ).returncode == -signal.SIGKILL
    (left,) = copies(folder)
    other = folder / "onterview-of-somebody-else"
    other.mkdir()
    hour = time.time() - 23 * 3600
    os.utime(left, (hour, hour))
    timetable.sweep()
    assert copies(folder) == [left], "whoever has it may still be reading"
    for path in (left, other):
        os.utime(path, (hour - 7200, hour - 7200))
    timetable.sweep()
    assert (copies(folder), other.exists()) == ([], True)
    left.mkdir()
    os.utime(left, (0, 0))
    region = made.region()
    made.read(region.seoyeon, region.opening_id)
    assert copies(folder) == [], "the next reader looks too, where no timetable runs"


def test_a_copy_that_is_being_read_has_no_name_any_more(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    bucket = Bucket(LocalStore(str(tmp_path / "bucket"), mkdir=True))
    monkeypatch.setattr(roster_uploads, "storage", lambda: bucket)
    bucket.append("0" * 32, 0, b"name,email")
    with roster_uploads.opened("0" * 32, 10) as file:
        assert copies(tmp_path) == []
        assert file.read() == b"name,email"
