"""Who is ticked in the ranked list stays so from page to page without script, and the way back from a candidate."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interview_ai import openings
from interview_ai.database import transaction
from tests import desk
from tests.bench import crowd
from tests.browser import Browser


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    browser.sign_in(email)
    browser.get(f"/staff/account?lang={language}")
    return browser


def rows_of(page: str) -> list[str]:
    return re.findall(r'data-row="(\w+)"', page)


def hrefs(page: str) -> list[str]:
    return [one.replace("&amp;", "&") for one in re.findall(r'href="([^"]+)"', page)]


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page) or re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found.group(1).replace("&amp;", "&") if found else None


@pytest.mark.parametrize(
    ("language", "said", "away"),
    [
        ("en", "2 chosen", "2 chosen, 2 of them not on this page"),
        ("ko", "2명 골랐습니다", "그 가운데 2명은 이 쪽에 없습니다"),
    ],
)
def test_who_is_ticked_stays_so_on_every_page_and_in_every_link_until_it_is_cleared(
    home: Path, language: str, said: str, away: str
) -> None:
    made = crowd.make(60)
    browser = signed_in(made.email, language)
    base = f"/staff/openings/{made.opening_id}/candidates"
    two = rows_of(browser.get(base).text)[:2]
    carried = "&".join(f"chosen={one}" for one in two)
    first = browser.get(f"{base}?{carried}").text
    assert f">{said}</span>" in first
    assert first.count(" checked aria-label") == 2
    following = link(first, "next")
    assert following
    second = browser.get(following).text
    assert away in second
    hidden = re.findall(r'<input type="hidden" name="chosen" value="(\w+)" form="chosen-form">', second)
    assert hidden == two
    decided = next(one for one in hrefs(second) if "show=decided" in one)
    assert all(one in decided for one in two)
    assert f"{base}?page=2" in hrefs(second)  # clears the choice, and stays
    cleared = browser.get(f"{base}?page=2").text
    assert 'name="chosen" value="' + two[0] not in cleared
    assert 'id="chosen-said"' in cleared


def test_nobody_of_another_opening_counts_as_chosen_and_nonsense_is_left_out(home: Path) -> None:
    jun = desk.jun()
    here, there = desk.opening(jun), desk.opening(jun)
    desk.candidate(jun, here, "Minji", 3)
    other = desk.candidate(jun, there, "Sora", 3)
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{here}/candidates?chosen={other.interview_id}&chosen=%22%3E&chosen=").text
    assert f'value="{other.interview_id}"' not in page
    assert re.search(r'id="chosen-said"[^>]* hidden', page)


def test_letters_can_be_looked_at_for_the_chosen_alone(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    who = [desk.candidate(jun, opening_id, name, 3) for name in ("Minji", "Sora", "Yuna")]
    browser = signed_in(jun.email)
    for one in who[:2]:
        page = browser.get(f"/staff/interviews/{one.interview_id}")
        browser.send(page, "/decisions", kind="hold", reason="More to read first.")
    chosen = f"chosen={who[0].interview_id}&chosen={who[2].interview_id}"
    overview = browser.get(f"/staff/openings/{opening_id}/letters?{chosen}").text
    (way,) = [one for one in hrefs(overview) if "letters/send?chosen" in one]
    page = browser.get(way).text
    assert "Minji" in page
    assert "Sora" not in page
    assert "1 other whom you chose has no decision to be told" in page


def test_the_list_has_one_form_with_one_button_that_applies_words_and_filters(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}/candidates?words=valve").text
    form = re.search(r'<form class="list-filters".*?</form>', page, re.S)
    assert form
    assert form.group().count('type="submit"') == 1
    assert "These numbers are of all candidates" in page
    assert "These numbers" not in signed_in(jun.email).get(f"/staff/openings/{opening_id}/candidates").text


def test_neighbours_go_by_the_list_that_one_came_from_and_back_leads_to_that_place(home: Path) -> None:
    made = crowd.make(60)
    with transaction(made.member.organisation_id) as session:
        openings.end_first_pass(session, made.member, made.opening_id)
    browser = signed_in(made.email)
    base = f"/staff/openings/{made.opening_id}/candidates"
    order = [one for page in (1, 2) for one in rows_of(browser.get(f"{base}?sort=newest&page={page}").text)]
    opened = next(one for one in hrefs(browser.get(f"{base}?sort=newest").text) if order[49] in one)
    assert opened == f"/staff/interviews/{order[49]}?sort=newest"
    page = browser.get(opened).text
    assert link(page, "prev") == f"/staff/interviews/{order[48]}?sort=newest"
    assert link(page, "next") == f"/staff/interviews/{order[50]}?sort=newest&page=2"
    assert f"{base}?sort=newest#row-{order[49]}" in hrefs(page)
    beyond = browser.get(f"/staff/interviews/{order[50]}?sort=newest&page=2").text
    assert link(beyond, "prev") == f"/staff/interviews/{order[49]}?sort=newest"
    assert link(browser.get(f"/staff/interviews/{order[0]}?sort=newest").text, "prev") is None


def test_a_form_of_the_candidates_page_keeps_the_way_back_to_the_list(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    first, second = (desk.candidate(jun, opening_id, name, 3) for name in ("Minji", "Sora"))
    browser = signed_in(jun.email)
    drawn = browser.get(f"/staff/interviews/{first.interview_id}?show=rate")
    page = drawn.text
    assert f'action="/staff/interviews/{first.interview_id}/ratings?show=rate"' in page
    assert link(page, "next") == f"/staff/interviews/{second.interview_id}?show=rate"
    browser.client.follow_redirects = False
    saved = browser.send(drawn, "/ratings?show=rate", **{"level.problem_solving": "3"})
    assert saved.headers["location"] == f"/staff/interviews/{first.interview_id}?show=rate#criteria"
    # whoever was rated is no longer among those to rate: the next in order of arrival is, and so does the list go on
    again = browser.get(f"/staff/interviews/{first.interview_id}?show=rate").text
    assert link(again, "next") == f"/staff/interviews/{second.interview_id}?show=rate"
    refused = browser.send(drawn, "/ratings?show=rate", **{"level.problem_solving": "9"})
    assert f'action="/staff/interviews/{first.interview_id}/ratings?show=rate"' in refused.text


def test_a_snippet_leads_to_the_second_of_its_words(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}/candidates?words=valve").text
    (way,) = [one for one in hrefs(page) if "#answer-" in one]
    assert way.startswith(f"/staff/interviews/{minji.interview_id}?words=valve&at=4.0#answer-")
