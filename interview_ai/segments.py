"""The uploads of an answer, one for each run of the recorder: opened before the first byte, heard of, thrown away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from interview_ai import database, incidents
from interview_ai.answers import latest
from interview_ai.applicants import Applicant
from interview_ai.errors import Conflict, Invalid, NotFound, TooMuch
from interview_ai.interviews import GRACE
from interview_ai.rules.lifecycle import OPEN, counts_as_take, move
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Invitation, Question, Segment

MOST_A_MINUTE = 30  # reconnects of one answer have no limit, but nobody reconnects faster than this
MEDIA_TYPES = frozenset({"video/webm", "video/mp4", "video/quicktime", "video/3gpp", "audio/webm", "audio/mp4"})
BYTES_PER_MB = 1_000_000
MOST_BYTES_A_SECOND = 25_000_000 // 8  # what a phone's own camera writes at 1080p, with room: 17-20 Mbit/s
SLACK_BYTES = 20 * BYTES_PER_MB
MOST_AT_ONCE = 200  # uploads forgotten in one round of the timetable
LONGEST_METADATA = 2000  # characters of the header that tus wants back


@dataclass(frozen=True, slots=True)
class NewSegment:
    """What a recorder says of a run before its first byte.

    `take`: which take of the question it belongs to; None: the open one, or the first. `run`: the recorder's own name
    for it. `starts_s`: seconds of the answer recorded before it. `metadata`: the header as it came.
    """

    media_type: str
    length: int | None = None
    take: int | None = None
    run: str | None = None
    starts_s: float = 0.0
    metadata: str | None = None


def open_segment(session: Session, applicant: Applicant, question_id: str, new: NewSegment) -> Segment:
    """A place for the next run of the recorder: the row is there before the first byte.

    Begins the answer or its next take, or goes on with the open one. Asked again with the same `run`, it answers with
    the same segment. Raises Invalid, TooMuch, NotFound, or Conflict (code finished, received or takes).
    """
    kind = new.media_type.split(";", 1)[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise Invalid("Please send a video as webm, mp4, mov or 3gp.", "webm, mp4, mov, 3gp 영상만 받을 수 있어요.")
    question = session.get(Question, question_id)
    if new.length is not None and question and new.length > limit_bytes(question.answer_s):
        raise too_large(question.answer_s)
    answer = _open_take(session, applicant, question_id, take=new.take)
    before = session.scalars(select(Segment).where(Segment.answer_id == answer.id).order_by(Segment.position)).all()
    same = [segment for segment in before if new.run is not None and segment.run == new.run]
    if same:
        return same[0]
    _has_room(session, before)
    if before:
        _went_on_elsewhere(session, applicant, answer, before=before, new=new)
    segment = Segment(
        organisation_id=applicant.organisation_id,
        answer_id=answer.id,
        position=len(before) + 1,
        media_type=kind,
        length=new.length,
        run=new.run,
        starts_s=new.starts_s,
        ends_s=new.starts_s,
        metadata_header=new.metadata,
        expires_at=_until(session, applicant),
    )
    session.add(segment)
    move(answer, "uploading")
    session.flush()
    return segment


def _has_room(session: Session, before: Sequence[Segment]) -> None:
    if not storage().has_room():
        raise TooMuch(
            "The server has no room for new recordings. Please try again in a while.",
            "서버에 새 녹화를 받을 자리가 없어요. 잠시 뒤 다시 시도해 주세요.",
            status=507,
        )
    lately = database.now(session) - timedelta(minutes=1)
    if sum(segment.created_at > lately for segment in before) >= MOST_A_MINUTE:
        raise TooMuch(
            "This answer was begun again very often within a minute. It goes on by itself shortly.",
            "이 답변이 1분 사이에 너무 여러 번 다시 시작되었어요. 잠시 뒤 저절로 이어져요.",
            status=429,
        )


def _until(session: Session, applicant: Applicant) -> datetime:
    interview = session.get_one(Interview, applicant.interview_id)
    return session.get_one(Invitation, interview.invitation_id).expires_at + GRACE


def _went_on_elsewhere(
    session: Session, applicant: Applicant, answer: Answer, *, before: Sequence[Segment], new: NewSegment
) -> None:
    """A run that begins before the end of what came: the browser that sent it has gone, and its rest with it."""
    last = before[-1]
    if last.length is not None or not storage().size(last.id) or new.starts_s > 0:
        return
    position = session.get_one(Question, answer.question_id).position
    began = last.heard_at or last.created_at
    incidents.notice(session, applicant, "other_device", position=position, at_s=last.ends_s, began=began)


def _open_take(session: Session, applicant: Applicant, question_id: str, *, take: int | None) -> Answer:
    interview = session.get_one(Interview, applicant.interview_id, with_for_update=True)
    question = session.get(Question, question_id)
    if question is None or question.opening_id != interview.opening_id:
        raise NotFound
    newest = latest(session, interview.id, question_id)
    if newest is not None and newest.state in OPEN and take in (None, newest.take):
        return newest
    if newest is not None and (take is None or take <= newest.take):
        raise Conflict("This answer has been received already.", "이 답변은 이미 받았어요.", code="received")
    if interview.state == "finished" and not (newest and newest.state == "unreadable"):
        raise Conflict(
            "You have already finished this interview. Your answers are safe.",
            "이미 면접을 마쳤어요. 보낸 답변은 안전해요.",
            code="finished",
        )
    _take_left(session, interview.id, question)
    answer = Answer(
        organisation_id=applicant.organisation_id,
        interview_id=interview.id,
        question_id=question_id,
        take=(newest.take if newest else 0) + 1,
    )
    answer.state = "recording"
    session.add(answer)
    session.flush()
    return answer


def _take_left(session: Session, interview_id: str, question: Question) -> None:
    wanted = select(Answer.state).where(Answer.interview_id == interview_id, Answer.question_id == question.id)
    if sum(counts_as_take(state) for state in session.scalars(wanted)) >= question.takes:
        raise Conflict(
            "There are no takes left for this question. Your last one is safe.",
            "이 질문은 더 녹화할 수 없어요. 마지막 답변은 안전해요.",
            code="takes",
        )


def segment_for(session: Session, applicant: Applicant, segment_id: str) -> Segment:
    """The candidate's own upload. Raises NotFound for anybody else's, Gone (410) for one that was thrown away."""
    segment = session.get(Segment, segment_id, options=[joinedload(Segment.answer)], populate_existing=True)
    if segment is None or segment.answer.interview_id != applicant.interview_id:
        raise NotFound
    if segment.terminated_at is not None or segment.answer.state == "abandoned":
        raise _gone()
    return segment


def _gone() -> Conflict:
    error = Conflict("This upload has ended.", "이 업로드는 끝났어요.", code="gone")
    error.status = 410
    return error


def accepts(state: str) -> None:
    """Raises Conflict (code received) when an answer in this state takes no more bytes."""
    if state not in OPEN:
        raise Conflict("This answer has been received already.", "이 답변은 이미 받았어요.", code="received")


def limit_bytes(answer_s: int | None = None) -> int:
    """The most that one answer may hold: what the installation allows, and what its question's time can fill."""
    whole = settings().upload_limit_mb * BYTES_PER_MB
    return whole if answer_s is None else min(whole, answer_s * MOST_BYTES_A_SECOND + SLACK_BYTES)


