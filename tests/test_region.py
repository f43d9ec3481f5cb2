"""The agency's region: exact over a made-up history, only its own programmes, and what is stuck with who can act."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from statistics import median_low
from typing import Any

import pytest
from sqlalchemy import select, update

from interview_ai import (
    campaign_links,
    campaigns,
    dispatch,
    health,
    openings,
    partner_requests,
    programmes,
    region,
    stuck,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.partner_requests import NewPartner
from interview_ai.region import STAGES, Region, Way
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import (
    Answer,
    Campaign,
    Interview,
    Invitation,
    Mail,
    Memorandum,
    Opening,
    PartnerRequest,
    Programme,
    Staff,
    StandingRow,
    Work,
)
from tests import campaigning, desk, mailed
from tests.bench import region as made_up
from tests.bench.region import NOW, Made

DAY = timedelta(days=1)


def seen(member: Member) -> Region:
    with reading(EVERYWHERE) as session:
        return region.region(session, member, region.cells(session, member))


def standing(member: Member) -> list[stuck.Stuck]:
    with reading(EVERYWHERE) as session:
        return stuck.stuck(session, member, region.cells(session, member))


def recount(rows: list[dict[str, Any]]) -> Way:
    counts: Counter[str] = Counter(invited=len(rows))
    for row in rows:
        for least, stage in ((2, "opened"), (3, "begun"), (4, "finished"), (5, "decided")):
            counts[stage] += row["far"] >= least
        counts["hired"] += row["kind"] == "hired"
    return Way(*(counts[stage] for stage in STAGES))


def grouped(made: Made, by: str) -> dict[str, Way]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in made.rows:
        found.setdefault(row[by], []).append(row)
    return {key: recount(rows) for key, rows in found.items()}


def test_the_whole_way_is_what_a_plain_recount_gives(anywhere: str) -> None:
    made = made_up.make(300, employers=5, universities=3, plans=2)
    found = seen(made.doyun)
    assert found.total == recount(made.rows)
    assert {line.id: line.way for line in found.programmes} == grouped(made, "programme")
    assert {line.id: line.way for line in found.employers} == grouped(made, "employer")
    assert {line.id: line.way for line in found.universities} == grouped(made, "university")
    assert sum(line.openings for line in found.programmes) == 5


def test_days_to_a_decision_are_the_median_and_the_slowest_tenth(anywhere: str) -> None:
    made = made_up.make(200, employers=2, universities=1)
    taken: dict[str, list[float]] = {}
    with reading(EVERYWHERE) as session:
        found = {line.name.ko: line for line in region.days(session, made.doyun)}
        for interview in session.query(Interview).filter(Interview.decisions.any()):
            first = min(one.created_at for one in interview.decisions)
            assert interview.finished_at
            taken.setdefault(interview.organisation_id, []).append(
                (first - interview.finished_at).total_seconds() / 86400
            )
        names = {one.organisation_id: one.organisation.name_ko for one in session.query(Opening)}
    assert len(taken) == 2
    for employer, days in taken.items():
        line = found[names[employer]]
        assert line.count == len(days)
        assert line.median == pytest.approx(median_low(days), abs=0.001)
        assert line.slowest == pytest.approx(sorted(days)[-(-len(days) * 9 // 10) - 1], abs=0.001)


def test_fewer_than_five_decisions_say_nothing_of_an_employers_days(anywhere: str) -> None:
    made = made_up.make(12, employers=2, universities=1)
    with reading(EVERYWHERE) as session:
        found = region.days(session, made.doyun)
    assert found and all(line.count < 5 and line.median is None for line in found)


def test_an_agency_sees_only_its_own_programmes(anywhere: str) -> None:
    made = made_up.make(40, employers=2, universities=1)
    other = desk.organisation("agency", "Other", "other@example.go.kr")
    assert seen(made.doyun).total.invited == 40
    assert seen(other) == Region((), (), (), Way())
    assert standing(other) == []
    with reading(EVERYWHERE) as session:
        assert region.days(session, other) == []
        assert health.calendar(session, other) == []


def test_an_opening_outside_of_every_programme_is_nobodys_but_the_employers(home: Path) -> None:
    made = made_up.make(20, employers=2, universities=1)
    before = seen(made.doyun).total
    jun = desk.jun()
    desk.candidate(jun, desk.opening(jun), "Minji", 3)
    assert seen(made.doyun).total == before


@pytest.fixture
def quiet(home: Path) -> tuple[Member, Member, str]:
    """Doyun's programme with Seoyeon and Jun, where nothing is stuck."""
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    opening_id = desk.opening(jun, programme_id=desk.programme(doyun, seoyeon, jun))
    assert standing(doyun) == []
    return doyun, jun, opening_id


def finished(jun: Member, opening_id: str, *, days_ago: int, raters: int = 0) -> str:
    """Somebody who finished so many days ago; nobody has decided."""
    who = desk.applicant(jun, opening_id, f"Minji{days_ago}")
    desk.assessed(desk.answered(who), 3)
    desk.finished(who)
    with transaction(EVERYWHERE) as session:
        session.get_one(Interview, who.interview_id).finished_at = NOW - days_ago * DAY
    with transaction(EVERYWHERE) as session:
        session.get_one(StandingRow, who.interview_id).raters = raters
    return who.interview_id


