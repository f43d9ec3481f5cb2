"""One answer from its first segment to its receipt: what the candidate sends and we hold."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, database, jobs, tokens
from interview_ai.errors import Conflict, Invalid, NotFound, TooMuch
from interview_ai.interviews import Applicant
from interview_ai.rules.lifecycle import OPEN, RECEIVED, AnswerState, may_move
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Question, Segment

MAX_SEGMENTS = 50  # one a reload; more is not a person
UPLOAD_LIFE = timedelta(hours=24)
MEDIA_TYPES = frozenset({"video/webm", "video/mp4", "video/quicktime", "video/3gpp", "audio/webm", "audio/mp4"})
BYTES_PER_MB = 1_000_000
CODE_DIGITS = 8  # of the receipt's short code that a person can read out


def open_segment(
    session: Session,
    applicant: Applicant,
    question_id: str,
    *,
    media_type: str,
    length: int | None,
    again: bool = False,
) -> Segment:
    """A place for the next run of the recorder: the row is there before the first byte.

    Begins the answer, or its next take when `again` is set and one is left; otherwise goes on with the open take.
    """
    kind = media_type.split(";", 1)[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise Invalid("Please send a video as webm, mp4, mov or 3gp.", "webm, mp4, mov, 3gp 영상만 받을 수 있어요.")
    if not storage().has_room():
        raise TooMuch(
            "The server has no room for new recordings. Please try again in a while.",
            "서버에 새 녹화를 받을 자리가 없어요. 잠시 뒤 다시 시도해 주세요.",
            status=507,
        )
    if length is not None and length > limit_bytes():
        raise _too_large()
    answer = _open_take(session, applicant, question_id, again=again)
    held = session.scalars(select(func.count(Segment.id)).where(Segment.answer_id == answer.id)).one()
    if held >= MAX_SEGMENTS:
        raise TooMuch(
            f"This answer was begun {MAX_SEGMENTS} times. Please ask whoever invited you.",
            f"이 답변은 {MAX_SEGMENTS}번이나 다시 시작되었어요. 초대한 곳에 문의해 주세요.",
            status=429,
        )
    segment = Segment(
        organisation_id=applicant.organisation_id,
        answer_id=answer.id,
        position=held + 1,
        media_type=kind,
        length=length,
        expires_at=database.now(session) + UPLOAD_LIFE,
    )
    session.add(segment)
    move(answer, "uploading")
    session.flush()
    return segment


def _open_take(session: Session, applicant: Applicant, question_id: str, *, again: bool) -> Answer:
    interview = session.get_one(Interview, applicant.interview_id, with_for_update=True)
    question = session.get(Question, question_id)
    if question is None or question.opening_id != interview.opening_id:
        raise NotFound
    if interview.state == "finished":
        raise Conflict(
            "You have already finished this interview. Your answers are safe.",
            "이미 면접을 마쳤어요. 보낸 답변은 안전해요.",
            code="finished",
        )
    newest = latest(session, interview.id, question_id)
    if newest is not None and newest.state in OPEN:
        return newest
    taken = newest.take if newest else 0
    if newest is not None and not again:
        raise Conflict("This answer has been received already.", "이 답변은 이미 받았어요.", code="received")
    if taken >= question.takes:
        raise Conflict(
            "There are no takes left for this question. Your last one is safe.",
            "이 질문은 더 녹화할 수 없어요. 마지막 답변은 안전해요.",
            code="takes",
        )
    answer = Answer(
        organisation_id=applicant.organisation_id, interview_id=interview.id, question_id=question_id, take=taken + 1
    )
    answer.state = "recording"
    session.add(answer)
    session.flush()
    return answer


def latest(session: Session, interview_id: str, question_id: str) -> Answer | None:
    """The newest take of one question."""
    wanted = select(Answer).where(Answer.interview_id == interview_id, Answer.question_id == question_id)
    return session.scalars(wanted.order_by(Answer.take.desc()).limit(1)).first()


def segment_for(session: Session, applicant: Applicant, segment_id: str) -> Segment:
    """The candidate's own upload. Raises NotFound for anybody else's, and for one that was ended."""
    segment = session.get(Segment, segment_id, options=[selectinload(Segment.answer)])
    if segment is None or segment.answer.interview_id != applicant.interview_id or segment.terminated_at is not None:
        raise NotFound
    return segment


def accepts(session: Session, segment: Segment) -> None:
    """Raises Conflict when the upload's answer takes no more bytes, or when its time is over."""
    if segment.answer.state not in OPEN:
        raise Conflict("This answer has been received already.", "이 답변은 이미 받았어요.", code="received")
    if segment.expires_at < database.now(session):
        raise Conflict(
            "This upload has expired; begin the answer's next part.",
            "이 업로드는 기한이 지났어요. 답변을 이어서 녹화해 주세요.",
            code="expired",
        )


