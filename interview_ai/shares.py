"""Sharing one candidate with an outsider: a link that ends, for chosen questions, without any rating or points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, bleeps, database, lines, masking, queries, reviews, stages, tokens
from interview_ai.audit import Actor
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.lines import Line
from interview_ai.organisations import Member, needed
from interview_ai.rules.disclosures import ALWAYS, EVERYTHING
from interview_ai.rules.evidence import words_from
from interview_ai.settings import settings
from interview_ai.tables import Answer, Interview, Opening, Organisation, Share, Staff

LONGEST_DAYS = 14
USUAL_DAYS = 7
DAYS = (1, 3, USUAL_DAYS, LONGEST_DAYS)
LONGEST_RECIPIENT = 80


@dataclass(frozen=True, slots=True)
class NewShare:
    """What a recruiter chose: for whom, which questions by id, for how many days, and how much of the person.

    `covered`: they say that what the candidate was told covers this recipient.
    """

    recipient: str
    question_ids: tuple[str, ...]
    days: int = USUAL_DAYS
    with_picture: bool = False
    with_words: bool = True
    covered: bool = False


@dataclass(frozen=True, slots=True)
class SharedAnswer:
    """One answer as the outsider gets it; `plays`: whether there is a file that they may have.

    `waits`: its sound is still being covered.
    """

    answer: Answer
    lines: tuple[Line, ...]
    plays: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Shared:
    """All that the outsider's page shows. `name` is None where the share is without name and picture."""

    share: Share
    opening: Opening
    organisation: Organisation
    by: str
    number: int
    name: str | None
    answers: tuple[SharedAnswer, ...]


def create(session: Session, member: Member, interview_id: str, new: NewShare) -> str:
    """A new share; returns the link's token, which is kept nowhere.

    Raises Invalid (recipient, questions, days, covered) for what is to be mended, Conflict where the opening is blind
    and the sharer has not had the candidate revealed, or where there is nothing that could be shared.
    """
    member.must_be("owner", "recruiter")
    interview = reviews.interview(session, interview_id)
    _check(session, member, interview, new)
    token, at = tokens.new_token(), database.now(session)
    share = Share(
        organisation_id=interview.organisation_id,
        interview_id=interview.id,
        staff_id=member.id,
        token_hash=tokens.digest(token),
        recipient=needed(new.recipient, LONGEST_RECIPIENT),
        question_ids=list(new.question_ids),
        with_picture=new.with_picture,
        with_words=new.with_words,
        created_at=at,
        expires_at=at + timedelta(days=new.days),
    )
    session.add(share)
    session.flush()
    if not new.with_picture:
        _cover(session, interview, new.question_ids)
    kept = {"questions": len(new.question_ids), "days": new.days, "picture": new.with_picture, "words": new.with_words}
    naming = {"recipient": share.recipient}
    _record(session, member.actor, "candidate shared", share, interview, details=kept, naming=naming)
    return token


def _cover(session: Session, interview: Interview, question_ids: Sequence[str]) -> None:
    """Has the names and places in the sound covered where that is not done yet; until then no sound is given out."""
    for answer in answers_of(session, interview.id):
        if answer.question_id in question_ids and bleeps.sound_of(answer, interview) == "waiting":
            bleeps.ask(session, answer, shared=True)


def _check(session: Session, member: Member, interview: Interview, new: NewShare) -> None:
    if not new.recipient.strip():
        raise Invalid("Write for whom the link is.", "누구에게 보낼 링크인지 적어 주십시오.", code="recipient")
    known = {answer.question_id for answer in answers_of(session, interview.id)}
    if not new.question_ids or not set(new.question_ids) <= known:
        raise Invalid(
            "Choose at least one answered question.", "답변이 있는 질문을 하나 이상 고르십시오.", code="questions"
        )
    if new.days not in range(1, LONGEST_DAYS + 1):
        raise Invalid(
            f"A link lasts 1 to {LONGEST_DAYS} days.",
            f"링크는 1일에서 {LONGEST_DAYS}일까지 쓸 수 있습니다.",
            code="days",
        )
    if not new.covered:
        raise Invalid(
            "Confirm that what the candidate was told covers this recipient.",
            "지원자에게 알린 범위에 받는 사람이 들어 있는지 확인해 주십시오.",
            code="covered",
        )
    if interview.state == "withdrawn":
        raise Conflict(
            "This candidate has withdrawn: nothing of theirs can be shared.",
            "지원을 철회한 지원자의 답변은 공유할 수 없습니다.",
            code="withdrawn",
        )
    if new.with_picture and not may_show_picture(session, member, interview):
        raise Conflict(
            "This opening is blind. Reveal the name and picture on the candidate's page first, or share without them.",
            "블라인드 공고입니다. 먼저 지원자 화면에서 이름과 영상을 공개하거나, 이름과 영상 없이 공유하십시오.",
            code="blind",
        )


def may_show_picture(session: Session, member: Member, interview: Interview) -> bool:
    """Whether this member may put name and picture into a share: in a blind opening only after a logged reveal."""
    return not interview.opening.blind or stages.of(session, member, interview).face


def answers_of(session: Session, interview_id: str) -> list[Answer]:
    """The takes that count, in the order of the questions, with what is needed to show them."""
    loaded = [selectinload(Answer.question), selectinload(Answer.transcript), selectinload(Answer.work)]
    return queries.current(session.scalars(select(Answer).where(Answer.interview_id == interview_id).options(*loaded)))