def test_who_waits_longer_than_a_week_is_stuck_and_a_day_is_not(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    finished(jun, opening_id, days_ago=1)
    assert standing(doyun) == []
    finished(jun, opening_id, days_ago=9)
    finished(jun, opening_id, days_ago=12, raters=1)
    (one,) = standing(doyun)
    assert (one.kind, one.n, one.of, one.who.en) == ("rating", 1, 2, "Jun")
    assert one.since == NOW - 12 * DAY


def test_three_days_after_the_deadline_everybody_without_a_decision_is_stuck_once(
    quiet: tuple[Member, Member, str],
) -> None:
    doyun, jun, opening_id = quiet
    finished(jun, opening_id, days_ago=1, raters=1)
    finished(jun, opening_id, days_ago=9, raters=1)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).deadline = NOW - DAY
    assert [(one.kind, one.n) for one in standing(doyun)] == [("decision", 1)]
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).deadline = NOW - 4 * DAY
    (one,) = standing(doyun)
    assert (one.kind, one.n, one.of, one.since) == ("closed", 2, 0, NOW - 4 * DAY)


def test_answers_that_wait_for_a_person_are_counted_by_reason(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    for name, reason in (("A", "no_speech"), ("B", "too_short"), ("C", "no_speech")):
        who = desk.applicant(jun, opening_id, name)
        desk.assessed(desk.answered(who), None, reason=reason)  # type: ignore[arg-type]
        desk.finished(who)
    assert standing(doyun) == []
    with transaction(EVERYWHERE) as session:
        session.execute(update(Answer).values(received_at=NOW - 4 * DAY))
    (one,) = standing(doyun)
    assert (one.kind, one.n, one.reasons) == ("person", 3, (("no_speech", 2), ("too_short", 1)))


def campaign(member: Member, opening_id: str, state: str) -> Campaign:
    """Seoyeon's campaign to the opening."""
    with transaction(EVERYWHERE) as session:
        staff = session.query(Staff).filter_by(email="seoyeon@example.ac.kr").one()
        row = Campaign(
            organisation_id=staff.organisation_id,
            opening_id=opening_id,
            staff_id=staff.id,
            name="First",
            state=state,
            file_name="roster.csv",
            rows_total=30,
        )
        session.add(row)
    return row


def test_a_paused_campaign_is_stuck_until_it_goes_on(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    row = campaign(jun, opening_id, "paused")
    assert standing(doyun) == []
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, row.id).created_at = NOW - 2 * DAY
    (one,) = standing(doyun)
    assert (one.kind, one.n, one.of, one.what, one.who.en) == ("paused", 0, 30, Bilingual("First", "First"), "Seoyeon")
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, row.id).state = "sending"
    assert standing(doyun) == []


def test_a_campaign_that_stopped_says_why_until_whoever_invited_can_go_on(home: Path) -> None:
    region = campaigning.region()
    found = campaigning.read(region.seoyeon, region.opening_id)
    campaigning.confirmed(region.seoyeon, found.id)

    def agreed(**values: object) -> list[tuple[str, int]]:
        with transaction(EVERYWHERE) as session:
            session.execute(update(Memorandum).values(**values))
        return [(one.kind, one.n) for one in standing(region.doyun) if one.kind != "full"]

    agreed(quota=1)
    for _ in range(2):
        with transaction(EVERYWHERE) as session:
            session.get_one(Campaign, found.id).next_at = NOW - DAY
        dispatch.step()
    assert agreed(quota=1) == [("quota", 1)]
    assert agreed(ended_at=NOW - DAY) == [("memorandum", 1)]
    assert agreed(quota=2, ended_at=None) == [("paused", 1)]
    with transaction(EVERYWHERE) as session:
        campaigns.resume(session, region.seoyeon, found.id)
    assert agreed(quota=2) == []


def test_links_that_nobody_takes_to_hand_over_are_said_after_a_day(quiet: tuple[Member, Member, str]) -> None:
    doyun, _, opening_id = quiet
    seoyeon = desk.signed_in("seoyeon@example.ac.kr")
    done = {"channel": "file", "state": "sent", "finished_at": NOW - 2 * DAY}
    which = mailed.campaign(seoyeon, opening_id, ["Minji", "Sora"], **done)
    assert [(one.kind, one.n) for one in standing(doyun)] == [("unhanded", 2)]
    with transaction(EVERYWHERE) as session:
        campaign_links.begin(session, seoyeon, which, "csv")
    assert standing(doyun) == []


@pytest.mark.parametrize(("back", "left", "many"), [(4, 4, False), (5, 5, True), (5, 100, True), (5, 101, False)])
def test_many_mails_that_came_back_are_said_of_a_campaign(
    quiet: tuple[Member, Member, str], back: int, left: int, *, many: bool
) -> None:
    doyun, jun, opening_id = quiet
    row = campaign(jun, opening_id, "sent")
    with transaction(EVERYWHERE) as session:
        for n in range(left):
            mail = {"recipient": "a@example.org", "subject": "", "body": "", "state": "sent", "campaign_id": row.id}
            session.add(Mail(cause=f"test:{n}", returned_at=NOW if n < back else None, **mail))
    assert [(one.kind, one.n, one.of) for one in standing(doyun)] == ([("returned", back, left)] if many else [])