def limit_bytes() -> int:
    """The most that one upload may hold."""
    return settings().upload_limit_mb * BYTES_PER_MB


def _too_large() -> TooMuch:
    most = settings().upload_limit_mb
    return TooMuch(
        f"A recording may hold {most} MB at most. Please record a shorter or smaller one.",
        f"녹화 하나는 {most}MB까지 받을 수 있어요. 더 짧거나 작게 녹화해 주세요.",
    )


def declare_length(session: Session, segment: Segment, length: int) -> None:
    """Notes how long a deferred upload is in the end; it cannot be changed and not be less than what is held."""
    if segment.length is not None and segment.length != length:
        raise Conflict(
            "The length of this upload is known already.", "이 업로드의 길이는 이미 정해졌어요.", code="length"
        )
    if length < storage().size(segment.id):
        raise Conflict("The server holds more than that.", "서버가 이미 더 많이 받았어요.", code="length")
    if length > limit_bytes():
        raise _too_large()
    segment.length = length


def terminate(session: Session, segment: Segment) -> None:
    """The candidate throws an upload away before the answer is received; the bytes go after the commit."""
    accepts(session, segment)
    segment.terminated_at = database.now(session)
    segment_id = segment.id
    database.after_commit(session, lambda: storage().drop(segment_id))


def finish(session: Session, applicant: Applicant, question_id: str) -> Answer:
    """All bytes are here: digests, the signed receipt, the state and the work row in one transaction.

    Safe to call twice. Raises Conflict (code `incomplete`) while the last segment is not whole.
    """
    session.get_one(Interview, applicant.interview_id, with_for_update=True)
    answer = latest(session, applicant.interview_id, question_id)
    if answer is None:
        raise Conflict(
            "Nothing has been recorded for this question yet.", "이 질문에는 아직 녹화한 것이 없어요.", code="empty"
        )
    if answer.state in RECEIVED:
        return answer
    segments = _whole(session, answer)
    answer.bytes = sum(segment.length or 0 for segment in segments)
    answer.received_at = database.now(session)
    answer.receipt = _receipt(answer, segments)
    move(answer, "received")
    kind = "assess" if _may_be_assessed(session, answer.interview_id) else "prepare"
    jobs.add(session, answer.id, answer.organisation_id, kind=kind, digest=_input_digest(segments))
    details = {"segments": [segment.sha256 for segment in segments], "bytes": answer.bytes}
    audit.append(
        session, applicant.actor, "answer received", f"answer:{answer.id}", person=applicant.person, details=details
    )
    return answer


def _may_be_assessed(session: Session, interview_id: str) -> bool:
    """US-1, KR-1: no machine without this candidate's consent to it."""
    return session.get_one(Interview, interview_id).mode == "ai"


def _whole(session: Session, answer: Answer) -> list[Segment]:
    wanted = select(Segment).where(Segment.answer_id == answer.id, Segment.terminated_at.is_(None))
    segments = list(session.scalars(wanted.order_by(Segment.position)))
    if segments and segments[-1].length != storage().size(segments[-1].id):
        raise Conflict("The recording is still on its way.", "아직 녹화를 보내고 있어요.", code="incomplete")
    kept = [segment for segment in segments if storage().size(segment.id) > 0]
    if not kept:
        raise Conflict("Nothing has arrived for this question yet.", "아직 도착한 녹화가 없어요.", code="empty")
    for segment in kept:
        digest = hashlib.sha256()
        for data in storage().segment(segment.id):
            digest.update(data)
        segment.sha256 = digest.hexdigest()
        segment.length = storage().size(segment.id)
    return kept


def _input_digest(segments: list[Segment]) -> str:
    return hashlib.sha256("".join(segment.sha256 or "" for segment in segments).encode()).hexdigest()


def _receipt(answer: Answer, segments: list[Segment]) -> dict[str, Any]:
    parts = [{"id": part.id, "bytes": part.length, "sha256": part.sha256} for part in segments]
    content = {
        "answer": answer.id,
        "question": answer.question_id,
        "take": answer.take,
        "received_at": answer.received_at.isoformat() if answer.received_at else None,
        "bytes": answer.bytes,
        "segments": parts,
        "code": _input_digest(segments)[:CODE_DIGITS].upper(),
    }
    return tokens.sign(content)


def move(answer: Answer, after: AnswerState) -> None:
    """Puts an answer into another state. Raises Conflict where lifecycle.py does not allow it."""
    before = cast(AnswerState, answer.state)
    if before != after and not may_move(before, after):
        raise Conflict(
            f"an answer cannot go from {before} to {after}", f"답변 상태를 {before}에서 {after}(으)로 바꿀 수 없습니다"
        )
    answer.state = after
