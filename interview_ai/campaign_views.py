"""What the pages of campaigns read: the list, rows by outcome, and how far those who were invited are, in numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from interview_ai import campaign_choices, campaign_rows
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Campaign, CampaignRow, Interview, Invitation, Opening, Organisation

A_PART = 50  # rows of one part of a list
MOST_FAULTY = 200  # faulty rows on one page
SAMPLE = 10  # ready rows shown beside them
BATCH = 1000
LEFT_OUT = "left_out"  # all who are not invited though nothing is wrong with their rows
OUTCOMES = ("ready", "sent", "faulty", "already", "twice", "opted_out")


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign in the list."""

    campaign: Campaign
    title: Bilingual
    employer: Bilingual
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many people of a campaign came how far. `handed`: whose link was in a file that was taken, or was opened."""

    rows: int
    ready: int
    invited: int
    handed: int
    opened: int
    begun: int
    finished: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows a page shows: of this outcome, holding these words, and which part of them."""

    outcome: str = ""
    words: str = ""
    part: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of the rows that are wanted: `found` in all."""

    wanted: Wanted
    rows: tuple[CampaignRow, ...]
    found: int
    size: int

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return max(1, -(-self.found // self.size))


def lines(session: Session, member: Member) -> list[Line]:
    """The campaigns of the member's organisation, newest first."""
    campaign_choices.may_invite(member)
    wanted = (
        select(Campaign, Opening, Organisation)
        .join(Opening, Opening.id == Campaign.opening_id)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .where(Campaign.organisation_id == member.organisation_id)
        .order_by(Campaign.created_at.desc())
    )
    counts = _counts(session, member)
    return [
        Line(
            found,
            Bilingual(opening.title_ko, opening.title_en),
            Bilingual(employer.name_ko, employer.name_en),
            counts.get(found.id, {}),
        )
        for found, opening, employer in session.execute(wanted)
    ]


def _counts(session: Session, member: Member) -> dict[str, dict[str, int]]:
    wanted = select(CampaignRow.campaign_id, CampaignRow.outcome, func.count().label("n"), _SENT.label("sent"))
    mine = wanted.where(CampaignRow.organisation_id == member.organisation_id)
    found: dict[str, dict[str, int]] = {}
    for row in session.execute(mine.group_by(CampaignRow.campaign_id, CampaignRow.outcome)):
        kept = found.setdefault(row.campaign_id, {})
        kept[row.outcome] = row.n
        kept["sent"] = kept.get("sent", 0) + row.sent
    return found


_SENT = func.count(CampaignRow.invitation_id)


def funnel(session: Session, found: Campaign) -> Funnel:
    """How far the people of a campaign are. Needs a session for EVERYWHERE: their interviews are the employer's."""
    counts = campaign_rows.counted(session, found.id)
    begun = Interview.id.is_not(None)
    opened = Invitation.opened_at.is_not(None) | begun
    reached = (Invitation.handed_over_at.is_not(None) | opened, opened, begun, Interview.state == "finished")
    wanted = (
        select(func.count(), *(func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in reached))
        .select_from(Invitation)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(Invitation.campaign_id == found.id)
    )
    return Funnel(sum(counts.values()), counts.get("ready", 0), *session.execute(wanted).one())


def listed(session: Session, found: Campaign, wanted: Wanted, *, size: int = A_PART) -> Listed:
    """A part of a campaign's rows; one behind the last is the last."""
    which = [CampaignRow.campaign_id == found.id, *_of_outcome(wanted.outcome), *_holding(wanted.words)]
    count = session.scalars(select(func.count()).select_from(CampaignRow).where(*which)).one()
    part = min(max(1, wanted.part), max(1, -(-count // size)))
    rows = select(CampaignRow).where(*which).order_by(CampaignRow.row).offset((part - 1) * size).limit(size)
    return Listed(Wanted(wanted.outcome, wanted.words, part), tuple(session.scalars(rows)), count, size)


def firsts(session: Session, found: Campaign, rows: Sequence[CampaignRow]) -> dict[str, int]:
    """By address the row that counts, for those of these rows that are in the roster a second time."""
    twice = {row.email for row in rows if row.outcome == "twice"}
    there = (CampaignRow.campaign_id == found.id, CampaignRow.email.in_(twice))
    wanted = select(CampaignRow.email, CampaignRow.row).where(*there, CampaignRow.outcome.not_in(("twice", "faulty")))
    return {found.email: found.row for found in session.execute(wanted)}


def _of_outcome(outcome: str) -> list[ColumnElement[bool]]:
    if outcome == LEFT_OUT:
        return [CampaignRow.outcome.in_(("already", "twice", "opted_out"))]
    if outcome == "sent":
        return [CampaignRow.invitation_id.is_not(None)]
    if outcome == "ready":
        return [CampaignRow.outcome == "ready", CampaignRow.invitation_id.is_(None)]
    return [CampaignRow.outcome == outcome] if outcome in OUTCOMES else []


def _holding(words: str) -> list[ColumnElement[bool]]:
    columns = (CampaignRow.name, CampaignRow.email, CampaignRow.department, CampaignRow.student_number)
    return [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()[:5] if word]


def faulty(session: Session, found: Campaign) -> Iterator[CampaignRow]:
    """Every faulty row in its order, read in batches."""
    last = 0
    while True:
        behind = (CampaignRow.campaign_id == found.id, CampaignRow.outcome == "faulty", CampaignRow.row > last)
        some = session.scalars(select(CampaignRow).where(*behind).order_by(CampaignRow.row).limit(BATCH)).all()
        yield from some
        if len(some) < BATCH:
            return
        last = some[-1].row
        session.expunge_all()


def columns_of(found: Campaign) -> tuple[str, ...]:
    """The columns that a page shows of a campaign's rows: those that its roster had and that are kept."""
    there = found.columns.get("columns", {})
    more = [field for field in ("student_number", "department", "cohort") if field in there]
    phone = ["phone"] if found.channel == "sms" and "phone" in there else []
    born = ["birth_year"] if found.proof == "birth_year" else []
    return ("name", "email", *more, *phone, *born, *(["language"] if "language" in there else []))
