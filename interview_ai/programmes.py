"""Programmes: an agency's round, and the employers and universities that take part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, organisations, staff_links
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member, OrganisationKind
from interview_ai.tables import Memorandum, Organisation, Programme, ProgrammePartner, Staff

MOST_PLACES = 100_000


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
    must_run(member)
    name = organisations.needed(name_ko, 80)
    made = Programme(organisation_id=member.organisation_id, name_ko=name, name_en=name_en.strip() or name)
    session.add(made)
    session.flush()
    audit.append(session, member.actor, "programme added", f"programme:{made.id}")
    return made


def add_partner(session: Session, member: Member, programme_id: str, new: NewPartner) -> str:
    """A new organisation joins; returns the address of its owner, to whom alone the link to it is mailed.

    Needs a session for EVERYWHERE: the organisation is another tenant. One that exists already never joins this
    way, since an agency that could add it would read its numbers without asking. A university may invite to all of the
    programme at once; what is agreed otherwise is written in its memoranda.
    """
    programme = own(session, member, programme_id)
    must_be_open(programme)
    kind: OrganisationKind = "university" if new.kind == "university" else "employer"
    partner = organisations.add_organisation(session, kind, new.name_ko, new.name_en)
    owner = organisations.new_staff(
        session, partner.id, email=new.owner_email, name=new.owner_name, role="owner", language=new.language
    )
    session.add(
        ProgrammePartner(organisation_id=programme.organisation_id, programme_id=programme.id, partner_id=partner.id)
    )
    if kind == "university":
        session.add(
            Memorandum(organisation_id=programme.organisation_id, programme_id=programme.id, university_id=partner.id)
        )
    audit.append(session, member.actor, "partner added", f"programme:{programme.id}", details={"partner": partner.id})
    staff_links.send_invitation(session, owner, partner)
    return owner.email


@dataclass(frozen=True, slots=True)
class PartnerState:
    """Whether a partner's people have joined. `owner`: to whom the link went while nobody has."""

    organisation: Organisation
    joined: bool
    owner: Staff | None


def partners(session: Session, programme_id: str) -> list[PartnerState]:
    """The partners of a programme, by kind and name. Needs a session for EVERYWHERE."""
    joined = select(Organisation).join(ProgrammePartner, ProgrammePartner.partner_id == Organisation.id)
    wanted = joined.where(ProgrammePartner.programme_id == programme_id)
    found = session.scalars(wanted.order_by(Organisation.kind.desc(), Organisation.name_ko, Organisation.id)).all()
    return [_state(session, partner) for partner in found]


def _state(session: Session, partner: Organisation) -> PartnerState:
    staff = select(Staff).where(Staff.organisation_id == partner.id).order_by(Staff.created_at, Staff.id)
    people = session.scalars(staff).all()
    joined = any(one.password_hash is not None or one.state != "invited" for one in people)
    return PartnerState(partner, joined, None if joined else next((one for one in people), None))


def invite_owner_again(
    session: Session, member: Member, programme_id: str, partner_id: str, *, name: str, email: str
) -> str:
    """Mails a partner's first owner a fresh link, at another address if it is another; the one before ends.

    Only while nobody of the partner has joined: afterwards its people are its own affair. Needs a session for
    EVERYWHERE. Raises NotFound, Conflict (code joined).
    """
    programme = own(session, member, programme_id)
    which = (ProgrammePartner.programme_id == programme.id, ProgrammePartner.partner_id == partner_id)
    if session.scalars(select(ProgrammePartner.id).where(*which)).first() is None:
        raise NotFound
    state = _state(session, session.get_one(Organisation, partner_id, with_for_update=True))
    if state.owner is None:
        raise Conflict(
            "Somebody of this organisation has joined already, so its staff invite each other.",
            "이미 참여한 기관입니다. 직원은 그 기관에서 직접 초대합니다.",
            code="joined",
        )
    moved = organisations.readdress(session, state.owner, name=name, email=email)
    staff_links.send_invitation(session, state.owner, state.organisation)
    details = {"partner": partner_id, "address_changed": moved}
    audit.append(session, member.actor, "partner invited again", f"programme:{programme.id}", details=details)
    return state.owner.email


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


def own(session: Session, member: Member, programme_id: str) -> Programme:
    """The agency's own programme, for somebody who may change it. Raises Forbidden, NotFound."""
    must_run(member)
    programme = session.get(Programme, programme_id)
    if programme is None or programme.organisation_id != member.organisation_id:
        raise NotFound
    return programme


def must_be_open(programme: Programme) -> None:
    """Raises Conflict (code closed) for a programme that takes nobody in any more."""
    if programme.closed_at is not None:
        raise Conflict(
            "This programme is closed, so nobody more is invited or brought in. Its interviews go on.",
            "마감한 사업이라 더 초대하거나 참여시킬 수 없습니다. 진행 중인 면접은 그대로 이어집니다.",
            code="closed",
        )


def must_take_invitations(session: Session, programme_id: str | None) -> None:
    """Raises Conflict (code closed) where the programme of an opening is closed; without a programme nothing is.

    The row is the agency's: an employer's own session does not see it.
    """
    if programme_id is None:
        return
    if session.info["tenant"] == database.EVERYWHERE:
        must_be_open(session.get_one(Programme, programme_id))
        return
    with database.reading(database.EVERYWHERE) as elsewhere:
        must_be_open(elsewhere.get_one(Programme, programme_id))


def set_aims(
    session: Session, member: Member, programme_id: str, *, places: int | None, deadline: datetime | None
) -> None:
    """How many are to be hired by when; both may be left open. Raises Invalid (code places)."""
    programme = own(session, member, programme_id)
    if places is not None and not 1 <= places <= MOST_PLACES:
        raise Invalid(
            f"Give a number of places from 1 to {MOST_PLACES:,}, or none.",
            f"채용 목표는 1명에서 {MOST_PLACES:,}명까지입니다. 정하지 않았으면 비워 두십시오.",
            code="places",
        )
    programme.places, programme.deadline = places, deadline
    details = {"places": places, "deadline": deadline.isoformat() if deadline else None}
    audit.append(session, member.actor, "programme changed", f"programme:{programme.id}", details=details)


def close(session: Session, member: Member, programme_id: str) -> None:
    """No new partner, memorandum or invitation; interviews go on. Safe to run twice."""
    programme = own(session, member, programme_id)
    if programme.closed_at is None:
        programme.closed_at = database.now(session)
        audit.append(session, member.actor, "programme closed", f"programme:{programme.id}")


def reopen(session: Session, member: Member, programme_id: str) -> None:
    """Takes the end back. Safe to run twice."""
    programme = own(session, member, programme_id)
    if programme.closed_at is not None:
        programme.closed_at = None
        audit.append(session, member.actor, "programme reopened", f"programme:{programme.id}")


def must_run(member: Member) -> None:
    """Raises Forbidden for whoever runs no programmes."""
    if member.organisation_kind != "agency":
        raise Forbidden("Only an agency runs programmes.", "사업은 진흥원만 운영할 수 있습니다.")
    member.must_be("owner", "recruiter")
