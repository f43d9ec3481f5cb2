"""The outbox: a mail is written with what causes it, leaves afterwards, and is the same mail when it is tried again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as in_words
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.tables import Mail, Staff

KOREA = ZoneInfo("Asia/Seoul")
LETTERS = Path(__file__).parent / "library" / "mails"


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
    **further: str | None,
) -> bool:
    """Writes a mail into the outbox with the caller's transaction. The same cause is one mail for ever: then False.

    `attachments`: JSON documents by file name. `further`: html, reply_to, unsubscribe, campaign_id, and for a message
    to a phone channel, phone and short.
    """
    if session.scalars(select(Mail.id).where(Mail.cause == cause)).first():
        return False
    mail = Mail(
        cause=cause, recipient=recipient, subject=subject, body=body, organisation_id=organisation_id, **further
    )
    mail.attachments = attachments
    mail.next_at = mail.created_at = database.now(session)
    session.add(mail)
    session.flush()
    return True


def tell(
    session: Session, staff: Staff, letter: str, values: dict[str, str], *, cause: str, reply_to: str | None = None
) -> None:
    """Writes one of the service's own letters to a member of staff, in their language; `values` are what it names."""
    subject, body = compose(letter, staff.language, **values)
    queue(
        session,
        cause=cause,
        recipient=staff.email,
        subject=subject,
        body=body,
        organisation_id=staff.organisation_id,
        reply_to=reply_to,
    )


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
