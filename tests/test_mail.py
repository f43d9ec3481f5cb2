"""Mail leaves after what caused it, once, and comes back as the same mail when it has to be tried again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import due_mails, envelopes, mail, sending, settings, staff_links
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demo import KOREAN_TIME
from interview_ai.tables import Mail
from tests import campaigning, desk
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


def kept(cause: str = "a cause") -> Mail:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Mail).where(Mail.cause == cause)).one()


def due_again() -> None:
    with transaction(EVERYWHERE) as session:
        waiting = update(Mail).where(Mail.state.in_(("pending", "sending")))
        session.execute(waiting.values(next_at=datetime.now(UTC) - timedelta(seconds=1)))


def died_while_sending(cause: str, attempts: int = 1) -> None:
    """What a process leaves that was killed in the middle of this mail."""
    with transaction(EVERYWHERE) as session:
        row = session.scalars(select(Mail).where(Mail.cause == cause)).one()
        row.state, row.attempts, row.next_at = "sending", attempts, datetime.now(UTC) - timedelta(seconds=1)


def standing() -> dict[str, tuple[str, int]]:
    """State and attempts of every mail by its cause."""
    with reading(EVERYWHERE) as session:
        return {row.cause: (row.state, row.attempts) for row in session.scalars(select(Mail))}


def test_a_queued_mail_arrives_whole_and_is_not_kept_afterwards(post: Postbox) -> None:
    queued()
    assert sending.send_due() == 1
    (message,) = post.received
    assert message["Subject"] == "면접 초대"
    assert message["To"] == "minji@example.org"
    assert message.get_content().replace("\r\n", "\n") == "안녕하세요.\n. 점 하나\n"
    assert (kept().state, kept().body) == ("sent", "")
    assert sending.send_due() == 0


def test_the_same_cause_is_one_mail(post: Postbox) -> None:
    queued()
    queued()
    assert sending.send_due() == 1


def test_a_rolled_back_cause_sends_nothing(post: Postbox) -> None:
    with pytest.raises(RuntimeError), transaction(EVERYWHERE) as session:
        mail.queue(session, cause="undone", recipient="minji@example.org", subject="s", body="b")
        raise RuntimeError
    assert sending.send_due() == 0


def test_a_server_that_is_busy_gets_the_same_mail_later(post: Postbox) -> None:
    queued()
    post.refuse["minji@example.org"] = "451 busy"
    assert sending.send_due() == 0
    first = kept()
    assert (first.state, first.attempts) == ("pending", 1)
    assert first.next_at > datetime.now(UTC)
    post.refuse.clear()
    assert sending.send_due() == 0
    due_again()
    assert sending.send_due() == 1
    assert post.received[0]["Message-ID"] == envelopes.message_id(first)


def test_a_recipient_who_does_not_exist_is_not_tried_again(post: Postbox) -> None:
    queued()
    post.refuse["minji@example.org"] = "550 nobody here"
    sending.send_due()
    assert kept().state == "failed"
    assert kept().error == "SMTPRecipientsRefused 550"


def test_one_refused_recipient_does_not_hold_up_the_others(post: Postbox) -> None:
    queued("one", "gone@example.org")
    queued("two", "minji@example.org")
    post.refuse["gone@example.org"] = "550 nobody here"
    assert sending.send_due() == 1


def test_a_mail_of_a_sender_that_died_goes_out_with_the_same_message_id(post: Postbox) -> None:
    queued()
    died_while_sending("a cause")
    assert sending.send_due() == 1
    assert post.received[0]["Message-ID"] == envelopes.message_id(kept())


def test_a_mail_that_ends_its_sender_every_time_is_given_up_and_its_neighbours_leave(post: Postbox) -> None:
    queued("poison", "poison@example.org")
    queued("innocent", "minji@example.org")
    died_while_sending("poison", due_mails.MAX_ATTEMPTS)
    assert sending.send_due() == 1
    assert post.asked == ["minji@example.org"]
    assert standing() == {"poison": ("failed", due_mails.MAX_ATTEMPTS), "innocent": ("sent", 1)}
    assert str(due_mails.MAX_ATTEMPTS) in (kept("poison").error or "")
    due_again()
    assert sending.send_due() == 0


@pytest.mark.parametrize("away", ["smtp://127.0.0.1:1", "smtp://127.0.0.1:99999", "smtps://127.0.0.1:1"])
def test_a_server_that_is_away_costs_only_time_however_long_it_is_away(
    home: Path, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", away)
    settings.settings.cache_clear()
    queued()
    for _ in range(due_mails.MAX_ATTEMPTS + 1):
        assert sending.send_due() == 0
        assert (kept().state, kept().attempts) == ("pending", 0)
        assert kept().next_at > datetime.now(UTC)
        due_again()
    assert kept().error


def test_a_sender_that_cannot_be_written_waits_for_its_setting_to_be_mended(
    post: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_MAIL_FROM", "Onterview <no-reply@[.com>")
    settings.settings.cache_clear()
    queued()
    assert sending.send_due() == 0
    assert (kept().state, kept().attempts) == ("pending", 0)
    assert "INTERVIEW_MAIL_FROM" in (kept().error or "")


@pytest.mark.parametrize(
    "address",
    ["x@[.com", "a,b@example.org", "홍길동@example.org", "x@straße.de", "Jun <jun@example.org>", "nobody", ""],
)
def test_a_mail_that_cannot_be_written_fails_with_its_reason_and_the_others_leave(post: Postbox, address: str) -> None:
    queued("first", "minji@example.org")
    queued("unusable", address)
    queued("last", "jun@example.org")
    assert sending.send_due() == 2
    assert post.asked == ["minji@example.org", "jun@example.org"]
    assert standing()["unusable"][0] == "failed"
    assert "address" in (kept("unusable").error or "")


def test_a_subject_or_text_that_cannot_be_written_fails_alone(post: Postbox) -> None:
    with transaction(EVERYWHERE) as session:
        mail.queue(session, cause="header", recipient="a@example.org", subject="two\nlines", body="b")
    queued()
    assert sending.send_due() == 1
    assert standing() == {"header": ("failed", 1), "a cause": ("sent", 1)}


def test_an_address_under_a_korean_domain_gets_its_mail_from_a_server_that_knows_only_ascii(post: Postbox) -> None:
    queued("korean", "a@한글.kr")
    queued()
    assert sending.send_due() == 2
    assert post.asked == ["a@xn--bj0bj06e.kr", "minji@example.org"]
    assert post.received[0]["To"] == "a@xn--bj0bj06e.kr"


@pytest.mark.parametrize("hangs_up_with", ["", "421 too busy"])
def test_a_lost_connection_ends_the_batch_and_who_was_not_tried_keeps_their_attempts(
    post: Postbox, hangs_up_with: str
) -> None:
    for name in ("one", "two", "three", "four"):
        queued(name, f"{name}@example.org")
    post.refuse["two@example.org"] = hangs_up_with
    assert sending.send_due() == 1
    assert post.asked == ["one@example.org", "two@example.org"]
    untried = ("pending", 0)
    assert standing() == {"one": ("sent", 1), "two": ("pending", 1), "three": untried, "four": untried}
    due_again()
    post.refuse.clear()
    assert sending.send_due() == 3


def test_a_mail_that_makes_the_server_hang_up_is_given_up_without_its_neighbours(post: Postbox) -> None:
    queued("poison", "poison@example.org")
    post.refuse["poison@example.org"] = ""
    for _ in range(due_mails.MAX_ATTEMPTS):
        due_again()
        sending.send_due()
    queued("innocent", "minji@example.org")
    due_again()
    assert sending.send_due() == 1
    assert standing() == {"poison": ("failed", due_mails.MAX_ATTEMPTS), "innocent": ("sent", 1)}


def test_a_server_that_refuses_our_own_address_is_asked_again_for_it_is_no_mails_fault(post: Postbox) -> None:
    queued()
    post.refuse_sender = "530 authentication required"
    assert sending.send_due() == 0
    assert (kept().state, kept().attempts) == ("pending", 0)
    assert kept().error == "SMTPSenderRefused 530"
    post.refuse_sender = "250 ok"
    due_again()
    assert sending.send_due() == 1


def test_two_senders_at_once_send_each_mail_once(anywhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with postbox() as server, ThreadPoolExecutor(4) as senders:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        settings.settings.cache_clear()
        for number in range(due_mails.BATCH + 5):
            queued(str(number), f"{number}@example.org")
        sent = sum(senders.map(lambda _: sending.send_due(), range(8)))
        assert sent == len(server.asked) == len(set(server.asked)) == due_mails.BATCH + 5


def test_without_a_server_mails_stay_in_the_outbox(home: Path) -> None:
    queued()
    assert sending.send_due() == 0
    assert kept().state == "pending"


def test_a_line_break_in_a_name_cannot_add_a_header() -> None:
    subject, _ = mail.compose("password", "en", name="Jun\nBcc: all@example.com", link="x", until="y")
    assert "\n" not in subject


def test_an_encoded_line_break_in_a_title_cannot_add_a_header_or_a_body(post: Postbox) -> None:
    title = "=?utf-8?q?A=0ABcc:_all@example.com=0A=0AFalse_text?="
    with transaction(EVERYWHERE) as session:
        mail.queue(session, cause="title", recipient="minji@example.org", subject=title, body="True text.")
    assert sending.send_due() == 1
    assert post.received[0]["Bcc"] is None
    assert post.received[0].get_content().strip() == "True text."


def test_moments_read_in_korean_time() -> None:
    at = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert mail.moment(at, "ko") == "11월 24일(화) 오후 3:00 (한국 시간)"
    assert mail.moment(at, "en") == "Tue 24 Nov, 3:00 PM (Korean time)"


@pytest.fixture
def mails(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `interview-ai mails`; gives exit code, standard output and standard error."""

    def called(*arguments: str) -> tuple[int, str, str]:
        code = main(["mails", *arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return called


Mails = Callable[..., tuple[int, str, str]]


def test_an_empty_outbox_says_so(mails: Mails) -> None:
    assert mails() == (0, "No mail waits in the outbox.\n", "")


def test_the_outbox_lists_what_waits_and_what_failed_with_its_reason_but_nothing_that_left(
    mails: Mails, post: Postbox
) -> None:
    queued("left", "left@example.org")
    queued("gone", "gone@example.org")
    queued("busy", "busy@example.org")
    post.refuse.update({"gone@example.org": "550 nobody here", "busy@example.org": "451 busy"})
    assert sending.send_due() == 1
    queued("new", "new@example.org")
    code, out, _ = mails()
    lines = {line.split()[2]: line for line in out.splitlines()}
    assert (code, set(lines)) == (0, {"gone@example.org", "busy@example.org", "new@example.org"})
    assert "failed" in lines["gone@example.org"] and "550" in lines["gone@example.org"]
    assert "pending" in lines["busy@example.org"] and "451" in lines["busy@example.org"]
    assert all("면접 초대" in line for line in lines.values())
    assert "안녕하세요" not in out


def test_without_a_server_the_operator_reads_a_forgotten_password_s_link_in_the_outbox(mails: Mails) -> None:
    desk.jun()
    with transaction(EVERYWHERE) as session:
        staff_links.forgotten(session, "jun@example.com")
    _, listed, hint = mails()
    assert "mails ID" in hint
    code, out, _ = mails("--show", listed.split()[0])
    assert code == 0
    assert mails(listed.split()[0])[1] == out
    assert "To: jun@example.com\n" in out
    link = re.search(r"/set-password/(\S+)", out)
    assert link
    with transaction(EVERYWHERE) as session:
        assert staff_links.accept_link(session, link.group(1), "quite another password").email == "jun@example.com"


def test_people_whom_a_campaign_will_still_write_to_are_counted_with_the_hour(
    mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")  # where nothing leaves, no hour is waited for
    jun = desk.jun()
    hour = datetime.now(KOREAN_TIME).hour
    asleep = {"quiet_from": hour, "quiet_until": (hour + 2) % 24}
    campaign_id = campaigning.read(jun, desk.opening(jun), **asleep).id
    campaigning.confirmed(jun, campaign_id)
    code, out, err = mails()
    assert (code, out) == (0, "No mail waits in the outbox.\n")
    assert re.search(r"will write to \d+ more: from \w+ \d+ \w+, .*\(Korean time\)", err)
    assert f"{(hour + 2) % 12 or 12}:00" in err


def test_a_mail_is_shown_whole_with_what_is_attached(mails: Mails) -> None:
    with transaction(EVERYWHERE) as session:
        receipt = {"1.json": {"code": "ABCD1234"}}
        mail.queue(
            session, cause="c", recipient="a@example.org", subject="Receipts", body="One.\n\nTwo.", attachments=receipt
        )
    out = mails("--show", kept("c").id)[1]
    assert "Subject: Receipts\n" in out
    assert "One.\n\nTwo.\n" in out
    assert "1.json" in out and "ABCD1234" in out


def test_a_mail_that_is_not_there_or_has_left_is_answered_with_a_sentence(mails: Mails, post: Postbox) -> None:
    queued()
    assert sending.send_due() == 1
    for known in (kept().id, "0" * 32):
        code, out, err = mails("--show", known)
        assert (code, out) == (1, "")
        assert "outbox" in err


def test_what_somebody_typed_cannot_move_the_operators_cursor(mails: Mails) -> None:
    with transaction(EVERYWHERE) as session:
        mail.queue(session, cause="c", recipient="a@example.org", subject="\x1b[2Jx", body="\x1b]0;y\x07\nz")
    for out in (mails()[1], mails("--show", kept("c").id)[1]):
        assert not set(out) & {"\x1b", "\x07"}
