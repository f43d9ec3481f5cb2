"""A candidate's way through an interview: the link, the notice and consent, the questions, the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, database, link_ends, proofs, receipts, tokens, webhook_events
from interview_ai.applicants import Applicant
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.rules import message_words
from interview_ai.rules.lifecycle import OPEN, RECEIVED, counts_as_take, move
from interview_ai.settings import settings
from interview_ai.tables import (
    Answer,
    Candidate,
    CandidateSession,
    Consent,
    FurtherLink,
    Interview,
    Invitation,
    Opening,
    Question,
    Staff,
)

NOTICE_VERSION = "2026-11-26"
"""The version of the notice on AI that the welcome page shows; raise it with every change of its words."""

WITH_RATER = "+rater"
"""What the version ends with where the page also says that transcripts go to a server for a second opinion."""

GRACE = timedelta(hours=2)  # whoever began before the deadline may finish what they are at

Mode = Literal["ai", "people"]


@dataclass(frozen=True, slots=True)
class Step:
    """One question as it stands for this candidate: `current` is the newest take, `kept` the one that counts."""

    question: Question
    current: Answer | None
    kept: Answer | None
    takes_used: int
    takes_begun: int

    @property
    def takes_left(self) -> int:
        """Takes that may still be begun."""
        return max(0, self.question.takes - self.takes_used)

    @property
    def next_take(self) -> int:
        """The number of the take that a recorder would fill now: the open one, or the next."""
        return self.takes_begun if self.open else self.takes_begun + 1

    @property
    def open(self) -> bool:
        """Whether the newest take is still being recorded or sent."""
        return self.current is not None and self.current.state in OPEN

    @property
    def received(self) -> bool:
        """Whether a take is safe with us."""
        return self.kept is not None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a candidate is; `next_position` is None when every question has an answer."""

    opening: Opening
    steps: tuple[Step, ...]
    next_position: int | None
    finished: bool


def notice_version() -> str:
    """The version of the notice as this installation shows it today."""
    return NOTICE_VERSION + (WITH_RATER if settings().rater_url else "")


def told_of_rater(session: Session, interview_id: str) -> bool:
    """Whether the notice that the candidate read last says that the words of the answers go to another server."""
    newest = select(Consent.notice_version).where(Consent.interview_id == interview_id)
    version = session.scalars(newest.order_by(Consent.given_at.desc(), Consent.id).limit(1)).first()
    return version is not None and version.endswith(WITH_RATER)


def invited(session: Session, token: str, *, to_begin: bool = False) -> Invitation:
    """The invitation behind a link. Looking has no effect, whatever scanner follows the link.

    `to_begin` locks it, so that a link clicked twice begins one interview. Raises NotFound for an unknown link,
    Conflict (code revoked, expired, closed or replaced) for one that ended.
    """
    wanted = select(Invitation).where(_behind(token))
    if to_begin:
        wanted = wanted.with_for_update(of=Invitation)
    with_opening = selectinload(Invitation.opening)
    invitation = session.scalars(
        wanted.options(
            with_opening.selectinload(Opening.questions),
            with_opening.selectinload(Opening.organisation),
            with_opening.selectinload(Opening.rubric),
            selectinload(Invitation.candidate),
        )
    ).first()
    if invitation is None:
        link_ends.refuse_replaced(session, token)
        raise NotFound(
            "The address is not complete or was mistyped. Please open the link in your invitation again, or copy it "
            "whole. If that does not help, ask whoever invited you.",
            "주소가 잘렸거나 잘못 적힌 것 같아요. 초대 메일의 링크를 다시 열거나 처음부터 끝까지 복사해 주세요. "
            "그래도 안 되면 초대한 곳에 링크를 다시 보내 달라고 해 주세요.",
        )
    link_ends.must_be_open(session, invitation)
    return invitation


def _behind(token: str) -> ColumnElement[bool]:
    digest = tokens.digest(token)
    further = select(FurtherLink.invitation_id).where(FurtherLink.token_hash == digest)
    return or_(Invitation.token_hash == digest, Invitation.id.in_(further))


