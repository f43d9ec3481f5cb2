"""The two islands of the staff's pages in a real browser: the list by keyboard and its news, words that play."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.storage import storage
from interview_ai.tables import Answer, Rating, TranscriptRow
from tests import desk, house
from tests.bench import crowd
from tests.cast import PASSWORD
from tests.conftest import CHROMIUM
from tests.house import House

pytestmark = pytest.mark.browser
SECONDS, RATE = 8, 10
NEWS_MS = 15_000


@pytest.fixture
def server(home: Path) -> Iterator[House]:
    with house.running(home, "web") as started:
        yield started


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        complaints: list[str] = []
        opened = browser.new_page(locale="en")
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        # a refused form answers 409 on purpose, and a list that waits for news may ask a house that has just closed
        expected = ("409", "ERR_CONNECTION")
        opened.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and not any(sign in said.text for sign in expected)
                else None
            ),
        )
        yield opened
        browser.close()
        assert complaints == []


def sign_in(page: Page, server: House) -> None:
    page.goto(f"{server.url}/sign-in")
    page.fill("#email", "jun@example.com")
    page.fill("#password", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/staff/openings")
    page.goto(f"{server.url}/staff/account?lang=en")


def recorded(answer_id: str, folder: Path) -> None:
    """A grey film as the worker keeps it."""
    path = folder / "made.webm"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libvpx", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(SECONDS * RATE):
            picture = np.full((48, 64, 3), shade * 3, np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode(None))
    key = f"answers/{answer_id}/0f.webm"
    storage().put(key, path)
    with transaction(EVERYWHERE) as session:
        session.get_one(Answer, answer_id).playable_key = key


def test_the_list_is_walked_by_keyboard_where_a_digit_saves_nothing_and_shows_news_without_reloading(
    page: Page, server: House
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "First", 4)
    desk.candidate(jun, opening_id, "Second", 2)
    sign_in(page, server)
    page.goto(f"{server.url}/staff/openings/{opening_id}/candidates")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".is-current")).to_contain_text("Candidate 02")
    page.keyboard.press("k")
    page.keyboard.press("4")
    page.wait_for_url("**/staff/interviews/*?level=4#criteria")
    expect(page.locator('input[value="4"]')).to_be_checked()
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Rating)).all() == []
    page.locator("#rating button").click()
    expect(page.locator("#criteria [role=status]")).to_contain_text("Your rating is saved")
    page.locator("#criteria [role=status] a", has_text="Back to the list").click()
    expect(page.locator(".shortlist-row").first).to_contain_text("rated by people")
    third = desk.applicant(jun, opening_id, "Third")
    expect(page.locator(".shortlist-row")).to_have_count(3, timeout=NEWS_MS)
    expect(page.locator(".is-current")).to_contain_text("Candidate 01")
    desk.assessed(desk.answered(third), 5)
    expect(page.locator(".shortlist-row").nth(2)).to_contain_text("Shown after your own rating", timeout=NEWS_MS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/interviews/*")


def test_words_and_quotes_play_the_second_that_they_rest_on(page: Page, server: House, tmp_path: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    minji = desk.candidate(jun, opening_id, "Minji", 4)
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    with reading(EVERYWHERE) as session:
        answer_id = session.scalars(select(Answer.id)).one()
    recorded(answer_id, tmp_path)
    sign_in(page, server)
    page.goto(f"{server.url}/staff/interviews/{minji.interview_id}")
    page.locator(".word", has_text="valve").click()
    second = f"document.querySelector('#media-{answer_id}').currentTime"  # evaluated by the browser, past the policy
    house.eventually(lambda: page.evaluate(f"{second} >= 4"), within_s=15)
    expect(page.locator(".word.is-now")).to_have_count(1)
    page.locator(".quotes a").first.click()
    house.eventually(lambda: page.evaluate(f"{second} < 3"), within_s=15)


def test_the_player_keeps_its_speed_skips_silence_takes_notes_and_finds_words(
    page: Page, server: House, tmp_path: Path
) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun, blind=False), "Minji", 4)
    with reading(EVERYWHERE) as session:
        answer_id = session.scalars(select(Answer.id)).one()
    recorded(answer_id, tmp_path)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answer.peaks, answer.facts = [60] * 20 + [0] * 60, {"duration_s": 8.0, "video": None, "audio": None}
        transcript = session.scalars(select(TranscriptRow)).one()
        transcript.words = [word | {"start_s": n / 10, "end_s": n / 10} for n, word in enumerate(transcript.words)]
    sign_in(page, server)
    page.goto(f"{server.url}/staff/interviews/{minji.interview_id}")
    player = f"document.querySelector('#deck #media-{answer_id}')"
    expect(page.locator("#skip-length")).to_have_text("0:05")
    page.locator("#skip").check()
    page.locator("h1").click()
    page.keyboard.press(">")
    page.reload()
    expect(page.locator("#speed")).to_have_value("1.25")
    expect(page.locator("#skip")).to_be_checked()
    page.locator(".word").first.click()
    house.eventually(lambda: page.evaluate(f"{player}.currentTime >= 7.5"), within_s=6)  # 2.3 to 7.7 is silence
    assert page.evaluate(f"{player}.playbackRate") == 1.25
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    assert page.evaluate(f"{player}.paused")
    page.keyboard.type("s / n")  # while one types these are letters
    at = page.locator("#note-at").input_value()
    assert at in ("0:07", "0:08")
    page.locator("#note-form button").click()
    expect(page.locator(".note-text")).to_have_text("s / n")
    page.locator(".note .line-time").click()
    house.eventually(lambda: page.evaluate(f"{player}.currentTime >= 7"), within_s=6)
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("THE  broken")
    expect(page.locator(".find-count")).to_have_text("1 of 1")
    expect(page.locator(".is-found-now")).to_have_text(["the", "broken"])


def test_a_reason_half_written_outlives_a_refusal_a_change_of_language_and_a_reload(page: Page, server: House) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    sign_in(page, server)
    page.goto(f"{server.url}/staff/interviews/{minji.interview_id}")
    expect(page.locator(".lacks")).to_be_hidden()
    page.locator("label[for=kind-reject]").click()
    expect(page.locator(".lacks")).to_be_visible()
    page.fill("#reason", "short")
    with page.expect_response("**/decisions"):
        page.locator(".decision-form button").click()
    expect(page.locator("[role=alert]")).to_be_focused()
    page.reload()
    expect(page.locator("[role=alert]")).to_have_count(0)
    expect(page.locator("#reason")).to_have_value("short")
    page.locator(".languages a[lang=ko]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator("#reason")).to_have_value("short")
    expect(page.locator("#kind-reject")).to_be_checked()
    page.reload()
    expect(page.locator("#reason")).to_have_value("short")
    page.locator("label[for=kind-advance]").click()
    page.fill("#reason", "Her example shows what she did.")
    page.locator(".decision-form button").click()
    expect(page.locator("#decision [role=status]")).to_be_in_viewport()
    expect(page.locator("#reason")).to_have_value("")


def test_an_answer_that_a_worker_is_at_appears_without_reloading(page: Page, server: House) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    answer_id = desk.answered(minji)
    sign_in(page, server)
    page.goto(f"{server.url}/staff/interviews/{minji.interview_id}")
    expect(page.locator(".work-steps li")).to_have_count(3)
    desk.assessed(answer_id, 3)
    expect(page.locator(".transcript")).to_contain_text("valve", timeout=NEWS_MS)


def test_who_is_ticked_stays_so_across_pages_filters_and_what_is_done_with_them(page: Page, server: House) -> None:
    made = crowd.make(60)
    page.goto(f"{server.url}/sign-in")
    page.fill("#email", made.email)
    page.fill("#password", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/staff/openings")
    base = f"{server.url}/staff/openings/{made.opening_id}/candidates"
    page.goto(f"{base}?lang=en")
    expect(page.locator("#chosen-said")).to_be_hidden()
    first = page.locator("[name=chosen]").first.get_attribute("value")
    page.locator("[name=chosen]").first.check()
    expect(page.locator("#chosen-said [role=status]")).to_have_text("1 chosen")
    page.locator(".pages [rel=next]").click()
    page.wait_for_url("**page=2**")
    expect(page.locator("#chosen-said [role=status]")).to_have_text("1 chosen, 1 of them not on this page")
    page.locator("[name=chosen]").last.check()
    page.select_option("#sort", "newest")
    page.locator(".list-apply button").click()
    page.wait_for_url("**sort=newest**")
    assert "chosen=" not in page.url
    expect(page.locator("#chosen-said [role=status]")).to_contain_text("2 chosen")
    page.locator("button", has_text="Compare the chosen").click()
    page.wait_for_url("**/compare?**")
    assert page.url.count("chosen=") == 2
    assert first is not None
    assert first in page.url
    assert "sort=" not in page.url
    expect(page.locator(".compare-head thead th")).to_have_count(2)
    page.goto(f"{base}?chosen={first}")
    page.wait_for_url(base)
    expect(page.locator("#chosen-said [role=status]")).to_contain_text("2 chosen")
    page.locator("[data-untick]").click()
    expect(page.locator("#chosen-said")).to_be_hidden()
    assert page.locator("[name=chosen]:checked").count() == 0
    page.goto("about:blank")  # the list would ask a server that is gone


def test_a_snippet_opens_its_answer_at_its_second_and_only_once(page: Page, server: House, tmp_path: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    desk.candidate(jun, opening_id, "Minji", 4)
    with reading(EVERYWHERE) as session:
        answer_id = session.scalars(select(Answer.id)).one()
    recorded(answer_id, tmp_path)
    sign_in(page, server)
    page.goto(f"{server.url}/staff/openings/{opening_id}/candidates?words=valve")
    page.locator(".said a").click()
    page.wait_for_url("**/staff/interviews/**")
    second = f"document.querySelector('#media-{answer_id}').currentTime"
    house.eventually(lambda: page.evaluate(f"{second} >= 4"), within_s=15)
    assert "at=" not in page.url
    assert "words=valve" in page.url
    page.reload()
    assert page.evaluate(second) == 0
    page.get_by_role("link", name="Candidates", exact=True).click()
    page.wait_for_url("**/candidates?words=valve#row-*")
    page.goto("about:blank")
