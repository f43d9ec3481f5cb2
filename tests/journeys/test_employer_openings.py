"""Jun writes an opening: from an example and from nothing, mends what the form objects to, sees it as candidates do."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from interview_ai import library
from tests import desk
from tests.journeys import office
from tests.journeys.office import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MAY_NOT = {"ko": "결혼하셨나요?", "en": "Are you married?"}
WEAK = {"ko": "당신의 장점은 무엇인가요?", "en": "What are your strengths?"}
OWN = {
    "ko": "불량의 원인을 찾아낸 경험을 말해 주세요. 무엇을 했나요?",
    "en": "Tell us about a time when you found the cause of a defect. What did you do?",
}
LOOKED_FOR = {"ko": "실수", "en": "mistake"}


def new_opening(walk: Walk) -> None:
    walk.go("/staff/openings")
    walk.link("openings.new").click()
    expect(walk.page.get_by_role("heading", level=1)).to_have_text(walk.t("openings.new"))


def place_of(walk: Walk) -> str:
    """The path of the opening whose page is open."""
    walk.page.wait_for_url(re.compile(r"/staff/openings/[0-9a-f]{32}"))
    return "/".join(urlsplit(walk.page.url).path.split("/")[:4])


def test_an_example_fills_the_form_and_the_preview_shows_what_candidates_will_read(walk: Walk) -> None:
    new_opening(walk)
    walk.page.get_by_role("combobox", name=walk.t("writing.begin.title")).select_option("quality")
    walk.button("writing.begin.go").click()
    title = walk.field(f"openings.form.title_{walk.language}")
    expect(title).to_have_value("품질관리 신입" if walk.language == "ko" else "Quality control, first job")
    expect(walk.field(f"openings.form.own_{walk.language}").nth(2)).not_to_be_empty()
    title.fill(f"Line {walk.language} {walk.device}")
    other = walk.field(f"openings.form.title_{'en' if walk.language == 'ko' else 'ko'}")
    other.fill(f"Line {walk.device} in the other language")
    walk.button("openings.form.look").click()
    walk.said("openings.form.looked_well")
    expect(title).to_have_value(f"Line {walk.language} {walk.device}")
    walk.button("openings.form.create").click()
    walk.said("openings.said.created")
    walk.link("openings.preview").click()
    walk.sees("openings.preview_lead")
    walk.sees("candidate.welcome.consent")
    walk.sees("candidate.welcome.people_lead")
    walk.sees("openings.preview_question", n=3, all=3)
    walk.go("/staff/openings")
    expect(walk.page.get_by_role("link", name=f"Line {walk.language} {walk.device}")).to_be_visible()


@office.ONE_TURN
def test_a_form_from_nothing_says_at_the_field_what_it_objects_to_and_keeps_everything_else(walk: Walk) -> None:
    mina = reviewer(walk)
    new_opening(walk)
    walk.field(f"openings.form.title_{walk.language}").fill("Pressing")
    walk.field("openings.form.deadline").fill("2031-03-05T18:00")
    walk.fold("writing.library.title").click()
    walk.field("writing.library.words").fill(LOOKED_FOR[walk.language])
    walk.button("writing.library.find").click()
    picks = walk.page.locator(".picks").get_by_role("checkbox")
    expect(picks.first).to_be_visible()
    assert 0 < picks.count() < sum(len(library.questions_of(name)) for name in library.competencies())
    walk.tick(picks.first)
    walk.button("writing.library.put").click()
    walk.said("writing.library.put_in")
    own = walk.field(f"openings.form.own_{walk.language}")
    expect(own.first).not_to_be_empty()
    walk.page.locator("summary").filter(has_text=walk.t("openings.form.question", n=2)).click()
    own.nth(1).fill(MAY_NOT[walk.language])
    times(walk, think="45", answer="90", takes="3")
    rubric(walk)
    walk.tick(walk.field("openings.form.blind"))
    expect(walk.field("openings.form.blind")).not_to_be_checked()
    walk.tick(walk.page.get_by_role("checkbox", name=re.compile(re.escape(mina))))
    walk.button("openings.form.create").click()
    walk.said("openings.form.to_mend", n=1)
    expect(own.nth(1)).to_have_attribute("aria-invalid", "true")
    said = walk.page.locator("#question-2-wrong, #question-en-2-wrong").filter(visible=True)
    expect(said).to_contain_text("결혼" if walk.language == "ko" else "marriage")
    own.nth(1).fill(WEAK[walk.language])
    walk.button("openings.form.look").click()
    walk.said("openings.form.looked", n=1)
    expect(walk.page.get_by_text(walk.t("openings.form.advice"), exact=True)).to_be_visible()
    own.nth(1).fill(OWN[walk.language])
    walk.button("openings.form.create").click()
    walk.said("openings.said.created")
    written(walk, mina)


def reviewer(walk: Walk) -> str:
    """The address of a reviewer who is there to be ticked."""
    email = f"mina-{walk.language}-{walk.device}@example.com"
    desk.colleague(walk.jun, email, "reviewer")
    return email


def times(walk: Walk, *, think: str, answer: str, takes: str) -> None:
    """Sets the times and takes of the second question."""
    for name, value in (("think", think), ("answer", answer), ("takes", takes)):
        walk.field(f"openings.form.{name}").nth(1).fill(value)


def rubric(walk: Walk) -> None:
    """Weighs the first competency and writes one of its anchors anew."""
    row = walk.page.locator(".criterion-row").filter(has=walk.page.get_by_role("checkbox", checked=True)).first
    row.locator("summary").click()
    row.get_by_label(walk.t("writing.rubric.weight"), exact=True).select_option("3")
    row.get_by_label(walk.t(f"writing.rubric.anchor_{walk.language}", n=5), exact=True).fill("A figure fell by half.")


def written(walk: Walk, mina: str) -> None:
    """The opening's page shows what was written."""
    main = walk.page.get_by_role("main")
    expect(main).to_contain_text(OWN[walk.language])
    expect(main).to_contain_text(walk.t("openings.question_times", think=45, answer=90, takes=3))
    expect(main).to_contain_text("A figure fell by half.")
    expect(main).to_contain_text(walk.t("writing.rubric.weight_of", n=3, share=100))
    expect(main).to_contain_text(mina)
    expect(main).to_contain_text("3월 5일" if walk.language == "ko" else "5 March")
    expect(main.get_by_text(walk.t("openings.blind"), exact=True)).to_have_count(0)


@office.OTHER_TURN
def test_once_the_first_candidate_has_begun_the_opening_is_fixed_and_says_what_may_still_change(walk: Walk) -> None:
    opening_id = desk.opening(walk.jun, questions=2)
    walk.go(f"/staff/openings/{opening_id}")
    walk.sees("writing.version_open")
    walk.field("openings.name").fill("Minji")
    walk.field("openings.email").fill(f"minji-{walk.language}-{walk.device}@example.org")
    walk.button("openings.invite").click()
    link = walk.page.locator("#invitation-link").inner_text()
    with walk.another() as minji:
        office.begin(minji, link)
    walk.go(f"/staff/openings/{opening_id}")
    walk.sees("writing.version_frozen")
    expect(walk.page.get_by_text(walk.t("writing.frozen.tag"), exact=True)).to_be_visible()
    walk.link("openings.edit").click()
    walk.sees("openings.form.frozen")
    walk.sees("writing.frozen.stays")
    expect(walk.field(f"openings.form.own_{walk.language}")).to_have_count(0)
    walk.field(f"openings.form.title_{walk.language}").fill("A better title")
    walk.button("openings.form.keep").click()
    walk.said("openings.said.amended")
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("A better title")
