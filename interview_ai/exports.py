"""The list as a table to take away: what it gives this member on the page, row by row, and not more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import audit, listed, queries
from interview_ai.organisations import Member
from interview_ai.queries import EVERYBODY, ListRow
from interview_ai.rules.evidence import Rubric
from interview_ai.sight import Wanted
from interview_ai.tables import Decision, Interview, Opening, Rating

BATCH = 500  # rows whose ratings and moments are read at once


@dataclass(slots=True)
class Beside:
    """What stands beside a row of the list: levels by rater and criterion, and moments."""

    levels: dict[str, dict[str, int]] = field(default_factory=dict)
    finished_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One candidate. `name` is None in a blind opening, whoever had it revealed: a file goes from hand to hand.

    `own` and `mean`: levels by criterion; `mean` is empty until the member may see what colleagues gave (EU-5).
    """

    row: ListRow
    name: str | None
    own: dict[str, int]
    mean: dict[str, float]
    finished_at: datetime | None
    decided_at: datetime | None

    @property
    def provisional(self) -> bool:
        """Whether the points that are shown are a machine's and provisional."""
        return self.row.what.provisional and self.row.standing is not None


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: the opening with its criteria, how many rows follow, and whom filters let through."""

    opening: Opening
    rubric: Rubric
    count: int
    wanted: Wanted


def begin(session: Session, member: Member, opening_id: str, *, form: str, wanted: Wanted = EVERYBODY) -> Export:
    """Puts on the record who takes the list away in which form: of whom its filters let through.

    What was searched for is not kept: it may be somebody's words. Owners and recruiters; raises NotFound.
    """
    member.must_be("owner", "recruiter")
    opening = queries.opening(session, opening_id)
    count = listed.count(session, member, opening_id, wanted)
    narrowed = {"filtered": True} if wanted.narrowed or wanted.show != EVERYBODY.show else {}
    details = {"form": form, "rows": count, **narrowed}
    audit.append(session, member.actor, "list exported", f"opening:{opening_id}", details=details)
    return Export(opening, queries.rubric_of(opening), count, wanted)


def rows(session: Session, member: Member, export: Export) -> Iterator[ExportRow]:
    """The rows in order of arrival, read in batches: memory does not grow with their number."""
    left = iter(listed.rows(session, member, export.opening.id, export.wanted))
    while batch := list(islice(left, BATCH)):
        beside = _beside(session, [row.interview_id for row in batch])
        yield from (_row(member, export, row, beside[row.interview_id]) for row in batch)
        session.expunge_all()


def _row(member: Member, export: Export, row: ListRow, beside: Beside) -> ExportRow:
    may_see = row.rated or export.opening.first_pass_ended_at is not None
    return ExportRow(
        row,
        name=None if export.opening.blind else row.name,
        own=beside.levels.get(member.id, {}),
        mean=_means(beside.levels.values()) if may_see else {},
        finished_at=beside.finished_at,
        decided_at=beside.decided_at,
    )


def _means(levels: Iterable[dict[str, int]]) -> dict[str, float]:
    """The mean level of each criterion over those who gave one."""
    given: dict[str, list[int]] = {}
    for one in levels:
        for criterion, level in one.items():
            given.setdefault(criterion, []).append(level)
    return {criterion: sum(all_given) / len(all_given) for criterion, all_given in given.items()}


def _beside(session: Session, ids: list[str]) -> dict[str, Beside]:
    found = {interview_id: Beside() for interview_id in ids}
    finished = select(Interview.id, Interview.finished_at).where(Interview.id.in_(ids))
    for interview_id, at in session.execute(finished):
        found[interview_id].finished_at = at
    rated = select(Rating.interview_id, Rating.staff_id, Rating.criterion, Rating.level)
    for interview_id, staff, criterion, level in session.execute(rated.where(Rating.interview_id.in_(ids))):
        found[interview_id].levels.setdefault(staff, {})[criterion] = level
    decided = select(Decision.interview_id, func.max(Decision.created_at)).group_by(Decision.interview_id)
    in_force = (Decision.interview_id.in_(ids), Decision.withdrawn_at.is_(None))
    for interview_id, at in session.execute(decided.where(*in_force)):
        found[interview_id].decided_at = at
    return found
