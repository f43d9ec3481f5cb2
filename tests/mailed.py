"""Campaigns of tests: a roster that was confirmed, its people invited as dispatching invites them, and time that passes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.openings import Within
from interview_ai.organisations import Member
from interview_ai.tables import (
    Campaign,
    CampaignRow,
    Candidate,
    Invitation,
    Mail,
    Opening,
    Returned,
)


def campaign(
    member: Member, opening_id: str, names: Sequence[str], *, phone: str | None = None, **settings: object
) -> str:
    """A campaign of the member's organisation that is sending at any hour; returns its id."""
    hours = {"quiet_from": 0, "quiet_until": 0, "state": "sending"}
    with transaction(EVERYWHERE) as session:
        made = Campaign(
            organisation_id=member.organisation_id,
            opening_id=opening_id,
            staff_id=member.id,
            name="Spring",
            file_name="roster.csv",
            **{**hours, **settings},
        )
        session.add(made)
        session.flush()
        for row, name in enumerate(names, start=1):
            _invite(session, member, made, row, name, phone)
        return made.id


def _invite(session: Session, member: Member, made: Campaign, row: int, name: str, phone: str | None) -> None:
    """As dispatching does; here somebody may be invited a second time, by a campaign after another."""
    whose = {"organisation_id": made.organisation_id, "campaign_id": made.id}
    person = {"name": name, "email": f"{name.lower()}@example.org"}
    kept = CampaignRow(**whose, row=row, outcome="ready", **person, phone=phone)
    session.add(kept)
    session.flush()
    opening = session.get_one(Opening, made.opening_id)
    openings.invite_to(session, member, opening, **person, language="en", within=Within(made, kept))


def change(campaign_id: str, **values: object) -> None:
    """Another state, rate or other hours of a campaign."""
    with transaction(EVERYWHERE) as session:
        session.execute(update(Campaign).where(Campaign.id == campaign_id).values(**values))


def outbox() -> list[Mail]:
    """All that was ever written into it, by receiver and time."""
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Mail).order_by(Mail.recipient, Mail.created_at)))


def mail_to(name: str) -> Mail:
    """The newest mail to somebody."""
    return [mail for mail in outbox() if mail.recipient == f"{name.lower()}@example.org"][-1]


def due_again() -> None:
    """The waits are over."""
    with transaction(EVERYWHERE) as session:
        waiting = update(Mail).where(Mail.state.in_(("pending", "sending")))
        session.execute(waiting.values(next_at=datetime.now(UTC) - timedelta(seconds=1)))


def left(days_ago: float) -> None:
    """All mails have left, so many days ago, and all reminders were as long ago."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    with transaction(EVERYWHERE) as session:
        session.execute(update(Mail).where(Mail.state == "pending").values(state="sent", sent_at=at, attempts=1))
        session.execute(update(Invitation).where(Invitation.reminded_at.is_not(None)).values(reminded_at=at))


def invitation_of(name: str) -> Invitation:
    """Somebody's invitation."""
    with reading(EVERYWHERE) as session:
        joined = select(Invitation).join(Candidate, Candidate.id == Invitation.candidate_id)
        return session.scalars(joined.where(Candidate.name == name)).one()


def returned() -> list[tuple[str, str, str]]:
    """What came back: receiver, kind and code."""
    with reading(EVERYWHERE) as session:
        rows = session.execute(select(Mail.recipient, Returned.kind, Returned.code).join(Mail)).all()
        return sorted((recipient, kind, code) for recipient, kind, code in rows)
