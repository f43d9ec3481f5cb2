"""Jun looks at one candidate: plays, reads, searches, notes and rates; in a blind opening step by step."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from interview_ai import openings
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import AuditEntry
from tests import desk, house
from tests.journeys import office
from tests.journeys.office import Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECOND = "we measured every part and the figure fell by half"


def two_answers(walk: Walk, *, blind: bool) -> Applicant:
    """Minji with two answers that play, after the first pass where the opening is not blind."""
    opening_id = desk.opening(walk.jun, questions=2, blind=blind)
    minji = desk.applicant(walk.jun, opening_id, "Minji")
    for position, said in ((1, desk.SAID), (2, SECOND)):
        office.heard(desk.answered(minji, position), 4, said=said)
    desk.finished(minji)
    office.playable(minji.interview_id)
    if not blind:
        with transaction(walk.jun.organisation_id) as session:
            openings.end_first_pass(session, walk.jun, opening_id)
    return minji


def second(walk: Walk) -> float:
    """Where the player in view stands."""
    playing = "[...document.querySelectorAll('#deck .player')].find((one) => one.offsetParent)"
    return float(walk.page.evaluate(f"{playing}?.currentTime ?? -1"))


def plays_from(walk: Walk, at: float) -> None:
    """The player in view has gone to about this second and plays on."""
    house.eventually(lambda: at <= second(walk) < at + 3, within_s=10)


def part(walk: Walk, name: str) -> None:
    """Goes to a part of the page as a phone has it; a desktop has all in view."""
    if walk.device == "phone":
        walk.page.get_by_role("navigation", name=walk.t("person.tabs")).get_by_role(
            "link", name=re.compile(walk.t(f"person.tab.{name}"))
        ).click()


@office.ONE_TURN
def test_words_and_quotes_play_chapters_and_speed_are_at_hand_and_a_note_holds_on_to_a_second(walk: Walk) -> None:
    minji = two_answers(walk, blind=False)
    walk.go(f"/staff/interviews/{minji.interview_id}")
    page = walk.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Minji")
    page.get_by_text("valve", exact=True).click()
    plays_from(walk, 4)
    page.locator("#speed").select_option("1.5")
    rate = "[...document.querySelectorAll('#deck .player')].map((one) => one.playbackRate)"
    assert 1.5 in page.evaluate(rate)
    page.get_by_role("navigation", name=walk.t("person.chapters")).get_by_role("link").nth(1).click()
    expect(page.locator("#deck-title")).to_contain_text(walk.t("person.chapter.name", n=2))
    page.get_by_text("measured", exact=True).click()
    plays_from(walk, 1)
    found = page.get_by_role("searchbox", name=walk.t("person.search.label"))
    found.fill("THE figure")
    walk.sees("person.search.count", at=1, n=1)
    found.fill("the")
    walk.sees("person.search.count", at=1, n=2)
    found.fill("")
    part(walk, "criteria")
    page.locator(".quotes").get_by_role("link", name=re.compile("found the broken")).click()
    plays_from(walk, 1)
    expect(page.locator("#deck-title")).to_contain_text(walk.t("person.chapter.name", n=1))
    noted(walk)
    rated(walk)


def noted(walk: Walk) -> None:
    """A note at the second that plays; it plays that second again."""
    walk.page.locator("#note-here").click()
    at = walk.field("person.notes.at").first
    expect(at).to_have_value(re.compile(r"0:0\d"))
    noted_at = float(at.input_value()[-1])
    walk.page.get_by_role("textbox", name=walk.t("person.notes.text"), exact=True).first.fill("Names the cause.")
    walk.button("person.notes.save").click()
    walk.said("person.said.noted")
    note = walk.page.get_by_role("listitem").filter(has_text="Names the cause.")
    expect(note).to_contain_text(walk.t("person.notes.private"))
    note.get_by_role("link", name=re.compile(r"0:0\d")).click()
    plays_from(walk, noted_at)


def rated(walk: Walk) -> None:
    """His own level, chosen by what its anchor says."""
    part(walk, "criteria")
    anchor = "한 일과 결과를 말한다" if walk.language == "ko" else "says what they did and what came of it"
    walk.page.get_by_role("radio", name=re.compile(anchor)).check()
    walk.button("shortlist.page.save_ratings").click()
    walk.said("shortlist.said.rated")
    own = walk.page.get_by_role("article").filter(has_text=walk.t("person.beside.machine")).last
    expect(own).to_contain_text(anchor)


@office.OTHER_TURN
def test_a_blind_review_opens_words_then_the_voice_then_the_person_and_each_step_is_on_record(walk: Walk) -> None:
    minji = two_answers(walk, blind=True)
    walk.go(f"/staff/interviews/{minji.interview_id}")
    page = walk.page
    expect(page.get_by_text("Minji")).to_have_count(0)
    expect(page.get_by_text("valve", exact=True)).to_be_visible()
    expect(page.locator("audio, video")).to_have_count(0)
    expect(walk.button("person.stages.open_face")).to_have_count(0)
    walk.button("person.stages.open_sound").click()
    walk.said("person.said.sound")
    expect(page.locator("audio")).to_have_count(2)
    expect(page.locator("video")).to_have_count(0)
    page.get_by_text("valve", exact=True).click()
    plays_from(walk, 4)
    walk.button("person.stages.open_face").click()
    walk.said("shortlist.said.revealed")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Minji")
    expect(page.locator("video")).to_have_count(2)
    with reading(EVERYWHERE) as session:
        of = AuditEntry.subject == f"interview:{minji.interview_id}"
        kept = session.scalars(select(AuditEntry).where(of).order_by(AuditEntry.id)).all()
    steps = {"transcript viewed": 1, "sound opened": 2, "identity revealed": 3}
    by_jun = [steps[entry.action] for entry in kept if entry.actor == f"staff:{walk.jun.id}" and entry.action in steps]
    assert by_jun == sorted(by_jun) and set(by_jun) == {1, 2, 3}
