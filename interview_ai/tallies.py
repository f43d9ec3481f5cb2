"""The counts of an opening: what stands beside filters and what bands are worked out from, never counted anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from interview_ai import flags
from interview_ai.tables import RankCount, StandingRow, Tally

CHANGES = "changes"  # how often anything of the opening changed: what a page that waits for news compares
UNTRIED = ("people_only", "nothing_yet", "working")  # of whom nobody has tried and failed to say points
Rank = tuple[str, float, float]
"""By whom, points, upper end."""
Counts = Counter[str]
"""All counts of one opening by what they count."""


def of_row(row: StandingRow) -> tuple[str, ...]:
    """Under which counts one interview falls."""
    found = ["all", f"state:{row.state}", f"stage:{row.stage}"]
    found += ["working"] if row.working else []
    found += ["decided"] if row.decision else []
    found += [f"flag:{name}" for name in flags.NAMES if getattr(row, name)]
    return (*found, f"by:{row.by}" if row.by else f"reason:{row.reason_code or 'unknown'}")


def rank_of(row: StandingRow) -> Rank | None:
    """What its band follows from; None without points, and a withdrawn interview takes no place."""
    if row.points is None or row.high is None or row.by is None or row.state == "withdrawn":
        return None
    return row.by, row.points, row.high


@dataclass(slots=True)
class Change:
    """What one transaction changes in the counts of one opening. `moved`: whether anything differs at all."""

    opening_id: str
    owner: str
    moved: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    ranks: Counter[Rank] = field(default_factory=Counter)

    def less(self, row: StandingRow) -> None:
        """A row as it was."""
        self._add(row, -1)

    def more(self, row: StandingRow) -> None:
        """A row as it is now."""
        self._add(row, 1)

    def _add(self, row: StandingRow, step: int) -> None:
        for what in of_row(row):
            self.counts[what] += step
        rank = rank_of(row)
        if rank:
            self.ranks[rank] += step

    def write(self, session: Session) -> None:
        """Keeps the new counts, if anything moved."""
        if not self.moved:
            return
        self.counts[CHANGES] += 1
        for what, step in self.counts.items():
            if step and not self._stepped(session, Tally, step, what=what):
                session.execute(insert(Tally).values(**self._whose, what=what, n=step))
        for (by, points, high), step in self.ranks.items():
            key = {"by": by, "points": points, "high": high}
            if step and not self._stepped(session, RankCount, step, **key):
                session.execute(insert(RankCount).values(**self._whose, **key, n=step))
        if any(step < 0 for step in self.ranks.values()):
            session.execute(delete(RankCount).where(RankCount.opening_id == self.opening_id, RankCount.n <= 0))

    def _stepped(self, session: Session, table: type[Tally | RankCount], step: int, **key: object) -> bool:
        """Whether there was such a count to be changed."""
        here = [table.opening_id == self.opening_id, *(getattr(table, name) == value for name, value in key.items())]
        untold = {"synchronize_session": False}
        done = session.execute(update(table).where(*here).values(n=table.n + step), execution_options=untold)
        return done.rowcount > 0  # type: ignore[attr-defined,no-any-return]

    @property
    def _whose(self) -> dict[str, str]:
        return {"opening_id": self.opening_id, "organisation_id": self.owner}


def recount(session: Session, opening_id: str) -> None:
    """Counts everything of an opening anew."""
    changes = read(session, opening_id)[CHANGES]
    session.execute(delete(Tally).where(Tally.opening_id == opening_id))
    session.execute(delete(RankCount).where(RankCount.opening_id == opening_id))
    rows = session.scalars(
        select(StandingRow).where(StandingRow.opening_id == opening_id).execution_options(yield_per=1000)
    )
    change: Change | None = None
    for row in rows:
        change = change or Change(opening_id, row.organisation_id, moved=True, counts=Counter({CHANGES: changes}))
        change.more(row)
    if change:
        change.write(session)


def read(session: Session, opening_id: str) -> Counts:
    """All counts of an opening; 0 for what nobody is."""
    wanted = select(Tally.what, Tally.n).where(Tally.opening_id == opening_id)
    return Counter(dict(session.execute(wanted).all()))


def changes(session: Session, opening_id: str) -> int:
    """How often anything of the opening changed."""
    return session.scalars(select(Tally.n).where(Tally.opening_id == opening_id, Tally.what == CHANGES)).first() or 0


def ranks(session: Session, opening_id: str) -> list[tuple[float, float, int]]:
    """Points, upper end, how many."""
    wanted = select(RankCount.points, RankCount.high, RankCount.n).where(RankCount.opening_id == opening_id)
    return list(session.execute(wanted).all())


def unscored(counts: Counts, *, stopped: bool) -> int:
    """How many have no points though somebody tried; while scoring is stopped, all who answered (EU-5)."""
    if stopped:
        return counts["all"] - counts["reason:nothing_yet"]
    return sum(n for what, n in counts.items() if what.startswith("reason:") and what[7:] not in UNTRIED)
