"""EU-5: the person's rating comes before the score, and a stop switch halts scoring and ranking at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Forbidden
from interview_ai.organisations import Member
from interview_ai.tables import Answer, AuditEntry, Opening, ScoreRow, Work
from tests import desk
from tests.browser import Browser
from tests.test_overrides import end_first_pass, override, rate
from tests.web.test_staff_pages import signed_in
from worker import tasks

POINTS = re.compile(r"points, range|\d points|rated by people|machine's suggestion<|overridden by people")


def three(jun: Member) -> tuple[str, list[str]]:
    """An opening with a low, a high and a middle candidate, in that order of arrival."""
    opening_id = desk.opening(jun)
    people = [desk.candidate(jun, opening_id, name, points) for name, points in (("A", 2), ("B", 5), ("C", 3))]
    return opening_id, [who.interview_id for who in people]


def views(browser: Browser, opening_id: str) -> list[str]:
    """The list as a page and as the fragment that is asked for again."""
    place = f"/staff/openings/{opening_id}/candidates"
    return [browser.get(address).text for address in (place, f"{place}/rows")]


def order(page: str) -> list[str]:
    return re.findall(r'data-row="(\w+)"', page)


def bands(page: str) -> list[str]:
    return re.findall(r'class="cell-band">.*?</span> (\S+)</span>', page)


def actions() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_eu_5_rows_not_yet_rated_stand_in_order_of_arrival_without_score_or_band(home: Path) -> None:
    jun = desk.jun()
    opening_id, arrived = three(jun)
    browser = signed_in("jun@example.com")
    for page in views(browser, opening_id):
        assert order(page) == arrived
        assert bands(page) == ["–", "–", "–"]
        assert not POINTS.search(page)
    candidate = browser.get(f"/staff/interviews/{arrived[1]}").text
    assert "Please rate first" in candidate
    assert "suggestion-title" not in candidate


def test_eu_5_a_band_appears_for_whoever_rated_and_only_there(home: Path) -> None:
    jun = desk.jun()
    opening_id, arrived = three(jun)
    rate(jun, arrived[1], 5)
    for page in views(signed_in("jun@example.com"), opening_id):
        assert bands(page).count("A") == 1
        assert bands(page).count("–") == 2
        assert len(POINTS.findall(page)) >= 1
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    for page in views(signed_in(reviewer.email), opening_id):
        assert order(page) == arrived
        assert not POINTS.search(page)


def test_eu_5_only_the_owner_ends_the_first_pass_on_the_page_and_on_the_record(home: Path) -> None:
    jun = desk.jun()
    opening_id, _ = three(jun)
    recruiter = desk.colleague(jun, "recruiter@example.com", "recruiter")
    with pytest.raises(Forbidden):
        end_first_pass(recruiter, opening_id)
    browser = signed_in("jun@example.com")
    opening = browser.get(f"/staff/openings/{opening_id}")
    browser.send(opening, "/first-pass")
    for page in views(browser, opening_id):
        assert sorted(bands(page)) == ["A", "B", "C"]
    assert actions().count("first pass ended") == 1
    assert "/first-pass" not in browser.get(f"/staff/openings/{opening_id}").text
    end_first_pass(jun, opening_id)
    assert actions().count("first pass ended") == 1


def test_eu_5_the_stop_switch_takes_points_bands_and_ranking_away_at_once_whoever_gave_them(home: Path) -> None:
    jun = desk.jun()
    opening_id, arrived = three(jun)
    end_first_pass(jun, opening_id)
    rate(jun, arrived[1], 4)
    override(jun, arrived[2], 5)
    browser = signed_in("jun@example.com")
    assert order(views(browser, opening_id)[0]) != arrived
    browser.send(browser.get(f"/staff/openings/{opening_id}"), "/scoring")
    for page in views(browser, opening_id):
        assert order(page) == arrived
        assert bands(page) == ["–", "–", "–"]
        assert not POINTS.search(page)
        assert "Scoring is stopped" in page
    candidate = browser.get(f"/staff/interviews/{arrived[2]}").text
    assert "scoring is stopped" in candidate
    assert "Overridden:" not in candidate and "range 3" not in candidate
    browser.send(browser.get(f"/staff/openings/{opening_id}"), "/scoring", switch="resume")
    assert order(views(browser, opening_id)[0]) != arrived
    assert [one for one in actions() if one.startswith("scoring ")] == ["scoring stopped", "scoring resumed"]


def test_eu_5_a_recruiter_reaches_the_stop_switch_and_a_reviewer_does_not(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    with pytest.raises(Forbidden), transaction(jun.organisation_id) as session:
        openings.stop_scoring(session, reviewer, opening_id)
    recruiter = desk.colleague(jun, "recruiter@example.com", "recruiter")
    browser = signed_in(recruiter.email)
    browser.send(browser.get(f"/staff/openings/{opening_id}"), "/scoring")
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Opening.scoring_stopped_at)).one() is not None


def test_eu_5_while_the_switch_is_off_no_answer_is_scored(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    answer_id = desk.answered(desk.applicant(jun, opening_id))
    with transaction(jun.organisation_id) as session:
        openings.stop_scoring(session, jun, opening_id)
    with reading(EVERYWHERE) as session:
        work_id = session.scalars(select(Work.id)).one()
    tasks.work(work_id)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(ScoreRow)).all() == []
        assert session.get_one(Answer, answer_id).state == "received"
        assert session.get_one(Work, work_id).state == "pending"
