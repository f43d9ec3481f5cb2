"""Two to four candidates side by side: what each reviewer may see of each, and which choices are refused."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from interview_ai import reviews
from interview_ai.database import reading, transaction
from interview_ai.tables import View
from tests import desk
from tests.browser import Browser


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def address(opening_id: str, *chosen: str) -> str:
    return f"/staff/openings/{opening_id}/compare?" + "&".join(f"chosen={one}" for one in chosen)


def cards(page: str) -> list[str]:
    """The article of each candidate, in the order of the page."""
    return re.findall(r'<article class="compare-one".*?</article>', page, re.S)


def test_points_quotes_and_colleagues_appear_side_by_side_only_for_whom_the_reader_has_rated(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    rated = desk.candidate(jun, opening_id, "Minji", 4, width=1)
    other = desk.candidate(jun, opening_id, "Sora", 2, width=1)
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, rated.interview_id, "transcript")
        reviews.rate(session, jun, rated.interview_id, {"problem_solving": 5})
    page = signed_in(jun.email).get(address(opening_id, other.interview_id, rated.interview_id)).text
    first, second = cards(page)
    assert "4 points, range 3 to 5" in first
    assert desk.SAID[:24] in first
    assert "Shown after your own rating" in second
    assert "quotes" not in second
    assert "2 points" not in page
    assert "You have not rated everybody here" in page
    assert "5 points" in page
    assert "Not rated yet" in page


def test_the_reason_of_an_answer_without_points_stands_where_points_would_stand(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    good = desk.candidate(jun, opening_id, "Minji", 4)
    silent = desk.candidate(jun, opening_id, "Sora", None)
    page = signed_in(jun.email).get(address(opening_id, good.interview_id, silent.interview_id)).text
    suggestions = re.findall(r'<div class="compare-suggestion">(.*?)</div>', page, re.S)
    assert len(suggestions) == 2
    assert "No suggestion: no speech" in suggestions[1]


def test_blind_stays_blind_for_each_candidate_until_that_one_is_revealed(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    one, other = (desk.candidate(jun, opening_id, name, 4) for name in ("Minji", "Sora"))
    browser = signed_in(jun.email)
    where = address(opening_id, one.interview_id, other.interview_id)
    page = browser.get(where).text
    assert "Minji" not in page and "Sora" not in page
    assert "Candidate 01" in page and "Candidate 02" in page
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, one.interview_id, "reveal")
    page = browser.get(where).text
    assert "Minji" in page and "Sora" not in page


def test_transcripts_side_by_side_count_as_a_look_at_each_of_them(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    one, other = (desk.candidate(jun, opening_id, name, 4) for name in ("Minji", "Sora"))
    signed_in(jun.email).get(address(opening_id, one.interview_id, other.interview_id))
    with reading(jun.organisation_id) as session:
        looked = session.execute(select(View.interview_id, View.what)).all()
    assert set(looked) == {(one.interview_id, "transcript"), (other.interview_id, "transcript")}


def test_a_choice_that_cannot_be_compared_is_refused_in_words(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    five = [desk.candidate(jun, opening_id, f"Candidate{n}", 3).interview_id for n in range(5)]
    elsewhere = desk.candidate(jun, desk.opening(jun), "Else", 3).interview_id
    browser = signed_in(jun.email)
    refused = {
        "Choose at most 4": address(opening_id, *five),
        "Only candidates of the same opening": address(opening_id, five[0], elsewhere),
    }
    for words, where in refused.items():
        page = browser.get(where)
        assert page.status_code == 422
        assert words in page.text
        assert "To the list of candidates" in page.text


def test_too_few_to_compare_leads_back_to_the_list_with_a_sentence_and_keeps_the_tick(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    one = desk.candidate(jun, opening_id, "Minji", 3).interview_id
    browser = signed_in(jun.email)
    for where, ticked in ((f"/staff/openings/{opening_id}/compare", False), (address(opening_id, one), True)):
        page = browser.get(where).text
        assert "To compare, tick at least 2 candidates in the list." in page
        assert (f'value="{one}" form="chosen-form" checked' in page) is ticked


def test_hana_compares_nobody_of_juns(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    ids = [desk.candidate(jun, opening_id, name, 4).interview_id for name in ("Minji", "Sora")]
    browser = signed_in(hana.email)
    assert browser.get(address(opening_id, *ids)).status_code == 404
    her_own = browser.get(address(desk.opening(hana), *ids))
    assert her_own.status_code == 422
    assert desk.SAID[:10] not in her_own.text
