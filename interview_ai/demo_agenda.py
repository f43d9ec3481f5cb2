"""A history that is made up, gone through moment by moment: one transaction for each, and none of its mails leaves."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.database import EVERYWHERE, Tenant, transaction
from interview_ai.tables import Mail

KOREAN_TIME = timezone(timedelta(hours=9))
NEVER_LEFT = "made up: a demonstration's mail, which never left"
ADDRESSES = "%.example"  # whom the demonstration writes to
LINK = re.compile(r"/(?:i|set-password)/([\w-]+)")
OFFICE = (9, 18)
FIRST_OF_WEEKEND = 5

Then = Callable[[], None]
Act = Callable[[Session], Then | None]
"""What happens at one moment; what it returns is done once that is committed."""


@dataclass(order=True, slots=True)
class _Entry:
    at: datetime
    number: int
    act: Act = field(compare=False)
    tenant: Tenant = field(compare=False)


class Agenda:
    """What is still to happen, the earliest first; what would happen after `until` never does."""

    def __init__(self, until: datetime, chance: Random) -> None:
        self.until = until
        self.chance = chance
        self._entries: list[_Entry] = []
        self._count = 0

    def add(self, at: datetime, act: Act, tenant: Tenant = EVERYWHERE) -> None:
        """Lets something happen at about that moment; no two things happen at the same one."""
        self._count += 1
        odd = timedelta(seconds=self.chance.randint(0, 40), microseconds=self._count % 1_000_000)
        heapq.heappush(self._entries, _Entry(at + odd, self._count, act, tenant))

    def play(self) -> int:
        """Lets all of it happen, in order; returns how much did."""
        happened = 0
        last = datetime.min.replace(tzinfo=self.until.tzinfo)
        while self._entries:
            entry = heapq.heappop(self._entries)
            at = max(entry.at, last + timedelta(microseconds=1))  # an act may ask for what lies before it
            if at >= self.until:
                continue
            with transaction(entry.tenant, at=at) as session:
                then = entry.act(session)
                _keep_from_leaving(session)
            if then is not None:
                then()
            last, happened = at, happened + 1
        return happened


def _keep_from_leaving(session: Session) -> None:
    """Nothing of the past is sent today: what was written counts as gone, and says that it never went."""
    at = database.now(session)
    mine = (Mail.state == "pending", Mail.created_at == at, Mail.recipient.like(ADDRESSES))
    gone = {"state": "sent", "sent_at": at, "attempts": 1, "error": NEVER_LEFT}
    emptied = {"body": "", "html": None, "short": None, "attachments": None}
    database.changed(session, update(Mail).where(*mine).values(**gone, **emptied))


def link_in(mail: Mail) -> str:
    """The token in a mail that was written in this moment."""
    found = LINK.search(mail.body)
    if found is None:
        raise ValueError("this mail holds no link")
    return found[1]


def mailed_to(session: Session, email: str) -> str:
    """The token that was mailed to somebody in this moment."""
    wanted = select(Mail).where(Mail.recipient == email, Mail.state == "pending")
    return link_in(session.scalars(wanted.order_by(Mail.created_at.desc()).limit(1)).one())


def clock(day: datetime, hour: int, minute: int = 0) -> datetime:
    """A moment of that day in Korean time."""
    return day.astimezone(KOREAN_TIME).replace(hour=hour, minute=minute, second=0, microsecond=0)


def in_office(at: datetime) -> datetime:
    """The same moment, or the next one at which people are at work."""
    here = at.astimezone(KOREAN_TIME)
    begins, ends = OFFICE
    if here.hour >= ends:
        here = clock(here + timedelta(days=1), begins, here.minute)
    elif here.hour < begins:
        here = clock(here, begins, here.minute)
    while here.weekday() >= FIRST_OF_WEEKEND:
        here += timedelta(days=1)
    return here


def awake(at: datetime) -> datetime:
    """The same moment, or the morning after a night."""
    here = at.astimezone(KOREAN_TIME)
    return clock(here, 8, here.minute) if here.hour < 8 else here
