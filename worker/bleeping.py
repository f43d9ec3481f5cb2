"""The copy of an answer's sound in which what tells who somebody is lies under a tone: made after it was assessed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from interview_ai import bleeps, jobs
from interview_ai.bleeps import Given
from interview_ai.database import reading, transaction
from interview_ai.jobs import Lease
from interview_ai.storage import storage
from models import bleeping

WALL_S = 120.0  # for one sound; coding it again runs 30 times faster than real time or better


def perform(lease: Lease) -> None:
    """Reads what is to be covered, makes the file, keeps it under the token's own name; nothing is kept twice."""
    with reading(lease.organisation_id) as session:
        given = bleeps.given(session, lease.answer_id)
    key = _made(lease, given) if given and given.spans else None
    kept = False
    try:
        with transaction(lease.organisation_id) as session:
            jobs.finish(session, lease)
            kept = given is not None and bleeps.keep(session, given, key)
    finally:
        if key is not None and not kept:
            storage().delete(key)


def _made(lease: Lease, given: Given) -> str:
    folder = Path(tempfile.mkdtemp(prefix="onterview-"))
    try:
        sound = folder / f"plain{Path(given.sound_key).suffix}"
        with sound.open("wb") as out:
            out.writelines(storage().read(given.sound_key, 0, storage().length(given.sound_key)))
        made = bleeping.covered(sound, given.spans, folder, wall_s=WALL_S)
        key = f"answers/{lease.answer_id}/{lease.token}-bleeped{made.suffix}"
        storage().put(key, made)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return key
