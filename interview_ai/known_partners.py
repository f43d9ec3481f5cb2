"""Organisations that an agency knows already: the partners of its programmes, to choose from and not to make twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from interview_ai.errors import Conflict
from interview_ai.organisations import Member
from interview_ai.tables import Organisation, ProgrammePartner, Staff


@dataclass(frozen=True, slots=True)
class Known:
    """A partner of the agency with the owner who answers for it. `programme_ids`: where it takes part now."""

    organisation: Organisation
    owner: Staff
    programme_ids: frozenset[str]


def known(session: Session, member: Member) -> list[Known]:
    """All that take part in a programme of the member's agency, or did, by name. Needs a session for EVERYWHERE.

    Only those with an owner who can answer; of several owners the first.
    """
    where = _where(session, member)
    active = (Staff.role == "owner", Staff.state == "active", Staff.organisation_id.in_(where))
    owners: dict[str, Staff] = {}
    for owner in session.scalars(select(Staff).where(*active).order_by(Staff.created_at, Staff.id)):
        owners.setdefault(owner.organisation_id, owner)
    wanted = select(Organisation).where(Organisation.id.in_(owners))
    by_name = wanted.order_by(Organisation.kind.desc(), Organisation.name_ko, Organisation.id)
    return [Known(one, owners[one.id], frozenset(where[one.id])) for one in session.scalars(by_name)]


def _where(session: Session, member: Member) -> dict[str, set[str]]:
    """By partner the programmes in which it takes part now; nothing where it has left them all."""
    mine = select(ProgrammePartner).where(ProgrammePartner.organisation_id == member.organisation_id)
    found: dict[str, set[str]] = {}
    for row in session.scalars(mine):
        here = found.setdefault(row.partner_id, set())
        here |= {row.programme_id} if row.left_at is None else set()
    return found


def one(session: Session, member: Member, partner_id: str) -> Known | None:
    """That partner of the agency, if it is one."""
    return next((found for found in known(session, member) if found.organisation.id == partner_id), None)


def must_not_be_a_twin(session: Session, member: Member, names: Sequence[str], *, email: str) -> None:
    """Raises Conflict (code known) where a partner of the agency has one of the names and another address.

    It looks among the agency's own partners only, so that nobody learns from it who else is on the service.
    """
    typed = {_plain(name) for name in names}
    theirs = select(ProgrammePartner.partner_id).where(ProgrammePartner.organisation_id == member.organisation_id)
    for organisation in session.scalars(select(Organisation).where(Organisation.id.in_(theirs))):
        same = typed & {_plain(organisation.name_ko), _plain(organisation.name_en)}
        if same and not _is_owner(session, organisation.id, email):
            raise Conflict(
                f"{organisation.name_en} is a partner of yours already. Choose it from the list of partners; if it is "
                "not there, it takes part in this programme. If you mean another organisation of the same name, "
                "confirm that below.",
                f"{organisation.name_ko}: 진흥원 사업에 참여하는 기관과 이름이 같습니다. 같은 기관이면 참여 기관 "
                "목록에서 고르십시오. 목록에 없으면 이미 이 사업에 참여하고 있습니다. 이름만 같은 다른 "
                "기관이면 아래에서 확인해 주십시오.",
                code="known",
            )


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def _is_owner(session: Session, organisation_id: str, email: str) -> bool:
    """Whether it is the address that the agency reads in the list."""
    active: tuple[ColumnElement[bool], ...] = (
        Staff.organisation_id == organisation_id,
        Staff.role == "owner",
        Staff.state == "active",
    )
    first = select(Staff.email).where(*active).order_by(Staff.created_at, Staff.id).limit(1)
    return session.scalars(first).first() == email
