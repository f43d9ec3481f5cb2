"""The sender: what is due leaves over the mail server or the gateway of the settings. Safe in many copies at once."""

from __future__ import annotations

import logging
import smtplib
import ssl
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from urllib.parse import SplitResult, unquote, urlsplit

from interview_ai import due_mails, envelopes, gateways
from interview_ai.envelopes import UNWRITABLE
from interview_ai.errors import Misconfigured
from interview_ai.settings import settings
from interview_ai.tables import Mail

CONNECT_S = 20
ANSWER_S = 60  # four answers to one mail come well before due_mails.SENDING_S, after which another sender takes it
A_CALL_S = 10  # of one call: whatever else the timetable does waits no longer
A_CONNECTION = 100  # mails: many servers hang up after some hundred
PERMANENT = 500  # SMTP's own answers from here on are final
TOO_BIG = 552
log = logging.getLogger(__name__)


def send_due() -> int:
    """Sends what is due by mail and by text message, for A_CALL_S at most; returns how many left.

    Without a server nothing happens: the mails stay and `interview-ai mails` shows them.
    """
    until, left = time.monotonic() + A_CALL_S, 0
    while settings().smtp_url and time.monotonic() < until:
        sent, goes_on = _over_one_connection(until)
        left += sent
        if not goes_on:
            break
    return left + gateways.send_due(time.monotonic() + A_CALL_S / 2)


def _over_one_connection(until: float) -> tuple[int, bool]:
    """How many left, and whether there may be more that can leave at once."""
    waiting, left, tried = deque(due_mails.claim()), 0, 0
    if not waiting:
        return 0, False
    try:
        by = envelopes.sender()
        with _server(urlsplit(settings().smtp_url)) as server:
            while waiting and time.monotonic() < until:
                left += _deliver(server, by, waiting.popleft())
                tried += 1
                if not waiting and tried < A_CONNECTION and time.monotonic() < until:
                    waiting.extend(due_mails.claim())
    except (OSError, ValueError, Misconfigured) as error:  # smtplib's are OSErrors; ValueError: no such port
        log.warning("mails wait: %s", _reason(error))
        for mail in waiting:
            due_mails.put_off(mail, _reason(error), attempts=mail.attempts)
        return left, False
    due_mails.give_back(waiting)
    return left, tried >= A_CONNECTION


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
        if server.sock is not None:
            server.sock.settimeout(ANSWER_S)
        yield server


def _deliver(server: smtplib.SMTP, by: Address, mail: Mail) -> int:
    """1 when it left. What is wrong with this mail stays with it; raises OSError when nothing can leave any more."""
    if not due_mails.begin(mail):
        return 0
    try:
        message = envelopes.written(mail, by)
        content = message.as_bytes()
    except UNWRITABLE as error:
        due_mails.put_off(mail, f"cannot be written: {error}", attempts=mail.attempts, final=True)
        return 0
    try:
        options = _named(server, mail)
        server.sendmail(by.addr_spec, [message["To"].addresses[0].addr_spec], content, mail_options=options)
    except OSError as error:
        ours = isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code != TOO_BIG
        due_mails.put_off(mail, _reason(error), attempts=mail.attempts - ours, final=_final(error))
        if ours or server.sock is None:
            raise
        return 0
    due_mails.has_left(mail)
    return 1


def _named(server: smtplib.SMTP, mail: Mail) -> list[str]:
    """Lets a server that can (RFC 3461) name this mail in what it may return later."""
    return [f"ENVID={mail.id}", "RET=HDRS"] if server.has_extn("dsn") else []


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
