"""Jun reads the ranked list: bands and ranges, who stands in it without a score, filters, search, keyboard, news."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from interview_ai import reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Interview, Rating
from tests import desk
from tests.journeys import office
from tests.journeys.office import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEWS_MS = 15_000
SAID_KO = "저는 불량률을 분석해서 원인을 찾았고 검사 순서를 바꿨습니다"


def called(walk: Walk, number: int) -> str:
    return walk.t("shortlist.candidate", number=f"{number:02d}")


def line(walk: Walk, number: int) -> Locator:
    """One candidate's row of a blind list."""
    return walk.row(called(walk, number))


def four(walk: Walk) -> str:
    """A blind opening: two that points tell apart, one without a score, one in Korean; its list is open."""
    opening_id = desk.opening(walk.jun)
    office.candidate(walk.jun, opening_id, "Minji", 5)
    office.candidate(walk.jun, opening_id, "Sora", None)
    office.candidate(walk.jun, opening_id, "Yuna", 2)
    office.candidate(walk.jun, opening_id, "Bora", 3, said=SAID_KO)
    walk.go(f"/staff/openings/{opening_id}/candidates")
    return opening_id


def interviews(opening_id: str) -> list[str]:
    """The interviews of an opening in the order of their numbers."""
    with reading(EVERYWHERE) as session:
        wanted = select(Interview.id).where(Interview.opening_id == opening_id)
        return list(session.scalars(wanted.order_by(Interview.number)))


@office.ONE_TURN
def test_a_blind_list_hides_points_until_they_may_be_seen_and_then_draws_bands_and_ranges(walk: Walk) -> None:
    opening_id = four(walk)
    walk.sees("shortlist.first_pass")
    expect(walk.page.get_by_text("Minji")).to_have_count(0)
    for number in (1, 3, 4):
        expect(line(walk, number)).to_contain_text(walk.t("shortlist.hidden"))
    expect(walk.page.get_by_role("main").get_by_role("img")).to_have_count(0)
    walk.go(f"/staff/openings/{opening_id}")
    walk.fold("openings.end_first_pass").click()
    walk.button("openings.end_first_pass_confirm").click()
    walk.said("openings.said.first_pass_ended")
    walk.link("openings.candidates").click()
    for number, band, words in (
        (1, "A", walk.t("shortlist.points_said", points=5, low=4, high=5)),
        (3, "B", walk.t("shortlist.points_said", points=2, low=1, high=3)),
    ):
        expect(line(walk, number).get_by_role("cell").nth(1)).to_have_text(re.compile(rf"\b{band}$"))
        expect(line(walk, number).get_by_role("img", name=words)).to_be_visible()
    rows = walk.page.locator("[data-row]")
    expect(rows.nth(1)).to_contain_text(called(walk, 2))  # where it arrived, not at the end
    expect(rows.nth(1)).to_contain_text(walk.t("shortlist.no_score", why=walk.t("shortlist.reasons.no_speech")))
    walk.sees("shortlist.legend_place")


@office.OTHER_TURN
def test_filters_order_and_search_narrow_the_list_in_both_languages_and_are_cleared_again(walk: Walk) -> None:
    opening_id = four(walk)
    first = interviews(opening_id)[0]
    with transaction(walk.jun.organisation_id) as session:
        reviews.viewed(session, walk.jun, first, "transcript")
        reviews.rate(session, walk.jun, first, {"problem_solving": 4})
    rows = walk.page.locator("[data-row]")
    search = walk.field("ranked.words")
    for typed, number in (("불량률", 4), ("원인", 4)):
        search.fill(typed)
        walk.button("ranked.apply").click()
        expect(rows).to_have_count(1)
        expect(rows).to_contain_text(called(walk, number))
        expect(rows.locator("mark")).to_contain_text([typed])
    search.fill("broken val")
    walk.button("ranked.apply").click()
    expect(rows).to_have_count(2)
    expect(rows.first.locator("mark")).to_contain_text(["broken", "valve"])
    search.fill("giraffe")
    walk.button("ranked.apply").click()
    walk.sees("ranked.nobody_said", words="giraffe")
    walk.link("ranked.clear").first.click()
    expect(rows).to_have_count(4)
    walk.page.get_by_role("link", name=re.compile(f"^{walk.t('shortlist.show.unscored')}")).click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(called(walk, 2))
    walk.page.get_by_role("link", name=re.compile(f"^{walk.t('shortlist.show.all')}")).click()
    expect(rows).to_have_count(4)
    walk.field("ranked.sort").select_option("newest")
    walk.button("ranked.apply").click()
    expect(rows.first).to_contain_text(called(walk, 4))
    walk.sees("ranked.sorted.newest")
    walk.fold("ranked.more").click()
    walk.field("ranked.rater").select_option(walk.jun.id)
    walk.button("ranked.apply").click()
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(called(walk, 1))


@office.ONE_TURN
def test_the_list_is_walked_and_rated_by_keyboard_and_a_new_answer_appears_by_itself(walk: Walk) -> None:
    opening_id = desk.opening(walk.jun)
    for name, points in (("Minji", 4), ("Sora", 2)):
        office.candidate(walk.jun, opening_id, name, points)
    walk.go(f"/staff/openings/{opening_id}/candidates")
    page = walk.page
    for key in "jjk":
        page.keyboard.press(key)
    expect(line(walk, 1).get_by_role("link", name=called(walk, 1))).to_be_focused()
    third = desk.applicant(walk.jun, opening_id, "Yuna")
    office.heard(desk.answered(third), 5)
    desk.finished(third)
    expect(line(walk, 3)).to_contain_text(walk.t("shortlist.hidden"), timeout=NEWS_MS)
    page.keyboard.press("4")
    page.wait_for_url("**/staff/interviews/*?level=4#criteria")
    walk.sees("shortlist.page.picked", level=4)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Rating).where(Rating.interview_id.in_(interviews(opening_id)))).all() == []
    walk.button("shortlist.page.save_ratings").click()
    walk.said("shortlist.said.rated")
    walk.link("shortlist.page.to_list").click()
    expect(line(walk, 1)).to_contain_text(walk.t("shortlist.by.people"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/interviews/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text(walk.t("shortlist.candidate", number="02"))
