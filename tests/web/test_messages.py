"""The page of an organisation's own words: kept, looked at, tried and given back, in both languages, by who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai import opt_outs, sending, settings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import AuditEntry, Mail, MessageText
from tests import desk
from tests.browser import Browser
from tests.gateway import Gateway, gateway
from tests.mailed import campaign, left, outbox
from web import words

PLACE = "/staff/messages?kind=invitation&channel=mail"
FORM = "/staff/messages/invitation/mail"
TEXTS = "/staff/messages?kind=invitation&channel=sms"
TEXT_FORM = "/staff/messages/invitation/sms"
GOOD = "Hello {name}, open {link} by {until}. Thank you."


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    browser.sign_in(email)
    return browser


def token_on(page: Response) -> str:
    """What each form of a page sends along."""
    found = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert found
    return found[1]


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
    assert "Too long for a text message" in page.text and "Take away at least" in page.text


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


@pytest.fixture
def phones(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway() as server:
        monkeypatch.setenv("INTERVIEW_SMS_URL", server.url)
        settings.settings.cache_clear()
        yield server


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_test_text_goes_to_the_number_that_was_typed_in_the_real_words(phones: Gateway, language: str) -> None:
    desk.jun()
    browser = signed_in("jun@example.com", language)
    page = browser.get(TEXTS)
    answer = browser.send(page, f"{TEXT_FORM}/test", language=language, phone="+82 10-1234-5678")
    assert words.say(language, "messages.said.tested_text") in unescape(answer.text)
    sending.send_due()
    (sent,) = phones.asked
    shown = re.search(
        rf'class="letter" lang="{language}">.*?<div class="letter-body">(.*?)</div>', page.text, re.DOTALL
    )
    assert shown
    prefix = {"ko": "[시험] ", "en": "[Test] "}[language]
    assert (sent["to"], sent["text"]) == ("01012345678", prefix + unescape(shown[1]))
    link = re.search(r"\S+/i/\S+", sent["text"])
    assert link and link[0].endswith("/i/example")
    assert Browser(language).get("/i/example").status_code == 404
    with reading(EVERYWHERE) as session:
        (act,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "test message sent"))
    assert act.details == {"kind": "invitation", "language": language, "channel": "sms"}


def test_a_test_text_is_offered_only_where_a_gateway_is_set(jun: Browser) -> None:
    page = jun.get(TEXTS)
    assert 'name="phone"' not in page.text
    fields = {"csrf": token_on(page), "language": "en", "phone": "010-1234-5678"}
    assert jun.client.post(f"{TEXT_FORM}/test", data=fields).status_code == 404
    assert outbox() == []


def test_a_number_that_is_none_or_wants_none_is_refused_at_its_field(phones: Gateway) -> None:
    firm = desk.jun()
    browser = signed_in("jun@example.com")
    with transaction(EVERYWHERE) as session:
        opt_outs.end(session, opt_outs.read(opt_outs.token(firm.organisation_id, "010-1111-2222")))
    for typed, sentence in (("02-123", "Check the number"), ("010 1111 2222", "asked for no more messages")):
        refused = browser.send(browser.get(TEXTS), f"{TEXT_FORM}/test", language="en", phone=typed)
        assert refused.status_code == 422
        assert sentence in refused.text and f'value="{typed}"' in refused.text and "phone-wrong" in refused.text
    assert outbox() == []


def test_a_sixth_test_text_within_an_hour_is_refused_for_the_whole_organisation(phones: Gateway) -> None:
    firm = desk.jun()
    desk.colleague(firm, "mina@example.com", "recruiter")
    for number in range(6):
        browser = signed_in(("jun@example.com", "mina@example.com")[number % 2])
        answer = browser.send(browser.get(TEXTS), f"{TEXT_FORM}/test", language="en", phone="010-1234-5678")
        assert answer.status_code == (200 if number < 5 else 429)
    assert "At most 5 test text messages an hour" in answer.text
    assert len(outbox()) == 5
    desk.hana()
    other = signed_in("hana@example.net")
    assert other.send(other.get(TEXTS), f"{TEXT_FORM}/test", language="en", phone="010-1234-5678").status_code == 200


def test_the_way_back_stands_with_ones_own_words_and_only_there(jun: Browser) -> None:
    assert "restore" not in jun.get(PLACE).text
    page = jun.send(jun.get(PLACE), FORM, **{"body-en": GOOD}).text
    english = page[page.index('id="text-en"') : page.index("message-buttons")]
    korean = page[page.index('id="text-ko"') : page.index('id="text-en"')]
    assert 'form="restore-en"' in english and "Back to the standard words" in english
    assert "restore" not in korean
    assert page.count('id="restore-en"') == 1 and "restore-ko" not in page
