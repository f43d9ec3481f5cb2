"""What agencies ask an organisation to take part in, as its own people see it, and what they answered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import database, programmes
from interview_ai.organisations import Member
from interview_ai.tables import Organisation, PartnerRequest, Programme, Staff


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the organisation sees it that is asked. `by`: who of the agency asked."""

    request: PartnerRequest
    programme: Programme
    agency: Organisation
    by: Staff | None
    takes_part: bool


def asked_of(session: Session, member: Member) -> list[Asked]:
    """What the member's organisation is asked and has not answered, one for each programme, the oldest first."""
    wanted = (
        select(PartnerRequest, Programme, Organisation, Staff)
        .join(Programme, Programme.id == PartnerRequest.programme_id)
        .join(Organisation, Organisation.id == PartnerRequest.organisation_id)
        .outerjoin(Staff, Staff.id == PartnerRequest.asked_by)
        .where(PartnerRequest.partner_id == member.organisation_id, PartnerRequest.state == "waiting")
        .order_by(PartnerRequest.created_at.desc())
    )
    found: dict[str, Asked] = {}
    for request, programme, agency, by in session.execute(wanted):
        joined = programmes.takes_part(session, member.organisation_id, programme.id)
        found[programme.id] = Asked(request, programme, agency, by, joined)
    return list(reversed(found.values()))


def how_many_ask(member: Member) -> int:
    """How many requests wait for this owner's answer. Opens its own session: the rows are the agencies'."""
    if member.role != "owner":
        return 0
    asking = (PartnerRequest.partner_id == member.organisation_id, PartnerRequest.state == "waiting")
    counted = select(func.count(func.distinct(PartnerRequest.programme_id))).where(*asking)
    with database.reading(database.EVERYWHERE) as session:
        return session.scalars(counted).one()


def answered_by(session: Session, member: Member) -> list[Asked]:
    """What the member's organisation accepted or declined, the newest of each programme, the latest first."""
    wanted = (
        select(PartnerRequest, Programme, Organisation)
        .join(Programme, Programme.id == PartnerRequest.programme_id)
        .join(Organisation, Organisation.id == PartnerRequest.organisation_id)
        .where(PartnerRequest.partner_id == member.organisation_id, PartnerRequest.state.in_(("accepted", "declined")))
        .order_by(PartnerRequest.answered_at.desc(), PartnerRequest.id)
    )
    found: dict[str, Asked] = {}
    for request, programme, agency in session.execute(wanted):
        found.setdefault(programme.id, Asked(request, programme, agency, by=None, takes_part=False))
    return list(found.values())
