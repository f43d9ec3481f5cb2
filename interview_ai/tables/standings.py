"""What the ranked list reads: one row per interview and its counts, all derived and all rebuilt by `standings.py`."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.rules.standings import By, Standing
from interview_ai.tables.ground import Table, Tenanted, within


class StandingRow(Tenanted, Table):
    """Where one interview stands, as if its opening's scoring was never stopped: a stop is applied by who reads.

    `stage`: the newest decision, or withdrawn, begun (nothing answered yet), answering, working, ready. `points` to
    `given_high` are NULL without points; `reason_code` then says why. `lot` and `shuffle` are drawn once, by chance:
    the order inside a band.
    `doubtful`, `contradicted`: many words that the recogniser doubts, a second opinion that contradicts the rule.
    `resembling`: an answer that is nearly the same as another candidate's.
    """

    __tablename__ = "standings"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("openings", "opening_id"),
        UniqueConstraint("organisation_id", "interview_id"),
        UniqueConstraint("opening_id", "number"),
        Index("ix_standings_band", "opening_id", "high", "lot"),
        Index("ix_standings_lot", "opening_id", "lot", "high"),
        Index("ix_standings_stage", "opening_id", "stage", "number"),
    )
    interview_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opening_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    mode: Mapped[str] = mapped_column(String(8))
    stage: Mapped[str] = mapped_column(String(16))
    answered: Mapped[int]
    scored: Mapped[int]
    quotes: Mapped[int]
    working: Mapped[bool]
    points: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    given_low: Mapped[float | None]
    given_high: Mapped[float | None]
    by: Mapped[str | None] = mapped_column(String(16))
    provisional: Mapped[bool] = mapped_column(default=False)
    reason_code: Mapped[str | None] = mapped_column(String(32))
    raters: Mapped[int]
    decision: Mapped[str | None] = mapped_column(String(16))
    lot: Mapped[int]
    shuffle: Mapped[int] = mapped_column(BigInteger)  # is multiplied where it is read
    doubtful: Mapped[bool] = mapped_column(default=False)
    contradicted: Mapped[bool] = mapped_column(default=False)
    resembling: Mapped[bool] = mapped_column(default=False)

    @property
    def standing(self) -> Standing | None:
        """The points with their range, as a value."""
        if self.points is None or self.low is None or self.high is None:
            return None
        given = None if self.given_low is None or self.given_high is None else (self.given_low, self.given_high)
        return Standing(self.points, self.low, self.high, cast(By, self.by), given)


def _of_standing() -> ForeignKeyConstraint:
    # not of the interview: its row may be locked by who waits for the opening that the writer of this one holds
    return ForeignKeyConstraint(
        ["organisation_id", "interview_id"], ["standings.organisation_id", "standings.interview_id"]
    )


class OwnPoints(Tenanted, Table):
    """The weighted mean of one person's own levels of one interview, once they gave every criterion one."""

    __tablename__ = "own_points"
    __table_args__ = (_of_standing(), Index("ix_own_points_staff", "opening_id", "staff_id", "points"))
    interview_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opening_id: Mapped[str] = mapped_column(String(32))
    points: Mapped[float]


class CriterionPoints(Tenanted, Table):
    """The points of one interview for one criterion, by whoever its standing is by."""

    __tablename__ = "criterion_points"
    __table_args__ = (_of_standing(), Index("ix_criterion_points_points", "opening_id", "criterion", "points"))
    interview_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(64), primary_key=True)
    opening_id: Mapped[str] = mapped_column(String(32))
    points: Mapped[float]


class RankCount(Tenanted, Table):
    """How many interviews of an opening have these points with this upper end: all that bands are worked out from."""

    __tablename__ = "rank_counts"
    __table_args__ = (within("openings", "opening_id"),)
    opening_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    by: Mapped[str] = mapped_column(String(16), primary_key=True)
    points: Mapped[float] = mapped_column(primary_key=True)
    high: Mapped[float] = mapped_column(primary_key=True)
    n: Mapped[int]


class Tally(Tenanted, Table):
    """How many interviews of an opening are in one state: the numbers beside filters."""

    __tablename__ = "tallies"
    __table_args__ = (within("openings", "opening_id"),)
    opening_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(48), primary_key=True)
    n: Mapped[int]


class SearchEntry(Tenanted, Table):
    """The words by which one answer is found, separated by spaces; the databases' own text indexes stand on them.

    `hidden`: the places of words by which nobody is found; working them out at each search cost more than searching.
    """

    __tablename__ = "search_entries"
    __table_args__ = (within("answers", "answer_id"), UniqueConstraint("answer_id"))
    # a number, for SQLite's text index knows rows by theirs; BIGINT is no row id there
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    answer_id: Mapped[str] = mapped_column(String(32))
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    opening_id: Mapped[str] = mapped_column(String(32))
    terms: Mapped[str]
    hidden: Mapped[list[Any]]
