"""The outbox: a mail is written with what causes it, leaves over SMTP afterwards, and is the same mail when retried."""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as in_words
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.addresses import deliverable
from interview_ai.errors import InterviewError, Invalid, Misconfigured
from interview_ai.settings import settings
from interview_ai.tables import Mail

KOREA = ZoneInfo("Asia/Seoul")
LETTERS = Path(__file__).parent / "library" / "mails"
BATCH = 20
CONNECT_S = 20
SENDING_S = 300  # a mail still `sending` after that belonged to a process that died: it goes out again, same Message-ID
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
MAX_ATTEMPTS = 12  # with the waits above, about eight hours
PERMANENT = 500  # SMTP's own answers from here on are final
TOO_BIG = 552
# what the email package raises for a header or a text that it cannot write; AttributeError and IndexError are its bugs
UNWRITABLE = (InterviewError, MessageError, ValueError, LookupError, AttributeError)
log = logging.getLogger(__name__)


def compose(letter: str, language: str, **values: str) -> tuple[str, str]:
    """Subject and body of a letter of the library; a value is one line whatever somebody typed into it."""
    text = (LETTERS / f"{letter}.{'ko' if language == 'ko' else 'en'}.txt").read_text("utf-8")
    filled = Template(text).substitute({name: " ".join(value.split()) for name, value in values.items()})
    subject, body = filled.split("\n", 1)
    return subject, body.lstrip("\n")


def moment(at: datetime, language: str) -> str:
    """An instant in Korean time, in words: 11월 24일(화) 오후 3:00 (한국 시간)."""
    if language == "ko":
        return in_words(at, "M월 d일(E) aaaa h:mm '(한국 시간)'", tzinfo=KOREA, locale="ko")
    return in_words(at, "EEE d MMM, h:mm a '(Korean time)'", tzinfo=KOREA, locale="en")


def queue(
    session: Session,
    *,
    cause: str,
    recipient: str,
    subject: str,
    body: str,
    organisation_id: str | None = None,
    attachments: dict[str, Any] | None = None,
) -> None:
    """Writes a mail into the outbox with the caller's transaction. The same cause is one mail for ever.

    `attachments`: JSON documents by file name.
    """
    if session.scalars(select(Mail.id).where(Mail.cause == cause)).first():
        return
    mail = Mail(cause=cause, recipient=recipient, subject=subject, body=body, organisation_id=organisation_id)
    mail.attachments = attachments
    mail.next_at = mail.created_at = database.now(session)
    session.add(mail)
    session.flush()


def has_left(mail: Mail) -> bool:
    """Whether the mail may be on its way: it was sent, is being sent, or a server broke off in the middle of it."""
    return mail.state in ("sent", "sending") or (mail.state == "pending" and mail.attempts > 0)


def stop(session: Session, cause: str) -> bool:
    """Takes a mail out of the outbox before it leaves, also one that was refused; False where it may have left."""
    mail = _of_cause(session, cause)
    if mail is None or has_left(mail):
        return False
    session.delete(mail)
    session.flush()
    return True


def try_again(session: Session, cause: str, *, recipient: str) -> bool:
    """Puts a mail that was refused back into the outbox, under the same Message-ID; False where it was not refused."""
    mail = _of_cause(session, cause)
    if mail is None or mail.state != "failed":
        return False
    mail.state, mail.attempts, mail.error, mail.recipient = "pending", 0, None, recipient
    mail.next_at = database.now(session)
    return True


def _of_cause(session: Session, cause: str) -> Mail | None:
    """The mail as it is at this moment, held until the transaction ends."""
    wanted = select(Mail).where(Mail.cause == cause).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def message_id(mail: Mail) -> str:
    """The mail's own Message-ID, the same at each attempt, so that a mail sent twice is shown once."""
    return f"<{mail.id}@{_sender().domain}>"


def send_due() -> int:
    """Sends what is due over the SMTP server of the settings; returns how many left. Safe in many copies.

    Without a server nothing happens: the mails stay and `interview-ai mails` shows them.
    """
    if not settings().smtp_url:
        return 0
    waiting, left = deque(_claim()), 0
    if not waiting:
        return 0
    try:
        sender = _sender()
        with _server(urlsplit(settings().smtp_url)) as server:
            while waiting:
                left += _deliver(server, sender, waiting.popleft())
    except (OSError, ValueError, Misconfigured) as error:  # smtplib's are OSErrors; ValueError: no such port
        log.warning("mails wait: %s", _reason(error))
        for mail in waiting:
            _put_off(mail, _reason(error), attempts=mail.attempts)
    return left


def _sender() -> Address:
    name, address = parseaddr(settings().mail_from)
    try:
        return Address(name, addr_spec=deliverable(address))
    except (Invalid, ValueError) as error:
        raise Misconfigured(
            "INTERVIEW_MAIL_FROM must be one address, for example: Onterview <no-reply@example.org>",
            "INTERVIEW_MAIL_FROM 설정은 주소 하나여야 합니다. 예: Onterview <no-reply@example.org>",
        ) from error


