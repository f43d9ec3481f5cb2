"""The HTTP gateway for text messages and 알림톡: one POST per message, whose id lets the gateway know it again."""

from __future__ import annotations

import time
from collections import deque

import httpx

from interview_ai import due_mails
from interview_ai.rules.message_words import carried_as
from interview_ai.settings import settings
from interview_ai.tables import Mail

CONNECT_S, ANSWER_S = 10, 30
NOT_NOW = (408, 425, 429)  # no refusal and not taken: it came too slowly, too early, too often
IN_WORK = 409  # the same key is just being worked on


def send_due(until: float) -> int:
    """Sends the text messages that are due; returns how many the gateway took.

    Where no gateway is set any more, what was never handed to it leaves by mail; the rest waits for it to come back.
    """
    left, waiting = 0, deque(due_mails.claim("sms"))
    if not waiting:
        return 0
    limits = httpx.Timeout(ANSWER_S, connect=CONNECT_S)
    with httpx.Client(timeout=limits, follow_redirects=False, trust_env=False) as client:
        while waiting and time.monotonic() < until:
            left += _send(client, waiting.popleft())
            if not waiting:
                waiting.extend(due_mails.claim("sms"))
    due_mails.give_back(waiting)
    return left


def _send(client: httpx.Client, mail: Mail) -> int:
    if not settings().sms_url:
        _without_gateway(mail)
        return 0
    if not due_mails.begin(mail):
        return 0
    try:
        status = _post(client, mail)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        due_mails.put_off(mail, f"gateway: {type(error).__name__}", attempts=mail.attempts, unsure=True)
        return 0
    if 200 <= status < 300:
        due_mails.has_left(mail)
        return 1
    if status in NOT_NOW:
        due_mails.put_off(mail, f"gateway: {status}", attempts=mail.attempts)
    elif 400 <= status < 500 and status != IN_WORK:
        _refused(mail, status)
    else:
        due_mails.put_off(mail, f"gateway: {status}", attempts=mail.attempts, unsure=True)
    return 0


def _post(client: httpx.Client, mail: Mail) -> int:
    text = mail.short or ""
    content = {"id": mail.id, "to": mail.phone, "text": text, "kind": carried_as(text)}
    key = settings().sms_key.get_secret_value()
    with_key = {"authorization": f"Bearer {key}"} if key else {}  # one inside the own network may ask for none
    headers = {"idempotency-key": mail.id, **with_key}
    return client.post(settings().sms_url, json=content, headers=headers).status_code


def _refused(mail: Mail, status: int) -> None:
    """It leaves by mail instead, unless an earlier attempt may have been taken: nobody gets a message twice."""
    if mail.unsure:
        reason = f"gateway: {status}, after an attempt whose outcome nobody knows"
        due_mails.put_off(mail, reason, attempts=mail.attempts, final=True)
    else:
        due_mails.turn_into_mail(mail, f"gateway: {status}")


def _without_gateway(mail: Mail) -> None:
    if mail.unsure:
        due_mails.put_off(mail, "INTERVIEW_SMS_URL is not set", attempts=mail.attempts)
    else:
        due_mails.turn_into_mail(mail, "INTERVIEW_SMS_URL is not set")
