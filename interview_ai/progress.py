"""How far a university's students are: live counts along the way, and names only up to "finished".

What came of it is told as published figures (`outcome_figures.py`), and by name only where the student shares it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, select, true
from sqlalchemy.orm import Session

from interview_ai import database, outcome_figures
from interview_ai.organisations import Member
from interview_ai.outcome_figures import NOT_GIVEN, ROSTER, Figures, Outcome, given
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import (
    Campaign,
    CampaignRow,
    Interview,
    Invitation,
    Mail,
    Opening,
    Organisation,
    Programme,
)

STAGES = ("invited", "sent", "delivered", "opened", "begun", "finished")
WAYS = ("mailed", "handed", "unhanded")


@dataclass(frozen=True, slots=True)
class Stages:
    """How many invitations got how far. Each stage holds all that got further, too.

    A link that was in a file which somebody took counts as sent and delivered. `mailed`: how many messages left;
    `handed`: how many such links there are beside messages that arrived; `unhanded`: of which nobody took the file.
    """

    invited: int = 0
    sent: int = 0
    delivered: int = 0
    opened: int = 0
    begun: int = 0
    finished: int = 0
    mailed: int = 0
    handed: int = 0
    unhanded: int = 0

    @property
    def missing(self) -> tuple[tuple[str, int], ...]:
        """What lies between invited and delivered: why, and how many; together they make the difference."""
        waits = self.invited - self.sent - self.unhanded
        found = (("unsent", waits), ("unhanded", self.unhanded), ("returned", self.sent - self.delivered))
        return tuple((why, n) for why, n in found if n > 0)

    @property
    def given(self) -> int:
        """What was sent where some of it was handed over."""
        return self.sent

    @property
    def handed_over(self) -> int:
        """The same where all of it was."""
        return self.sent

    @property
    def steps(self) -> tuple[str, ...]:
        """The stages as they are called where links were handed over; with no mail at all none is delivered."""
        first, *_, opened, begun, finished = STAGES
        if not self.handed:
            return STAGES
        between = ("given", "delivered") if self.mailed else ("handed_over",)
        return (first, *between, opened, begun, finished)

    def __add__(self, other: Stages) -> Stages:
        """Both together."""
        return Stages(*(getattr(self, name) + getattr(other, name) for name in (*STAGES, *WAYS)))


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort of a department; `cohort` is NOT_GIVEN where no roster named one."""

    cohort: str
    stages: Stages


@dataclass(frozen=True, slots=True)
class DepartmentLine:
    """One department with its cohorts."""

    department: str
    cohorts: tuple[CohortLine, ...]

    @property
    def divided(self) -> bool:
        """Whether its cohorts say more than it does."""
        return len(self.cohorts) > 1

    @property
    def stages(self) -> Stages:
        """All of its cohorts."""
        return sum((line.stages for line in self.cohorts), Stages())


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """One campaign and how far its people are."""

    id: str
    name: str
    state: str
    opening: Bilingual
    created_at: datetime
    stages: Stages


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks to see. Empty fields ask for all; `words` are part of a name or an address."""

    opening_id: str = ""
    department: str = ""
    cohort: str = ""
    at: str = ""
    words: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everybody."""
        return bool(self.opening_id or self.department or self.cohort or self.at or self.words)


@dataclass(frozen=True, slots=True)
class Overview:
    """The counts of the page, the figures of outcomes, and what its filters offer.

    `decided` and `hired` are None where a filter is set: figures exist for fixed groups only.
    """

    departments: tuple[DepartmentLine, ...]
    decided: Figures | None
    hired: Figures | None

    @property
    def total(self) -> Stages:
        """All departments."""
        return sum((line.stages for line in self.departments), Stages())

    @property
    def cohorts(self) -> tuple[CohortLine, ...]:
        """The cohorts across departments."""
        found: dict[str, Stages] = {}
        for line in self.departments:
            for cohort in line.cohorts:
                found[cohort.cohort] = found.get(cohort.cohort, Stages()) + cohort.stages
        return tuple(CohortLine(name, found[name]) for name in sorted(found))

    def whole(self, outcome: Outcome, department: DepartmentLine | None = None) -> bool:
        """Whether everybody who finished is counted in what is shown, of a department or of all."""
        figures = self.decided if outcome == "decided" else self.hired
        lines = self.departments if department is None else (department,)
        with_finished = [(line.department, one.cohort) for line in lines for one in line.cohorts if one.stages.finished]
        return figures is not None and all(figures.covers(*group) for group in with_finished)


def overview(session: Session, member: Member, wanted: Wanted) -> Overview:
    """The university's own invitations by department and cohort. Needs a session for EVERYWHERE, like all here."""
    department, cohort = given(CampaignRow.department), given(CampaignRow.cohort)
    counted = joined(department, cohort, *_counts())
    counted = counted.where(whose(member), of_opening(wanted)).group_by(department, cohort)
    by_department: dict[str, list[CohortLine]] = {}
    for name, of, *counts in session.execute(counted.order_by(department, cohort)):
        by_department.setdefault(name, []).append(CohortLine(of, Stages(*counts)))
    lines = [DepartmentLine(name, tuple(cohorts)) for name, cohorts in by_department.items()]
    lines.sort(key=lambda line: (line.department == NOT_GIVEN, -line.stages.invited, line.department))
    if wanted.opening_id:
        return Overview(tuple(lines), None, None)
    decided, hired = (
        outcome_figures.shown(session, member.organisation_id, outcome) for outcome in outcome_figures.OUTCOMES
    )
    return Overview(tuple(lines), decided, hired)


