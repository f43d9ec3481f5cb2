"""KR-9: the criteria are visible, any score can be overridden, the override is on the record and wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import audit
from interview_ai.database import EVERYWHERE, reading
from interview_ai.tables import AuditEntry
from tests import desk
from tests.cast import CRITERIA
from tests.test_overrides import REASON, SKILL, WHOLE, end_first_pass, override, rate, row
from tests.web.test_staff_pages import signed_in


@pytest.mark.parametrize("language", ["ko", "en"])
def test_kr_9_the_criteria_and_their_anchors_stand_on_the_candidates_page(home: Path, language: str) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    page = signed_in("jun@example.com", language).get(f"/staff/interviews/{minji.interview_id}").text
    (criterion,) = CRITERIA
    assert criterion["name"][language] in page  # type: ignore[index]
    for anchor in criterion["anchors"].values():  # type: ignore[attr-defined]
        assert anchor[language] in page


@pytest.mark.parametrize("criterion", [SKILL, WHOLE])
def test_kr_9_an_override_wins_in_the_list_and_its_bands_over_suggestion_and_ratings(
    anywhere: str, criterion: str
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    desk.candidate(jun, opening_id, "Sora", 4)
    end_first_pass(jun, opening_id)
    assert [row(jun, opening_id, number).band for number in (1, 2)] == ["B", "A"]
    rate(desk.colleague(jun, "reviewer@example.com", "reviewer"), minji.interview_id, 3)
    override(jun, minji.interview_id, 5, criterion)
    won = row(jun, opening_id).standing
    assert won and (won.points, won.by) == (5, "corrected")
    assert [row(jun, opening_id, number).band for number in (1, 2)] == ["A", "B"]
    assert "overridden by people" in signed_in("jun@example.com").get(f"/staff/openings/{opening_id}/candidates").text


def test_kr_9_an_override_is_on_the_record_with_what_it_replaced(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)
    override(jun, minji.interview_id, 4)
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "score overridden")).one()
        assert audit.verify(session)
    assert (entry.actor, entry.person, entry.details["level"]) == (f"staff:{jun.id}", minji.person, 4)
    assert entry.details["original"] == [{"question": 1, "points": 2, "low": 2, "high": 2}]
    assert entry.sealed and REASON.encode() not in entry.sealed


def test_kr_9_colleagues_see_the_override_beside_the_original_where_they_see_the_suggestion(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    rate(jun, minji.interview_id, 3)
    override(jun, minji.interview_id, 4)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    browser = signed_in(reviewer.email)
    assert REASON.split("'")[0] not in browser.get(f"/staff/interviews/{minji.interview_id}").text
    rate(reviewer, minji.interview_id, 3)
    page = browser.get(f"/staff/interviews/{minji.interview_id}").text
    assert "Overridden: 4 points" in page
    assert REASON.split("'")[0] in page
    assert "The machine had suggested: question 1: 2" in page
    assert "Question 1: 2" in page
