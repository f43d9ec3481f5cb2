"""Programmes: an agency's round, and the employers and universities that take part in it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, organisations, staff_links
from interview_ai.errors import Forbidden, NotFound
from interview_ai.organisations import Member, OrganisationKind
from interview_ai.tables import Programme, ProgrammePartner


@dataclass(frozen=True, slots=True)
class NewPartner:
    """An organisation that joins a programme, and who will own its account."""

    kind: OrganisationKind
    name_ko: str
    name_en: str
    owner_name: str
    owner_email: str
    language: str = "ko"


def add_programme(session: Session, member: Member, name_ko: str, name_en: str) -> Programme:
    """A new round. Only an agency's owner or recruiter may begin one."""
    _agency(member)
    name = organisations.needed(name_ko, 80)
    made = Programme(organisation_id=member.organisation_id, name_ko=name, name_en=name_en.strip() or name)
    session.add(made)
    session.flush()
    audit.append(session, member.actor, "programme added", f"programme:{made.id}")
    return made


def add_partner(session: Session, member: Member, programme_id: str, new: NewPartner) -> str:
    """A new organisation joins; returns the address of its owner, to whom alone the link to it is mailed.

    Needs a session for EVERYWHERE: the organisation is another tenant. One that exists already never joins this
    way, since an agency that could add it would read its numbers without asking.
    """
    _agency(member)
    programme = session.get(Programme, programme_id)
    if programme is None or programme.organisation_id != member.organisation_id:
        raise NotFound
    kind: OrganisationKind = "university" if new.kind == "university" else "employer"
    partner = organisations.add_organisation(session, kind, new.name_ko, new.name_en)
    owner = organisations.new_staff(
        session, partner.id, email=new.owner_email, name=new.owner_name, role="owner", language=new.language
    )
    session.add(
        ProgrammePartner(organisation_id=programme.organisation_id, programme_id=programme.id, partner_id=partner.id)
    )
    audit.append(session, member.actor, "partner added", f"programme:{programme.id}", details={"partner": partner.id})
    staff_links.send_invitation(session, owner, partner)
    return owner.email


def open_to(organisation_id: str) -> list[Programme]:
    """The programmes that an organisation takes part in. Opens its own session: the rows are the agencies'."""
    joined = select(Programme).join(ProgrammePartner, ProgrammePartner.programme_id == Programme.id)
    with database.reading(database.EVERYWHERE) as session:
        wanted = joined.where(ProgrammePartner.partner_id == organisation_id).order_by(Programme.created_at.desc())
        found = list(session.scalars(wanted))
        session.expunge_all()
    return found


def takes_part(session: Session, organisation_id: str, programme_id: str | None) -> bool:
    """Whether an organisation is a partner of the programme, as far as this session can see."""
    partner = select(ProgrammePartner.id).where(
        ProgrammePartner.partner_id == organisation_id, ProgrammePartner.programme_id == programme_id
    )
    return session.scalars(partner).first() is not None


def _agency(member: Member) -> None:
    if member.organisation_kind != "agency":
        raise Forbidden("Only an agency runs programmes.", "사업은 진흥원만 운영할 수 있습니다.")
    member.must_be("owner", "recruiter")
