"""Somebody of the staff who acts without a browser: by a campaign that they confirmed, by the command line."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database, organisations
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Organisation, Staff


def as_member(session: Session, staff: Staff) -> Member:
    """The member that a staff row is. Needs a session for EVERYWHERE."""
    organisation = session.get_one(Organisation, staff.organisation_id)
    return organisations.member(staff, organisation, seen_at=database.now(session))


def by_address(session: Session, email: str) -> Member:
    """The active member with this mail address. Raises NotFound."""
    wanted = select(Staff).where(Staff.email == email.strip().lower(), Staff.state == "active")
    staff = session.scalars(wanted).one_or_none()
    if staff is None:
        raise NotFound(f"Nobody signs in as {email} here.", f"{email} 계정이 없습니다.")
    return as_member(session, staff)