@dataclass(frozen=True, slots=True)
class OpeningChoice:
    """An opening to choose; its deadline and its programme tell it from another of the same title."""

    id: str
    name: Bilingual
    deadline: datetime
    over: bool


def openings(session: Session, member: Member) -> list[OpeningChoice]:
    """The openings to which the university invited somebody."""
    invited = select(Invitation.opening_id).where(whose(member)).distinct()
    wanted = (
        select(Opening, Organisation, Programme)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .outerjoin(Programme, Programme.id == Opening.programme_id)
        .where(Opening.id.in_(invited))
        .order_by(Opening.deadline.desc(), Opening.id)
    )
    at = database.now(session)
    return [
        OpeningChoice(opening.id, _named(opening, employer, programme), opening.deadline, over=opening.deadline <= at)
        for opening, employer, programme in session.execute(wanted)
    ]


def _named(opening: Opening, employer: Organisation, programme: Programme | None) -> Bilingual:
    ko, en = [opening.title_ko, employer.name_ko], [opening.title_en, employer.name_en]
    if programme is not None:
        ko.append(programme.name_ko)
        en.append(programme.name_en)
    return Bilingual(" · ".join(ko), " · ".join(en))


def campaigns(session: Session, member: Member, most: int | None = None) -> list[CampaignLine]:
    """The university's campaigns, newest first; at most so many."""
    wanted = (
        select(Campaign, Opening.title_ko, Opening.title_en)
        .join(Opening, Opening.id == Campaign.opening_id)
        .where(Campaign.organisation_id == member.organisation_id)
        .order_by(Campaign.created_at.desc(), Campaign.id)
        .limit(most)
    )
    found = session.execute(wanted).all()
    counted = joined(Invitation.campaign_id, *_counts()).group_by(Invitation.campaign_id)
    counted = counted.where(whose(member), Invitation.campaign_id.in_([one.id for one, *_ in found]))
    stages = {key: Stages(*counts) for key, *counts in session.execute(counted)}
    return [
        CampaignLine(one.id, one.name, _state(one), Bilingual(ko, en), one.created_at, stages.get(one.id, Stages()))
        for one, ko, en in found
    ]


def _state(found: Campaign) -> str:
    """Its state, as it is called where nothing is sent and links are handed over."""
    by_hand = {"sending": "linking", "sent": "linked"} if found.channel == "file" else {}
    return by_hand.get(found.state, found.state)


def count_of_campaigns(session: Session, member: Member) -> int:
    """How many campaigns the university has."""
    wanted = select(func.count(Campaign.id)).where(Campaign.organisation_id == member.organisation_id)
    return session.scalars(wanted).one()


def joined(*columns: Any) -> Select[Any]:
    """The invitations with what is known of each; its row of a roster, the interview and the mail may be missing."""
    mailed = literal("invitation:") + Invitation.token_hash
    return (
        select(*columns)
        .select_from(Invitation)
        .outerjoin(CampaignRow, ROSTER)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .outerjoin(Mail, Mail.cause == mailed)
    )


def whose(member: Member) -> ColumnElement[bool]:
    """Those whom the member's university invited."""
    return Invitation.inviting_organisation_id == member.organisation_id


def of_opening(wanted: Wanted) -> ColumnElement[bool]:
    """Those of the opening that is asked for."""
    return Invitation.opening_id == wanted.opening_id if wanted.opening_id else true()


def reached() -> dict[str, ColumnElement[bool]]:
    """Which invitations got to each stage after the first; who began has opened the link, noted or not."""
    left = Mail.state == "sent"
    begun = Interview.id.is_not(None)
    opened = Invitation.opened_at.is_not(None) | begun
    by_hand = Invitation.handed_over_at.is_not(None) | opened
    return {
        "sent": left | by_hand,
        "delivered": (left & Mail.returned_at.is_(None)) | by_hand,
        "opened": opened,
        "begun": begun,
        "finished": Interview.state == "finished",
    }


def of_files() -> Select[str]:
    """The campaigns whose links are handed over in a file."""
    return select(Campaign.id).where(Campaign.channel == "file")


def _counts() -> list[ColumnElement[int]]:
    """In the order of Stages."""
    not_by_mail = Mail.id.is_(None) | (Mail.state != "sent") | Mail.returned_at.is_not(None)
    begun = Invitation.opened_at.is_not(None) | Interview.id.is_not(None)
    untaken = Invitation.campaign_id.in_(of_files()) & Mail.id.is_(None) & Invitation.handed_over_at.is_(None) & ~begun
    ways = (Mail.state == "sent", Invitation.handed_over_at.is_not(None) & not_by_mail, untaken)
    return [func.count(Invitation.id), *(func.sum(case((there, 1), else_=0)) for there in (*reached().values(), *ways))]
