"""What an agency sees of its region: how far people are in its programmes, counted by the database, without names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, extract, func, select
from sqlalchemy.orm import Session

from interview_ai.organisations import Member
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import (
    Decision,
    Interview,
    Invitation,
    Opening,
    Organisation,
    Programme,
    ProgrammePartner,
    Staff,
    StandingRow,
)

STAGES = ("invited", "opened", "begun", "finished", "decided", "hired")
DAY_S = 24 * 3600
LEAST_TIMES = 5
"""Fewer times than that say more about single candidates than about an employer."""
SLOWEST = 0.9


@dataclass(frozen=True, slots=True)
class Way:
    """How many people got how far. Who was invited to two openings counts twice."""

    invited: int = 0
    opened: int = 0
    begun: int = 0
    finished: int = 0
    decided: int = 0
    hired: int = 0

    def __add__(self, other: Way) -> Way:
        """Both together."""
        return Way(*(getattr(self, stage) + getattr(other, stage) for stage in STAGES))


@dataclass(frozen=True, slots=True)
class Cell:
    """Whom one organisation invited to one opening."""

    programme_id: str
    opening_id: str
    employer_id: str
    inviter_id: str
    way: Way
    last_at: datetime
    """When the last of them was invited."""


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme with its goal."""

    id: str
    name: Bilingual
    way: Way
    places: int | None
    deadline: datetime | None
    closed_at: datetime | None
    openings: int


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One employer or university with all of its programmes together, and who works there."""

    id: str
    name: Bilingual
    way: Way
    staff: int
    left: bool
    """Whether it takes part in no programme any more."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the end of an interview to its first decision: the median, and what nine of ten take at most."""

    name: Bilingual
    count: int
    median: float | None
    slowest: float | None


@dataclass(frozen=True, slots=True)
class Region:
    """The agency's programmes, employers and universities."""

    programmes: tuple[ProgrammeLine, ...]
    employers: tuple[PartnerLine, ...]
    universities: tuple[PartnerLine, ...]
    total: Way
    by_employers: Way = Way()
    """Whom employers invited themselves: with those of the universities it makes the total."""


def cells(session: Session, member: Member) -> list[Cell]:
    """The smallest counts, of which all others are sums. Needs EVERYWHERE: interviews are the employers'."""
    return [_cell(*row) for row in session.execute(_counted(member))]


def region(session: Session, member: Member, counted: Sequence[Cell]) -> Region:
    """All of it, out of these counts."""
    by_programme = _summed(counted, lambda cell: cell.programme_id)
    own = select(Programme).where(Programme.organisation_id == member.organisation_id)
    openings = {key: n for key, n in session.execute(_openings(member)) if key}
    programmes = tuple(
        ProgrammeLine(
            one.id,
            Bilingual(one.name_ko, one.name_en),
            way=by_programme.get(one.id, Way()),
            places=one.places,
            deadline=one.deadline,
            closed_at=one.closed_at,
            openings=openings.get(one.id, 0),
        )
        for one in session.scalars(own.order_by(Programme.created_at.desc(), Programme.id))
    )
    employers = _partners(session, member, "employer", _summed(counted, lambda cell: cell.employer_id))
    universities = _partners(session, member, "university", _summed(counted, lambda cell: cell.inviter_id))
    themselves = sum((cell.way for cell in counted if cell.inviter_id == cell.employer_id), Way())
    total = sum((cell.way for cell in counted), Way())
    return Region(programmes, employers, universities, total, by_employers=themselves)


def own(member: Member) -> ColumnElement[bool]:
    """The openings of the agency's own programmes."""
    mine = select(Programme.id).where(Programme.organisation_id == member.organisation_id)
    return Opening.programme_id.in_(mine)


