"""The candidate's pages without script, over the whole application: consent, the way on, what was received."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Answer, Interview, Invitation, Opening, Staff, Work
from tests import cast, desk
from tests.browser import Browser
from tests.cast import Firm
from tests.fixtures import speech


def link(employer: Firm) -> str:
    with transaction(EVERYWHERE) as session:
        return f"/i/{cast.invite(session, employer)}"


def begun(browser: Browser, address: str) -> None:
    page = browser.send(browser.get(address), "", mode="ai", consent="yes")
    assert page.url.path == "/interview/check"


def send_file(browser: Browser, position: int, content: bytes) -> Response:
    """A recording by the form that needs no script."""
    page = browser.get(f"/interview/questions/{position}").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    files = {"file": ("answer.webm", content, "video/webm")}
    return browser.client.post(f"/interview/file/{position}", data={"csrf": token}, files=files)


def interviews() -> list[Interview]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Interview)))


def test_looking_at_a_link_begins_nothing_however_often_a_scanner_follows_it(home: Path) -> None:
    address = link(cast.jun())
    for _ in range(3):
        assert Browser().get(address).status_code == 200
        assert Browser().client.head(address).status_code == 200
    assert interviews() == []


@pytest.mark.parametrize(("fields", "says"), [({"mode": "ai"}, "agree to be recorded"), ({"consent": "yes"}, "")])
def test_without_consent_or_a_choice_nothing_begins(home: Path, fields: dict[str, str], says: str) -> None:
    browser = Browser()
    page = browser.send(browser.get(link(cast.jun())), "", **fields)
    assert page.status_code == 422
    assert says in page.text
    assert interviews() == []


@pytest.mark.parametrize(("language", "says"), [("ko", "답변은 영어로 해 주세요"), ("en", None)])
def test_a_question_says_in_which_language_to_answer_where_the_page_speaks_another(
    home: Path, language: str, says: str | None
) -> None:
    browser = Browser(language)
    begun(browser, link(cast.jun()))
    page = browser.get("/interview/questions/1").text
    assert (says in page) if says else ("Please answer in" not in page)


def test_the_check_page_says_what_to_do_without_script(home: Path) -> None:
    browser = Browser()
    begun(browser, link(cast.jun()))
    page = browser.get("/interview/check").text
    without = page.split("<noscript>")[1].split("</noscript>")[0]
    assert "your phone" in without and ".needs-script, .with-camera {" in without


def test_a_file_sent_by_the_plain_form_is_received_and_rings_the_worker(home: Path, tmp_path: Path) -> None:
    recording = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    browser = Browser()
    begun(browser, link(cast.jun()))
    received = send_file(browser, 1, recording)
    assert received.status_code == 200
    with reading(EVERYWHERE) as session:
        answer = session.scalars(select(Answer)).one()
        assert (answer.state, answer.bytes) == ("received", len(recording))
        assert answer.receipt is not None
        assert session.scalars(select(Work.kind)).all() == ["assess"]


@pytest.mark.parametrize("content", [b"", b"a picture of a camera", b"PK\x03\x04 a zip"])
def test_a_file_that_is_no_recording_is_refused_and_the_question_stays_open(home: Path, content: bytes) -> None:
    browser = Browser()
    begun(browser, link(cast.jun()))
    refused = send_file(browser, 1, content)
    assert refused.status_code in (415, 422)
    assert "Traceback" not in refused.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Answer).where(Answer.state == "received")).all() == []
    assert browser.get("/interview/questions/1").status_code == 200


@pytest.mark.parametrize(
    ("state", "says"), [("begun", "You have started this interview"), ("finished", "every answer was received")]
)
def test_a_link_that_was_used_says_where_the_interview_is(home: Path, tmp_path: Path, state: str, says: str) -> None:
    address = link(cast.jun())
    first = Browser()
    begun(first, address)
    if state == "finished":
        recording = speech.recording(speech.silence(1), tmp_path / "a.webm").read_bytes()
        for position in (1, 2):
            page = send_file(first, position, recording)
        assert first.send(page, "/interview/finish").url.path == "/interview/done"
    browser = Browser()
    page = browser.get(address)
    assert says in page.text
    assert 'name="consent"' not in page.text
    onwards = browser.send(page, "")
    assert onwards.url.path == ("/interview/done" if state == "finished" else "/interview/check")


@pytest.mark.parametrize("address", ["/i/" + "x" * 43, "/i/short"])
def test_a_link_that_nobody_got_is_answered_in_words(home: Path, address: str) -> None:
    page = Browser("ko").get(address)
    assert page.status_code == 404
    assert "링크" in page.text


def test_a_link_past_its_deadline_says_so_and_lets_nobody_begin(home: Path) -> None:
    jun = cast.jun()
    address = link(jun)
    with transaction(EVERYWHERE) as session:
        invitation = session.scalars(select(Invitation)).one()
        invitation.expires_at = invitation.expires_at - timedelta(days=8)
    page = Browser().get(address)
    assert page.status_code == 409
    assert "ended" in page.text or "over" in page.text
    assert interviews() == []


@pytest.mark.parametrize(("reads", "chosen", "then"), [("ko", "?lang=en", "en"), ("ko", "", "ko"), ("en", "", "en")])
def test_the_language_in_which_the_sign_in_page_was_read_goes_on(
    home: Path, reads: str, chosen: str, then: str
) -> None:
    desk.jun()
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Staff)).one().language = "ko"
    browser = Browser(reads)
    browser.get(f"/sign-in{chosen}")
    assert f'<html lang="{then}"' in browser.sign_in("jun@example.com").text


ENDS = {
    "revoked": ("This invitation was withdrawn", "이 초대는 철회되었어요"),
    "expired": ("The deadline of this invitation has passed", "초대 기한이 지났어요"),
    "closed": ("This opening is closed", "이 채용공고는 마감되었어요"),
}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("how", list(ENDS))
def test_a_link_that_ended_says_why_whom_to_ask_and_at_most_once_what_is_safe(
    home: Path, how: str, language: str
) -> None:
    address = link(cast.jun())
    with transaction(EVERYWHERE) as session:
        invitation = session.scalars(select(Invitation)).one()
        if how == "revoked":
            invitation.revoked_at = invitation.expires_at
        elif how == "expired":
            invitation.expires_at -= timedelta(days=8)
        else:
            session.get_one(Opening, invitation.opening_id).state = "closed"
    page = Browser(language).get(address).text
    assert ENDS[how][language == "ko"] in page
    assert 'href="mailto:jun@example.com"' in page
    assert page.count("안전" if language == "ko" else "safe") == (how != "revoked")


@pytest.mark.parametrize("address", ["/i/wrong", "/stop/wrong", "/interview/questions/99"])
def test_an_address_that_is_nothing_says_what_to_do_and_in_the_candidates_style(home: Path, address: str) -> None:
    browser = Browser("ko")
    if address.startswith("/interview"):
        begun(browser, link(cast.jun()))
    page = browser.get(address)
    assert page.status_code == 404
    assert "습니다" not in page.text.split("<main")[1] and "링크를 다시 열" in page.text
    assert ("안전하게" in page.text) == address.startswith("/interview")


def test_a_link_to_opt_out_that_is_wrong_says_how_else_to(home: Path) -> None:
    assert "at the end of the mail" in Browser().get("/stop/wrong").text
    assert "답장해" in Browser("ko").get("/stop/wrong").text


def test_a_refused_file_has_its_reason_in_a_place_that_the_recorder_leaves_alone(home: Path) -> None:
    browser = Browser()
    begun(browser, link(cast.jun()))
    page = send_file(browser, 1, b"no video").text
    assert re.search(r'id="refused" role="alert"><p>This file is not a video', page)
    assert '<div class="notice is-problem" id="problem" role="alert" hidden><p></p></div>' in page
