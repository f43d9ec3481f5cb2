"""What Jun takes out of the service: the list as CSV and for Excel, and on paper."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from playwright.sync_api import expect

from interview_ai import openings, reviews
from interview_ai.database import transaction
from tests import desk
from tests.journeys import office
from tests.journeys.office import REASON, Walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def rated_list(walk: Walk) -> str:
    """An opening with Minji rated and advanced, and Sora without a score; its list is open. Returns Minji's page."""
    opening_id = desk.opening(walk.jun, blind=False)
    with transaction(walk.jun.organisation_id) as session:
        token = openings.invite(session, walk.jun, opening_id, name="김민지", email="kim@example.org", language="ko")
    minji = desk.begin(token)
    office.heard(desk.answered(minji), 4)
    desk.finished(minji)
    office.playable(minji.interview_id)
    office.candidate(walk.jun, opening_id, "Sora", None)
    with transaction(walk.jun.organisation_id) as session:
        reviews.viewed(session, walk.jun, minji.interview_id, "transcript")
        reviews.rate(session, walk.jun, minji.interview_id, {"problem_solving": 4})
        reviews.decide(session, walk.jun, minji.interview_id, "advance", reason=REASON)
    walk.go(f"/staff/openings/{opening_id}/candidates")
    return f"/staff/interviews/{minji.interview_id}"


@office.OTHER_TURN
def test_the_list_leaves_as_csv_and_for_excel_with_what_the_page_shows(walk: Walk) -> None:
    rated_list(walk)
    both = walk.t("export.everybody", n=2, count="2")
    with walk.page.expect_download() as coming:
        walk.link("export.csv", whose=both).click()
    with coming.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    name, decision, reason = (walk.t(f"export.columns.{column}") for column in ("name", "decision", "reason"))
    assert [row[name] for row in rows] == ["김민지", "Sora"]
    assert rows[0][decision] == walk.t("shortlist.page.kinds.advance")
    assert rows[1][reason] == walk.t("shortlist.reasons.no_speech")
    assert coming.value.suggested_filename.endswith(".csv")
    with walk.page.expect_download() as coming:
        walk.link("export.xlsx", whose=both).click()
    book = openpyxl.load_workbook(io.BytesIO(coming.value.path().read_bytes()))
    head, *lines = book[walk.t("export.sheet")].iter_rows(values_only=True)
    assert [dict(zip(head, line, strict=True))[name] for line in lines] == ["김민지", "Sora"]
    assert list(head) == list(rows[0])


@office.ONE_TURN
def test_list_and_candidate_print_what_was_said_and_decided_without_what_only_a_screen_can_do(walk: Walk) -> None:
    candidate = rated_list(walk)
    page = walk.page
    page.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    walk.button("export.print").click()
    expect(page.locator("body[data-printed]")).to_be_visible()
    page.emulate_media(media="print")
    expect(walk.row("김민지")).to_be_visible()
    expect(walk.row("Sora")).to_contain_text(walk.t("shortlist.reasons.no_speech"))
    for gone in (walk.link("export.csv"), walk.button("compare.button"), walk.field("ranked.words")):
        expect(gone).to_be_hidden()
    expect(page.get_by_role("banner")).to_be_hidden()
    walk.go(candidate)
    expect(page.get_by_text("valve", exact=True)).to_be_visible()
    walk.sees("export.printed_by", by="Jun")
    expect(page.get_by_text(REASON).first).to_be_visible()
    for gone in (walk.button("shortlist.page.change_ratings"), walk.button("person.notes.save"), page.locator("video")):
        expect(gone).to_be_hidden()
    walk.fits()