def contact(session: Session, opening: Opening) -> str | None:
    """The address that a candidate may write to: the employer's longest-standing owner."""
    owners = select(Staff.email).where(Staff.organisation_id == opening.organisation_id, Staff.role == "owner")
    return session.scalars(owners.where(Staff.state == "active").order_by(Staff.created_at, Staff.id).limit(1)).first()


def minutes(questions: Sequence[Question]) -> int:
    """About how long an interview takes: one take of each question, thinking included, and the check before it."""
    return message_words.minutes(sum(question.think_s + question.answer_s for question in questions))


def interview_of(session: Session, invitation: Invitation) -> Interview | None:
    """The interview that this invitation already began, if any."""
    return session.scalars(select(Interview).where(Interview.invitation_id == invitation.id)).first()


@dataclass(frozen=True, slots=True)
class Choice:
    """What a candidate chose on the welcome page. `notice`: the version shown there; `agreed`: to be recorded."""

    mode: str | None
    agreed: bool
    notice: str | None


def begin(session: Session, token: str, choice: Choice, *, language: str, proven: str | None = None) -> str:
    """Begins the interview, or goes on with it, and returns the token of this browser's session.

    `proven`: what the browser keeps that has shown whose the link is. Raises Conflict (code proof) where it must first.

    The first time the notice's version and the consent are kept before any recording can be made; later the mode
    stays what it is. Raises Invalid: code consent, mode, or notice where another version than today's was shown.
    """
    _hold_opening(session, token)
    invitation = invited(session, token, to_begin=True)
    proofs.must_be_proven(invitation, proven)
    proofs.seen(session, invitation)
    interview = interview_of(session, invitation)
    if interview is None:
        interview = _first_time(session, invitation, choice, language=language)
    cookie = tokens.new_token()
    session.add(
        CandidateSession(
            token_hash=tokens.digest(cookie),
            organisation_id=invitation.organisation_id,
            interview_id=interview.id,
            expires_at=invitation.expires_at + GRACE,
        )
    )
    return cookie


def _hold_opening(session: Session, token: str) -> None:
    """The opening's row before the invitation's, in the order in which a deadline is moved: no two wait in a ring."""
    of_link = select(Invitation.opening_id).where(_behind(token))
    session.execute(select(Opening.id).where(Opening.id.in_(of_link)).with_for_update())


def _chosen(choice: Choice) -> Mode:
    if choice.notice != notice_version():
        raise Invalid(
            "The notice on AI has changed since you opened this page. Please read it again.",
            "페이지를 연 뒤에 AI 사용 안내가 바뀌었어요. 다시 읽어 주세요.",
            code="notice",
        )
    if not choice.agreed:
        raise Invalid(
            "Please tick that you agree to be recorded; without it nothing is recorded.",
            "녹화에 동의한다는 칸을 눌러 주세요. 동의하지 않으면 아무것도 녹화하지 않아요.",
            code="consent",
        )
    if choice.mode == "ai":
        return "ai"
    if choice.mode == "people":
        return "people"
    raise Invalid(
        "Please choose: with AI, or people only. Both count the same.",
        "AI와 함께할지 사람만 볼지 골라 주세요. 어느 쪽이든 똑같이 대해요.",
        code="mode",
    )


def _first_time(session: Session, invitation: Invitation, choice: Choice, *, language: str) -> Interview:
    mode = _chosen(choice)
    candidate = session.get_one(Candidate, invitation.candidate_id)
    candidate.language = language
    interview = Interview(
        organisation_id=invitation.organisation_id,
        opening_id=invitation.opening_id,
        candidate_id=candidate.id,
        invitation_id=invitation.id,
        number=_next_number(session, invitation.opening_id),
        mode=mode,
    )
    session.add(interview)
    session.flush()
    keep_consent(session, interview, mode=mode, language=language)
    actor = audit.Actor("candidate", str(candidate.person), invitation.organisation_id)
    details = {"notice": notice_version(), "mode": mode, "language": language}
    audit.append(session, actor, "notice shown", f"interview:{interview.id}", person=candidate.person, details=details)
    audit.append(session, actor, "consent given", f"interview:{interview.id}", person=candidate.person, details=details)
    webhook_events.interview(session, "begun", interview)
    return interview


