"""What the pictures of one opening are drawn from: the funnel, the bands, the days to a decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import calibrations, listed, queries, ranking
from interview_ai.calibrations import Line
from interview_ai.organisations import Member
from interview_ai.queries import ListRow
from interview_ai.sight import Sight
from interview_ai.tables import Decision, Interview, Invitation, Opening

DAY_S = 24 * 3600
STAGES = ("invited", "begun", "finished", "rated", "decided", "hired")
WITHOUT = ("hidden", "unscored", "people", "working", "waiting", "withdrawn")


@dataclass(frozen=True, slots=True)
class Bands:
    """How many candidates stand in each band, and those who stand in none, by why.

    `hidden`: this reviewer has to rate them first (EU-5); `unscored`: nobody could or may say points; `people`: they
    chose people only; `working`: being read; `waiting`: no answer yet; `withdrawn`: they take no place.
    """

    letters: dict[str, int]
    hidden: int = 0
    unscored: int = 0
    people: int = 0
    working: int = 0
    waiting: int = 0
    withdrawn: int = 0

    @property
    def without(self) -> dict[str, int]:
        """Those in no band, by why."""
        return {why: getattr(self, why) for why in WITHOUT}

    @property
    def most(self) -> int:
        """The longest bar's count."""
        return max([*self.letters.values(), *self.without.values(), 1])


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the end of an interview to its first decision."""

    count: int
    median: float
    shortest: float
    longest: float


@dataclass(frozen=True, slots=True)
class Pictures:
    """All of the page. `funnel`: how many got how far, by stage, in order.

    `undecided`: finished, and nobody has decided; `choices`: what the list's filters count for this reader.
    """

    opening: Opening
    funnel: dict[str, int]
    bands: Bands
    days: Days | None
    undecided: int
    choices: dict[str, int]
    agreement: tuple[Line, ...]


def pictures(session: Session, member: Member, opening_id: str) -> Pictures:
    """The figures of one opening as this reviewer may see them. Raises NotFound."""
    opening = queries.opening(session, opening_id)
    invited = select(func.count()).select_from(Invitation).where(Invitation.opening_id == opening_id)
    counted = Counter({"invited": session.scalars(invited).one()})
    letters: Counter[str] = Counter()
    for row in listed.rows(session, member, opening_id):
        counted.update(_stages(row))
        if row.band:
            letters[row.band] += 1
        else:
            counted[_why_in_none(row)] += 1
    return Pictures(
        opening,
        funnel={stage: counted[stage] for stage in STAGES},
        bands=Bands(dict(sorted(letters.items())), **{why: counted[why] for why in WITHOUT}),
        days=_days(session, opening_id),
        undecided=counted["undecided"],
        choices=ranking.choices(Sight(session, member, opening)),
        agreement=tuple(line for line in calibrations.of_opening(session, opening) if line.newest),
    )


def _stages(row: ListRow) -> list[str]:
    """Under which stages one candidate is counted; somebody can be decided about without a rating."""
    reached = {
        "begun": True,
        "finished": row.state == "finished",
        "rated": row.raters > 0,
        "decided": row.decision is not None,
        "hired": row.decision == "hired",
        "undecided": row.state == "finished" and row.decision is None,
    }
    return [stage for stage, there in reached.items() if there]


def _why_in_none(row: ListRow) -> str:
    if row.state == "withdrawn":
        return "withdrawn"
    if row.hidden:
        return "hidden"
    return {"people_only": "people", "working": "working", "nothing_yet": "waiting"}.get(
        row.what.reason_code or "", "unscored"
    )


def _days(session: Session, opening_id: str) -> Days | None:
    first = select(Interview.finished_at, func.min(Decision.created_at)).join(
        Decision, Decision.interview_id == Interview.id
    )
    here = first.where(
        Interview.opening_id == opening_id, Interview.finished_at.is_not(None), Decision.withdrawn_at.is_(None)
    )
    found = session.execute(here.group_by(Interview.id, Interview.finished_at)).all()
    lasted = [max(0.0, (decided - finished).total_seconds() / DAY_S) for finished, decided in found if finished]
    if not lasted:
        return None
    return Days(len(lasted), median=median(lasted), shortest=min(lasted), longest=max(lasted))