def too_large(answer_s: int | None = None) -> TooMuch:
    """413, saying how much one answer may hold."""
    most = limit_bytes(answer_s) // BYTES_PER_MB
    return TooMuch(
        f"A recording may hold {most} MB at most. Please record a shorter or smaller one.",
        f"녹화 하나는 {most}MB까지 받을 수 있어요. 더 짧거나 작게 녹화해 주세요.",
    )


def recorded_s(answer: Answer | None) -> float:
    """Seconds of an answer that the server holds, as the recorder told them."""
    parts = [part.ends_s for part in answer.segments if part.terminated_at is None] if answer else []
    return max(parts, default=0.0)


def ended(session: Session) -> Sequence[Segment]:
    """Uploads of which no byte is needed any more and whose bytes may still lie in storage."""
    wanted = select(Segment).join(Answer, Answer.id == Segment.answer_id)
    over = or_(Segment.terminated_at.is_not(None), Answer.state == "abandoned")
    return session.scalars(wanted.where(over, Segment.dropped_at.is_(None)).limit(MOST_AT_ONCE)).all()


def supersede(session: Session, whole: Segment) -> None:
    """A file that holds the whole answer takes the place of what was sent of the same take before."""
    wanted = select(Segment).where(
        Segment.answer_id == whole.answer_id, Segment.id != whole.id, Segment.terminated_at.is_(None)
    )
    for segment in session.scalars(wanted):
        terminate(session, segment)


def terminate(session: Session, segment: Segment) -> None:
    """The candidate throws an upload away before the answer is received; the bytes go after the commit."""
    accepts(segment.answer.state)
    segment.terminated_at = database.now(session)
    database.after_commit(session, partial(storage().drop, segment.id))
