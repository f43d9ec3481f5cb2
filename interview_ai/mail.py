"""The outbox: a mail is written with what causes it, leaves over SMTP afterwards, and is the same mail when retried."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from string import Template
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as in_words
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database
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
    session: Session, *, cause: str, recipient: str, subject: str, body: str, organisation_id: str | None = None
) -> None:
    """Writes a mail into the outbox with the caller's transaction. The same cause is one mail for ever."""
    if session.scalars(select(Mail.id).where(Mail.cause == cause)).first():
        return
    mail = Mail(cause=cause, recipient=recipient, subject=subject, body=body, organisation_id=organisation_id)
    mail.next_at = mail.created_at = database.now(session)
    session.add(mail)
    session.flush()


def message_id(mail: Mail) -> str:
    """The mail's own Message-ID, the same at each attempt, so that a mail sent twice is shown once."""
    domain = parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<{mail.id}@{domain}>"


def send_due() -> int:
    """Sends what is due over the SMTP server of the settings; returns how many left. Safe in many copies.

    Without a server nothing happens: the mails stay and `interview-ai mails` shows them.
    """
    if not settings().smtp_url:
        return 0
    mails = _claim()
    if not mails:
        return 0
    try:
        with _server(urlsplit(settings().smtp_url)) as server:
            return sum(_deliver(server, mail) for mail in mails)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("the mail server does not answer: %s", type(error).__name__)
        for mail in mails:
            _put_off(mail, error)
    return 0


def _claim() -> Sequence[Mail]:
    with database.transaction(database.EVERYWHERE) as session:
        at = database.now(session)
        due = select(Mail).where(Mail.state.in_(("pending", "sending")), Mail.next_at <= at)
        mails = session.scalars(due.order_by(Mail.next_at).limit(BATCH).with_for_update(skip_locked=True)).all()
        for mail in mails:
            mail.state = "sending"
            mail.attempts += 1
            mail.next_at = at + timedelta(seconds=SENDING_S)
    return mails


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
        yield server


def _message(mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = settings().mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _deliver(server: smtplib.SMTP, mail: Mail) -> int:
    try:
        server.send_message(_message(mail))
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
        _put_off(mail, error)
        return 0
    with database.transaction(database.EVERYWHERE) as session:
        kept = session.get_one(Mail, mail.id)
        kept.state = "sent"
        kept.sent_at = database.now(session)
        kept.error = None
        kept.body = ""  # the links in it are keys: what has left is not kept
    return 1


def _put_off(mail: Mail, error: Exception) -> None:
    """Back to `pending` with twice the wait; `failed` when the server's word is final or enough was tried."""
    with database.transaction(database.EVERYWHERE) as session:
        kept = session.get_one(Mail, mail.id)
        if kept.state != "sending":
            return
        final = _code(error) >= PERMANENT or kept.attempts >= MAX_ATTEMPTS
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (kept.attempts - 1))
        kept.state = "failed" if final else "pending"
        kept.error = f"{type(error).__name__} {_code(error) or ''}".strip()
        kept.next_at = database.now(session) + timedelta(seconds=wait)


def _code(error: Exception) -> int:
    """The server's three digits about this mail; 0 where it said none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) else 0
