"""Programmes: an agency's round, and the employers and universities that take part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, organisations
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Memorandum, Opening, Organisation, Programme, ProgrammePartner

MOST_PLACES = 100_000


def add_programme(session: Session, member: Member, name_ko: str, name_en: str) -> Programme:
    """A new round. Only an agency's owner or recruiter may begin one."""
    must_run(member)
    name = organisations.needed(name_ko, 80)
    made = Programme(organisation_id=member.organisation_id, name_ko=name, name_en=name_en.strip() or name)
    session.add(made)
    session.flush()
    audit.append(session, member.actor, "programme added", f"programme:{made.id}")
    return made


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation that takes part in a programme, or did until it left."""

    organisation: Organisation
    left_at: datetime | None


def partners(session: Session, programme_id: str) -> list[Partner]:
    """Those of a programme, by kind and name, and then who has left. Needs a session for EVERYWHERE."""
    joined = select(Organisation, ProgrammePartner.left_at).join(
        ProgrammePartner, ProgrammePartner.partner_id == Organisation.id
    )
    wanted = joined.where(ProgrammePartner.programme_id == programme_id)
    by_name = wanted.order_by(Organisation.kind.desc(), Organisation.name_ko, Organisation.id)
    found = [Partner(organisation, left_at) for organisation, left_at in session.execute(by_name)]
    return sorted(found, key=lambda one: one.left_at is not None)


def join(session: Session, programme: Programme, partner: Organisation) -> None:
    """The organisation takes part, also once more. A university may invite to all of the programme at once, unless
    it has a memorandum that says otherwise. Safe to run twice; who may let it in is `partner_requests`' affair.
    """
    there = select(ProgrammePartner).where(*_is(programme.id, partner.id))
    row = session.scalars(there).one_or_none() or ProgrammePartner(
        organisation_id=programme.organisation_id, programme_id=programme.id, partner_id=partner.id
    )
    row.left_at = None
    session.add(row)
    if partner.kind == "university" and not _standing(session, programme.id, partner.id):
        session.add(
            Memorandum(organisation_id=programme.organisation_id, programme_id=programme.id, university_id=partner.id)
        )
    session.flush()


def leave(session: Session, member: Member, programme_id: str) -> None:
    """The member's organisation takes part no more. Owners only; safe to run twice. Raises NotFound.

    Nobody more is invited to its openings in the programme, or by it; interviews go on, and so do the agency's figures
    of whoever was invited until then.
    """
    member.must_be("owner")
    _end(session, member, programme_id, member.organisation_id)


def end_partnership(session: Session, member: Member, programme_id: str, partner_id: str) -> None:
    """The same, said by the agency. Safe to run twice. Raises Forbidden, NotFound."""
    _end(session, member, own(session, member, programme_id).id, partner_id)


def _end(session: Session, member: Member, programme_id: str, partner_id: str) -> None:
    partner = session.scalars(select(ProgrammePartner).where(*_is(programme_id, partner_id))).one_or_none()
    if partner is None:
        raise NotFound
    at = database.now(session)
    here = update(ProgrammePartner).where(ProgrammePartner.id == partner.id, ProgrammePartner.left_at.is_(None))
    if database.changed(session, here.values(left_at=at)):
        for memorandum in _standing(session, programme_id, partner_id):
            memorandum.ended_at = at
        details = {"partner": partner_id}
        audit.append(session, member.actor, "partner left", f"programme:{programme_id}", details=details)


def _is(programme_id: str, partner_id: str) -> tuple[ColumnElement[bool], ...]:
    return ProgrammePartner.programme_id == programme_id, ProgrammePartner.partner_id == partner_id


def _standing(session: Session, programme_id: str, university_id: str) -> Sequence[Memorandum]:
    about = (Memorandum.programme_id == programme_id, Memorandum.university_id == university_id)
    return session.scalars(select(Memorandum).where(*about, Memorandum.ended_at.is_(None))).all()


@dataclass(frozen=True, slots=True)
class TakingPart:
    """A programme in which an organisation takes part, or did until it left."""

    programme: Programme
    agency: Organisation
    left_at: datetime | None


def taking_part(session: Session, member: Member) -> list[TakingPart]:
    """All of the member's organisation, those that it has left last. Needs a session for EVERYWHERE."""
    wanted = (
        select(Programme, Organisation, ProgrammePartner.left_at)
        .join(ProgrammePartner, ProgrammePartner.programme_id == Programme.id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .where(ProgrammePartner.partner_id == member.organisation_id)
        .order_by(Programme.created_at.desc(), Programme.id)
    )
    found = [TakingPart(programme, agency, left_at) for programme, agency, left_at in session.execute(wanted)]
    return sorted(found, key=lambda one: one.left_at is not None)


def open_to(organisation_id: str) -> list[Programme]:
    """The programmes that an organisation takes part in. Opens its own session: the rows are the agencies'."""
    joined = select(Programme).join(ProgrammePartner, ProgrammePartner.programme_id == Programme.id)
    with database.reading(database.EVERYWHERE) as session:
        theirs = (ProgrammePartner.partner_id == organisation_id, ProgrammePartner.left_at.is_(None))
        wanted = joined.where(*theirs).order_by(Programme.created_at.desc())
        found = list(session.scalars(wanted))
        session.expunge_all()
    return found


def takes_part(session: Session, organisation_id: str, programme_id: str | None) -> bool:
    """Whether an organisation is a partner of the programme, as far as this session can see."""
    partner = select(ProgrammePartner.id).where(
        ProgrammePartner.partner_id == organisation_id,
        ProgrammePartner.programme_id == programme_id,
        ProgrammePartner.left_at.is_(None),
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
            "닫은 사업이라 더 초대하거나 참여시킬 수 없습니다. 진행 중인 면접은 그대로 이어집니다.",
            code="closed",
        )


def must_take_invitations(session: Session, opening: Opening) -> None:
    """Raises Conflict where an opening's programme is closed (code closed) or its employer has left it (code left).

    The rows are the agency's: an employer's own session does not see them.
    """
    if opening.programme_id is None:
        return
    if session.info["tenant"] == database.EVERYWHERE:
        _must_go_on(session, opening.programme_id, opening.organisation_id)
        return
    with database.reading(database.EVERYWHERE) as elsewhere:
        _must_go_on(elsewhere, opening.programme_id, opening.organisation_id)


def goes_on() -> ColumnElement[bool]:
    """Of an Opening in a query: whether its programme, if it has one, is open and its employer still takes part."""
    closed = select(Programme.id).where(Programme.id == Opening.programme_id, Programme.closed_at.is_not(None))
    gone = select(ProgrammePartner.id).where(
        ProgrammePartner.programme_id == Opening.programme_id,
        ProgrammePartner.partner_id == Opening.organisation_id,
        ProgrammePartner.left_at.is_not(None),
    )
    return ~closed.exists() & ~gone.exists()


def _must_go_on(session: Session, programme_id: str, employer_id: str) -> None:
    must_be_open(session.get_one(Programme, programme_id))
    gone = select(ProgrammePartner.id).where(*_is(programme_id, employer_id), ProgrammePartner.left_at.is_not(None))
    if session.scalars(gone).first() is not None:
        raise Conflict(
            "The employer takes part in this opening's programme no more, so nobody more is invited to it. Its "
            "interviews go on.",
            "이 채용공고의 사업에 기업이 더 이상 참여하지 않아 새로 초대할 수 없습니다. 진행 중인 면접은 그대로 "
            "이어집니다.",
            code="left",
        )


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
