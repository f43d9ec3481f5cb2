"""The sender and the world: servers that delay, refuse, greylist and hang up; campaigns that wait, stop and share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from interview_ai import due_mails, mail, messages, opt_outs, sending, settings
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.rules import quiet_hours
from interview_ai.tables import Mail
from tests import desk
from tests.mailed import campaign, change, due_again, mail_to, outbox
from tests.smtp import Postbox, postbox


@pytest.fixture
def post(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with postbox() as server:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        monkeypatch.setenv("INTERVIEW_PUBLIC_URL", "https://onterview.example.org")
        settings.settings.cache_clear()
        yield server


def queued(cause: str, recipient: str) -> None:
    with transaction(EVERYWHERE) as session:
        mail.queue(session, cause=cause, recipient=recipient, subject="s", body="b")


def states() -> dict[str, str]:
    return {one.recipient.partition("@")[0]: one.state for one in outbox()}


def names(count: int, begin: str = "p") -> list[str]:
    return [f"{begin}{number:03}" for number in range(count)]


def test_many_batches_leave_in_one_call_over_one_connection(post: Postbox) -> None:
    for number in range(due_mails.BATCH * 3 + 1):
        queued(str(number), f"{number}@example.org")
    assert sending.send_due() == due_mails.BATCH * 3 + 1
    assert post.connections == 1


def test_a_greylisted_mail_comes_again_as_the_same_mail(post: Postbox) -> None:
    post.greylists.add("minji@example.org")
    queued("a", "minji@example.org")
    assert sending.send_due() == 0
    assert outbox()[0].error == "SMTPRecipientsRefused 451"
    due_again()
    assert sending.send_due() == 1
    assert len(post.received) == 1


def test_a_server_that_hangs_up_in_the_middle_of_a_mail_gets_it_again(post: Postbox) -> None:
    post.cuts.add("minji@example.org")
    queued("a", "minji@example.org")
    assert (sending.send_due(), post.received) == (0, [])
    post.cuts.clear()
    due_again()
    assert sending.send_due() == 1
    assert len(post.received) == 1


def test_a_server_that_keeps_a_mail_and_says_nothing_gets_a_copy_under_the_same_message_id(post: Postbox) -> None:
    post.keeps_then_cuts.add("minji@example.org")
    queued("a", "minji@example.org")
    assert sending.send_due() == 0
    post.keeps_then_cuts.clear()
    due_again()
    assert sending.send_due() == 1
    assert len(post.received) == 2
    assert len({message["Message-ID"] for message in post.received}) == 1


def test_a_server_that_thinks_too_long_is_left_and_asked_again(post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "ANSWER_S", 0.2)
    post.delay_s = 1.0
    queued("a", "minji@example.org")
    assert sending.send_due() == 0
    assert outbox()[0].state == "pending"
    post.delay_s = 0
    due_again()
    assert sending.send_due() == 1


def test_a_text_that_the_server_refuses_for_good_fails_alone(post: Postbox) -> None:
    post.content_refused["minji@example.org"] = "554 5.7.1 looks like spam"
    queued("a", "minji@example.org")
    queued("b", "jun@example.org")
    assert sending.send_due() == 1
    assert states() == {"minji": "failed", "jun": "sent"}


def test_a_server_that_can_is_told_under_which_name_a_mail_comes_back(post: Postbox) -> None:
    post.knows_dsn = True
    queued("a", "minji@example.org")
    assert sending.send_due() == 1
    assert f"ENVID={outbox()[0].id}" in post.envelopes[0]


def test_a_campaign_sends_as_many_in_a_minute_as_it_may(anywhere: str, post: Postbox) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), names(9), per_minute=4)
    assert [sending.send_due(), sending.send_due()] == [4, 0]
    change(which, per_minute=7)
    assert sending.send_due() == 3


def test_campaigns_share_and_links_that_somebody_waits_for_go_first(anywhere: str, post: Postbox) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), names(30, "large"))
    campaign(jun, desk.opening(jun), names(5, "small"))
    queued("password", "jun@example.com")
    claimed = [one.recipient for one in due_mails.claim()]
    assert claimed[0] == "jun@example.com"
    assert len(claimed) == due_mails.BATCH
    assert sum(one.startswith("small") for one in claimed) == 5


def test_a_paused_campaign_s_mails_stay_and_leave_when_it_goes_on(post: Postbox) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), ["Minji"], state="paused")
    assert (sending.send_due(), states()) == (0, {"minji": "pending"})
    change(which, state="sending")
    assert sending.send_due() == 1


def test_a_cancelled_campaign_s_mails_are_dropped_and_their_links_forgotten(post: Postbox) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), ["Minji"])
    change(which, state="cancelled")
    assert (sending.send_due(), states()) == (0, {"minji": "dropped"})
    change(which, state="sending")
    due_again()
    assert sending.send_due() == 0
    assert (mail_to("Minji").body, mail_to("Minji").html) == ("", None)


def test_what_a_dead_sender_left_of_a_cancelled_campaign_is_dropped_too(anywhere: str) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), ["Minji"])
    assert len(due_mails.claim()) == 1
    change(which, state="cancelled")
    due_again()
    assert due_mails.claim() == []
    assert (mail_to("Minji").state, mail_to("Minji").body) == ("dropped", "")


@pytest.mark.parametrize(
    ("moved", "state"),
    [({"state": "paused"}, "pending"), ({"state": "cancelled"}, "dropped"), ({"quiet_until": 23}, "pending")],
)
def test_what_was_claimed_before_a_campaign_stopped_does_not_leave_after_it(
    home: Path, moved: dict[str, object], state: str
) -> None:
    jun = desk.jun()
    hour = datetime.now(quiet_hours.KOREAN_TIME).hour
    night = {"quiet_from": hour, "quiet_until": (hour + 2) % 24} if "quiet_until" in moved else moved
    which = campaign(jun, desk.opening(jun), ["Minji"])
    (claimed,) = due_mails.claim()
    change(which, **night)
    assert not due_mails.begin(claimed)
    assert (mail_to("Minji").state, mail_to("Minji").attempts) == (state, 0)


def test_in_quiet_hours_a_campaign_waits_and_a_receipt_does_not(post: Postbox) -> None:
    jun = desk.jun()
    hour = datetime.now(quiet_hours.KOREAN_TIME).hour
    campaign(jun, desk.opening(jun), ["Minji"], quiet_from=hour, quiet_until=(hour + 2) % 24)
    queued("receipts", "sora@example.org")
    assert sending.send_due() == 1
    assert states() == {"minji": "pending", "sora": "sent"}


def test_who_opted_out_while_a_mail_waited_does_not_get_it_any_more(post: Postbox) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji", "Sora"])
    with transaction(EVERYWHERE) as session:
        opt_outs.end(session, opt_outs.read(opt_outs.token(jun.organisation_id, "minji@example.org")))
    assert sending.send_due() == 1
    assert states() == {"minji": "dropped", "sora": "sent"}


def test_a_campaign_s_mail_can_be_ended_with_one_click_and_answered(post: Postbox) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"], reply_to="career@example.ac.kr")
    assert sending.send_due() == 1
    (message,) = post.received
    stop = message["List-Unsubscribe"]
    assert stop.startswith("<https://onterview.example.org/stop/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (message["Reply-To"], message["Precedence"]) == ("career@example.ac.kr", "bulk")
    assert message["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in message.iter_parts())
    assert stop.strip("<>") in text and stop.strip("<>") in html
    assert message.get_content_type() == "multipart/alternative"


def test_over_http_no_one_click_is_promised(post: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_PUBLIC_URL", "http://localhost:8000")
    settings.settings.cache_clear()
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    assert sending.send_due() == 1
    assert post.received[0]["List-Unsubscribe"] and post.received[0]["List-Unsubscribe-Post"] is None


def test_what_was_refused_is_reported_by_row_and_with_the_server_s_answer(post: Postbox) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), ["Minji", "Gone"])
    post.refuse["gone@example.org"] = "550 5.1.1 nobody here"
    sending.send_due()
    with transaction(EVERYWHERE) as session:
        (only,) = messages.returned_of(session, which)
    assert (only.row, only.name, only.kind, only.code) == (2, "Gone", "refused", "550")


def test_a_single_invitation_says_who_invites_for_what_until_when_and_how_it_is_stopped(post: Postbox) -> None:
    jun = desk.jun()
    desk.invite(jun, desk.opening(jun), "Minji")
    assert sending.send_due() == 1
    text = post.received[0].get_body(("plain",))
    assert text is not None
    said = text.get_content()
    for needed in ("Jun", "Quality control", "a phone is enough", "minutes", "Korean time", "/i/", "/stop/"):
        assert needed in said, needed
    assert post.received[0]["Precedence"] is None


def test_the_rate_counts_what_another_sender_is_just_sending(post: Postbox) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), names(9), per_minute=4)
    assert len(due_mails.claim()) == 4
    assert due_mails.claim() == []


def test_a_mail_of_a_campaign_is_a_minute_later_free_to_leave(post: Postbox) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    campaign(jun, opening_id, names(3), per_minute=2)
    assert sending.send_due() == 2
    with transaction(EVERYWHERE) as session:
        for one in session.scalars(select(Mail)):
            one.sent_at = one.sent_at and datetime.now(UTC) - timedelta(seconds=61)
    assert sending.send_due() == 1


def test_when_a_call_s_time_is_over_what_was_claimed_is_free_for_the_next(
    post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        queued(str(number), f"{number}@example.org")
    clock = iter([0.0, 0.0, 0.0])
    with monkeypatch.context() as patched:
        patched.setattr(sending, "time", SimpleNamespace(monotonic=lambda: next(clock, 99.0)))
        assert sending.send_due() == 1
    assert sending.send_due() == 2
    assert len(post.received) == 3
