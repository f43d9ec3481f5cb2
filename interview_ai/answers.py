"""One answer once its recording is here: digests, the signed receipt, its work, and what a deadline leaves open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, jobs, receipts
from interview_ai.applicants import Applicant, applicant_of
from interview_ai.errors import Conflict
from interview_ai.interviews import GRACE
from interview_ai.rules.lifecycle import OPEN, RECEIVED, move
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Invitation, Segment


@dataclass(frozen=True, slots=True)
class Held:
    """What storage holds of one segment."""

    bytes: int
    sha256: str


def latest(session: Session, interview_id: str, question_id: str) -> Answer | None:
    """The newest take of one question."""
    wanted = select(Answer).where(Answer.interview_id == interview_id, Answer.question_id == question_id)
    return session.scalars(wanted.order_by(Answer.take.desc()).limit(1)).first()


def receive(applicant: Applicant, question_id: str, *, as_it_is: bool = False) -> Answer:
    """Takes a question's newest take in. Nobody writes its segments meanwhile; no transaction waits for a disk.

    `as_it_is`: also when its last segment broke off. Safe to call twice. Raises Conflict: code `empty` where nothing
    came, `incomplete` while the last segment is not whole, `locked` while a part is being written.
    """
    with database.reading(applicant.organisation_id) as session:
        segments = _segments(session, latest(session, applicant.interview_id, question_id))
    with ExitStack() as locks:
        for segment in segments:
            locks.enter_context(storage().hold(segment.id))
        held = {segment.id: weigh(segment.id) for segment in segments}
        with database.transaction(applicant.organisation_id) as session:
            return finish(session, applicant, question_id, held, as_it_is=as_it_is)


def weigh(segment_id: str) -> Held:
    """How much storage holds of a segment, and its digest."""
    digest, count = hashlib.sha256(), 0
    for data in storage().segment(segment_id):
        digest.update(data)
        count += len(data)
    return Held(count, digest.hexdigest())


def finish(
    session: Session, applicant: Applicant, question_id: str, held: Mapping[str, Held], *, as_it_is: bool = False
) -> Answer:
    """All bytes are here: the signed receipt, the state and the work row in one transaction. Safe to call twice."""
    interview = session.get_one(Interview, applicant.interview_id, with_for_update=True)
    answer = latest(session, applicant.interview_id, question_id)
    if answer is None:
        raise _empty()
    if answer.state in RECEIVED:
        return answer
    segments = _whole(session, answer, held, as_it_is=as_it_is)
    answer.bytes = sum(segment.length or 0 for segment in segments)
    answer.received_at = database.now(session)
    answer.receipt = receipts.of_answer(answer, segments)
    move(answer, "received")
    kind = "assess" if interview.mode == "ai" else "prepare"  # US-1, KR-1: no machine without consent to it
    digest = receipts.input_digest(segments)
    jobs.add(session, answer.id, answer.organisation_id, kind=kind, digest=digest)
    details = {"segments": [segment.sha256 for segment in segments], "bytes": answer.bytes}
    audit.append(
        session, applicant.actor, "answer received", f"answer:{answer.id}", person=applicant.person, details=details
    )
    return answer


def _segments(session: Session, answer: Answer | None) -> Sequence[Segment]:
    if answer is None or answer.state not in OPEN:
        return ()
    wanted = select(Segment).where(Segment.answer_id == answer.id, Segment.terminated_at.is_(None))
    return session.scalars(wanted.order_by(Segment.position)).all()


def _whole(session: Session, answer: Answer, held: Mapping[str, Held], *, as_it_is: bool) -> list[Segment]:
    """The segments that hold something, each with its digest and its length from now on."""
    segments = _segments(session, answer)
    kept = [segment for segment in segments if segment.id in held and held[segment.id].bytes]
    if not kept:
        raise _empty()
    broken = kept[-1].length != held[kept[-1].id].bytes and not as_it_is
    if broken or any(segment.id not in held for segment in segments):
        raise Conflict("The recording is still on its way.", "아직 녹화를 보내고 있어요.", code="incomplete")
    for segment in kept:
        segment.sha256, segment.length = held[segment.id].sha256, held[segment.id].bytes
    return kept


def _empty() -> Conflict:
    return Conflict(
        "Nothing has been recorded for this question yet.", "이 질문에는 아직 녹화한 것이 없어요.", code="empty"
    )


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """An answer that was begun and never finished before its invitation ended."""

    answer_id: str
    question_id: str
    applicant: Applicant


def left_open(session: Session) -> list[LeftOpen]:
    """Answers whose candidates can send nothing more: the invitation and its grace are over."""
    over = database.now(session) - GRACE
    wanted = (
        select(Answer)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(Invitation, Invitation.id == Interview.invitation_id)
        .where(Answer.state.in_(OPEN), Invitation.expires_at < over)
    )
    return [
        LeftOpen(answer.id, answer.question_id, applicant_of(session, answer.interview_id))
        for answer in session.scalars(wanted)
    ]


def abandon(session: Session, answer_id: str) -> None:
    """Of this answer nothing ever came: it ends without a take used up."""
    answer = session.get_one(Answer, answer_id)
    if answer.state in OPEN:
        move(answer, "abandoned")
