"""What comes back: bounces and complaints are tied to their mail; hostile and foreign ones do nothing."""

from __future__ import annotations

import io
import sys
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest

from interview_ai import bounces, campaign_reminders, envelopes, messages, opt_outs, settings
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.tables import Mail
from tests import desk
from tests.mailed import campaign, left, mail_to, returned

MINJI = "minji@example.org"


@pytest.fixture
def jun(home: Path) -> Member:
    """Jun, whose campaign to Minji and Sora has left."""
    member = desk.jun()
    campaign(member, desk.opening(member), ["Minji", "Sora"], remind_after_days=1)
    left(days_ago=3)
    return member


def report(kind: str, fields: str, mail: Mail, *, head: str = "", original: str | None = None) -> bytes:
    """A report as mail servers write it: a sentence, the fields, what was returned."""
    message_id = envelopes.message_id(mail) if original is None else original
    return (
        f"From: MAILER-DAEMON@mx.example.org\r\nTo: no-reply@localhost\r\nSubject: Undelivered\r\n{head}"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/{kind}\r\n\r\n{fields}\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: Invitation\r\n\r\nHello.\r\n--b--\r\n"
    ).encode()


def bounce(mail: Mail, *, status: str = "5.1.1", action: str = "failed", **further: str) -> bytes:
    fields = (
        f"Reporting-MTA: dns; mx.example.org\r\n\r\nFinal-Recipient: rfc822; {mail.recipient}\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} no such user\r\n"
    )
    return report("delivery-status", fields, mail, **further)


def complaint(mail: Mail, kind: str = "abuse") -> bytes:
    return report("feedback-report", f"Feedback-Type: {kind}\r\nUser-Agent: Provider/1\r\nVersion: 1\r\n", mail)


def in_maildir(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: bytes) -> None:
    """Files in the Maildir of the settings."""
    (folder / "new").mkdir(parents=True)
    for name, content in files.items():
        (folder / "new" / name).write_bytes(content)
    monkeypatch.setenv("INTERVIEW_BOUNCES_DIR", str(folder))
    settings.settings.cache_clear()


def wants_none(member: Member, address: str = MINJI) -> bool:
    with reading(EVERYWHERE) as session:
        return opt_outs.wants_none(session, member.organisation_id, address)


def test_a_bounce_marks_its_mail_once_however_often_it_is_read(anywhere: str, jun: Member) -> None:
    content = bounce(mail_to("Minji"))
    assert [bounces.note(content), bounces.note(content)] == [True, False]
    assert returned() == [(MINJI, "bounce", "5.1.1")]
    assert mail_to("Minji").returned_at and not mail_to("Sora").returned_at
    assert not wants_none(jun)


def test_a_bounce_is_reported_by_row_and_its_receiver_is_not_reminded(jun: Member) -> None:
    bounces.note(bounce(mail_to("Minji")))
    which = mail_to("Minji").campaign_id or ""
    with transaction(EVERYWHERE) as session:
        (only,) = messages.returned_of(session, which)
    assert (only.row, only.kind, only.code) == (1, "bounce", "5.1.1")
    assert campaign_reminders.step() == 1


def test_the_envelopes_name_ties_a_bounce_to_its_mail_where_nothing_was_returned(jun: Member) -> None:
    mail = mail_to("Minji")
    content = bounce(mail, original="").replace(
        b"Reporting-MTA", f"Original-Envelope-Id: {mail.id}\r\nReporting-MTA".encode()
    )
    assert bounces.note(content)


def test_a_mail_that_is_only_late_has_not_come_back(jun: Member) -> None:
    assert not bounces.note(bounce(mail_to("Minji"), status="4.4.1", action="delayed"))
    assert not bounces.note(bounce(mail_to("Minji"), status="2.0.0", action="delivered"))
    assert returned() == []


def test_a_server_that_gave_up_after_days_returns_it_without_saying_for_ever(jun: Member) -> None:
    assert bounces.note(bounce(mail_to("Minji"), status="4.2.2"))
    assert returned() == [(MINJI, "bounce", "4.2.2")]


def test_a_complaint_ends_messages_for_its_receiver(jun: Member) -> None:
    assert bounces.note(complaint(mail_to("Minji")))
    assert wants_none(jun) and not wants_none(jun, "sora@example.org")
    assert returned() == [(MINJI, "complaint", "abuse")]


def test_a_report_that_it_is_no_spam_ends_nothing(jun: Member) -> None:
    assert not bounces.note(complaint(mail_to("Minji"), "not-spam"))
    assert not wants_none(jun)


def nested(depth: int) -> bytes:
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return b"Subject: deep\r\nMIME-Version: 1.0\r\n" + parts + b"Content-Type: text/plain\r\n\r\nx\r\n"


def wide(count: int) -> bytes:
    part = b"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n"
    return b'Content-Type: multipart/report; boundary="b"\r\n\r\n' + part * count + b"--b--\r\n"