def _next_number(session: Session, opening_id: str) -> int:
    """The opening's row is held since the beginning, so that two who begin at once get two numbers."""
    highest = session.scalars(select(func.max(Interview.number)).where(Interview.opening_id == opening_id)).first()
    return (highest or 0) + 1


def keep_consent(session: Session, interview: Interview, *, mode: str, language: str) -> None:
    """What the candidate agreed to, and with which version of the notice."""
    session.add(
        Consent(
            organisation_id=interview.organisation_id,
            interview_id=interview.id,
            notice_version=notice_version(),
            language=language,
            mode=mode,
            given_at=database.now(session),
        )
    )
    session.flush()


def progress(session: Session, applicant: Applicant) -> Progress:
    """Every question with its newest take, and which one comes next."""
    interview = session.get_one(Interview, applicant.interview_id)
    loaded = [selectinload(Opening.questions), selectinload(Opening.organisation), selectinload(Opening.rubric)]
    opening = session.get_one(Opening, interview.opening_id, options=loaded)
    wanted = select(Answer).where(Answer.interview_id == interview.id).order_by(Answer.take)
    answers = session.scalars(wanted.options(selectinload(Answer.segments))).all()
    steps = tuple(
        _step(question, [a for a in answers if a.question_id == question.id]) for question in opening.questions
    )
    waiting = [step.question.position for step in steps if not step.received]
    return Progress(opening, steps, waiting[0] if waiting else None, interview.state == "finished")


def _step(question: Question, takes: list[Answer]) -> Step:
    used = sum(counts_as_take(answer.state) for answer in takes)
    received = [answer for answer in takes if answer.state in RECEIVED]
    plays = [answer for answer in received if answer.state != "unreadable"] or received
    newest = takes[-1] if takes else None
    return Step(question, newest, plays[-1] if plays else None, used, newest.take if newest else 0)


def finish(session: Session, applicant: Applicant) -> None:
    """The candidate says that they are done. Raises Conflict while a question has no answer."""
    interview = session.get_one(Interview, applicant.interview_id, with_for_update=True)
    if interview.state == "finished":
        return
    waiting = progress(session, applicant).next_position
    if waiting is not None:
        raise Conflict(f"Question {waiting} has no answer yet.", f"{waiting}번 질문에 아직 답변이 없어요.")
    _give_up_open_takes(session, interview)
    interview.state = "finished"
    interview.finished_at = database.now(session)
    steps = progress(session, applicant).steps
    held = {step.question.position: step.kept.receipt for step in steps if step.kept and step.kept.receipt}
    candidate = session.get_one(Candidate, applicant.candidate_id)
    receipts.post(session, interview.id, candidate, session.get_one(Opening, interview.opening_id), held=held)
    audit.append(session, applicant.actor, "interview finished", f"interview:{interview.id}", person=applicant.person)
    webhook_events.interview(session, "finished", interview)


def keep_earlier(session: Session, applicant: Applicant, step: Step) -> None:
    """A further take that was begun is given up: the one before it counts. Raises Conflict where there is none."""
    if step.kept is None:
        raise Conflict("There is no earlier take.", "앞의 녹화가 없어요.", code="kept")
    session.get_one(Interview, applicant.interview_id, with_for_update=True)
    if step.current is not None and step.open:
        move(step.current, "abandoned")


def _give_up_open_takes(session: Session, interview: Interview) -> None:
    """A further take that was begun and not finished: the one before it counts."""
    wanted = select(Answer).where(Answer.interview_id == interview.id, Answer.state.in_(OPEN))
    for answer in session.scalars(wanted):
        move(answer, "abandoned")
