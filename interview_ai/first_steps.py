"""The first steps of a new organisation: a short list for its owners that goes away when all is done or is put away."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from interview_ai import audit, database
from interview_ai.organisations import Member
from interview_ai.tables import Campaign, Invitation, Opening, Organisation, ProgrammePartner, Staff

ADDRESSES = {"face": "/staff/organisation", "colleagues": "/staff/people"}
WORK = {"employer": "/staff/openings/new", "university": "/staff/university", "agency": "/staff/programmes"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name in the catalogue, where it is done, and whether it is."""

    name: str
    address: str
    done: bool


def steps(session: Session, member: Member) -> tuple[Step, ...]:
    """What is still to be done; nothing for whoever is no owner, and once the list was put away or all is done."""
    organisation = session.get_one(Organisation, member.organisation_id)
    if member.role != "owner" or organisation.begun_at is not None:
        return ()
    done = {
        "face": bool(organisation.about_ko or organisation.about_en or organisation.slug),
        "colleagues": _is_there(session, Staff.organisation_id == member.organisation_id, Staff.id != member.id),
        f"work_{member.organisation_kind}": _has_begun_work(session, member),
    }
    places = ADDRESSES | {f"work_{member.organisation_kind}": WORK[member.organisation_kind]}
    return () if all(done.values()) else tuple(Step(name, places[name], done[name]) for name in done)


def _has_begun_work(session: Session, member: Member) -> bool:
    mine = member.organisation_id
    if member.organisation_kind == "employer":
        return _is_there(session, Opening.organisation_id == mine)
    if member.organisation_kind == "agency":
        return _is_there(session, ProgrammePartner.organisation_id == mine)
    invited = _is_there(session, Invitation.inviting_organisation_id == mine)
    return invited or _is_there(session, Campaign.organisation_id == mine)


def _is_there(session: Session, *which: ColumnElement[bool]) -> bool:
    return bool(session.scalars(select(func.count()).where(*which)).one())


def put_away(session: Session, member: Member) -> None:
    """The list is shown no more. Owners only; safe to run twice."""
    member.must_be("owner")
    organisation = session.get_one(Organisation, member.organisation_id)
    if organisation.begun_at is None:
        organisation.begun_at = database.now(session)
        audit.append(session, member.actor, "first steps put away", f"organisation:{organisation.id}")
