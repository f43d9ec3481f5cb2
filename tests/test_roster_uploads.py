"""A roster's file whose campaign never came: it goes after a day, and no other goes with it."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import roster_uploads
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.storage import storage
from interview_ai.tables import Campaign, RosterUpload
from tests import campaigning as made
from tests import desk
from worker import timetable

KILLED = """
import io, os, signal, sys
from interview_ai import roster_uploads
from tests import desk
with roster_uploads.stored(desk.signed_in("jun@example.com"), io.BytesIO(b"name,email")) as (upload_id, _):
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
    with roster_uploads.stored(region.seoyeon, io.BytesIO(made.ROSTER.encode())) as (upload_id, length):
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
    with pytest.raises(Invalid, match="empty"), roster_uploads.stored(jun, io.BytesIO()):
        pass
    with pytest.raises(Invalid, match="no"), roster_uploads.stored(jun, io.BytesIO(b"x")) as (upload_id, _):
        raise Invalid("no", "안 됩니다")
    assert storage().size(upload_id) == 0
