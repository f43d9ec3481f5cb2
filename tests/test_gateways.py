"""Text messages over a gateway that delays, refuses, fails, cuts and answers twice: nobody gets one twice, by no way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from interview_ai import gateways, messages, sending, settings
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.tables import Mail
from tests import desk
from tests.gateway import CUT, TWICE, Gateway, gateway
from tests.mailed import campaign, due_again, mail_to
from tests.smtp import Postbox, postbox


@pytest.fixture
def phones(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with gateway() as server:
        monkeypatch.setenv("INTERVIEW_SMS_URL", server.url)
        monkeypatch.setenv("INTERVIEW_SMS_KEY", "the gateway's key")
        settings.settings.cache_clear()
        yield server


@pytest.fixture
def post(phones: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with postbox() as server:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        settings.settings.cache_clear()
        yield server


def invited(names: list[str], **settings: object) -> str:
    jun = desk.jun()
    return campaign(jun, desk.opening(jun), names, phone="010-1234-5678", channel="sms", **settings)


def until_nothing_is_due(rounds: int = 15) -> None:
    for _ in range(rounds):
        sending.send_due()
        due_again()


def received(phones: Gateway, post: Postbox) -> tuple[int, int]:
    """How often Minji got the invitation by text message and by mail."""
    return len(phones.delivered), len({message["Message-ID"] for message in post.received})


def test_a_text_message_leaves_with_its_key_and_not_by_mail_too(phones: Gateway, post: Postbox) -> None:
    invited(["Minji"])
    assert sending.send_due() == 1
    (content,), (headers,) = phones.asked, phones.headers
    kept = mail_to("Minji")
    assert (kept.state, kept.short, kept.body) == ("sent", None, "")
    assert content == {"id": kept.id, "to": "010-1234-5678", "text": content["text"], "kind": "lms"}
    assert "/i/" in content["text"] and "/stop/" in content["text"] and "Minji" in content["text"]
    assert headers["authorization"] == "Bearer the gateway's key"
    assert headers["idempotency-key"] == kept.id
    assert received(phones, post) == (1, 0)


def test_a_gateway_that_asks_for_no_key_is_given_none(
    phones: Gateway, post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_SMS_KEY", "")
    settings.settings.cache_clear()
    invited(["Minji"])
    assert sending.send_due() == 1
    assert "authorization" not in phones.headers[0]
    assert received(phones, post) == (1, 0)


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
def test_what_the_gateway_refuses_leaves_by_mail_in_the_same_row(phones: Gateway, post: Postbox, status: int) -> None:
    invited(["Minji"])
    phones.answers = [status]
    until_nothing_is_due()
    assert received(phones, post) == (0, 1)
    assert (mail_to("Minji").channel, mail_to("Minji").state) == ("mail", "sent")


@pytest.mark.parametrize("status", [408, 425, 429, 409, 500, 502, 503, 302])
def test_what_is_no_refusal_is_tried_again_with_the_same_key(phones: Gateway, post: Postbox, status: int) -> None:
    invited(["Minji"])
    phones.answers = [status, status]
    until_nothing_is_due()
    assert len(phones.asked) == 3
    assert len({headers["idempotency-key"] for headers in phones.headers}) == 1
    assert received(phones, post) == (1, 0)


def test_a_gateway_that_takes_it_and_hangs_up_is_asked_again_and_delivers_once(phones: Gateway, post: Postbox) -> None:
    invited(["Minji"])
    phones.answers = [CUT, CUT]
    until_nothing_is_due()
    assert received(phones, post) == (1, 0)
    assert mail_to("Minji").state == "sent"


def test_a_gateway_that_answers_twice_is_believed_once(phones: Gateway, post: Postbox) -> None:
    invited(["Minji", "Sora"])
    phones.answers = [TWICE]
    until_nothing_is_due()
    assert received(phones, post) == (2, 0)


def test_a_gateway_that_takes_too_long_is_asked_again_and_nothing_goes_by_mail(
    phones: Gateway, post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "ANSWER_S", 0.2)
    invited(["Minji"])
    phones.delays.clear()
    assert sending.send_due() == 0
    assert (mail_to("Minji").state, mail_to("Minji").unsure) == ("pending", True)
    phones.delays.set()
    due_again()
    assert sending.send_due() == 1
    assert received(phones, post) == (1, 0)


@pytest.mark.parametrize("first", [CUT, 503])
def test_a_refusal_after_an_attempt_that_may_have_been_taken_brings_no_mail_and_is_reported(
    phones: Gateway, post: Postbox, first: int
) -> None:
    which = invited(["Minji"])
    phones.answers = [first, 422]
    until_nothing_is_due()
    assert received(phones, post)[1] == 0
    with transaction(EVERYWHERE) as session:
        (only,) = messages.returned_of(session, which)
    assert (only.kind, "422" in only.code) == ("refused", True)


def test_a_refusal_after_being_told_to_wait_still_becomes_mail(phones: Gateway, post: Postbox) -> None:
    invited(["Minji"])
    phones.answers = [429, 422]
    until_nothing_is_due()
    assert received(phones, post) == (0, 1)


def test_a_message_of_a_sender_that_died_may_have_been_taken(phones: Gateway, post: Postbox) -> None:
    invited(["Minji"])
    with transaction(EVERYWHERE) as session:
        session.execute(update(Mail).values(state="sending", attempts=1))
    due_again()
    phones.answers = [422]
    until_nothing_is_due()
    assert received(phones, post) == (0, 0)
    assert mail_to("Minji").state == "failed"


def test_a_gateway_that_is_away_costs_only_time(
    phones: Gateway, post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(["Minji"])
    away = phones.url
    monkeypatch.setenv("INTERVIEW_SMS_URL", "http://127.0.0.1:9/")
    settings.settings.cache_clear()
    assert sending.send_due() == 0
    monkeypatch.setenv("INTERVIEW_SMS_URL", away)
    settings.settings.cache_clear()
    due_again()
    assert sending.send_due() == 1
    assert received(phones, post) == (1, 0)


def test_without_a_gateway_what_was_never_tried_leaves_by_mail(
    phones: Gateway, post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(["Minji"])
    monkeypatch.delenv("INTERVIEW_SMS_URL")
    settings.settings.cache_clear()
    until_nothing_is_due(2)
    assert received(phones, post) == (0, 1)


def test_who_gave_no_number_gets_a_mail(phones: Gateway, post: Postbox) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"], channel="sms")
    assert sending.send_due() == 1
    assert received(phones, post) == (0, 1)


def test_the_gateways_address_must_be_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_SMS_URL", "ftp://example.org")
    settings.settings.cache_clear()
    with pytest.raises(Exception, match="INTERVIEW_SMS_URL"):
        settings.settings()


def test_the_key_is_in_no_error(phones: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> httpx.Response:
        raise httpx.ConnectError("the gateway's key")

    invited(["Minji"])
    monkeypatch.setattr(httpx.Client, "post", broken)
    sending.send_due()
    assert mail_to("Minji").error == "gateway: ConnectError"
