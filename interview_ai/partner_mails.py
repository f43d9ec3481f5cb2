"""The mail to whoever an agency asks to take part in a programme: what it says depends on who they are here."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import mail, staff_links
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import Organisation, PartnerRequest, Programme, Staff

Letter = Literal["partner_join", "partner_asked", "partner_pass_on", "partner_kind", "partner_left"]


def tell(session: Session, asker: Member, request: PartnerRequest, staff: Staff) -> None:
    """Writes to the address that was asked, in its holder's language; answers to the mail go to who asked."""
    letter = _letter(request, staff)
    subject, body = mail.compose(letter, staff.language, **_values(session, request, staff, letter))
    mail.queue(
        session,
        cause=f"partner-request:{request.id}",
        recipient=staff.email,
        subject=subject,
        body=body,
        organisation_id=staff.organisation_id,
        reply_to=asker.email,
    )


def _letter(request: PartnerRequest, staff: Staff) -> Letter:
    if staff.state == "left":
        return "partner_left"
    if request.partner_id is None:
        return "partner_kind"
    if staff.role != "owner":
        return "partner_pass_on"
    return "partner_join" if staff.state == "invited" else "partner_asked"


def _values(session: Session, request: PartnerRequest, staff: Staff, letter: Letter) -> dict[str, str]:
    named: dict[str, Organisation | Programme] = {
        "agency": session.get_one(Organisation, request.organisation_id),
        "programme": session.get_one(Programme, request.programme_id),
        "organisation": session.get_one(Organisation, staff.organisation_id),
    }
    values = {key: one.name_ko if staff.language == "ko" else one.name_en for key, one in named.items()}
    values |= {"name": staff.name, "link": f"{settings().public_url.rstrip('/')}/staff/partnerships"}
    if letter == "partner_pass_on":
        values["owners"] = _owners(session, staff.organisation_id)
    if letter == "partner_join":
        link = staff_links.new_link(session, staff)
        values |= {"link": link.address, "until": link.until}
    return values


def _owners(session: Session, organisation_id: str) -> str:
    active = (Staff.organisation_id == organisation_id, Staff.role == "owner", Staff.state == "active")
    owners = session.scalars(select(Staff).where(*active).order_by(Staff.name, Staff.id))
    return ", ".join(f"{one.name} ({one.email})" for one in owners)