def _counted(member: Member) -> Select[Any]:
    begun, decided = Interview.id.is_not(None), StandingRow.decision.is_not(None)
    reached = (
        Invitation.opened_at.is_not(None) | begun,
        begun,
        Interview.state == "finished",
        decided,
        StandingRow.decision == "hired",
    )
    by: tuple[Any, ...] = (
        Opening.programme_id,
        Opening.id,
        Opening.organisation_id,
        Invitation.inviting_organisation_id,
    )
    return (
        select(
            *by,
            func.max(Invitation.created_at),
            func.count(Invitation.id),
            *(func.sum(case((one, 1), else_=0)) for one in reached),
        )
        .select_from(Opening)
        .join(Invitation, Invitation.opening_id == Opening.id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .outerjoin(StandingRow, StandingRow.interview_id == Interview.id)
        .where(own(member))
        .group_by(*by)
    )


def _cell(programme_id: str, opening_id: str, employer_id: str, inviter_id: str, last: datetime, *n: int) -> Cell:
    return Cell(programme_id, opening_id, employer_id, inviter_id, Way(*n), last)


def _summed(counted: Iterable[Cell], of: Callable[[Cell], str]) -> dict[str, Way]:
    found: dict[str, Way] = {}
    for cell in counted:
        found[of(cell)] = found.get(of(cell), Way()) + cell.way
    return found


def _openings(member: Member) -> Select[str | None, int]:
    wanted = select(Opening.programme_id, func.count(Opening.id)).where(own(member))
    return wanted.group_by(Opening.programme_id)


def _partners(session: Session, member: Member, kind: str, ways: dict[str, Way]) -> tuple[PartnerLine, ...]:
    """Who takes part in a programme, with those who had an opening in one."""
    joined = select(ProgrammePartner.partner_id).where(ProgrammePartner.organisation_id == member.organisation_id)
    here = set(session.scalars(joined.where(ProgrammePartner.left_at.is_(None))))
    with_some = Organisation.id.in_(ways)
    active = func.sum(case((Staff.state == "active", 1), else_=0))
    wanted = (
        select(Organisation.id, Organisation.name_ko, Organisation.name_en, func.coalesce(active, 0))
        .outerjoin(Staff, Staff.organisation_id == Organisation.id)
        .where(Organisation.kind == kind, Organisation.id.in_(joined) | with_some)
        .group_by(Organisation.id, Organisation.name_ko, Organisation.name_en)
    )
    found = [
        PartnerLine(key, Bilingual(ko, en), way=ways.get(key, Way()), staff=n, left=key not in here)
        for key, ko, en, n in session.execute(wanted)
    ]
    return tuple(sorted(found, key=lambda line: (-line.way.invited, line.name.ko)))


def days(session: Session, member: Member) -> list[Days]:
    """How long each employer of the region takes to a first decision, the slowest first; nothing said under five."""
    wanted = _ranked(member).subquery()
    middle, late = _at(wanted.c.n, 0.5), _at(wanted.c.n, SLOWEST)
    summed = (
        select(
            Organisation.name_ko,
            Organisation.name_en,
            func.max(wanted.c.n),
            func.max(case((wanted.c.place == middle, wanted.c.seconds))),
            func.max(case((wanted.c.place == late, wanted.c.seconds))),
        )
        .join(Organisation, Organisation.id == wanted.c.employer)
        .group_by(Organisation.id, Organisation.name_ko, Organisation.name_en)
    )
    found = [_days(*row) for row in session.execute(summed)]
    return sorted(found, key=lambda line: (line.median is None, -(line.median or 0), line.name.ko))


def _days(ko: str, en: str, count: int, middle: int, late: int) -> Days:
    enough = count >= LEAST_TIMES
    median, slowest = (float(max(0, seconds)) / DAY_S if enough else None for seconds in (middle, late))
    return Days(Bilingual(ko, en), count, median, slowest)


def _ranked(member: Member) -> Select[Any]:
    """Each decided interview with its seconds and its place among those of its employer."""
    first = (
        select(Decision.interview_id, func.min(Decision.created_at).label("at"))
        .where(Decision.withdrawn_at.is_(None))
        .group_by(Decision.interview_id)
        .subquery()
    )
    seconds = extract("epoch", first.c.at) - extract("epoch", Interview.finished_at)
    by = Opening.organisation_id
    place = func.row_number().over(partition_by=by, order_by=(seconds, Interview.id))
    return (
        select(
            by.label("employer"),
            seconds.label("seconds"),
            place.label("place"),
            func.count().over(partition_by=by).label("n"),
        )
        .select_from(Opening)
        .join(Interview, Interview.opening_id == Opening.id)
        .join(first, first.c.interview_id == Interview.id)
        .where(own(member), Interview.finished_at.is_not(None))
    )


def _at(n: ColumnElement[int], share: float) -> ColumnElement[int]:
    """The place at or below which that share of `n` lies (nearest rank), in whole numbers."""
    return (n * round(share * 100) + 99) // 100
