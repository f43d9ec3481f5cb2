"""A recorded question in a real browser: the time to think begins when it has been heard, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from interview_ai import demonstration, prompts
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.storage import storage
from interview_ai.tables import Question, new_id
from tests import desk, house
from tests.conftest import CHROMIUM
from tests.journeys.test_answer import FLAGS, begin
from worker import prompting

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RECORDING = Path(demonstration.__file__).parent / "recordings" / "quality-2.mp4"
NEAR_ITS_END = "video => { video.muted = true; video.currentTime = video.duration - 0.3; return video.play(); }"


def test_the_time_to_think_begins_when_the_recorded_question_ends(home: Path) -> None:
    jun = desk.jun()
    token = desk.invite(jun, opening_id := desk.opening(jun), "Minji")
    upload_id, content = new_id(), RECORDING.read_bytes()
    storage().append(upload_id, 0, content)
    with transaction(jun.organisation_id) as session:
        asked = session.scalars(select(Question.id).where(Question.opening_id == opening_id)).one()
        prompts.add(session, jun, asked, upload_id=upload_id, length=len(content))
    prompting.read(upload_id)
    with reading(EVERYWHERE) as session:
        assert prompts.ready(session, asked)
    with house.running(home, "web") as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="en", permissions=["camera", "microphone"]).new_page()
        begin(page, running.url, token)
        page.locator("#think-now:not([hidden])").wait_for()
        captions = page.locator("#prompt").evaluate("video => [...video.textTracks[0].cues].map(cue => cue.text)")
        assert " ".join(captions) == page.locator("h1.question").inner_text()
        assert page.locator("#clock").inner_text() == ""
        page.locator("#prompt").evaluate(NEAR_ITS_END)
        page.locator("#state", has_text="Time to think").wait_for()
        assert page.locator("#think-now").is_hidden()
        browser.close()
