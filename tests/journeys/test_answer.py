"""Minji opens her link, consents, answers into a camera, and Jun finds it in his list: in a real browser."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from interview_ai import passwords
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.rules.hearing import word_errors
from interview_ai.tables import Answer, Opening, Question, Staff, TranscriptRow
from tests import cast, house
from tests.cast import PASSWORD
from tests.conftest import CHROMIUM
from tests.fixtures import speech

pytestmark = [pytest.mark.browser, pytest.mark.voices, pytest.mark.slow]
FLAGS = (
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --no-sandbox --disable-gpu --disable-quic "
    "--no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
MOST_WRONG = 0.25  # share of the spoken words


def spoken_wav(folder: Path) -> Path:
    """The committed text as a wav that Chromium plays as its microphone, with a second of quiet before it."""
    sound = np.concatenate([speech.silence(1), speech.spoken(speech.GOOD, folder)])
    path = folder / "microphone.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(speech.RATE)
        out.writeframes((sound * 32000).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium with a false camera and a real voice."""
    microphone = spoken_wav(tmp_path_factory.mktemp("voice"))
    with sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={microphone}%noloop"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield started
        started.close()


def opening_of(employer: cast.Firm, *, seconds: int) -> None:
    """One question in a demonstration whose first pass has ended, so that the list shows points at once."""
    with transaction(EVERYWHERE) as session:
        opening = session.get_one(Opening, employer.opening_id)
        opening.demonstration, opening.first_pass_ended_at = True, datetime.now(UTC)
        session.delete(session.get_one(Question, employer.question_ids[1]))
        session.get_one(Question, employer.question_ids[0]).answer_s = seconds
        staff = session.get_one(Staff, employer.staff_id)
        staff.password_hash, staff.state = passwords.hashed(PASSWORD), "active"


def link_for(employer: cast.Firm) -> str:
    with transaction(EVERYWHERE) as session:
        return cast.invite(session, employer)


def begin(page: Page, url: str, token: str) -> None:
    """From the link to the question."""
    page.goto(f"{url}/i/{token}")
    page.locator("label.choice").first.click()
    page.locator("label.choice").last.click()
    page.locator('form button[type="submit"]').last.click()
    page.wait_for_url("**/interview/check")
    page.goto(f"{url}/interview/questions/1")


def assessed() -> Answer | None:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer).where(Answer.state == "assessed")).first()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_from_the_link_to_the_ranked_list(home: Path, browser: Browser, language: str) -> None:
    jun = cast.jun()
    opening_of(jun, seconds=22)
    token = link_for(jun)
    with house.running(home) as running:
        page = browser.new_context(locale=language, permissions=["camera", "microphone"]).new_page()
        begin(page, running.url, token)
        page.locator("#start").click()
        code = page.locator("#receipt-code-1").inner_text(timeout=90_000)  # ends by itself when the time is over
        page.locator("#finish-interview").click()
        page.wait_for_url("**/interview/done")
        assert page.locator("#receipt-code-1").inner_text() == code
        house.eventually(assessed)
        with reading(EVERYWHERE) as session:
            heard = session.scalars(select(TranscriptRow)).one().text
        errors = word_errors(speech.GOOD, heard)
        assert errors.wrong <= MOST_WRONG * errors.said, heard
        staff = browser.new_context(locale=language).new_page()
        staff.goto(f"{running.url}/sign-in")
        staff.locator('input[name="email"]').fill("jun@example.com")
        staff.locator('input[name="password"]').fill(PASSWORD)
        staff.locator('main button[type="submit"]').first.click()
        staff.goto(f"{running.url}/staff/openings/{jun.opening_id}/candidates")
        assert "01" in staff.locator("main").inner_text()
