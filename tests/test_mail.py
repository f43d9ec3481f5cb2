"""Mail leaves after what caused it, once, and comes back as the same mail when it has to be tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import mail, settings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Mail
from tests.smtp import Postbox, postbox


@pytest.fixture
def post(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postbox]:
    with postbox() as server:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        settings.settings.cache_clear()
        yield server


def queued(cause: str = "a cause", recipient: str = "minji@example.org") -> None:
    with transaction(EVERYWHERE) as session:
        mail.queue(session, cause=cause, recipient=recipient, subject="면접 초대", body="안녕하세요.\n. 점 하나\n")


def kept() -> Mail:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Mail)).one()


def due_again() -> None:
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Mail)).one().next_at = datetime.now(UTC) - timedelta(seconds=1)


def test_a_queued_mail_arrives_whole_and_is_not_kept_afterwards(post: Postbox) -> None:
    queued()
    assert mail.send_due() == 1
    (message,) = post.received
    assert message["Subject"] == "면접 초대"
    assert message["To"] == "minji@example.org"
    assert message.get_content().replace("\r\n", "\n") == "안녕하세요.\n. 점 하나\n"
    assert (kept().state, kept().body) == ("sent", "")
    assert mail.send_due() == 0


def test_the_same_cause_is_one_mail(post: Postbox) -> None:
    queued()
    queued()
    assert mail.send_due() == 1


def test_a_rolled_back_cause_sends_nothing(post: Postbox) -> None:
    with pytest.raises(RuntimeError), transaction(EVERYWHERE) as session:
        mail.queue(session, cause="undone", recipient="minji@example.org", subject="s", body="b")
        raise RuntimeError
    assert mail.send_due() == 0


def test_a_server_that_is_busy_gets_the_same_mail_later(post: Postbox) -> None:
    queued()
    post.refuse["minji@example.org"] = "451 busy"
    assert mail.send_due() == 0
    first = kept()
    assert (first.state, first.attempts) == ("pending", 1)
    assert first.next_at > datetime.now(UTC)
    post.refuse.clear()
    assert mail.send_due() == 0
    due_again()
    assert mail.send_due() == 1
    assert post.received[0]["Message-ID"] == mail.message_id(first)


def test_a_recipient_who_does_not_exist_is_not_tried_again(post: Postbox) -> None:
    queued()
    post.refuse["minji@example.org"] = "550 nobody here"
    mail.send_due()
    assert kept().state == "failed"
    assert kept().error == "SMTPRecipientsRefused 550"


def test_one_refused_recipient_does_not_hold_up_the_others(post: Postbox) -> None:
    queued("one", "gone@example.org")
    queued("two", "minji@example.org")
    post.refuse["gone@example.org"] = "550 nobody here"
    assert mail.send_due() == 1


def test_a_mail_of_a_sender_that_died_goes_out_with_the_same_message_id(post: Postbox) -> None:
    queued()
    with transaction(EVERYWHERE) as session:
        row = session.scalars(select(Mail)).one()
        row.state, row.next_at = "sending", datetime.now(UTC) - timedelta(seconds=1)
    assert mail.send_due() == 1
    assert post.received[0]["Message-ID"] == mail.message_id(kept())


def test_a_server_that_is_away_costs_only_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")
    settings.settings.cache_clear()
    queued()
    assert mail.send_due() == 0
    assert (kept().state, kept().attempts) == ("pending", 1)


def test_without_a_server_mails_stay_readable_in_the_outbox(home: Path) -> None:
    queued()
    assert mail.send_due() == 0
    assert kept().state == "pending"


def test_a_line_break_in_a_name_cannot_add_a_header() -> None:
    subject, _ = mail.compose("password", "en", name="Jun\nBcc: all@example.com", link="x", until="y")
    assert "\n" not in subject


def test_moments_read_in_korean_time() -> None:
    at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert mail.moment(at, "ko") == "11월 24일(화) 오후 3:00 (한국 시간)"
    assert mail.moment(at, "en") == "Tue 24 Nov, 3:00 PM (Korean time)"
