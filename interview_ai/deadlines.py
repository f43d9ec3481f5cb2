"""Until when candidates may answer: the opening's deadline, more time for one of them, and telling them by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, mail, mail_frames, openings, opt_outs
from interview_ai.drafts import deadline_faults
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.interviews import GRACE
from interview_ai.openings import OVER
from interview_ai.organisations import Member
from interview_ai.tables import Candidate, CandidateSession, Interview, Invitation, Opening, Organisation


def move(session: Session, opening: Opening, deadline: datetime) -> None:
    """Moves the opening's deadline and who stood at the old one; whoever was given more time keeps it."""
    before, opening.deadline = opening.deadline, deadline
    moves = or_(Invitation.expires_at == before, Invitation.expires_at < deadline)
    invitations = update(Invitation).where(Invitation.opening_id == opening.id, Invitation.revoked_at.is_(None), moves)
    session.execute(invitations.values(expires_at=deadline))
    _move_sessions(session, deadline, Invitation.opening_id == opening.id, Invitation.expires_at == deadline)


def _move_sessions(session: Session, until: datetime, *which: ColumnElement[bool]) -> None:
    inside = select(Interview.id).join(Invitation, Invitation.id == Interview.invitation_id).where(*which)
    begun = update(CandidateSession).where(CandidateSession.interview_id.in_(inside))
    session.execute(begun.values(expires_at=until + GRACE).execution_options(synchronize_session=False))


def extend_all(session: Session, member: Member, opening_id: str, until: datetime, *, tell: bool) -> None:
    """A later deadline for the opening and everybody invited. Raises Invalid for one that is not later."""
    openings.must_write_openings(member)
    opening = openings.own(session, opening_id)
    _must_be_open(opening)
    _must_be_later(session, until, opening.deadline)
    move(session, opening, until)
    openings.changed(session, member, opening, "deadline extended")
    if tell:
        tell_everybody(session, opening)


def extend_one(
    session: Session, member: Member, opening_id: str, invitation_id: str, *, until: datetime, tell: bool
) -> None:
    """More time for one person than the others have. Whether they have finished is not told: nothing then changes.

    Raises Invalid for a moment that is not later, NotFound for an invitation that is taken back or another opening's.
    """
    openings.must_write_openings(member)
    opening = openings.own(session, opening_id)
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.opening_id != opening.id or invitation.revoked_at is not None:
        raise NotFound
    _must_be_open(opening)
    _must_be_later(session, until, invitation.expires_at)
    invitation.expires_at = until
    session.flush()
    _move_sessions(session, until, Invitation.id == invitation.id)
    person = session.get_one(Candidate, invitation.candidate_id).person
    audit.append(session, member.actor, "more time given", f"invitation:{invitation.id}", person=person)
    if tell:
        _tell(session, opening, still_to_finish(session, opening.id, Invitation.id == invitation.id))


def _must_be_open(opening: Opening) -> None:
    if opening.state != "open":
        raise Conflict(
            "This opening is closed, so no link opens. Open it again first.",
            "마감한 공고라 링크가 열리지 않습니다. 먼저 공고를 다시 여십시오.",
            code="closed",
        )


def _must_be_later(session: Session, until: datetime, before: datetime) -> None:
    for fault in deadline_faults(until, database.now(session)):
        raise fault
    if until <= before:
        raise Invalid(
            f"Choose a moment after the deadline so far: {mail.moment(before, 'en')}.",
            f"지금 기한({mail.moment(before, 'ko')})보다 뒤를 골라 주십시오.",
            code="until",
        )


def still_to_finish(
    session: Session, opening_id: str, *which: ColumnElement[bool]
) -> Sequence[tuple[Invitation, Candidate]]:
    """Whose link is good and who has not finished, by name."""
    wanted = (
        select(Invitation, Candidate)
        .join(Candidate, Candidate.id == Invitation.candidate_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(Invitation.opening_id == opening_id, Invitation.revoked_at.is_(None))
        .where(or_(Interview.id.is_(None), Interview.state.not_in(OVER)), *which)
        .order_by(Candidate.name, Invitation.id)
    )
    return [(invitation, candidate) for invitation, candidate in session.execute(wanted)]


def tell_everybody(session: Session, opening: Opening) -> None:
    """Mails the new deadline to everybody who has not finished; the same deadline is never told twice."""
    _tell(session, opening, still_to_finish(session, opening.id, Invitation.expires_at == opening.deadline))


def _tell(session: Session, opening: Opening, whom: Sequence[tuple[Invitation, Candidate]]) -> None:
    employer = session.get_one(Organisation, opening.organisation_id)
    for invitation, candidate in opt_outs.willing(session, opening.organisation_id, whom):
        until = invitation.expires_at
        cause = f"deadline:{invitation.id}:{until.isoformat(timespec='minutes')}"
        _queue(session, candidate, employer, cause=cause, letter=_letter_to(candidate, opening, employer, until))


def _letter_to(candidate: Candidate, opening: Opening, employer: Organisation, until: datetime) -> tuple[str, str]:
    """Subject and body in the candidate's language."""
    korean = candidate.language == "ko"
    return mail.compose(
        "candidate_deadline",
        candidate.language,
        organisation=employer.name_ko if korean else employer.name_en,
        title=opening.title_ko if korean else opening.title_en,
        name=candidate.name,
        until=mail.moment(until, candidate.language),
    )


def _queue(
    session: Session, candidate: Candidate, employer: Organisation, *, cause: str, letter: tuple[str, str]
) -> None:
    stop = opt_outs.token(employer.id, candidate.email)
    mail.queue(
        session,
        cause=cause,
        recipient=candidate.email,
        **mail_frames.dressed(employer, candidate.language, letter, stop=opt_outs.address(stop)),
        organisation_id=employer.id,
        unsubscribe=stop,
    )
