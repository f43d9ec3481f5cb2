"""What a university is told of outcomes as figures: worked out in the background, kept as shown, summed by pages.

`rules/anonymity.py` says which figures may move. Pages read only what is kept here, never the decisions themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Subquery, case, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from interview_ai import database
from interview_ai.database import EVERYWHERE
from interview_ai.rules.anonymity import REST, Count, Group, release
from interview_ai.tables import (
    CampaignRow,
    Candidate,
    Interview,
    Invitation,
    Organisation,
    PublishedCount,
    StandingRow,
)

Outcome = Literal["decided", "hired"]
OUTCOMES: tuple[Outcome, ...] = ("decided", "hired")
NOT_GIVEN = " "
"""A department or cohort that no roster named; no roster holds a blank, and an empty one means the rest."""
ROSTER = CampaignRow.invitation_id == Invitation.id
"""How an invitation finds the row of the roster that it came from, which became this invitation and no other.

Nothing more: with the organisation beside it SQLite goes through all rows of that organisation for each invitation.
"""


def given(column: InstrumentedAttribute[str | None]) -> ColumnElement[str]:
    """What a roster said, or that it said nothing."""
    return func.coalesce(func.nullif(func.trim(column), ""), NOT_GIVEN)


@dataclass(frozen=True, slots=True)
class Figure:
    """So many students, as of the oldest report in it."""

    n: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is shown of one outcome, by group."""

    shown: Mapping[Group, Figure]

    def of(self, department: str, cohort: str) -> Figure | None:
        """One cohort of a department, if it has a figure of its own."""
        return self.shown.get((department, cohort))

    def of_department(self, department: str) -> Figure | None:
        """All of one department that is shown; None where it is told only together with others."""
        return _together([figure for (name, _), figure in self.shown.items() if name == department])

    def covers(self, department: str, cohort: str) -> bool:
        """Whether this cohort's students are counted in some figure, alone or with others."""
        own = any(name == department for name, _ in self.shown)
        return bool({(department, cohort), (department, REST) if own else (REST, REST)} & self.shown.keys())

    @property
    def rest(self) -> Figure | None:
        """The departments that have no figure of their own, together."""
        return self.shown.get((REST, REST))

    @property
    def total(self) -> Figure | None:
        """All that is shown."""
        return _together(list(self.shown.values()))


def _together(figures: list[Figure]) -> Figure | None:
    if not figures:
        return None
    return Figure(sum(one.n for one in figures), min(one.at for one in figures))


def publish_all() -> int:
    """Brings every university's figures up to date where they may move; returns how many moved. Safe in many copies."""
    with database.reading(EVERYWHERE) as session:
        found = list(session.scalars(select(Organisation.id).where(Organisation.kind == "university")))
    moved = 0
    for university_id in found:
        with database.transaction(EVERYWHERE) as session:
            moved += publish(session, university_id)
    return moved


def publish(session: Session, university_id: str) -> int:
    """One university's figures; returns how many moved. Needs EVERYWHERE: decisions are the employers'."""
    # one writer at a time: two copies would each see the other's figures as not yet there
    session.execute(select(Organisation.id).where(Organisation.id == university_id).with_for_update())
    groups = counted(session, university_id)
    at = database.now(session)
    moved = 0
    for outcome in OUTCOMES:
        there = {(row.department, row.cohort): row for row in _rows(session, university_id, outcome)}
        shown = {group: row.n for group, row in there.items()}
        found = release(groups[outcome], shown, all_may=outcome == "decided")
        for group in found.ended:
            session.execute(delete(PublishedCount).where(PublishedCount.id == there[group].id))
        for group, n in found.moved.items():
            row = there.get(group) or _new(session, university_id, outcome, group)
            row.n, row.published_at = n, at
        moved += len(found.moved)
    return moved


def _new(session: Session, university_id: str, outcome: Outcome, group: Group) -> PublishedCount:
    row = PublishedCount(organisation_id=university_id, department=group[0], cohort=group[1], stage=outcome)
    session.add(row)
    return row


def _rows(session: Session, university_id: str, outcome: Outcome) -> list[PublishedCount]:
    wanted = select(PublishedCount).where(
        PublishedCount.organisation_id == university_id, PublishedCount.stage == outcome
    )
    return list(session.scalars(wanted))


def shown(session: Session, university_id: str, outcome: Outcome) -> Figures:
    """What is shown of one outcome."""
    rows = _rows(session, university_id, outcome)
    return Figures({(row.department, row.cohort): Figure(row.n, row.published_at) for row in rows})


def counted(session: Session, university_id: str) -> dict[Outcome, dict[Group, Count]]:
    """Students, each once, by the department and cohort of the first roster that named them."""
    who = _students(university_id)
    quiet = who.c.shared == 0
    finished, decided, hired = (who.c[name] == 1 for name in ("finished", "decided", "hired"))
    undecided, other = finished & (who.c.decided == 0), decided & (who.c.hired == 0)
    sums = (finished, decided, hired, undecided, other)
    wanted = (
        select(
            who.c.department,
            who.c.cohort,
            *(func.sum(case((one, 1), else_=0)) for one in sums),
            *(func.sum(case((one & quiet, 1), else_=0)) for one in sums),
        )
        .where(finished)
        .group_by(who.c.department, who.c.cohort)
    )
    found: dict[Outcome, dict[Group, Count]] = {"decided": {}, "hired": {}}
    for department, cohort, *n in session.execute(wanted):
        found["decided"][department, cohort] = Count(n[0], n[1], n[3], quiet_yes=n[6], quiet_no=n[8])
        found["hired"][department, cohort] = Count(n[0], n[2], n[4], quiet_yes=n[7], quiet_no=n[9])
    return found


def _students(university_id: str) -> Subquery:
    """One row per address: a university that names a student anew under another department moves nobody's figure."""
    first = func.row_number().over(partition_by=Candidate.email, order_by=(Invitation.created_at, Invitation.id))
    finished = Interview.state == "finished"
    each = (
        select(
            Candidate.email.label("email"),
            given(CampaignRow.department).label("department"),
            given(CampaignRow.cohort).label("cohort"),
            first.label("place"),
            case((finished, 1), else_=0).label("finished"),
            case((finished & StandingRow.decision.is_not(None), 1), else_=0).label("decided"),
            case((finished & (StandingRow.decision == "hired"), 1), else_=0).label("hired"),
            case((Invitation.outcome_shared_at.is_not(None), 1), else_=0).label("shared"),
        )
        .join(Candidate, Candidate.id == Invitation.candidate_id)
        .outerjoin(CampaignRow, ROSTER)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .outerjoin(StandingRow, StandingRow.interview_id == Interview.id)
        .where(Invitation.inviting_organisation_id == university_id)
        .subquery()
    )
    place = each.c.place == 1
    return (
        select(
            func.max(case((place, each.c.department))).label("department"),
            func.max(case((place, each.c.cohort))).label("cohort"),
            *(func.max(each.c[name]).label(name) for name in ("finished", "decided", "hired", "shared")),
        )
        .group_by(each.c.email)
        .subquery()
    )
