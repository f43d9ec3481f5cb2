"""What one reader asks of the ranked list, and what they may see of it (EU-5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from interview_ai import database, tallies
from interview_ai.interviews import GRACE
from interview_ai.organisations import Member
from interview_ai.rules import bands
from interview_ai.tables import Opening, OwnPoints, StandingRow

PAGE = 50  # candidates
FEW = 2000  # rated by one reader; above it a statement would grow long
SHOWN = ("all", "rate", "decide", "unscored", "decided")
SORTS = ("bands", "criterion", "own", "arrival", "newest")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list.

    `by`: the criterion that `sort` criterion means. `least`: of the points for `criterion`. `rater`: whoever has rated
    them. `words`: what was typed.
    """

    show: str = "all"
    sort: str = "bands"
    by: str = ""
    criterion: str = ""
    least: int = 0
    rater: str = ""
    flag: str = ""
    words: str = ""
    page: int = 1
    size: int = PAGE

    @property
    def narrowed(self) -> bool:
        """Whether there are candidates who may not be let through, and nobody counted how many."""
        return bool((self.criterion and self.least) or self.rater or self.flag or self.words or self.sort == "own")


class Sight:
    """What one reader sees of one opening's standings: bands, who has rated, what is hidden from them (EU-5)."""

    def __init__(self, session: Session, member: Member, opening: Opening) -> None:
        self.session, self.member, self.opening = session, member, opening
        self.ended = opening.first_pass_ended_at is not None
        self.stopped = opening.scoring_stopped_at is not None
        self.order = bands.order_of(member.id)

    @cached_property
    def counts(self) -> tallies.Counts:
        """The counts of the opening."""
        return tallies.read(self.session, self.opening.id)

    @cached_property
    def ranks(self) -> list[tuple[float, float, int]]:
        """Points, upper end, how many."""
        return [] if self.stopped else tallies.ranks(self.session, self.opening.id)

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """Where bands begin, over all who have points."""
        return bands.edges((points, high) for points, high, _ in self.ranks)

    @cached_property
    def own_stages(self) -> dict[str, int]:
        """At which stage those are whom the reader has rated."""
        wanted = self.own(select(StandingRow.stage, func.count())).group_by(StandingRow.stage)
        return dict(self.session.execute(wanted).all())

    @cached_property
    def own_ids(self) -> list[str]:
        """The interviews that the reader has rated in full, as far as they are few."""
        return list(self.session.scalars(self.rated.limit(FEW + 1)))

    def own(self, wanted: Any) -> Any:
        """Only whom the reader has rated: named one by one while they are few, so that nothing walks the opening."""
        if len(self.own_ids) <= FEW:
            return wanted.where(StandingRow.interview_id.in_(self.own_ids))
        return wanted.where(StandingRow.opening_id == self.opening.id, StandingRow.interview_id.in_(self.rated))

    @cached_property
    def over(self) -> bool:
        """Whether nobody can go on answering, but who was given more time than the others: what is there is all."""
        opening = self.opening
        return opening.state != "open" or database.now(self.session) > opening.deadline + GRACE

    @property
    def ready(self) -> tuple[str, ...]:
        """The stages of those who wait for a rating."""
        return ("ready", "answering") if self.over else ("ready",)

    @property
    def rated(self) -> Select[Any]:
        """The ids of interviews that the reader has rated in full."""
        return rated_by(self.opening.id, self.member.id)

    @property
    def ranked(self) -> ColumnElement[bool]:
        """Who stands in a band; while scoring is stopped nobody does, whoever gave the points (EU-5)."""
        return false() if self.stopped else StandingRow.high.is_not(None) & (StandingRow.state != "withdrawn")

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whose band this reader sees."""
        return self.ranked if self.ended else self.ranked & StandingRow.interview_id.in_(self.rated)


def rated_by(opening_id: str, staff_id: str) -> Select[Any]:
    """The ids of interviews that somebody has rated in full."""
    return select(OwnPoints.interview_id).where(OwnPoints.opening_id == opening_id, OwnPoints.staff_id == staff_id)
