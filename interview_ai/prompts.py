"""Recorded questions: taken in, read by a worker in its jail, played to candidates and staff; the text always stays."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from kombu.exceptions import OperationalError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, freezing
from interview_ai.applicants import Applicant
from interview_ai.errors import LeaseLost, NotFound, TooMuch
from interview_ai.jobs import QUEUE, celery_app
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Opening, Prompt, Question

TASK = "prompt"
LONGEST_S = 180.0
MOST_BYTES = 100_000_000
READING_S = 600  # a worker that has read a recording so long is counted as dead
RETRY_S = 15
MOST_ATTEMPTS = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The right to read one recording; `token` is the fence."""

    id: str
    organisation_id: str
    length: int
    token: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker made of a recording: keys in the storage, seconds."""

    playable_key: str
    poster_key: str | None
    duration_s: float


def question_to_record(session: Session, member: Member, question_id: str) -> Question:
    """The question of the member's own opening. Raises NotFound, Forbidden, or Conflict (frozen)."""
    member.must_be("owner", "recruiter")
    question = session.get(Question, question_id)
    if question is None:
        raise NotFound
    # locked as by whoever begins, so that nobody sees the question with one recording and without it
    session.execute(select(Opening.id).where(Opening.id == question.opening_id).with_for_update())
    freezing.must_be_free(session, question.opening_id)
    return question


def too_large() -> TooMuch:
    """The refusal of a file that is larger than a question needs."""
    most = MOST_BYTES // 1_000_000
    return TooMuch(
        f"A recorded question may hold {most} MB and last {LONGEST_S / 60:.0f} minutes. Record it shorter or smaller.",
        f"질문 영상은 {most}MB, {LONGEST_S / 60:.0f}분까지 올릴 수 있습니다. 더 짧거나 작게 녹화해 주십시오.",
    )


def add(session: Session, member: Member, question_id: str, *, upload_id: str, length: int) -> None:
    """Takes in a recording whose bytes lie in the storage under `upload_id`; an earlier one of the question goes."""
    question = question_to_record(session, member, question_id)
    drop(session, question.id)
    whose = {"organisation_id": question.organisation_id, "question_id": question.id}
    session.add(Prompt(id=upload_id, length=length, next_at=database.now(session), **whose))
    session.flush()
    audit.append(session, member.actor, "question recorded", f"question:{question.id}")
    database.after_commit(session, partial(ring, upload_id))


def remove(session: Session, member: Member, question_id: str) -> None:
    """Takes a question's recording away; its text stays. Safe to run twice."""
    question = question_to_record(session, member, question_id)
    if drop(session, question.id):
        audit.append(session, member.actor, "question's recording removed", f"question:{question.id}")


def drop(session: Session, question_id: str) -> bool:
    """Forgets the recording of a question, its files after the commit; whether there was one."""
    row = session.scalars(select(Prompt).where(Prompt.question_id == question_id)).one_or_none()
    if row is None:
        return False
    database.after_commit(session, partial(storage().drop, row.id))
    for key in filter(None, (row.playable_key, row.poster_key)):
        database.after_commit(session, partial(storage().delete, key))
    session.delete(row)
    session.flush()
    return True


def of_opening(session: Session, opening_id: str) -> dict[str, Prompt]:
    """The recordings of an opening by the id of their question, whatever state they are in."""
    wanted = select(Prompt).join(Question, Question.id == Prompt.question_id).where(Question.opening_id == opening_id)
    return {row.question_id: row for row in session.scalars(wanted)}


def ready(session: Session, question_id: str) -> Prompt | None:
    """The recording of a question if there is one that plays."""
    wanted = select(Prompt).where(Prompt.question_id == question_id, Prompt.state == "ready")
    return session.scalars(wanted).one_or_none()


def to_watch(session: Session, question_id: str) -> Prompt:
    """The recording of the organisation's own question. Raises NotFound until it plays."""
    row = ready(session, question_id)
    if row is None:
        raise NotFound
    return row


def asked(session: Session, applicant: Applicant, question_id: str) -> Prompt:
    """The recording of a question of the candidate's own opening. Raises NotFound."""
    question = session.get(Question, question_id)
    if question is None or question.opening_id != applicant.opening_id:
        raise NotFound
    return to_watch(session, question_id)


def ring(prompt_id: str) -> None:
    """Tells a worker. A broker that is away is no error: the timetable rings again."""
    try:
        celery_app().send_task(TASK, args=[prompt_id], queue=QUEUE, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker away, the timetable will ring again: %s", type(error).__name__)


def ring_due(session: Session) -> int:
    """Rings for every recording that waits, or whose worker has not been heard of; returns for how many."""
    at = database.now(session)
    late = at - timedelta(seconds=RETRY_S)
    rung = 0
    for row in session.scalars(select(Prompt).where(Prompt.state == "received", Prompt.next_at <= late)):
        if at - row.next_at >= (row.next_at - row.created_at) / 2:  # longer and longer while no worker is there
            row.next_at = at
            rung += 1
            database.after_commit(session, partial(ring, row.id))
    return rung


def claim(session: Session, prompt_id: str) -> Claimed | None:
    """Takes a recording to read with one conditional UPDATE; None: somebody else has it, or it is gone."""
    at, token = database.now(session), secrets.token_hex(16)
    due = (Prompt.id == prompt_id, Prompt.state == "received", Prompt.next_at <= at)
    until = at + timedelta(seconds=READING_S)
    values = {"lease_token": token, "next_at": until, "attempts": Prompt.attempts + 1}
    if not database.changed(session, update(Prompt).where(*due).values(**values)):
        return None
    row = session.get_one(Prompt, prompt_id, populate_existing=True)
    return Claimed(row.id, row.organisation_id, row.length, token)


def keep(session: Session, claimed: Claimed, made: Made) -> None:
    """It plays from now on. Raises LeaseLost when it is no longer ours or was taken away."""
    keys = {"playable_key": made.playable_key, "poster_key": made.poster_key, "duration_s": made.duration_s}
    _fenced(session, claimed, state="ready", **keys)
    database.after_commit(session, partial(storage().drop, claimed.id))


def refuse(session: Session, claimed: Claimed, fault: str) -> None:
    """It cannot be played, for the reason with this code. Raises LeaseLost."""
    _fenced(session, claimed, state="refused", fault=fault)
    database.after_commit(session, partial(storage().drop, claimed.id))


def put_off(session: Session, claimed: Claimed, fault: str) -> None:
    """Reading failed for what may be our own reason: once more in a while, refused after MOST_ATTEMPTS."""
    row = session.get(Prompt, claimed.id)
    if row is not None and row.attempts >= MOST_ATTEMPTS:
        refuse(session, claimed, fault)
    else:
        _fenced(session, claimed, next_at=database.now(session) + timedelta(seconds=RETRY_S))


def _fenced(session: Session, claimed: Claimed, **values: object) -> None:
    ours = (Prompt.id == claimed.id, Prompt.lease_token == claimed.token, Prompt.state == "received")
    if not database.changed(session, update(Prompt).where(*ours).values(lease_token=None, **values)):
        raise LeaseLost
