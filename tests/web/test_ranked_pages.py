"""The ranked list's page without script: pages, filters that have an address, ticks, search, news that cost nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interview_ai import openings
from interview_ai.database import transaction
from interview_ai.tables import Opening
from tests import desk
from tests.bench import crowd
from tests.browser import Browser


def hrefs(page: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', page)]


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    browser.sign_in(email)
    browser.get(f"/staff/account?lang={language}")
    return browser


def test_every_candidate_stands_once_on_the_pages_that_plain_links_lead_through(home: Path) -> None:
    made = crowd.make(120)
    with transaction(made.member.organisation_id) as session:
        openings.end_first_pass(session, made.member, made.opening_id)
    browser = signed_in(made.email)
    address: str | None = f"/staff/openings/{made.opening_id}/candidates"
    seen: list[str] = []
    pages = 0
    while address:
        page = browser.get(address).text
        seen += re.findall(r'data-row="(\w+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following.group(1).replace("&amp;", "&") if following else None
        pages += 1
    assert (pages, len(seen), len(set(seen))) == (3, 120, 120)
    assert "101–120 of 120" in page
    assert 'data-before="/staff/openings' in page
    assert "data-after" not in page
    assert "provisional" in page


def test_what_was_asked_stays_in_the_form_and_in_every_link_of_the_list(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    base = f"/staff/openings/{opening_id}/candidates"
    asked = f"?sort=newest&flag=doubtful&rater={jun.id}&words=valve"
    page = signed_in(jun.email).get(base + asked).text
    assert 'value="newest" selected' in page
    assert 'value="doubtful" selected' in page
    assert f'value="{jun.id}" selected' in page
    assert 'name="words" type="search" value="valve"' in page
    decided = next(one for one in hrefs(page) if one.startswith(base) and "show=decided" in one)
    assert all(part in decided for part in ("sort=newest", "flag=doubtful", f"rater={jun.id}", "words=valve"))
    assert base in hrefs(page)


@pytest.mark.parametrize(
    "asked",
    [
        "?page=0",
        "?page=-3",
        "?page=²",
        "?page=99999999999999999999",
        "?show=x&sort=criterion:y&least=a:9&flag=z&rater=1",
    ],
)
def test_an_address_that_nobody_offers_shows_the_list(home: Path, asked: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}/candidates{asked}")
    assert page.status_code == 200


def test_each_row_has_a_tick_that_belongs_to_the_one_form(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}/candidates").text
    assert page.count('id="chosen-form"') == 1
    tick = re.search(r'<input type="checkbox" name="chosen"[^>]*>', page)
    assert tick
    assert f'value="{minji.interview_id}"' in tick.group()
    assert 'aria-label="Choose Candidate 01"' in tick.group()


@pytest.mark.parametrize(
    ("language", "nobody"), [("en", "No transcript holds “turbine”"), ("ko", "받아쓴 글에 없는 말입니다")]
)
def test_a_search_shows_the_words_with_their_second_and_says_when_nobody_said_them(
    home: Path, language: str, nobody: str
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    browser = signed_in(jun.email, language)
    found = browser.get(f"/staff/openings/{opening_id}/candidates?words=valves").text
    assert "<mark>valve</mark>" in found
    assert "· 0:04" in found
    assert ":~:text=valve" in found
    assert nobody in browser.get(f"/staff/openings/{opening_id}/candidates?words=turbine").text
    assert browser.get(f"/staff/openings/{opening_id}/candidates?words=%22%27%3A*+%26").status_code == 200


def test_a_switch_is_news_to_who_waits_and_a_look_at_the_list_is_none(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{opening_id}/candidates?sort=newest").text
    poll = re.search(r'hx-get="([^"]+)"', page)
    assert poll
    rows = poll.group(1).replace("&amp;", "&")
    assert "sort=newest" in rows
    assert browser.get(rows).status_code == 204
    assert browser.get(rows).status_code == 204
    with transaction(jun.organisation_id) as session:
        session.get_one(Opening, opening_id)
        openings.stop_scoring(session, jun, opening_id)
    news = browser.get(rows)
    assert news.status_code == 200
    assert "Scoring is stopped" in news.text


def test_hana_gets_neither_the_list_nor_its_news(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    browser = signed_in(hana.email)
    for address in ("candidates", "candidates?words=valve", "candidates/rows"):
        assert browser.get(f"/staff/openings/{opening_id}/{address}").status_code == 404
