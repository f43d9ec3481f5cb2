"""The demonstration region's three programmes: one of last year is over, one runs, one has just begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from interview_ai import outcome_figures, programmes
from interview_ai.demo_agenda import Agenda, clock, in_office
from interview_ai.demo_partners import (
    Partner,
    Region,
    agree,
    begin_programme,
    data,
    found_agency,
    invite,
    join,
    write_opening,
)
from interview_ai.demo_rosters import Plan, invite_directly, send_roster

SEED = 2026
RUNS_DAYS, NEW_DAYS = 80, 8  # since when the running and the new programme are there
FULL_DAYS = 15  # since when one university has invited as many as is agreed: its last roster was through by then
CLOSED = {1: 12, 3: 9, 5: 6, 8: 4, 10: 2}
"""Days since which openings of the running programme are closed, by the employer's place; some employers are slow."""
FIGURES = (55, 35, 14, 1)  # days ago


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything. `roster`: students of one; `applicants` finish in the first programme, `hired` of them;
    `campaigns` of each university and `direct` invitations of each employer in the running one."""

    universities: int = 6
    employers: int = 20
    roster: int = 36
    campaigns: int = 3
    direct: int = 5
    applicants: int = 38
    hired: int = 10

    @property
    def few(self) -> int:
        """Employers of the first programme, and as many that come with the new one."""
        return max(2, self.employers // 5)


def make(now: datetime, size: Size, seed: int = SEED) -> Region:
    """The whole history up to `now`. The same seed makes the same people do the same; ids and links are new."""
    chance = Random(seed)
    agenda = Agenda(now, chance)
    universities = [Partner(one, "university") for one in data()["universities"][: size.universities]]
    employers = [Partner(one, "employer") for one in data()["employers"][: size.employers]]
    region = Region(agenda, chance, now, universities, employers)
    _first(region, size)
    _running(region, size)
    _new(region, size)
    for days in FIGURES:
        agenda.add(now - timedelta(days=days), partial(_publish, region))
    agenda.play()
    return region


def _publish(region: Region, session: Session) -> None:
    for university in region.universities:
        if university.owner is not None:
            outcome_figures.publish(session, university.id)


def _first(region: Region, size: Size) -> None:
    """Last year's: 38 applicants and 10 hires in its full size; everybody was told."""
    start = in_office(datetime(region.now.year - 1, 3, 4, 1, tzinfo=UTC))
    add, employers, universities = region.agenda.add, region.employers[: size.few], region.universities[:2]
    add(start, partial(found_agency, region))
    aims: dict[str, Any] = {
        "year": start.year,
        "places": size.hired + 2,
        "deadline": clock(start + timedelta(days=110), 18),
    }
    add(start + timedelta(hours=1), partial(begin_programme, region, "first", **aims))
    for partner in (*employers, *universities):
        add(start + timedelta(hours=3), partial(invite, region, "first", partner))
    deadline = clock(start + timedelta(days=30), 18)
    fates = _fates(region, size)
    for place, employer in enumerate(employers):
        hires = size.hired // len(employers) + (place < size.hired % len(employers))
        opens = partial(write_opening, region, employer, "first", deadline=deadline, hires=hires)
        add(start + timedelta(days=5, hours=place), opens)
        mine = fates[place :: len(employers)]
        plan = Plan(universities[place % 2], employer, "first", f"{place // 2 + 1}회 초대", len(mine), fates=mine)
        add(in_office(start + timedelta(days=8, hours=3 * place)), partial(send_roster, region, plan))
    add(start + timedelta(days=115), partial(_close, region, "first"))


def _close(region: Region, key: str, session: Session) -> None:
    programmes.close(session, region.doyun, region.programmes[key])


