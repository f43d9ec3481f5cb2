"""The mails about taking part in a programme: to whoever an agency asks, by who they are here, and the answer back."""

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
    values = _values(session, request, staff, letter)
    mail.tell(session, staff, letter, values, cause=f"partner-request:{request.id}", reply_to=asker.email)


def answered(session: Session, request: PartnerRequest) -> None:
    """Tells whoever asked what an owner answered, in their language; an owner of the agency where they have left.

    It names nobody but the address that was asked, and the organisation by its own name only once it takes part.
    """
    asker = _asker(session, request)
    if asker is None:
        return
    accepted = request.state == "accepted" and request.partner_id
    declined = "partner_declined_why" if request.reason else "partner_declined"
    named: dict[str, Organisation | PartnerRequest | Programme] = {
        "organisation": session.get_one(Organisation, request.partner_id) if accepted else request,
        "programme": session.get_one(Programme, request.programme_id),
    }
    values = {key: one.name_ko if asker.language == "ko" else one.name_en for key, one in named.items()}
    place = f"{settings().public_url.rstrip('/')}/staff/programmes/{request.programme_id}/memoranda"
    values |= {"name": asker.name, "reason": request.reason or "", "link": place}
    letter = "partner_accepted" if accepted else declined
    mail.tell(session, asker, letter, values, cause=f"partner-answer:{request.id}", reply_to=request.owner_email)


def _asker(session: Session, request: PartnerRequest) -> Staff | None:
    """Who asked, if they still work there; else the first owner who does."""
    here = select(Staff).where(Staff.organisation_id == request.organisation_id, Staff.state == "active")
    asked = session.scalars(here.where(Staff.id == request.asked_by)).one_or_none()
    return asked or session.scalars(here.where(Staff.role == "owner").order_by(Staff.created_at, Staff.id)).first()


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
