"""What an agency and a university see across organisations: counts along the way, never a person, never a score.

Only these functions read for EVERYWHERE on behalf of somebody signed in; each names whose numbers it may count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, case, distinct, func, select
from sqlalchemy.orm import Session, aliased

from interview_ai import database, programmes
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Decision, Interview, Invitation, Opening, Organisation, Programme, ProgrammePartner

Found = Row[Opening, Organisation]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people got how far."""

    invited: int = 0
    begun: int = 0
    finished: int = 0
    decided: int = 0
    hired: int = 0

    def __add__(self, other: Funnel) -> Funnel:
        """Both together."""
        return Funnel(
            self.invited + other.invited,
            self.begun + other.begun,
            self.finished + other.finished,
            self.decided + other.decided,
            self.hired + other.hired,
        )


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening in an overview."""

    opening_id: str
    title: Bilingual
    employer: Bilingual
    deadline: datetime
    funnel: Funnel
    takes_invitations: bool = False
    public: bool = False
    """Whether everybody may read it at its own address."""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner of a programme: an employer with its openings, a university with those to which it invited."""

    name: Bilingual
    kind: str
    openings: tuple[OpeningLine, ...]
    funnel: Funnel
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme as its agency sees it."""

    programme: Programme
    partners: tuple[PartnerLine, ...]
    openings: tuple[OpeningLine, ...]

    @property
    def total(self) -> Funnel:
        """The programme's funnel."""
        return sum((line.funnel for line in self.openings), Funnel())


def university(session: Session, member: Member) -> list[OpeningLine]:
    """The openings of the university's programmes and those to which it invited, with the numbers of whom it invited.

    None of what came of it: `outcome_figures.py` alone may tell that.
    """
    mine = Invitation.inviting_organisation_id == member.organisation_id
    whose = (ProgrammePartner.partner_id == member.organisation_id, ProgrammePartner.left_at.is_(None))
    joined = select(ProgrammePartner.programme_id).where(*whose)
    invited_to = select(Invitation.opening_id).where(mine)  # also in programmes that the university has left
    openings = _openings(session, Opening.programme_id.in_(joined) | Opening.id.in_(invited_to))
    counted = {key: replace(funnel, decided=0, hired=0) for key, funnel in _funnels(session, mine).items()}
    at = database.now(session)
    return [_line(opening, counted, at) for opening in openings]


def agency(session: Session, member: Member) -> list[ProgrammeView]:
    """The agency's own programmes, newest first."""
    own = select(Programme).where(Programme.organisation_id == member.organisation_id)
    return [_programme(session, found) for found in session.scalars(own.order_by(Programme.created_at.desc()))]


def _programme(session: Session, programme: Programme) -> ProgrammeView:
    inside = Opening.programme_id == programme.id
    openings = _openings(session, inside)
    counted = _funnels(session, inside)
    at = database.now(session)
    lines = tuple(_line(opening, counted, at) for opening in openings)
    partners = tuple(_partner(session, one, openings, inside) for one in programmes.partners(session, programme.id))
    return ProgrammeView(programme, partners, lines)


def _partner(
    session: Session, joined: programmes.Partner, openings: Sequence[Found], inside: ColumnElement[bool]
) -> PartnerLine:
    """An employer's people are those of its openings; a university's are those whom it invited."""
    partner = joined.organisation
    employer = partner.kind == "employer"
    whose = Opening.organisation_id == partner.id if employer else Invitation.inviting_organisation_id == partner.id
    counted = _funnels(session, inside, whose)
    at = database.now(session)
    lines = tuple(
        _line(found, counted, at)
        for found in openings
        if (found[0].organisation_id == partner.id if employer else found[0].id in counted)
    )
    total = sum(counted.values(), Funnel())
    return PartnerLine(
        Bilingual(partner.name_ko, partner.name_en), partner.kind, lines, funnel=total, left_at=joined.left_at
    )


def _openings(session: Session, which: ColumnElement[bool]) -> list[Found]:
    wanted = select(Opening, Organisation).join(Organisation, Organisation.id == Opening.organisation_id)
    return list(session.execute(wanted.where(which).order_by(Opening.created_at.desc())))


def _line(found: Found, counted: dict[str, Funnel], at: datetime) -> OpeningLine:
    opening, employer = found
    takes_invitations = opening.state == "open" and opening.deadline > at
    return OpeningLine(
        opening.id,
        title=Bilingual(opening.title_ko, opening.title_en),
        employer=Bilingual(employer.name_ko, employer.name_en),
        deadline=opening.deadline,
        funnel=counted.get(opening.id, Funnel()),
        takes_invitations=takes_invitations,
        public=takes_invitations and opening.published_at is not None and not opening.demonstration,
    )


def _funnels(session: Session, *which: ColumnElement[bool]) -> dict[str, Funnel]:
    """The funnel of every opening with an invitation among `which`; an invitation counts once at each stage."""
    finished = case((Interview.state == "finished", Interview.id))
    hired = case((Decision.kind == "hired", Interview.id))
    decided = case((Decision.id.is_not(None), Interview.id))
    other = aliased(Decision)
    holds = (other.interview_id == Interview.id, other.withdrawn_at.is_(None))
    newest = select(func.max(other.created_at)).where(*holds).scalar_subquery()
    stages = (Invitation.id, Interview.id, finished, decided, hired)
    wanted = (
        select(Invitation.opening_id, *(func.count(distinct(stage)) for stage in stages))
        .join(Opening, Opening.id == Invitation.opening_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .outerjoin(Decision, (Decision.interview_id == Interview.id) & (Decision.created_at == newest))
        .where(*which)
        .group_by(Invitation.opening_id)
    )
    return {opening_id: Funnel(*counts) for opening_id, *counts in session.execute(wanted)}
