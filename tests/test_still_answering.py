"""Whoever has answered something and has not finished can be watched, and waits for nobody's rating yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from sqlalchemy import text

from interview_ai import database, queries
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.migrate import configuration
from interview_ai.organisations import Member
from interview_ai.queries import Shortlist
from interview_ai.sight import Wanted
from interview_ai.tables import Opening
from tests import desk
from tests.browser import Browser


def shortlist(member: Member, opening_id: str, show: str = "all") -> Shortlist:
    with reading(member.organisation_id) as session:
        return queries.shortlist(session, member, opening_id, Wanted(show=show))


def to_rate(member: Member, opening_id: str) -> tuple[int, int, int]:
    """The number beside the filter, how many it shows, and the number in the list of openings."""
    found = shortlist(member, opening_id, "rate")
    return found.choices["rate"], len(found.rows), found.counts.mine


def half_done(member: Member) -> str:
    """An opening with two questions, of which Minji has answered one; returns its id."""
    opening_id = desk.opening(member, questions=2)
    desk.assessed(desk.answered(desk.applicant(member, opening_id)), 4)
    return opening_id


def test_an_unfinished_interview_is_not_to_be_rated_until_it_is_finished(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    minji = desk.applicant(jun, opening_id)
    desk.assessed(desk.answered(minji), 4)
    assert to_rate(jun, opening_id) == (0, 0, 0)
    assert shortlist(jun, opening_id).rows[0].next_step == "begun"
    desk.assessed(desk.answered(minji, 2), 4)
    assert to_rate(jun, opening_id) == (0, 0, 0)
    desk.finished(minji)
    assert to_rate(jun, opening_id) == (1, 1, 1)
    assert shortlist(jun, opening_id).rows[0].next_step == "rate"


def test_after_the_deadline_what_is_there_is_all_and_is_to_be_rated(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = half_done(jun)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).deadline = datetime.now(UTC) - timedelta(hours=3)
    assert to_rate(jun, opening_id) == (1, 1, 1)
    assert shortlist(jun, opening_id).rows[0].next_step == "rate"


def test_in_a_closed_opening_nobody_can_go_on_so_that_what_is_there_is_to_be_rated(home: Path) -> None:
    jun = desk.jun()
    opening_id = half_done(jun)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).state = "closed"
    assert to_rate(jun, opening_id) == (1, 1, 1)


def test_the_page_of_somebody_who_is_still_answering_says_so(home: Path) -> None:
    jun = desk.jun()
    opening_id = half_done(jun)
    interview_id = shortlist(jun, opening_id).rows[0].interview_id
    browser = Browser()
    browser.sign_in(jun.email)
    assert "Still answering" in browser.get(f"/staff/interviews/{interview_id}?lang=en").text
    assert "아직 답변하고 있습니다" in browser.get(f"/staff/interviews/{interview_id}?lang=ko").text


def moved_to(revision: str, opening_id: str) -> dict[str, int]:
    """The counts of an opening's stages after the tables were brought to a revision."""
    config = configuration()
    with database.engine().begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if revision == "0016" else command.upgrade)(config, revision)
        counted = connection.execute(text("SELECT what, n FROM tallies WHERE opening_id = :id"), {"id": opening_id})
        return {what: n for what, n in counted.all() if what.startswith("stage:") and n}


def test_an_installation_that_was_counted_otherwise_is_counted_anew(home: Path) -> None:
    jun = desk.jun()
    opening_id = half_done(jun)
    desk.candidate(jun, desk.opening(jun), "Sora", 3)
    assert moved_to("0016", opening_id) == {"stage:ready": 1}
    assert moved_to("0017", opening_id) == {"stage:answering": 1}
    moved_to("head", opening_id)
    assert to_rate(jun, opening_id) == (0, 0, 0)
