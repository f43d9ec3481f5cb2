"""Openings: a job with its questions and rubric, the people invited to it, and its two switches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, database, mail, programmes, tokens
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member, address_of, needed
from interview_ai.rules.evidence import Rubric, as_json
from interview_ai.settings import settings
from interview_ai.tables import (
    Candidate,
    Invitation,
    Opening,
    Organisation,
    PersonKey,
    Question,
    RubricRow,
    new_person,
)

MOST_QUESTIONS = 5
THINK_S = (0, 600)
ANSWER_S = (30, 600)
TAKES = (1, 5)
LONGEST_TITLE = 120
LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as an employer writes it; times in seconds. One language may be left empty."""

    text_ko: str
    text_en: str
    think_s: int = 60
    answer_s: int = 120
    takes: int = 2


@dataclass(frozen=True, slots=True)
class NewOpening:
    """An opening as an employer writes it; one title may be left empty."""

    title_ko: str
    title_en: str
    language: str
    deadline: datetime
    questions: tuple[NewQuestion, ...]
    rubric: Rubric
    demonstration: bool = False
    blind: bool = True
    programme_id: str | None = None


def create(session: Session, member: Member, new: NewOpening) -> Opening:
    """A new opening. Raises Invalid for what candidates could not answer, Forbidden for who may not."""
    if member.organisation_kind != "employer":
        raise Forbidden("Only an employer writes openings.", "채용공고는 기업만 만들 수 있습니다.")
    member.must_be("owner", "recruiter")
    _check(new, database.now(session))
    _check_programme(member, new.programme_id)
    made = Opening(
        organisation_id=member.organisation_id,
        programme_id=new.programme_id,
        title_ko=needed(new.title_ko or new.title_en, LONGEST_TITLE),
        title_en=needed(new.title_en or new.title_ko, LONGEST_TITLE),
        language="en" if new.language == "en" else "ko",
        demonstration=new.demonstration,
        blind=new.blind,
        deadline=new.deadline,
    )
    session.add(made)
    session.flush()
    session.add_all(_question(made, position, question) for position, question in enumerate(new.questions, start=1))
    criteria = [as_json(criterion) for criterion in new.rubric.criteria]
    session.add(
        RubricRow(
            organisation_id=made.organisation_id, opening_id=made.id, version=new.rubric.version, criteria=criteria
        )
    )
    details = {"demonstration": new.demonstration, "blind": new.blind, "rubric": new.rubric.version}
    audit.append(session, member.actor, "opening created", f"opening:{made.id}", details=details)
    return made


def _check(new: NewOpening, at: datetime) -> None:
    if not 1 <= len(new.questions) <= MOST_QUESTIONS:
        raise Invalid(
            f"Write one to {MOST_QUESTIONS} questions.",
            f"질문을 1개에서 {MOST_QUESTIONS}개까지 적어 주십시오.",
            code="questions",
        )
    if new.deadline <= at:
        raise Invalid("The deadline must lie ahead.", "마감 일시는 지금보다 뒤여야 합니다.", code="deadline")
    if not new.rubric.criteria:
        raise Invalid("Choose a rubric.", "평가기준을 골라 주십시오.", code="rubric")


def _check_programme(member: Member, programme_id: str | None) -> None:
    joined = [programme.id for programme in programmes.open_to(member.organisation_id)] if programme_id else []
    if programme_id and programme_id not in joined:
        raise NotFound


def _question(opening: Opening, position: int, new: NewQuestion) -> Question:
    return Question(
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        position=position,
        text_ko=_question_text(new.text_ko or new.text_en, position),
        text_en=_question_text(new.text_en or new.text_ko, position),
        think_s=_within(new.think_s, THINK_S, "think time", "생각 시간"),
        answer_s=_within(new.answer_s, ANSWER_S, "answer time", "답변 시간"),
        takes=_within(new.takes, TAKES, "number of takes", "시도 횟수"),
    )


def _question_text(text: str, position: int) -> str:
    tidy = " ".join(text.split())
    if not 0 < len(tidy) <= LONGEST_QUESTION:
        raise Invalid(
            f"Write question {position} in at most {LONGEST_QUESTION} signs.",
            f"{position}번 질문을 {LONGEST_QUESTION}자 이하로 적어 주십시오.",
            code="questions",
        )
    return tidy


def _within(value: int, limits: tuple[int, int], en: str, ko: str) -> int:
    lowest, highest = limits
    if not lowest <= value <= highest:
        raise Invalid(
            f"The {en} must be {lowest} to {highest}.", f"{ko}: {lowest}에서 {highest} 사이로 적어 주십시오.", code=en
        )
    return value