HOSTILE = {
    "nothing": b"",
    "zeros": bytes(5000),
    "noise": bytes(range(256)) * 400,
    "deep": nested(10_000),
    "wide": wide(10_000),
    "unknown charset": b"Content-Type: text/plain; charset=martian\r\n\r\n\xff\xfe",
    "broken head": b"Content-Type: multipart/report; boundary*0*=x'y'%\r\n\r\n--x\r\n",
    "no boundary": b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nAction: failed\r\n",
    "an endless line": b"Message-ID: <" + b"a" * 2_000_000,
    "encoded": b"Content-Type: =?utf-8?q?multipart=2Freport?=\r\nMessage-ID: =?x?q?=FF?=\r\n\r\n",
    "a reply": b"From: minji@example.org\r\nSubject: Re: Invitation\r\nAuto-Submitted: auto-replied\r\n\r\nAway.\r\n",
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_what_is_hostile_is_ignored(jun: Member, name: str) -> None:
    assert not bounces.note(HOSTILE[name])
    assert returned() == []


@pytest.mark.parametrize(
    "forged", ["<{0}@elsewhere>", "<zz@localhost>", "<' OR 1=1 --@localhost>", "<{0}{0}@localhost>"]
)
def test_a_forged_id_marks_nothing(jun: Member, forged: str) -> None:
    assert not bounces.note(bounce(mail_to("Minji"), original=forged.format("0" * 32)))
    assert returned() == []


def test_a_mail_that_never_left_does_not_come_back(home: Path) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    assert not bounces.note(bounce(mail_to("Minji")))


def test_the_command_reads_standard_input_and_files_and_never_fails_its_mail_server(
    jun: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(bounce(mail_to("Minji")))))
    assert main(["bounces"]) == 0
    assert capsys.readouterr().out == "1 of 1 said something new about a mail of ours.\n"
    for name, content in {"one": complaint(mail_to("Sora")), "two": b"\xff"}.items():
        (tmp_path / name).write_bytes(content)
    assert main(["bounces", str(tmp_path / "one"), str(tmp_path / "two")]) == 0
    assert "1 of 2" in capsys.readouterr().out
    assert len(returned()) == 2


def test_the_timetable_empties_a_maildir(jun: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_BOUNCES_DIR", str(tmp_path / "Maildir"))
    settings.settings.cache_clear()
    assert bounces.empty_maildir() == 0
    new, seen = tmp_path / "Maildir" / "new", tmp_path / "Maildir" / "cur"
    new.mkdir(parents=True)
    (new / "1.a.host").write_bytes(bounce(mail_to("Minji")))
    (new / "2.b.host").write_bytes(b"no report")
    (new / "3.c.host").symlink_to("/etc/passwd")
    assert bounces.empty_maildir() == 1
    assert sorted(path.name for path in seen.iterdir()) == ["1.a.host:2,S", "2.b.host:2,S"]
    assert bounces.empty_maildir() == 0
    assert returned() == [(MINJI, "bounce", "5.1.1")]


def test_reading_a_report_needs_no_standard_reader_to_have_made_it(jun: Member) -> None:
    """Headers only, as some servers return them."""
    mail, message = mail_to("Minji"), EmailMessage()
    message["Content-Type"] = "multipart/report; report-type=delivery-status"
    status = EmailMessage()
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([_block(("Reporting-MTA", "dns; mx")), _block(("Action", "failed"), ("Status", "5.7.1"))])
    heads = EmailMessage()
    heads["Content-Type"] = "text/rfc822-headers"
    heads.set_payload(f"Message-ID: {envelopes.message_id(mail)}\n")
    message.set_payload([status, heads])
    assert bounces.note(message.as_bytes())
    assert returned() == [(MINJI, "bounce", "5.7.1")]


def _block(*fields: tuple[str, str]) -> EmailMessage:
    made = EmailMessage()
    for name, value in fields:
        made[name] = value
    return made


def test_a_report_s_own_message_id_is_not_taken_for_one_of_ours(jun: Member) -> None:
    head = f"Message-ID: <{'0' * 32}@mx.example.org>\r\n"
    assert bounces.note(bounce(mail_to("Minji"), head=head))
    assert returned() == [(MINJI, "bounce", "5.1.1")]


def test_a_name_as_long_as_a_file_s_may_be_holds_up_no_other(
    jun: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_maildir(tmp_path / "box", monkeypatch, **{"a" * 255: b"?", "b": bounce(mail_to("Minji"))})
    assert bounces.empty_maildir() == 1
    assert list((tmp_path / "box" / "new").iterdir()) == []


def test_a_maildir_that_cannot_be_emptied_ends_nothing_else(
    jun: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_maildir(tmp_path / "box", monkeypatch, b=bounce(mail_to("Minji")))
    (tmp_path / "box" / "cur").write_bytes(b"no folder")
    assert bounces.empty_maildir() == 0
