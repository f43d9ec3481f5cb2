"""The page of an organisation's webhooks: added, tested, followed, turned on, changed and taken away by its owner."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import webhook_sending, webhooks
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.tables import Webhook, WebhookDelivery
from tests import desk, receiver
from tests.browser import Browser
from tests.receiver import Receiver

PAGE = "/staff/webhooks"


@pytest.fixture
def jun(home: Path) -> Browser:
    desk.jun()
    browser = Browser()
    browser.sign_in("jun@example.com")
    return browser


def hook() -> Webhook:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Webhook)).one()


def test_a_webhook_is_added_tested_and_its_messages_are_shown_with_what_came_of_them(
    jun: Browser, tmp_path: Path
) -> None:
    with Receiver(tmp_path, receiver.answers(500)) as there:
        page = jun.send(jun.get(PAGE), PAGE, url=there.url, event=["interview.finished"])
        (secret,) = set(re.findall(r"whsec_[\w+/=]{44}", page.text))
        assert secret not in jun.get(PAGE).text and "Nothing was told yet" in page.text
        page = jun.send(page, "/test")
        assert "A test is on its way" in page.text and "waits" in page.text
        webhook_sending.send_due(there.line())
        page = jun.get(PAGE)
        assert "answer 500" in page.text and "It did not take the message." in page.text
        assert "takes nothing at present" in page.text
        with transaction(EVERYWHERE) as session:
            session.scalars(select(WebhookDelivery)).one().state = "failed"
        there.behaviour = receiver.answers(200)
        page = jun.send(jun.get(PAGE), "/again")
        webhook_sending.send_due(there.line())
        page = jun.get(PAGE)
        assert "arrived" in page.text and "turned on" in page.text
        assert len({request.headers["webhook-id"] for request in there.received}) == 1


def test_the_body_that_was_sent_and_the_beginning_of_the_answer_are_shown_and_run_nothing(
    jun: Browser, tmp_path: Path
) -> None:
    body = b"<script>alert(1)</script>" + b"x" * 600
    with Receiver(tmp_path, receiver.says(422, body, "Content-Type: text/html")) as there:
        jun.send(jun.get(PAGE), PAGE, url=there.url, event=["interview.finished"])
        page = jun.send(jun.get(PAGE), "/test")
        assert "Last attempt" not in page.text
        webhook_sending.send_due(there.line())
    page = jun.get(PAGE)
    (request,) = there.received
    assert html.escape(request.body.decode()).replace("&quot;", "&#34;") in page.text
    assert request.headers["webhook-id"] in page.text
    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "x" * 475 + "<" in page.text and "x" * 476 not in page.text
    assert re.search(r"\d+ ms", page.text)


def test_during_a_change_of_the_secret_the_page_says_until_when_both_sign(jun: Browser) -> None:
    jun.send(jun.get(PAGE), PAGE, url="https://example.org/hook", event=["interview.finished"])
    assert "both secrets" not in jun.get(PAGE).text
    assert "signatures of both secrets until" in jun.send(jun.get(PAGE), "/secret").text


def test_another_secret_is_shown_once_and_a_webhook_goes_with_all_that_it_was_told(jun: Browser) -> None:
    jun.send(jun.get(PAGE), PAGE, url="https://example.org/hook", event=["interview.finished"])
    jun.send(jun.get(PAGE), "/test")
    page = jun.send(jun.get(PAGE), "/secret")
    assert re.search(r"whsec_[\w+/=]{44}", page.text)
    page = jun.send(page, "/remove")
    assert "There is no webhook yet" in page.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(WebhookDelivery)).all() == []


def test_one_that_was_turned_off_says_so_and_is_turned_on_again(jun: Browser) -> None:
    jun.send(jun.get(PAGE), PAGE, url="https://example.org/hook", event=["interview.finished"])
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Webhook)).one().disabled_at = now(session)
    page = jun.get(PAGE)
    assert "turned off" in page.text and "/test" not in page.text
    jun.send(page, "/on")
    assert hook().disabled_at is None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"url": "http://example.org/", "event": ["interview.begun"]}, "Give an https address"),
        ({"url": "https://192.168.0.1/", "event": ["interview.begun"]}, "Give an https address"),
        ({"url": "https://example.org/"}, "at least one event"),
        ({"url": "https://example.org/", "event": ["everything"]}, "at least one event"),
    ],
    ids=["http", "inner", "no event", "unknown event"],
)
def test_a_form_that_lacks_something_comes_back_as_typed(jun: Browser, typed: dict[str, object], sentence: str) -> None:
    page = jun.send(jun.get(PAGE), PAGE, **typed)
    assert page.status_code == 422 and sentence in page.text and str(typed["url"]) in page.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Webhook)).all() == []


def test_every_reason_and_event_has_its_words_in_both_languages(jun: Browser) -> None:
    jun.send(jun.get(PAGE), PAGE, url="https://example.org/hook", event=["interview.finished"])
    whys = [*webhook_sending.WHYS]
    with transaction(EVERYWHERE) as session:
        there = session.scalars(select(Webhook)).one()
        for number, why in enumerate(whys):
            delivery = WebhookDelivery(
                organisation_id=there.organisation_id,
                webhook_id=there.id,
                cause=str(number),
                event=webhooks.rules.TEST,
                payload={},
                state="failed",
                error=why,
            )
            session.add(delivery)
    assert len(whys) > 8
    for language in ("ko", "en"):
        assert jun.get(f"{PAGE}?lang={language}").status_code == 200