def of_interview(session: Session, interview_id: str) -> Sequence[Share]:
    """Every share of one interview, newest first."""
    wanted = select(Share).where(Share.interview_id == interview_id).options(selectinload(Share.staff))
    return session.scalars(wanted.order_by(Share.created_at.desc(), Share.id)).all()


def revoke(session: Session, member: Member, share_id: str) -> str:
    """Ends a link at once, whoever holds it; safe to run twice. Returns the interview's id."""
    member.must_be("owner", "recruiter")
    share = session.get(Share, share_id)
    if share is None:
        raise NotFound
    if share.revoked_at is None:
        share.revoked_at = database.now(session)
        _record(session, member.actor, "share revoked", share, reviews.interview(session, share.interview_id))
    return share.interview_id


def link(token: str) -> str:
    """The address that the outsider opens."""
    return f"{settings().public_url.rstrip('/')}/shared/{token}"


def by_token(session: Session, token: str) -> Share:
    """The share behind a link that still holds. Raises NotFound alike for unknown, ended and revoked ones.

    Needs a session for EVERYWHERE, like all that begins with a secret.
    """
    loaded = [
        selectinload(Share.staff).selectinload(Staff.organisation),
        selectinload(Share.interview).selectinload(Interview.opening),
        selectinload(Share.interview).selectinload(Interview.candidate),
    ]
    found = session.scalars(
        select(Share).where(Share.token_hash == tokens.digest(token)).options(*loaded)
    ).one_or_none()
    if found is None or not _holds(session, found):
        raise NotFound
    return found


def _holds(session: Session, share: Share) -> bool:
    in_time = share.revoked_at is None and share.expires_at > database.now(session)
    return in_time and share.interview.state != "withdrawn" and share.staff.state == "active"


def opened(session: Session, token: str, share_id: str) -> Shared:
    """The page for the outsider; counted and on the record each time that it is given out."""
    share = _own(session, token, share_id)
    counted = update(Share).where(Share.id == share.id)
    database.changed(session, counted.values(opened=Share.opened + 1, opened_at=database.now(session)))
    _record(session, _outsider(share), "share opened", share, share.interview)
    return shared(session, share)


def _own(session: Session, token: str, share_id: str) -> Share:
    share = by_token(session, token)
    if share.id != share_id:
        raise NotFound
    return share


def shared(session: Session, share: Share) -> Shared:
    """What a share shows: the chosen answers and their words, and nothing else about the person."""
    interview = share.interview
    chosen = [answer for answer in answers_of(session, interview.id) if answer.question_id in share.question_ids]
    return Shared(
        share,
        opening=interview.opening,
        organisation=share.staff.organisation,
        by=share.staff.name,
        number=interview.number,
        name=interview.candidate.name if share.with_picture else None,
        answers=tuple(_answer(share, answer) for answer in chosen),
    )


def _answer(share: Share, answer: Answer) -> SharedAnswer:
    waits = not share.with_picture and bleeps.sound_of(answer, share.interview) == "waiting"
    return SharedAnswer(answer, _lines(share, answer), plays=_key(share, answer) is not None, waits=waits)


def _lines(share: Share, answer: Answer) -> tuple[Line, ...]:
    row = answer.transcript
    heard = share.with_words and share.interview.mode == "ai" and row
    if not heard or row is None:
        return ()
    hidden = ALWAYS if share.with_picture else EVERYTHING
    return lines.of(words_from(row.words), masking.of_transcript(row, share.interview.candidate, hidden))


def _key(share: Share, answer: Answer) -> str | None:
    """Where the file lies that this outsider may have; without a picture the sound is covered as for a reviewer."""
    if answer.playable_key is None or share.with_picture:
        return answer.playable_key
    return bleeps.blind_key(answer, share.interview)


@dataclass(frozen=True, slots=True)
class SharedRecording:
    """The file that an outsider may have: the recording, or its sound alone."""

    key: str
    poster_key: str | None
    with_picture: bool


def recording(session: Session, token: str, share_id: str, answer_id: str) -> SharedRecording:
    """The recording of one answer of this share. Raises NotFound for every other answer, and once the link ended."""
    share = _own(session, token, share_id)
    wanted = (answer for answer in answers_of(session, share.interview_id) if answer.id == answer_id)
    answer = next(wanted, None)
    if answer is None or answer.question_id not in share.question_ids:
        raise NotFound
    key = _key(share, answer)
    if key is None:
        raise NotFound
    return SharedRecording(key, answer.poster_key if share.with_picture else None, share.with_picture)


def played(session: Session, token: str, share_id: str, answer_id: str) -> None:
    """Keeps on the record that an outsider began to play an answer."""
    share = _own(session, token, share_id)
    details = {"answer": answer_id}
    _record(session, _outsider(share), "shared answer played", share, share.interview, details=details)


def _outsider(share: Share) -> Actor:
    return Actor("outsider", share.id, share.organisation_id)


def _record(
    session: Session,
    actor: Actor,
    action: str,
    share: Share,
    interview: Interview,
    *,
    details: Mapping[str, object] | None = None,
    naming: dict[str, Any] | None = None,
) -> None:
    audit.append(
        session,
        actor,
        action,
        f"share:{share.id}",
        organisation_id=share.organisation_id,
        person=interview.candidate.person,
        details={"interview": interview.id, **(details or {})},
        naming=naming,
    )


def state_of(share: Share, at: datetime) -> str:
    """What became of a link: open, expired or revoked."""
    if share.revoked_at is not None:
        return "revoked"
    return "open" if share.expires_at > at else "expired"
