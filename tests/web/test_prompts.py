"""A recorded question: sent by a form, read in the jail by a worker, played to whom it is asked and to nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai import demonstration, prompts
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import LeaseLost, NotFound
from interview_ai.organisations import Member
from interview_ai.storage import storage
from interview_ai.tables import Opening, Prompt
from tests import desk
from tests.browser import Browser
from tests.web.test_writing import signed_in
from worker import prompting

RECORDING = Path(demonstration.__file__).parent / "recordings" / "quality-2.mp4"


def questions(opening_id: str) -> list[str]:
    with reading(EVERYWHERE) as session:
        return [question.id for question in session.get_one(Opening, opening_id).questions]


def kept() -> list[Prompt]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Prompt)))


def send(browser: Browser, opening_id: str, content: bytes, *, place: int = 0) -> Response:
    """The form of one question, as a browser sends it."""
    page = browser.get(f"/staff/openings/{opening_id}/recordings")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    address = f"/staff/prompt-files/{questions(opening_id)[place]}"
    return browser.client.post(address, data={"csrf": token[1]}, files={"file": ("q.mp4", content, "video/mp4")})


def recorded(member: Member, opening_id: str) -> Browser:
    browser = signed_in(member.email)
    assert "The recording is here" in send(browser, opening_id, RECORDING.read_bytes()).text
    prompting.read(kept()[0].id)
    return browser


def candidate(member: Member, opening_id: str, name: str) -> Browser:
    browser = Browser()
    address = f"/i/{desk.invite(member, opening_id, name)}"
    browser.send(browser.get(address), "", mode="ai", consent="yes")
    return browser


def test_a_recorded_question_plays_to_its_candidates_with_its_text_and_to_nobody_else(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id, other_id, foreign_id = desk.opening(jun), desk.opening(jun), desk.opening(hana)
    browser = recorded(jun, opening_id)
    prompt = kept()[0]
    assert (prompt.state, round(prompt.duration_s or 0)) == ("ready", 28)
    assert storage().size(prompt.id) == 0  # what was sent is not kept beside what plays
    assert "Candidates see it" in browser.get(f"/staff/openings/{opening_id}/recordings").text
    places = [f"prompts/{prompt.question_id}/{what}" for what in ("video", "poster", "captions/en")]
    minji = candidate(jun, opening_id, "Minji")
    page = minji.get("/interview/questions/1").text
    assert f'src="/interview/{places[0]}"' in page
    assert '<h1 class="question">Tell us about a time when you solved a problem at work.</h1>' in page
    assert "Tell us about a time when you solved a problem" in minji.get(f"/interview/{places[2]}").text
    part = minji.get(f"/interview/{places[0]}", range="bytes=0-99")
    assert (part.status_code, len(part.content), part.headers["content-type"]) == (206, 100, "video/mp4")
    for n, place in enumerate(places):
        assert minji.get(f"/interview/{place}").status_code == 200
        assert browser.get(f"/staff/{place}").status_code == 200
        assert signed_in(hana.email).get(f"/staff/{place}").status_code == 404
        assert candidate(jun, other_id, f"Sora{n}").get(f"/interview/{place}").status_code == 404
        assert candidate(hana, foreign_id, f"Doyun{n}").get(f"/interview/{place}").status_code == 404
        assert Browser().get(f"/interview/{place}").status_code == 401


def test_once_somebody_has_begun_a_recording_is_neither_sent_nor_removed(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = recorded(jun, opening_id)
    form = browser.get(f"/staff/openings/{opening_id}/recordings")
    desk.applicant(jun, opening_id)
    for answer in (send(browser, opening_id, RECORDING.read_bytes()), browser.send(form, "/remove")):
        assert answer.status_code == 409
        assert "questions, recordings, times and the rubric stay as they are" in answer.text
    assert [prompt.state for prompt in kept()] == ["ready"]
    assert "/prompt-files/" not in browser.get(f"/staff/openings/{opening_id}/recordings").text


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "This file is no video"), (b"GIF89a" + bytes(100), "This file is no video")],
    ids=["nothing", "a picture"],
)
def test_what_is_no_video_is_refused_at_its_field(home: Path, content: bytes, says: str) -> None:
    jun = desk.jun()
    answer = send(signed_in(jun.email), desk.opening(jun), content)
    assert answer.status_code == 422
    assert re.search(r'id="file-1"[^>]*aria-invalid="true"', answer.text)
    assert says in answer.text
    assert kept() == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    monkeypatch.setattr(prompts, "MOST_BYTES", 1000)
    answer = send(signed_in(jun.email), desk.opening(jun), b"\x1aE\xdf\xa3" + bytes(20_000))
    assert answer.status_code == 413
    assert "Record it shorter or smaller" in answer.text


def test_what_no_player_reads_is_refused_in_words_and_can_be_replaced_and_removed(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    send(browser, opening_id, b"\x00\x00\x00\x18ftypmp42" + b"0" * 500)
    broken = kept()[0]
    prompting.read(broken.id)
    assert "The file is damaged" in browser.get(f"/staff/openings/{opening_id}/recordings").text
    send(browser, opening_id, RECORDING.read_bytes())
    assert [prompt.id == broken.id for prompt in kept()] == [False]
    removed = browser.send(browser.get(f"/staff/openings/{opening_id}/recordings"), "/remove")
    assert "The recording is removed" in removed.text
    assert kept() == []


def test_a_recording_that_is_taken_away_while_it_is_read_leaves_no_file(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    send(browser, opening_id, RECORDING.read_bytes())
    with transaction(EVERYWHERE) as session:
        claimed = prompts.claim(session, kept()[0].id)
        assert claimed is not None
        assert prompts.claim(session, claimed.id) is None  # two workers never read the same one
    browser.send(browser.get(f"/staff/openings/{opening_id}/recordings"), "/remove")
    with pytest.raises(LeaseLost), transaction(jun.organisation_id) as session:
        prompts.keep(session, claimed, prompts.Made("prompts/x.mp4", None, 1.0))


def test_an_emptied_question_takes_its_recording_with_it(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    browser = recorded(jun, opening_id)
    key = kept()[0].playable_key or ""
    ids = questions(opening_id)
    form = browser.get(f"/staff/openings/{opening_id}/edit")
    assert form.text.count("This question has a recording") == 1
    again = {"question_en": ["Tell us about a time when you led.", ""], "question_ko": ["", ""]}
    browser.send(form, "/edit", question_id=[ids[1], ""], **again)
    assert kept() == []
    with pytest.raises(NotFound):
        storage().length(key)


def test_a_recording_that_nobody_reads_is_rung_for_again_and_one_that_cannot_be_read_is_given_up(home: Path) -> None:
    jun = desk.jun()
    send(signed_in(jun.email), desk.opening(jun), RECORDING.read_bytes())
    for _ in range(prompts.MOST_ATTEMPTS):
        with transaction(EVERYWHERE) as session:
            session.scalars(select(Prompt)).one().next_at -= timedelta(seconds=prompts.RETRY_S * 2)
            session.flush()
            assert [prompts.ring_due(session), prompts.ring_due(session)] == [1, 0]
            claimed = prompts.claim(session, kept()[0].id)
            assert claimed is not None
            prompts.put_off(session, claimed, "crashed")
    assert [(prompt.state, prompt.fault) for prompt in kept()] == [("refused", "crashed")]
