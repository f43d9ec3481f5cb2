"""How the service itself is doing, for who answers for it: room for recordings, work and mails that wait, and what is
due for deletion."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.organisations import Member
from interview_ai.region import own
from interview_ai.rules.evidence import Bilingual
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.supervisor import crash_loops
from interview_ai.tables import Answer, Interview, Mail, Opening, Organisation, Staff, Work

LATELY = timedelta(minutes=10)
SLOW = timedelta(minutes=30)
"""Work or a mail that waits longer than that waits for more than its turn."""
STATES = ("pending", "leased", "done", "failed", "dead")


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the disk that holds recordings; None where an object store holds them, which has no end."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Queue:
    """Rows by state, and since when the oldest that is due waits."""

    states: dict[str, int]
    oldest: datetime | None
    slow: bool


@dataclass(frozen=True, slots=True)
class Health:
    """All of it. `workers`: how many showed themselves lately; `crashing`: processes that die again and again."""

    room: Room | None
    has_room: bool
    recordings: int
    answers: int
    work: Queue
    mails: Queue
    workers: int
    crashing: tuple[str, ...]
    mails_leave: bool


@dataclass(frozen=True, slots=True)
class Due:
    """How many interviews of a month fall due for deletion. `overdue`: their time is over already."""

    month: date
    n: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many interviews an employer should have deleted, and the address of its first owner."""

    name: Bilingual
    n: int
    email: str | None


def overdue(session: Session, member: Member) -> list[Overdue]:
    """The employers of the agency's programmes with interviews past due, most first."""
    day, today = func.date(Interview.finished_at), database.now(session).date()
    wanted = (
        select(Opening.organisation_id, day, Opening.retention_days, func.count(Interview.id))
        .join(Opening, Opening.id == Interview.opening_id)
        .where(own(member), Interview.finished_at.is_not(None))
        .group_by(Opening.organisation_id, day, Opening.retention_days)
    )
    late: Counter[str] = Counter()
    for employer, finished, kept, n in session.execute(wanted):
        late[employer] += n if date.fromisoformat(str(finished)) + timedelta(days=kept) < today else 0
    late = +late  # those with none are none of them
    owns = (Staff.role == "owner", Staff.state == "active", Staff.organisation_id.in_(late))
    owners: dict[str, str] = {}
    for staff in session.scalars(select(Staff).where(*owns).order_by(Staff.created_at, Staff.id)):
        owners.setdefault(staff.organisation_id, staff.email)
    named = session.scalars(select(Organisation).where(Organisation.id.in_(late)))
    found = [Overdue(Bilingual(one.name_ko, one.name_en), late[one.id], owners.get(one.id)) for one in named]
    return sorted(found, key=lambda one: (-one.n, one.name.ko))


def health(session: Session) -> Health:
    """The state of the whole service at this moment. Needs a session for EVERYWHERE."""
    at, room = database.now(session), storage().room()
    answers, recordings = session.execute(select(func.count(Answer.id), func.coalesce(func.sum(Answer.bytes), 0))).one()
    return Health(
        room=Room(*room) if room else None,
        has_room=storage().has_room(),
        recordings=recordings,
        answers=answers,
        work=_queue(session, Work, at),
        mails=_queue(session, Mail, at),
        workers=_workers(session, at),
        crashing=tuple(crash_loops(settings().home / "supervisor.json")),
        mails_leave=bool(settings().smtp_url),
    )


def _queue(session: Session, table: type[Work] | type[Mail], at: datetime) -> Queue:
    counted = session.execute(select(table.state, func.count(table.id)).group_by(table.state))
    due = select(func.min(table.created_at)).where(table.state == "pending", table.next_at <= at)
    oldest = session.scalars(due).one()
    states = {state: n for state, n in counted if n}
    return Queue(states, oldest, slow=oldest is not None and oldest < at - SLOW)


def _workers(session: Session, at: datetime) -> int:
    """Whoever holds work whose lease runs or finished some lately; an idle service shows none."""
    seen = (Work.lease_until > at) & (Work.state == "leased") | (Work.finished_at > at - LATELY)
    return session.scalars(select(func.count(func.distinct(Work.worker))).where(seen)).one()


def calendar(session: Session, member: Member) -> list[Due]:
    """Per month how many interviews of the agency's programmes fall due by their opening's retention time."""
    day = func.date(Interview.finished_at)
    wanted = (
        select(day, Opening.retention_days, func.count(Interview.id))
        .join(Opening, Opening.id == Interview.opening_id)
        .where(own(member), Interview.finished_at.is_not(None))
        .group_by(day, Opening.retention_days)
    )
    today = database.now(session).date()
    months: Counter[tuple[date, bool]] = Counter()
    for finished, kept, n in session.execute(wanted):
        due = date.fromisoformat(str(finished)) + timedelta(days=kept)
        months[due.replace(day=1), due < today] += n
    return [Due(month, n, overdue) for (month, overdue), n in sorted(months.items(), key=lambda pair: pair[0])]
