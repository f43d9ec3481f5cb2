"""The page of an organisation's own words: kept, looked at, tried and given back, in both languages, by who may."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.tables import Mail, MessageText
from tests import desk
from tests.browser import Browser
from tests.mailed import campaign, left, outbox
from web import words

PLACE = "/staff/messages?kind=invitation&channel=mail"
FORM = "/staff/messages/invitation/mail"
GOOD = "Hello {name}, open {link} by {until}. Thank you."


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    browser.sign_in(email)
    return browser


def kept() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(MessageText.body).order_by(MessageText.language)))


@pytest.fixture
def jun(home: Path) -> Browser:
    desk.jun()
    return signed_in("jun@example.com")


def test_words_are_kept_in_the_language_that_changed_and_given_back(jun: Browser) -> None:
    page = jun.send(jun.get(PLACE), FORM, **{"body-en": GOOD})
    assert "were kept" in page.text and "Your own words" in page.text
    assert kept() == [GOOD]
    page = jun.send(page, f"{FORM}/en/restore")
    assert "Your own words" not in page.text
    assert kept() == []


def test_a_fault_is_shown_at_its_field_and_what_was_typed_stays(jun: Browser) -> None:
    page = jun.send(jun.get(PLACE), FORM, **{"body-en": "Hello {name}, there is {nothing} here."})
    assert page.status_code == 422
    assert "{nothing}" in page.text and "Nothing can be put in for {nothing}" in page.text
    assert 'href="#body-en"' in page.text
    assert kept() == []


def test_a_preview_keeps_nothing_and_shows_what_was_typed(jun: Browser) -> None:
    page = jun.send(jun.get(PLACE), FORM, **{"body-en": GOOD, "do": "preview"})
    assert page.status_code == 200
    assert "not kept yet" in page.text
    assert "Hello Jun, open http" in page.text
    assert kept() == []


def test_a_preview_of_words_to_mend_says_that_there_is_none_yet(jun: Browser) -> None:
    page = jun.send(jun.get(PLACE), FORM, **{"body-en": "short", "do": "preview"})
    assert page.status_code == 422
    assert "There is no preview until" in page.text and "were not kept" not in page.text
    assert "were not kept" in jun.send(jun.get(PLACE), FORM, **{"body-en": "short"}).text


def test_a_text_message_s_bytes_are_shown_and_too_many_refused(jun: Browser) -> None:
    place = "/staff/messages?kind=invitation&channel=sms"
    assert "a long message (LMS)" in jun.get(place).text
    page = jun.send(jun.get(place), "/staff/messages/invitation/sms", **{"body-ko": "{링크} " + "가" * 1000})
    assert page.status_code == 422
    assert "Too long for a text message (2007 bytes)" in page.text


def test_a_test_mail_goes_to_whoever_asks_for_it(jun: Browser) -> None:
    page = jun.send(jun.get(PLACE), f"{FORM}/ko/test")
    assert "outbox" in page.text
    (sent,) = outbox()
    assert (sent.recipient, sent.subject[:4]) == ("jun@example.com", "[시험]")


def test_the_mail_itself_is_shown_in_a_frame_in_which_nothing_runs(jun: Browser) -> None:
    page = jun.get(f"{FORM}/en/look")
    assert "style=" in page.text
    policy = page.headers["content-security-policy"]
    assert "sandbox" in policy and "default-src 'none'" in policy and "script-src" not in policy


def test_who_invites_nobody_finds_neither_the_page_nor_the_menu_entry(home: Path) -> None:
    desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    desk.colleague(desk.jun(), "mina@example.com", "reviewer")
    for email in ("doyun@example.go.kr", "mina@example.com"):
        browser = signed_in(email)
        assert browser.get("/staff/messages").status_code == 403
        assert "/staff/messages" not in browser.get("/staff/account").text


@pytest.mark.parametrize("address", ["?kind=birthday", "?channel=pigeon"])
def test_a_message_that_there_is_not_is_not_found(jun: Browser, address: str) -> None:
    assert jun.get(f"/staff/messages{address}").status_code == 404


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_page_speaks_both_languages(home: Path, language: str) -> None:
    desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    page = signed_in("seoyeon@example.ac.kr", language).get(PLACE)
    assert words.say(language, "messages.lead") in unescape(page.text)
    assert "{이름}, {공고}" in page.text and "{name}, {title}" in page.text


def test_a_campaign_s_messages_are_counted_reminded_and_reported_by_its_own_people_only(home: Path) -> None:
    jun = desk.jun()
    desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    which = campaign(jun, desk.opening(jun), ["Minji", "Sora"])
    left(days_ago=2)
    place = f"/staff/campaigns/{which}/messages"
    browser = signed_in("jun@example.com")
    page = browser.get(place)
    assert "Remind 2 people" in page.text
    page = browser.send(page, f"{place}/not_opened")
    assert "Remind 2 people" not in page.text
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Mail).where(Mail.cause.startswith("reminder:"))).all()) == 2
    assert signed_in("seoyeon@example.ac.kr").get(place).status_code == 404
    assert browser.get(f"/staff/campaigns/{'0' * 32}/messages").status_code == 404