def _fates(region: Region, size: Size) -> list[str]:
    """How far each of the first programme's people got."""
    others = ("begun", "opened", "unopened", "opened", "unopened", "bounced", "unopened")
    fates = ["finished"] * size.applicants + [others[n % len(others)] for n in range(size.applicants * 14 // 38)]
    region.chance.shuffle(fates)
    return fates


def _running(region: Region, size: Size) -> None:
    """This year's: every university, most employers; some openings are closed with people who still wait."""
    start = in_office(region.now - timedelta(days=RUNS_DAYS))
    add, employers = region.agenda.add, region.employers[: -size.few]
    aims: dict[str, Any] = {
        "year": start.year,
        "places": 4 * len(employers),
        "deadline": clock(region.now + timedelta(days=45), 18),
    }
    add(start, partial(begin_programme, region, "running", **aims))
    _gather(region, start + timedelta(hours=1), "running", (*employers, *region.universities))
    for place, employer in enumerate(employers):
        opens_at = in_office(start + timedelta(days=4, hours=7 * place))
        left = -CLOSED[place] if place in CLOSED else 3 + 2.5 * place
        deadline = clock(region.now + timedelta(days=left), 18)
        add(opens_at, partial(write_opening, region, employer, "running", deadline=deadline, hires=4))
        for n in range(size.direct):
            asked = in_office(opens_at + timedelta(days=1 + 2.3 * n))
            add(asked, partial(invite_directly, region, employer, "running"))
    _campaigns(region, size, start + timedelta(days=13), employers)
    _limit(region, size)


def _gather(region: Region, at: datetime, key: str, partners: tuple[Partner, ...]) -> None:
    """Who is here already joins, the others are invited."""
    region.agenda.add(at, partial(_bring, region, key, partners))


def _bring(region: Region, key: str, partners: tuple[Partner, ...], session: Session) -> None:
    for partner in partners:
        if partner.owner is not None:
            join(region, key, partner, session)
        else:
            invite(region, key, partner, session, joins=partner is not region.employers[-1])


def _campaigns(region: Region, size: Size, start: datetime, employers: list[Partner]) -> None:
    count = size.campaigns * len(region.universities)
    between = timedelta(days=(RUNS_DAYS - 25) / max(1, count))
    for n in range(count):
        round_, place = divmod(n, len(region.universities))
        plan = Plan(
            region.universities[place],
            employers[(n * 5 + round_) % len(employers)],
            "running",
            f"{round_ + 1}차 초대",
            size.roster,
            photo=n == 1,
            reminds=n % 3 == 0,
        )
        region.agenda.add(in_office(start + n * between), partial(send_roster, region, plan))


def _limit(region: Region, size: Size) -> None:
    """What one university has invited is as many as is agreed from then on; another's time is ending."""
    region.agenda.add(region.now - timedelta(days=FULL_DAYS), partial(_agree, region, size))


def _agree(region: Region, size: Size, session: Session) -> None:
    full, ending = region.universities[-2:]
    agree(region, full, session, key="running", full=True)
    until = clock(region.now + timedelta(days=6), 18)
    agree(region, ending, session, key="running", quota=2 * size.roster * size.campaigns, until=until)


def _new(region: Region, size: Size) -> None:
    """The newest: an employer that has not joined, a campaign that was paused, one that waits for somebody to look."""
    start = in_office(region.now - timedelta(days=NEW_DAYS))
    add, universities = region.agenda.add, region.universities[:4]
    employers = region.employers[-size.few - 2 :]
    aims: dict[str, Any] = {
        "year": start.year,
        "places": 10 * size.few,
        "deadline": clock(region.now + timedelta(days=100), 18),
    }
    add(start, partial(begin_programme, region, "new", **aims))
    _gather(region, start + timedelta(hours=1), "new", (*employers, *universities))
    for unwilling in [one for one in region.employers if one not in employers][:1]:
        add(start + timedelta(hours=2), partial(join, region, "new", unwilling, answers=False))
    for place, employer in enumerate(employers[:-1]):
        deadline = clock(region.now + timedelta(days=25 + 6 * place), 18)
        opens = partial(write_opening, region, employer, "new", deadline=deadline, hires=4)
        add(start + timedelta(days=1, hours=place), opens)
    for place, ends in enumerate(("sent", "paused", "preview")[: len(universities)]):
        count = size.roster + 30 * place
        plan = Plan(
            universities[place], employers[place % 2 + 1], "new", "2차 사업 1회", count, ends=ends, photo=place == 2
        )
        add(in_office(start + timedelta(days=1, hours=20 + 3 * place)), partial(send_roster, region, plan))
