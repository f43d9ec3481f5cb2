"""Jun lays candidates side by side and shows one of them to somebody outside."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from interview_ai import reviews
from interview_ai.database import transaction
from tests import desk, house
from tests.journeys import office
from tests.journeys.office import Walk, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ("Minji", "Sora", "Yuna", "Bora", "Dana")
ARA = "Ara Kim, Busan Port"


@office.OTHER_TURN
@pytest.mark.parametrize("count", [2, 4])
def test_the_chosen_stand_side_by_side_in_the_order_of_their_numbers(walk: Walk, count: int) -> None:
    opening_id = desk.opening(walk.jun, blind=False)
    for name in NAMES:
        who = office.candidate(walk.jun, opening_id, name, 4)
        office.playable(who.interview_id)
    with transaction(walk.jun.organisation_id) as session:
        reviews.viewed(session, walk.jun, who.interview_id, "transcript")
    walk.go(f"/staff/openings/{opening_id}/candidates")
    for name in reversed(NAMES[:count]):
        walk.page.get_by_role("checkbox", name=walk.t("ranked.choose_one", who=name)).check()
    walk.button("compare.button").click()
    expect(walk.page.get_by_role("heading", level=1)).to_have_text(walk.t("compare.title"))
    answers = walk.page.get_by_role("article")
    expect(answers).to_have_count(count)
    for place, name in enumerate(NAMES[:count]):
        expect(answers.nth(place)).to_have_accessible_name(name)
        expect(answers.nth(place)).to_contain_text("valve")
        expect(answers.nth(place).get_by_label(walk.t("compare.play", who=name, n=1))).to_be_attached()
    if walk.device == "desktop":
        tops = {round(box["y"]) for one in answers.all() if (box := one.bounding_box())}
        assert len(tops) == 1
    else:
        walk.sees("compare.swipe")


@office.ONE_TURN
def test_more_than_four_are_not_compared_and_the_page_says_so(walk: Walk) -> None:
    opening_id = desk.opening(walk.jun, blind=False)
    for name in NAMES:
        office.candidate(walk.jun, opening_id, name, 4)
    walk.go(f"/staff/openings/{opening_id}/candidates")
    for box in walk.page.get_by_role("checkbox", name=re.compile("|".join(NAMES))).all():
        box.check()
    walk.button("compare.button").click()
    too_many = "한 번에 4명까지" if walk.language == "ko" else "Choose at most 4 candidates"
    expect(walk.page.get_by_role("alert")).to_contain_text(too_many)
    walk.link("compare.back").click()
    expect(walk.page.locator("[data-row]")).to_have_count(len(NAMES))


@office.ONE_TURN
def test_an_outsider_opens_a_link_without_sign_in_sees_what_was_chosen_and_nothing_once_it_is_ended(walk: Walk) -> None:
    minji = desk.applicant(walk.jun, desk.opening(walk.jun, questions=2, blind=False), "Minji")
    for position, said in ((1, desk.SAID), (2, "we measured every part twice")):
        office.heard(desk.answered(minji, position), 4, said=said)
    desk.finished(minji)
    office.playable(minji.interview_id)
    walk.go(f"/staff/interviews/{minji.interview_id}")
    walk.link("share.title").click()
    walk.sees("share.no_links")
    walk.field("share.recipient").fill(ARA)
    walk.tick(walk.page.locator("#question-1"))
    walk.tick(walk.field("share.person_picture"))
    if not walk.field("share.words").is_checked():
        walk.tick(walk.field("share.words"))
    walk.button("share.make").click()
    expect(walk.page.get_by_role("alert")).to_be_visible()  # what the candidate was told is not ticked
    expect(walk.field("share.recipient")).to_have_value(ARA)
    walk.tick(walk.field("share.covered"))
    walk.button("share.make").click()
    walk.said("share.said.shared")
    link = urlsplit(walk.page.locator("#share-link").inner_text()).path
    with walk.another() as ara:
        looked(ara, link)
        walk.go(f"/staff/interviews/{minji.interview_id}/shares")
        line = walk.page.get_by_role("listitem").filter(has_text=ARA)
        expect(line).to_contain_text(walk.t("share.states.open"))
        line.locator("summary").click()
        line.get_by_role("button", name=walk.t("share.revoke_confirm"), exact=True).click()
        walk.said("share.said.revoked")
        expect(line).to_contain_text(walk.t("share.states.revoked"))
        for path in (link, urlsplit(ara.page.url).path):
            ara.go(path)
            ara.sees("shared.gone")


def looked(ara: Window, link: str) -> None:
    """The outsider reads whose it is, opens the answers and plays one."""
    ara.go(link)
    expect(ara.page.get_by_role("main")).to_contain_text("Jun")
    expect(ara.page.get_by_text("Minji")).to_have_count(0)
    ara.button("shared.open").click()
    expect(ara.page.get_by_role("heading", level=1)).to_have_text("Minji")
    expect(ara.page.get_by_role("article")).to_have_count(1)
    expect(ara.page.get_by_role("main")).not_to_contain_text("measured")
    ara.page.get_by_text("valve", exact=True).click()
    house.eventually(lambda: ara.page.evaluate("document.querySelector('video').currentTime >= 4"), within_s=10)
