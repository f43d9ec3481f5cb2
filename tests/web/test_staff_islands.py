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
from interview_ai.tables import Answer
from tests import desk, house
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
        opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
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


def test_the_list_is_walked_and_rated_by_keyboard_and_shows_news_without_reloading(page: Page, server: House) -> None:
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
    expect(page.locator("[role=status]")).to_contain_text("Your rating is saved")
    expect(page.locator(".shortlist-row").first).to_contain_text("people's rating")
    third = desk.applicant(jun, opening_id, "Third")
    expect(page.locator(".shortlist-row")).to_have_count(3, timeout=NEWS_MS)
    expect(page.locator(".is-current")).to_contain_text("Candidate 01")
    desk.assessed(desk.answered(third), 5)
    expect(page.locator(".shortlist-row").nth(2)).to_contain_text("shown after your own rating", timeout=NEWS_MS)
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
