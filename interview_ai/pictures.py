"""What the pictures of one opening are drawn from: the funnel, the bands, the days to a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import calibrations, listed, queries
from interview_ai.calibrations import Line
from interview_ai.organisations import Member
from interview_ai.queries import ListRow
from interview_ai.tables import Decision, Interview, Invitation, Opening

DAY_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Bands:
    """How many candidates stand in each band, and those who stand in none, by why.

    `hidden`: this reviewer has to rate them first (EU-5); `unscored`: nobody could or may say points; `waiting`: no
    answer yet, or one that is being read; `withdrawn`: they take no place.
    """

    letters: dict[str, int]
    unscored: int
    hidden: int
    waiting: int
    withdrawn: int

    @property
    def most(self) -> int:
        """The longest bar's count."""
        return max([*self.letters.values(), self.unscored, self.hidden, self.waiting, self.withdrawn, 1])


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the end of an interview to its first decision."""

    count: int
    median: float
    shortest: float
    longest: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """All of the page. `funnel`: how many got how far, by stage, in order."""

    opening: Opening
    funnel: dict[str, int]
    bands: Bands
    days: Days | None
    undecided: int
    agreement: tuple[Line, ...]


def pictures(session: Session, member: Member, opening_id: str) -> Pictures:
    """The figures of one opening as this reviewer may see them. Raises NotFound."""
    opening = queries.opening(session, opening_id)
    rows = list(listed.rows(session, member, opening_id))
    agreement = tuple(line for line in calibrations.of_opening(session, opening) if line.newest)
    finished = [row for row in rows if row.state == "finished"]
    return Pictures(
        opening,
        funnel=_funnel(session, opening_id, rows),
        bands=bands_of(rows),
        days=_days(session, opening_id),
        undecided=sum(row.decision is None for row in finished),
        agreement=agreement,
    )


def _funnel(session: Session, opening_id: str, rows: list[ListRow]) -> dict[str, int]:
    """Each stage holds who came at least so far; somebody can be decided about without a rating."""
    invited = select(func.count()).select_from(Invitation).where(Invitation.opening_id == opening_id)
    return {
        "invited": session.scalars(invited).one(),
        "begun": len(rows),
        "finished": sum(row.state == "finished" for row in rows),
        "rated": sum(row.raters > 0 for row in rows),
        "decided": sum(row.decision is not None for row in rows),
        "hired": sum(row.decision == "hired" for row in rows),
    }


def bands_of(rows: Iterable[ListRow]) -> Bands:
    """Counts by band; every row is counted once."""
    letters: dict[str, int] = {}
    left = dict.fromkeys(("unscored", "hidden", "waiting", "withdrawn"), 0)
    for row in rows:
        if row.band:
            letters[row.band] = letters.get(row.band, 0) + 1
        else:
            left[_why_in_none(row)] += 1
    return Bands(dict(sorted(letters.items())), **left)


def _why_in_none(row: ListRow) -> str:
    if row.state == "withdrawn":
        return "withdrawn"
    if row.hidden:
        return "hidden"
    return "waiting" if row.what.reason_code in ("nothing_yet", "working") else "unscored"


def _days(session: Session, opening_id: str) -> Days | None:
    first = select(Interview.finished_at, func.min(Decision.created_at)).join(
        Decision, Decision.interview_id == Interview.id
    )
    here = first.where(Interview.opening_id == opening_id, Interview.finished_at.is_not(None))
    found = session.execute(here.group_by(Interview.id, Interview.finished_at)).all()
    lasted = [max(0.0, (decided - finished).total_seconds() / DAY_S) for finished, decided in found if finished]
    if not lasted:
        return None
    return Days(len(lasted), median=median(lasted), shortest=min(lasted), longest=max(lasted))
