"""A roster's file on its way into the storage: on the record before its bytes come, swept when no campaign names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import delete, select

from interview_ai import database
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Campaign, RosterUpload

BLOCK = 1024 * 1024
LONGEST = timedelta(days=1)  # whoever sends one has long been answered
A_ROUND = 50


@contextmanager
def stored(member: Member, file: BinaryIO) -> Iterator[tuple[str, int]]:
    """Keeps a file block by block; gives its id and its length to who adds the campaign, without which it goes again.

    Raises Invalid for an empty one. A kill at any place leaves a file that `sweep` finds.
    """
    upload_id, kept = _begun(member), False
    try:
        length = 0
        while data := file.read(BLOCK):
            length = storage().append(upload_id, length, data)
        if not length:
            raise Invalid("This file is empty.", "빈 파일입니다.", code="file")
        yield upload_id, length
        kept = True
    finally:
        if not kept:
            storage().drop(upload_id)


def _begun(member: Member) -> str:
    with transaction(member.organisation_id) as session:
        made = RosterUpload(organisation_id=member.organisation_id, created_at=database.now(session))
        session.add(made)
        session.flush()
        return made.id


def sweep() -> int:
    """Forgets files of more than a day that no campaign reads; returns how many. Safe to run twice."""
    with reading(EVERYWHERE) as session:
        named = select(Campaign.file_key).where(Campaign.file_key.is_not(None))
        old = (RosterUpload.created_at < database.now(session) - LONGEST, RosterUpload.id.not_in(named))
        found = session.scalars(select(RosterUpload.id).where(*old).limit(A_ROUND)).all()
    if not found:
        return 0
    for upload_id in found:
        storage().drop(upload_id)
    with transaction(EVERYWHERE) as session:
        session.execute(delete(RosterUpload).where(RosterUpload.id.in_(found)))
    return len(found)
