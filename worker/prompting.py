"""Reads a recorded question in the jail and keeps the file that plays everywhere, or says why it cannot be played."""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path

from interview_ai import prompts
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.errors import LeaseLost, Unreadable
from interview_ai.prompts import TASK, Claimed, Made
from interview_ai.storage import storage
from models import media
from models.jail import UNSURE
from models.media import Media
from worker.app import app

WALL_S = 240.0
log = logging.getLogger(__name__)


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def read(prompt_id: str) -> None:
    """Claims, reads, keeps. Safe to run twice: what is ready, refused or in another's hands is left alone."""
    with transaction(EVERYWHERE) as session:
        claimed = prompts.claim(session, prompt_id)
    if claimed is None:
        return
    try:
        _read(claimed)
    except LeaseLost:
        log.info("the recorded question %s was replaced or taken away meanwhile", prompt_id)


def _read(claimed: Claimed) -> None:
    with tempfile.TemporaryDirectory(prefix="onterview-") as name:
        folder = Path(name)
        path = storage().fetch(claimed.id, folder, claimed.length)
        try:
            found = media.read([path], folder, wall_s=WALL_S)
        except Unreadable as error:
            with transaction(claimed.organisation_id) as session:
                (prompts.put_off if error.code in UNSURE else prompts.refuse)(session, claimed, error.code)
            return
        if found.facts.duration_s > prompts.LONGEST_S:
            with transaction(claimed.organisation_id) as session:
                prompts.refuse(session, claimed, "too_long")
            return
        _keep(claimed, found)


def _keep(claimed: Claimed, found: Media) -> None:
    """Files first, under the token's own name; those of a recording that is not wanted any more go again."""
    playable, poster = _put(claimed, found.playable, "playable"), _put(claimed, found.poster, "poster")
    kept = False
    try:
        with transaction(claimed.organisation_id) as session:
            prompts.keep(session, claimed, Made(str(playable), poster, found.facts.duration_s))
        kept = True
    finally:
        for key in filter(None, () if kept else (playable, poster)):
            storage().delete(key)


def _put(claimed: Claimed, path: Path | None, name: str) -> str | None:
    if path is None:
        return None
    key = f"prompts/{claimed.id}/{claimed.token}-{name}{path.suffix}"
    storage().put(key, path)
    return key
