"""The whole Korean way in a real browser: record, words, evidence, ranked list, with the Whisper that the tests ship."""

from __future__ import annotations

import os
import wave
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import select

from interview_ai import passwords
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.library import questions_of
from interview_ai.storage import storage
from interview_ai.tables import Answer, EvidenceRow, Opening, Question, ScoreRow, Staff, TranscriptRow
from models import converting, media, speech
from models.speech import Recogniser, Spoken
from tests import cast, house
from tests.cast import PASSWORD
from tests.conftest import CHROMIUM
from tests.fixtures import train_whisper, whisper
from tests.fixtures.sentences import KOREAN
from tests.journeys.test_answer import FLAGS, begin, link_for

pytestmark = [pytest.mark.browser, pytest.mark.voices, pytest.mark.slow]
EXACT = 0.9  # of the sentences that the network was trained on
BUSY_EXACT = 0.8  # Chromium plays and records in real time: where others keep both cores busy, sound is lost on the way
BUSY = 2.0  # waiting processes for each core


def microphone(folder: Path) -> tuple[Path, float]:
    """A wav of every sentence for Chromium to play as its microphone, and its length in seconds."""
    sound = np.concatenate([np.zeros(train_whisper.RATE * 2, dtype=np.float32), whisper.all_read_aloud("ko", folder)])
    path = folder / "microphone.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(train_whisper.RATE)
        out.writeframes((sound * 32000).clip(-32768, 32767).astype("<i2").tobytes())
    return path, len(sound) / train_whisper.RATE


def korean_opening(employer: cast.Firm, *, seconds: int) -> None:
    """One real Korean question in a real opening whose first pass has ended, so that the list shows points at once."""
    with transaction(EVERYWHERE) as session:
        opening = session.get_one(Opening, employer.opening_id)
        opening.language, opening.first_pass_ended_at = "ko", datetime.now(UTC)
        session.delete(session.get_one(Question, employer.question_ids[1]))
        question = session.get_one(Question, employer.question_ids[0])
        question.text_ko, question.answer_s = questions_of("problem_solving")[0].ko, seconds
        staff = session.get_one(Staff, employer.staff_id)
        staff.password_hash, staff.state = passwords.hashed(PASSWORD), "active"


def exact(text: str) -> float:
    return sum(sentence in text for sentence in KOREAN) / len(KOREAN)


def test_a_korean_answer_is_recorded_heard_rated_by_evidence_and_ranked(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    wav, lasts_s = microphone(tmp_path)
    korean_opening(jun, seconds=round(lasts_s) + 30)
    token = link_for(jun)
    entry = whisper.installed(tmp_path / "weights")
    checkpoint = tmp_path / "weights" / entry.file
    converting.convert(checkpoint, speech.faster_folder("small", home / "models"), name="small")
    with house.running(home) as running, sync_playwright() as playwright:
        flags = [*FLAGS, f"--use-file-for-fake-audio-capture={wav}%noloop"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_context(locale="ko", permissions=["camera", "microphone"]).new_page()
        begin(page, running.url, token)
        page.locator("#start").click()
        page.locator("#finish").wait_for()
        page.wait_for_timeout(1000 * (lasts_s + 2))
        least = EXACT if os.getloadavg()[0] < BUSY * (os.cpu_count() or 1) else BUSY_EXACT
        page.locator("#finish").click()
        page.locator("#receipt-code-1").wait_for(timeout=60_000)
        page.locator("#finish-interview").click()
        page.wait_for_url("**/interview/done")
        answer = house.eventually(assessed)
        staff = browser.new_context(locale="ko", viewport={"width": 1280, "height": 800}).new_page()
        staff.goto(f"{running.url}/sign-in")
        staff.locator('input[name="email"]').fill("jun@example.com")
        staff.locator('input[name="password"]').fill(PASSWORD)
        staff.locator('main button[type="submit"]').first.click()
        staff.goto(f"{running.url}/staff/openings/{jun.opening_id}/candidates")
        row = staff.locator(".shortlist-row").first.inner_text()
        browser.close()
    with reading(EVERYWHERE) as session:
        heard = session.scalars(select(TranscriptRow)).one()
        found = session.scalars(select(EvidenceRow)).all()
        score = session.scalars(select(ScoreRow)).one()
    assert (heard.engine, heard.language) == ("faster-whisper", "ko")
    assert exact(heard.text) >= least, heard.text
    latest = 0.0
    assert answer.facts is not None
    for word in heard.words:
        assert latest <= word["start_s"] <= word["end_s"] <= answer.facts["duration_s"]
        latest = word["start_s"]
    assert score.score is not None and {"situation", "action", "result"} <= {item.kind for item in found}
    assert row.startswith("그룹 A") or "A" in row.split()
    again = transcribed_by_whisper(answer, checkpoint, tmp_path)
    assert exact(again) >= least, again


def assessed() -> Answer | None:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer).where(Answer.state == "assessed")).first()


def transcribed_by_whisper(answer: Answer, checkpoint: Path, folder: Path) -> str:
    """The same recording by the reference engine."""
    assert answer.playable_key is not None
    kept = folder / "kept.webm"
    kept.write_bytes(b"".join(storage().read(answer.playable_key, 0, storage().length(answer.playable_key))))
    (folder / "read").mkdir()
    read = media.read([kept], folder / "read", wall_s=60)
    assert read.sound is not None
    by = Recogniser("whisper", "small", checkpoint)
    return speech.transcribe_all([Spoken(speech.load(read.sound), "ko")], by)[0].transcript.text
