"""A roster's file on its way into the storage: on the record before its bytes come, swept when no campaign names it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.storage import storage
from interview_ai.tables import Campaign, RosterUpload

BLOCK = 1024 * 1024
LONGEST = timedelta(days=1)  # whoever sends one has long been answered
A_ROUND = 50
COPIES = "onterview-roster-"  # how the folders of local copies begin


@contextmanager
def stored(organisation_id: str, file: BinaryIO) -> Iterator[tuple[str, int]]:
    """Keeps a file block by block; gives its id and its length to who adds the campaign, without which it goes again.

    Raises Invalid for an empty one. A kill at any place leaves a file that `sweep` finds.
    """
    upload_id, kept = _begun(organisation_id), False
    try:
        length = 0
        while data := file.read(BLOCK):
            length = storage().append(upload_id, length, data)
        if not length:
            raise Invalid("This file is empty.", "빈 파일입니다.", code="file")
        yield upload_id, length
        kept = True
    finally:
        if not kept and not _is_named(upload_id):  # what failed may have done so after the commit
            storage().drop(upload_id)


def _is_named(upload_id: str) -> bool:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Campaign.id).where(Campaign.file_key == upload_id)).first() is not None


def _begun(organisation_id: str) -> str:
    with transaction(organisation_id) as session:
        made = RosterUpload(organisation_id=organisation_id, created_at=database.now(session))
        session.add(made)
        session.flush()
        return made.id


def end(session: Session, upload_id: str) -> None:
    """The file goes with the commit; where that is cut short, with the next sweep."""
    ended = update(RosterUpload).where(RosterUpload.id == upload_id).values(ended_at=database.now(session))
    session.execute(ended, execution_options={"synchronize_session": False})
    database.after_commit(session, partial(storage().drop, upload_id))


def opened(upload_id: str, length: int) -> BinaryIO:
    """The file to read. A local copy has lost its name by then, so that nothing of it is left whatever ends the reader.

    Raises FileNotFoundError.
    """
    sweep_copies()
    with tempfile.TemporaryDirectory(prefix=COPIES) as folder:
        return storage().fetch(upload_id, Path(folder), length).open("rb")


def sweep_copies() -> int:
    """Removes copies of more than a day, whose readers were killed while they fetched them; returns how many."""
    since = time.time() - LONGEST.total_seconds()
    old = [folder for folder in Path(tempfile.gettempdir()).glob(f"{COPIES}*") if _made(folder) < since]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)  # another's stays: it is not ours to take
    return len(old)


def _made(folder: Path) -> float:
    try:
        return folder.lstat().st_mtime
    except FileNotFoundError:  # its reader has just ended
        return time.time()


def sweep() -> int:
    """Forgets files that are ended, or of more than a day and read by no campaign; returns how many.

    Safe to run twice.
    """
    with reading(EVERYWHERE) as session:
        named = select(Campaign.file_key).where(Campaign.file_key.is_not(None))
        over = or_(RosterUpload.ended_at.is_not(None), RosterUpload.created_at < database.now(session) - LONGEST)
        old = (over, RosterUpload.id.not_in(named))
        found = session.scalars(select(RosterUpload.id).where(*old).limit(A_ROUND)).all()
    if not found:
        return 0
    for upload_id in found:
        storage().drop(upload_id)
    with transaction(EVERYWHERE) as session:
        session.execute(delete(RosterUpload).where(RosterUpload.id.in_(found)))
    return len(found)
