"""What an organisation answered to the agencies that asked it to take part."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai.organisations import Member
from interview_ai.partner_requests import Asked
from interview_ai.tables import Organisation, PartnerRequest, Programme


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
