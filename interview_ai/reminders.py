"""Reminding those who have not finished: at most once a day each, on the record, with a link beside theirs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, deadlines, messages, openings, opt_outs, tokens
from interview_ai.errors import Conflict
from interview_ai.messages import Message
from interview_ai.organisations import Member
from interview_ai.tables import Candidate, FurtherLink, Interview, Invitation, Opening, Organisation

BETWEEN = timedelta(days=1)
A_ROUND = 50  # reminders in one transaction: nobody who records waits longer than these take


def due(session: Session, member: Member, opening_id: str) -> list[str]:
    """The invitations whose people can be reminded now, in rounds of A_ROUND for `remind`.

    Raises Conflict for a closed opening, NotFound for another organisation's.
    """
    opening = _open(session, member, opening_id)
    found = deadlines.still_to_finish(session, opening.id, *_may_be_reminded(session))
    return [invitation.id for invitation, _ in opt_outs.willing(session, opening.organisation_id, found)]


def remind(session: Session, member: Member, opening_id: str, which: Collection[str]) -> int:
    """Mails a reminder to these of the opening's invitations that are still due; returns to how many.

    The link of the invitation goes on working: a reminder that is lost must not lock anybody out.
    """
    opening = _open(session, member, opening_id)
    employer = session.get_one(Organisation, opening.organisation_id)
    limits = (Invitation.id.in_(which), *_may_be_reminded(session))
    reminded = 0
    found = deadlines.still_to_finish(session, opening.id, *limits)
    for invitation, candidate in opt_outs.willing(session, opening.organisation_id, found):
        reminded += _remind(session, member, opening, employer, invitation=invitation, candidate=candidate)
    return reminded


def _open(session: Session, member: Member, opening_id: str) -> Opening:
    member.must_be("owner", "recruiter")
    opening = openings.own(session, opening_id)
    if opening.state != "open":
        raise Conflict("This opening is closed.", "마감된 채용공고입니다.", code="closed")
    return opening


def _may_be_reminded(session: Session) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    at = database.now(session)
    return (
        Invitation.expires_at > at,
        or_(Invitation.reminded_at.is_(None), Invitation.reminded_at <= at - BETWEEN),
    )


def _remind(
    session: Session,
    member: Member,
    opening: Opening,
    employer: Organisation,
    *,
    invitation: Invitation,
    candidate: Candidate,
) -> int:
    """1, or 0 where somebody else reminded them at this very moment."""
    at = database.now(session)
    before = or_(Invitation.reminded_at.is_(None), Invitation.reminded_at <= at - BETWEEN)
    mine = update(Invitation).where(Invitation.id == invitation.id, before)
    if not database.changed(session, mine.values(reminded_at=at)):
        return 0
    token = further_link(session, invitation)
    message = Message(_kind(session, invitation), employer, opening, candidate, invitation, token)
    messages.send(session, message, cause=f"reminder:{tokens.digest(token)}")
    subject = f"invitation:{invitation.id}"
    audit.append(session, member.actor, "candidate reminded", subject, person=candidate.person)
    return 1


def further_link(session: Session, invitation: Invitation) -> str:
    """The token of another link to an invitation, beside those that it has."""
    token = tokens.new_token()
    whose = {"organisation_id": invitation.organisation_id, "invitation_id": invitation.id}
    session.add(FurtherLink(token_hash=tokens.digest(token), **whose))
    return token


def _kind(session: Session, invitation: Invitation) -> str:
    """Which reminder fits how far they are."""
    if session.scalars(select(Interview.id).where(Interview.invitation_id == invitation.id)).first():
        return "not_finished"
    return "not_begun" if invitation.opened_at else "not_opened"


def reminded_lately(session: Session, opening_id: str) -> int:
    """How many were reminded within the last day."""
    since = database.now(session) - BETWEEN
    wanted = select(Invitation.id).where(Invitation.opening_id == opening_id, Invitation.reminded_at > since)
    return len(session.scalars(wanted).all())
