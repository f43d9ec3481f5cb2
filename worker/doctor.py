"""`interview-ai doctor`: each part a line, ok or how to mend it."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kombu.exceptions import OperationalError
from sqlalchemy.exc import SQLAlchemyError

from interview_ai import jobs, typed
from interview_ai.errors import InterviewError
from interview_ai.migrate import is_current
from interview_ai.settings import settings
from interview_ai.storage import storage
from models import completions, speech, walls, weights
from worker import second_opinion

FREE_GB = 5
RATER_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `needed` is False for what the service also works without."""

    part: str
    well: bool
    says: str
    needed: bool = True


def doctor(_: argparse.Namespace) -> int:
    """Prints every finding; exit 1 when something needed is not well."""
    found = [check() for check in CHECKS]
    for item in found:
        mark = "ok  " if item.well else ("MEND" if item.needed else "note")
        sys.stdout.write(f"{mark}  {item.part:12} {typed.here(item.says)}\n")
    return 0 if all(item.well or not item.needed for item in found) else 1


def _database() -> Finding:
    try:
        current = is_current()
    except (SQLAlchemyError, OSError) as error:
        return Finding("database", False, f"does not answer ({type(error).__name__}): look at INTERVIEW_DATABASE_URL")
    return Finding("database", current, "at the newest migration" if current else "run: interview-ai migrate")


def _broker() -> Finding:
    try:
        with jobs.celery_app().connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError) as error:
        return Finding("broker", False, f"does not answer ({type(error).__name__}): look at INTERVIEW_BROKER_URL")
    return Finding("broker", True, settings().broker.split("@")[-1])


def _storage() -> Finding:
    try:
        room = storage().has_room()
    except (InterviewError, OSError) as error:
        return Finding("storage", False, f"cannot be used ({error}): look at INTERVIEW_STORAGE_URL")
    return Finding("storage", room, "has room" if room else "the disk is more than 90 % full: make room")


def _disk() -> Finding:
    free = shutil.disk_usage(settings().home if settings().home.exists() else ".").free / 1e9
    return Finding("disk", free >= FREE_GB, f"{free:.0f} GB free" + ("" if free >= FREE_GB else f", {FREE_GB} needed"))


def _secret() -> Finding:
    path = settings().secret_path
    advice = "INTERVIEW_SECRET_FILE names no file: make one of at least 32 random bytes"
    missing = advice if settings().secret_file else "made by: interview-ai run "
    return Finding("secret", path.exists(), "is there" if path.exists() else missing)


def _korean() -> Finding:
    return _recogniser("ko", "Korean", "answers wait for people; interview-ai models pull small")


def _english() -> Finding:
    return _recogniser("en", "English", "interview-ai models pull small")


def _recogniser(language: str, name: str, advice: str) -> Finding:
    engines = speech.available(language, settings().models, settings().speech_model)
    if engines == ("pocketsphinx",):
        text = f"{name}: pocketsphinx, demonstration quality only; for real words: interview-ai models pull small"
        return Finding("recogniser", False, text, needed=False)
    return Finding("recogniser", bool(engines), f"{name}: {', '.join(engines) or advice}", needed=False)


def _weights() -> Finding:
    there = [name for name in weights.CATALOGUE if name != weights.FACES and weights.installed(name, settings().models)]
    # tiny and base are not offered: 23-34 % of Korean characters wrong is too many for anything that ranks
    return Finding(
        "weights",
        bool(there),
        ", ".join(there)
        or "none: interview-ai models pull small (tiny and base are not offered: too many wrong words)",
        needed=False,
    )


def _pages() -> Finding:
    manifest = Path(__file__).parents[1] / "web" / "static" / "built" / "manifest.json"
    there = manifest.is_file() and bool(json.loads(manifest.read_text()))
    return Finding("pages", there, "styles and scripts are built" if there else "run: make setup")


def _jail() -> Finding:
    standing = walls.standing()
    lacks = [wall for wall in ("landlock", "seccomp") if wall not in standing]
    says = (
        "limits of memory, time and files, " + ", ".join(standing) if standing else "limits of memory, time and files"
    )
    return Finding("jail", not lacks, says + (f"; this kernel has no {' and no '.join(lacks)}" if lacks else ""), False)


def _encoder() -> Finding:
    there = [of for of in ("ko", "en") if weights.encoder(settings().models, of)]
    says = f"relevance by words and a sentence encoder: {', '.join(there)}" if there else "relevance by words alone"
    lacks = "" if len(there) > 1 else "; none in models/encoder, or encoder-ko and encoder-en"
    return Finding("encoder", len(there) > 1, says + lacks, needed=False)


def _faces() -> Finding:
    there = weights.face_detector(settings().models) is not None
    return Finding(
        "faces", there, "YuNet" if there else "Haar's cascade; better: interview-ai models pull yunet", False
    )


def _rater() -> Finding:
    server = second_opinion.server()
    if server is None:
        return Finding("rater", True, "off: no transcript leaves this machine for a second opinion", needed=False)
    found = completions.models(replace(server, deadline_s=RATER_WAIT_S))
    if isinstance(found, completions.Failed):
        says = f"does not answer ({found.code}): look at INTERVIEW_RATER_URL and INTERVIEW_RATER_KEY"
        return Finding("rater", False, says, needed=False)
    if server.model not in found:
        says = f"answers, but has no model {server.model}: look at INTERVIEW_RATER_MODEL"
        return Finding("rater", False, says, needed=False)
    return Finding("rater", True, f"answers: {server.model} at {server.url}; transcripts go there", needed=False)


CHECKS: tuple[Callable[[], Finding], ...] = (
    _secret,
    _database,
    _broker,
    _storage,
    _disk,
    _pages,
    _english,
    _korean,
    _weights,
    _faces,
    _encoder,
    _jail,
    _rater,
)