def invite(session: Session, member: Member, opening_id: str, *, name: str, email: str, language: str) -> str:
    """Invites a person, or sends a fresh link to somebody invited before; returns the link's token and mails it.

    Only the token's digest is kept, so an earlier link of theirs stops working. A university may invite to the
    openings of its programmes; that needs a session for EVERYWHERE.
    """
    member.must_be("owner", "recruiter")
    opening = _opening_to_invite_to(session, member, opening_id)
    candidate = _candidate(session, opening, name=name, email=address_of(email), language=language)
    invitation = session.scalars(
        select(Invitation).where(Invitation.opening_id == opening.id, Invitation.candidate_id == candidate.id)
    ).one_or_none()
    if invitation and invitation.inviting_organisation_id != member.organisation_id:
        raise Conflict("This person is invited already.", "이미 초대된 지원자입니다.")
    token = tokens.new_token()
    invitation = invitation or Invitation(
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        candidate_id=candidate.id,
        inviting_organisation_id=member.organisation_id,
    )
    invitation.token_hash, invitation.expires_at, invitation.revoked_at = tokens.digest(token), opening.deadline, None
    session.add(invitation)
    session.flush()
    _mail_invitation(session, opening, candidate, token)
    audit.append(
        session,
        member.actor,
        "candidate invited",
        f"invitation:{invitation.id}",
        organisation_id=opening.organisation_id,
        person=candidate.person,
        naming={"name": candidate.name, "email": candidate.email},
    )
    return token


def _opening_to_invite_to(session: Session, member: Member, opening_id: str) -> Opening:
    opening = session.get(Opening, opening_id)
    if opening is None or not (
        opening.organisation_id == member.organisation_id
        or (
            member.organisation_kind == "university"
            and programmes.takes_part(session, member.organisation_id, opening.programme_id)
        )
    ):
        raise NotFound
    if opening.state != "open" or opening.deadline <= database.now(session):
        raise Conflict("This opening is closed.", "마감된 채용공고입니다.", code="closed")
    return opening


def _candidate(session: Session, opening: Opening, *, name: str, email: str, language: str) -> Candidate:
    there = select(Candidate).where(Candidate.organisation_id == opening.organisation_id, Candidate.email == email)
    known = session.scalars(there).one_or_none()
    if known:
        return known
    person = new_person()
    session.add(PersonKey(person=person, sealed_key=tokens.new_person_key(person)))
    session.flush()
    made = Candidate(
        organisation_id=opening.organisation_id,
        person=person,
        name=needed(name, 80),
        email=email,
        language="en" if language == "en" else "ko",
    )
    session.add(made)
    session.flush()
    return made


def link(token: str) -> str:
    """The address that a candidate opens."""
    return f"{settings().public_url.rstrip('/')}/i/{token}"


def _mail_invitation(session: Session, opening: Opening, candidate: Candidate, token: str) -> None:
    employer = session.get_one(Organisation, opening.organisation_id)
    korean = candidate.language == "ko"
    subject, body = mail.compose(
        "candidate_invitation",
        candidate.language,
        organisation=employer.name_ko if korean else employer.name_en,
        title=opening.title_ko if korean else opening.title_en,
        name=candidate.name,
        link=link(token),
        until=mail.moment(opening.deadline, candidate.language),
    )
    mail.queue(
        session,
        cause=f"invitation:{tokens.digest(token)}",
        recipient=candidate.email,
        subject=subject,
        body=body,
        organisation_id=opening.organisation_id,
    )


def revoke(session: Session, member: Member, invitation_id: str) -> None:
    """Takes an invitation back: its link ends. What the person has sent stays."""
    member.must_be("owner", "recruiter")
    invitation = session.get(Invitation, invitation_id, options=[selectinload(Invitation.candidate)])
    if invitation is None:
        raise NotFound
    invitation.revoked_at = database.now(session)
    audit.append(
        session,
        member.actor,
        "invitation revoked",
        f"invitation:{invitation.id}",
        person=invitation.candidate.person,
    )


def end_first_pass(session: Session, member: Member, opening_id: str) -> None:
    """From now on every reviewer sees bands before rating (EU-5). Owners only; on the record; safe to run twice."""
    member.must_be("owner")
    opening = _own(session, opening_id)
    if opening.first_pass_ended_at is None:
        opening.first_pass_ended_at = database.now(session)
        _changed(session, member, opening, "first pass ended")


def stop_scoring(session: Session, member: Member, opening_id: str) -> None:
    """The stop switch: no answer of this opening is scored and no score or band is shown until it is lifted."""
    member.must_be("owner", "recruiter")
    opening = _own(session, opening_id)
    if opening.scoring_stopped_at is None:
        opening.scoring_stopped_at = database.now(session)
        _changed(session, member, opening, "scoring stopped")


def resume_scoring(session: Session, member: Member, opening_id: str) -> None:
    """Lifts the stop switch; what came in meanwhile is scored by what the timetable rings for."""
    member.must_be("owner", "recruiter")
    opening = _own(session, opening_id)
    if opening.scoring_stopped_at is not None:
        opening.scoring_stopped_at = None
        _changed(session, member, opening, "scoring resumed")


def _own(session: Session, opening_id: str) -> Opening:
    opening = session.get(Opening, opening_id)
    if opening is None:
        raise NotFound
    return opening


def _changed(session: Session, member: Member, opening: Opening, action: str) -> None:
    opening.revision += 1
    audit.append(session, member.actor, action, f"opening:{opening.id}")
