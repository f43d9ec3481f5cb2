"""One part of an upload on its way in: may it come, how much may come, and that it came.

Fifty parts come in a second while two hundred people record, so each costs one statement before its bytes and one
after them, both built once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from interview_ai import database, segments, tokens
from interview_ai.errors import Conflict
from interview_ai.rules.lifecycle import OPEN
from interview_ai.storage import storage
from interview_ai.tables import Answer, CandidateSession, Interview, Invitation, Moment, Question, Segment

_Other = aliased(Segment)
_others = (
    select(func.count())
    .where(_Other.answer_id == Segment.answer_id, _Other.id != Segment.id, _Other.terminated_at.is_(None))
    .correlate(Segment)
    .scalar_subquery()
)
_EXPECTED = (
    select(Segment.organisation_id, Segment.answer_id, Segment.length, Answer.state, Question.answer_s, _others)
    .join(Answer, Answer.id == Segment.answer_id)
    .join(Question, Question.id == Answer.question_id)
    .join(Interview, Interview.id == Answer.interview_id)
    .join(Invitation, Invitation.id == Interview.invitation_id)
    .join(CandidateSession, CandidateSession.interview_id == Interview.id)
    .where(
        Segment.id == bindparam("segment"),
        Segment.terminated_at.is_(None),
        Invitation.revoked_at.is_(None),
        CandidateSession.token_hash == bindparam("token"),
        CandidateSession.expires_at >= bindparam("moment", type_=Moment),
    )
)
_LENGTH = func.coalesce(bindparam("told", type_=Segment.length.type), Segment.length)
_UNTIL = bindparam("until", type_=Segment.ends_s.type)
_HEARD = (
    update(Segment)
    .where(
        Segment.id == bindparam("segment"),
        Segment.organisation_id == bindparam("organisation"),
        Segment.terminated_at.is_(None),
        or_(Segment.length.is_(None), Segment.length == _LENGTH),
        select(Answer.id).where(Answer.id == Segment.answer_id, Answer.state.in_(OPEN)).exists(),
    )
    .values(
        heard_at=bindparam("moment", type_=Moment),
        length=_LENGTH,
        ends_s=case((Segment.ends_s < _UNTIL, _UNTIL), else_=Segment.ends_s),
    )
)


@dataclass(frozen=True, slots=True)
class Upload:
    """What a part has to know of the upload that it belongs to. `others`: further uploads of the same answer."""

    segment_id: str
    organisation_id: str
    answer_id: str
    length: int | None
    state: str
    answer_s: int
    others: int


def expected(session: Session, cookie: str, segment_id: str) -> Upload | None:
    """The upload, if the candidate with this cookie may add to it; None: it is not theirs, or has ended."""
    known = {"segment": segment_id, "token": tokens.digest(cookie), "moment": database.now(session)}
    row = session.execute(_EXPECTED, known).one_or_none()
    return Upload(segment_id, *row) if row is not None else None


def most_bytes(session: Session, upload: Upload, offset: int, length: int | None) -> int:
    """The most that the upload may hold after a part at `offset`, which may say how long it is in the end.

    Raises Conflict: code received, offset or length. TooMuch for a length beyond what an answer may hold.
    """
    segments.accepts(upload.state)
    held = storage().size(upload.segment_id)
    if held != offset:
        raise Conflict(f"The server holds {held} bytes.", f"서버에 {held}바이트가 있어요.", code="offset")
    if length is not None:
        may_declare(upload, length)
        return length
    if upload.length is not None:
        return upload.length
    return max(0, segments.limit_bytes(upload.answer_s) - (_held_by_others(session, upload) if upload.others else 0))


def may_declare(upload: Upload, length: int) -> None:
    """How long a deferred upload is in the end can be said once, and not less than what is held."""
    if upload.length is not None and upload.length != length:
        raise Conflict(
            "The length of this upload is known already.", "이 업로드의 길이는 이미 정해졌어요.", code="length"
        )
    if length < storage().size(upload.segment_id):
        raise Conflict("The server holds more than that.", "서버가 이미 더 많이 받았어요.", code="length")
    if length > segments.limit_bytes():
        raise segments.too_large()


def _held_by_others(session: Session, upload: Upload) -> int:
    others = select(Segment.id, Segment.length).where(
        Segment.answer_id == upload.answer_id, Segment.id != upload.segment_id, Segment.terminated_at.is_(None)
    )
    return sum(length or storage().size(other) for other, length in session.execute(others))


def heard(session: Session, upload: Upload, *, length: int | None, until_s: float | None) -> bool:
    """A part has arrived: its moment, the second of the answer that it reaches, and the length once it is known.

    False, and nothing is kept, when the answer or the upload ended meanwhile, or its length is another.
    """
    known = {"segment": upload.segment_id, "organisation": upload.organisation_id, "moment": database.now(session)}
    return database.changed(session, _HEARD, {**known, "told": length, "until": until_s}) == 1