def test_a_memorandum_whose_number_is_reached_is_said(quiet: tuple[Member, Member, str]) -> None:
    doyun, _, opening_id = quiet
    with transaction(EVERYWHERE) as session:
        opening = session.get_one(Opening, opening_id)
        seoyeon = session.query(Staff).filter_by(email="seoyeon@example.ac.kr").one()
        session.add(
            Memorandum(
                organisation_id=doyun.organisation_id,
                programme_id=opening.programme_id,
                university_id=seoyeon.organisation_id,
                quota=1,
            )
        )
    assert standing(doyun) == []
    member = desk.signed_in("seoyeon@example.ac.kr")
    with transaction(EVERYWHERE) as session:
        openings.invite(session, member, opening_id, name="Minji", email="m@example.ac.kr", language="en")
    (one,) = standing(doyun)
    assert (one.kind, one.n, one.of, one.who.en, one.what.en) == ("full", 1, 1, "Seoyeon", "Regional talent")
    with transaction(EVERYWHERE) as session:
        openings.revoke(session, member, session.query(Invitation.id).filter_by(opening_id=opening_id).scalar())
    assert standing(doyun) == []


def test_a_request_to_take_part_that_nobody_answers_is_said(quiet: tuple[Member, Member, str]) -> None:
    doyun, _, _ = quiet
    new = NewPartner("employer", "한나", "Hana", "Hana", "hana@example.net")
    with transaction(EVERYWHERE) as session:
        programme_id = session.scalars(select(Programme.id)).one()
        partner_requests.ask(session, doyun, programme_id, new)
    assert standing(doyun) == []
    with transaction(EVERYWHERE) as session:
        session.scalars(select(PartnerRequest)).one().created_at -= timedelta(days=3, minutes=1)
    (one,) = standing(doyun)
    assert (one.kind, one.who.en, one.what.en) == ("unanswered", "Hana", "Regional talent")


def test_a_partner_that_left_keeps_its_numbers_in_the_region(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    desk.invite(jun, opening_id, "Minji")
    with transaction(EVERYWHERE) as session:
        programmes.leave(session, jun, session.scalars(select(Programme.id)).one())
    assert [(line.way.invited, line.left) for line in seen(doyun).employers] == [(1, True)]
    assert seen(doyun).total.invited == 1


def test_interviews_fall_due_by_their_openings_time(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    finished(jun, opening_id, days_ago=200)
    finished(jun, opening_id, days_ago=0)
    with reading(EVERYWHERE) as session:
        due = health.calendar(session, doyun)
    expected = [((NOW + days * DAY).date().replace(day=1), days < 0) for days in (-20, 180)]
    assert [(one.month, one.overdue) for one in due] == expected
    assert [one.n for one in due] == [1, 1]


def test_who_is_past_due_is_named_with_its_owner(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    finished(jun, opening_id, days_ago=0)
    with reading(EVERYWHERE) as session:
        assert health.overdue(session, doyun) == []
    finished(jun, opening_id, days_ago=200)
    with reading(EVERYWHERE) as session:
        (one,) = health.overdue(session, doyun)
    assert (one.name.en, one.n, one.email) == ("Jun", 1, "jun@example.com")


def test_universities_and_whom_employers_invited_themselves_make_the_total(quiet: tuple[Member, Member, str]) -> None:
    doyun, jun, opening_id = quiet
    desk.invite(jun, opening_id, "Minji")
    with transaction(EVERYWHERE) as session:
        seoyeon = desk.signed_in("seoyeon@example.ac.kr")
        openings.invite(session, seoyeon, opening_id, name="Sora", email="sora@example.ac.kr", language="en")
    found = seen(doyun)
    assert found.by_employers == Way(invited=1)
    assert sum((line.way for line in found.universities), found.by_employers) == found.total


def test_health_says_what_waits_since_when_and_who_works(home: Path) -> None:
    jun = desk.jun()
    desk.candidate(jun, desk.opening(jun), "Minji", 3)
    with transaction(EVERYWHERE) as session:
        work = session.query(Work).filter_by(kind="assess").one()
        work.created_at = work.next_at = NOW - timedelta(hours=1)
    with reading(EVERYWHERE) as session:
        found = health.health(session)
        size = session.query(Answer).one().bytes
    assert (found.recordings, found.answers, found.workers) == (size, 1, 0)
    assert (found.work.states["pending"], found.work.oldest, found.work.slow) == (1, NOW - timedelta(hours=1), True)
    assert found.room and 0 < found.room.free <= found.room.total
    with transaction(EVERYWHERE) as session:
        work = session.query(Work).filter_by(kind="assess").one()
        work.state, work.worker, work.lease_until = "leased", "one", NOW + timedelta(hours=1)
    with reading(EVERYWHERE) as session:
        assert health.health(session).workers == 1