def _claim() -> list[Mail]:
    """Takes what is due for SENDING_S. Attempts are counted one by one in `_begin`, when they are made."""
    with database.transaction(database.EVERYWHERE) as session:
        at = database.now(session)
        due = select(Mail).where(Mail.state.in_(("pending", "sending")), Mail.next_at <= at)
        mails = session.scalars(due.order_by(Mail.next_at).limit(BATCH).with_for_update(skip_locked=True)).all()
        for mail in mails:
            mail.next_at = at + timedelta(seconds=SENDING_S)
            mail.state = "sending"
            if mail.attempts >= MAX_ATTEMPTS:
                mail.state, mail.error = "failed", f"its sender ended {MAX_ATTEMPTS} times in the middle of it"
    return [mail for mail in mails if mail.state == "sending"]


@contextmanager
def _server(url: SplitResult) -> Iterator[smtplib.SMTP]:
    """A greeted, signed-in connection. A password only ever travels over TLS."""
    context = ssl.create_default_context()
    host, secure = url.hostname or "localhost", url.scheme == "smtps"
    opened = (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=CONNECT_S, context=context)
        if secure
        else smtplib.SMTP(host, url.port or 25, timeout=CONNECT_S)
    )
    with opened as server:
        if url.username and not secure:
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.ehlo_or_helo_if_needed()  # here, so that no mail is blamed for it
        yield server


def _message(mail: Mail, sender: Address) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=deliverable(mail.recipient))
    # the email package decodes =?…?= in what it is given, and a line break in there would end the header
    message["Subject"] = mail.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    for name, document in (mail.attachments or {}).items():
        content = json.dumps(document, ensure_ascii=False, indent=2).encode()
        message.add_attachment(content, maintype="application", subtype="json", filename=name)
    return message


def _deliver(server: smtplib.SMTP, sender: Address, mail: Mail) -> int:
    """1 when it left. What is wrong with this mail stays with it; raises OSError when nothing can leave any more."""
    if not _begin(mail):
        return 0
    try:
        message = _message(mail, sender)
        written = message.as_bytes()
    except UNWRITABLE as error:
        _put_off(mail, f"cannot be written: {error}", attempts=mail.attempts, final=True)
        return 0
    try:
        server.sendmail(sender.addr_spec, [message["To"].addresses[0].addr_spec], written)
    except OSError as error:
        ours = isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_BIG
        _put_off(mail, _reason(error), attempts=mail.attempts - ours, final=_final(error))
        if ours or server.sock is None:
            raise
        return 0
    _has_left(mail)
    return 1


def _begin(mail: Mail) -> bool:
    """Counts the attempt before it is made, so that a mail that ends its sender is charged and its neighbours are not.

    False once another sender has it.
    """
    with database.transaction(database.EVERYWHERE) as session:
        kept = _held(session, mail)
        if kept is None:
            return False
        kept.attempts += 1
        kept.next_at = database.now(session) + timedelta(seconds=SENDING_S)
    mail.attempts, mail.next_at = kept.attempts, kept.next_at
    return True


def _held(session: Session, mail: Mail) -> Mail | None:
    """The row as long as it is ours: whoever claims it moves `next_at`."""
    ours = (Mail.id == mail.id, Mail.state == "sending", Mail.next_at == mail.next_at)
    return session.scalars(select(Mail).where(*ours).with_for_update()).one_or_none()


def _has_left(mail: Mail) -> None:
    with database.transaction(database.EVERYWHERE) as session:
        kept = session.get_one(Mail, mail.id)
        kept.state = "sent"
        kept.sent_at = database.now(session)
        kept.error = None
        kept.body = ""  # the links in it are keys: what has left is not kept
        kept.attachments = None


def _put_off(mail: Mail, reason: str, *, attempts: int, final: bool = False) -> None:
    """Back to `pending` with twice the wait; `failed` when nothing can help it or enough was tried."""
    with database.transaction(database.EVERYWHERE) as session:
        kept = _held(session, mail)
        if kept is None:
            return
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** max(0, attempts - 1))
        kept.state = "failed" if final or attempts >= MAX_ATTEMPTS else "pending"
        kept.error = reason
        kept.attempts = attempts
        kept.next_at = database.now(session) + timedelta(seconds=wait)


def _final(error: OSError) -> bool:
    """Whether the server says of this mail, not of us, that it will never take it."""
    of_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) or _code(error) == TOO_BIG
    return of_mail and _code(error) >= PERMANENT


def _reason(error: Exception) -> str:
    """Why, for the operator; only the kind of most errors, since their texts may hold a password of the settings."""
    if isinstance(error, Misconfigured):
        return error.en
    return f"{type(error).__name__} {_code(error) or ''}".strip()


def _code(error: Exception) -> int:
    """The server's three digits; 0 where it said none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
