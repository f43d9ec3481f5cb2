"""Takes messages for webhooks out of the table and sends them: claimed, signed, tried again, given up."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any, get_args
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, mail, outgoing, webhooks
from interview_ai.outgoing import Line
from interview_ai.rules import webhooks as rules
from interview_ai.settings import settings
from interview_ai.tables import Organisation, Staff, Webhook, WebhookDelivery

SIDE_BY_SIDE = 8  # webhooks in one round, so that a slow one holds nobody else up
A_TURN = 50  # messages to one webhook in one round
TURN_S = 10.0  # after which what is left of a turn waits for the next round
LEASE_S = 120  # a message still `sending` after that belonged to a process that died: it goes out again, same id
WHYS = (*get_args(outgoing.Why), "redirects", "refused", "off")
"""Why a message was not taken, as its row says it."""

BREATH = timedelta(seconds=30)  # how long the rest of a turn waits after one message was not taken


@dataclass(frozen=True, slots=True)
class Message:
    """A claimed message: its row belongs to us while `lease` stands in it."""

    id: str
    webhook_id: str
    lease: datetime
    content: bytes


@dataclass(frozen=True, slots=True)
class Turn:
    """What one webhook is told in one round."""

    webhook_id: str
    url: str
    secrets: tuple[str, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one attempt: the answer's status and text, or one word for why it was not taken."""

    status: int | None = None
    error: str | None = None
    answer: str = ""
    took_ms: int = 0

    @property
    def taken(self) -> bool:
        """Whether the other side has it."""
        return self.status is not None and 200 <= self.status < 300


@cache
def _line() -> Line:
    return Line()


def send_due(line: Line | None = None) -> int:
    """Sends what is due; returns how many messages were taken. Safe in many copies at once.

    No database connection is held while a call is under way.
    """
    turns = _claim()
    if not turns:
        return 0
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return sum(pool.map(partial(_take_turn, line or _line()), turns))


def _claim() -> list[Turn]:
    with database.transaction(database.EVERYWHERE) as session:
        at = database.now(session)
        due = (WebhookDelivery.state.in_(("pending", "sending")), WebhookDelivery.next_at <= at)
        waiting = (
            select(Webhook)
            .join(WebhookDelivery, WebhookDelivery.webhook_id == Webhook.id)
            .where(*due, Webhook.disabled_at.is_(None))
            .group_by(Webhook.id)
            .order_by(func.min(WebhookDelivery.next_at))
            .limit(SIDE_BY_SIDE)
        )
        turns = [_turn(session, webhook, at) for webhook in session.scalars(waiting).all()]
    return [turn for turn in turns if turn.messages]


def _turn(session: Session, webhook: Webhook, at: datetime) -> Turn:
    due = (WebhookDelivery.state.in_(("pending", "sending")), WebhookDelivery.next_at <= at)
    wanted = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id, *due)
    ordered = wanted.order_by(WebhookDelivery.next_at, WebhookDelivery.created_at, WebhookDelivery.id)
    lease = at + timedelta(seconds=LEASE_S)
    messages = [
        Message(delivery.id, webhook.id, lease, content(delivery))
        for delivery in session.scalars(ordered.limit(A_TURN)).all()
        if _claimed(session, delivery, lease)
    ]
    return Turn(webhook.id, webhook.url, tuple(webhooks.signing_secrets(webhook, at)), tuple(messages))


def _claimed(session: Session, delivery: WebhookDelivery, lease: datetime) -> bool:
    """Whether the row is ours now: whoever else claims it moves `next_at` first."""
    seen = (WebhookDelivery.state == delivery.state, WebhookDelivery.next_at == delivery.next_at)
    ours = update(WebhookDelivery).where(WebhookDelivery.id == delivery.id, *seen)
    return database.changed(session, ours.values(state="sending", next_at=lease)) == 1


def content(delivery: WebhookDelivery) -> bytes:
    """The body of a message, the same at each attempt."""
    at = delivery.created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    whole: dict[str, Any] = {"type": delivery.event, "timestamp": at, "data": delivery.payload}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _take_turn(line: Line, turn: Turn) -> int:
    """One message after the other; when one is not taken the rest waits, and so does what takes too long."""
    until, taken = time.monotonic() + TURN_S, 0
    for number, message in enumerate(turn.messages):
        if time.monotonic() > until:
            _put_back(turn.messages[number:], timedelta(0))
            break
        came = _attempt(line, turn, message)
        _record(message, came)
        if not came.taken:
            _put_back(turn.messages[number + 1 :], BREATH)
            break
        taken += 1
    return taken


def _attempt(line: Line, turn: Turn, message: Message) -> Came:
    sent_at = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": rules.sign(turn.secrets, message.id, sent_at, message.content),
    }
    began = time.monotonic()
    try:
        reply = outgoing.post(turn.url, headers, message.content, line)
    except outgoing.Refused as error:
        return Came(error=error.why, took_ms=_since(began))
    return Came(reply.status, _why_not(reply.status), reply.text, _since(began))


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _why_not(status: int) -> str | None:
    if 300 <= status < 400:
        return "redirects"
    return None if 200 <= status < 300 else "refused"


def _put_back(messages: Sequence[Message], wait: timedelta) -> None:
    if not messages:
        return
    with database.transaction(database.EVERYWHERE) as session:
        at = database.now(session) + wait
        for message in messages:
            ours = update(WebhookDelivery).where(*_held(message))
            database.changed(session, ours.values(state="pending", next_at=at))


def _held(message: Message) -> tuple[Any, ...]:
    return (
        WebhookDelivery.id == message.id,
        WebhookDelivery.state == "sending",
        WebhookDelivery.next_at == message.lease,
    )


def _record(message: Message, came: Came) -> None:
    """What became of it, unless somebody else has it by now."""
    with database.transaction(database.EVERYWHERE) as session:
        delivery = session.scalars(select(WebhookDelivery).where(*_held(message)).with_for_update()).one_or_none()
        if delivery is None:
            return
        at = database.now(session)
        delivery.attempts += 1
        delivery.status_code, delivery.error = came.status, came.error
        delivery.answer, delivery.took_ms, delivery.tried_at = came.answer or None, came.took_ms, at
        webhook = session.get_one(Webhook, message.webhook_id)
        if came.taken:
            delivery.state, delivery.sent_at, webhook.failing_since = "sent", at, None
            return
        wait = rules.wait_after(delivery.attempts)
        delivery.state, delivery.next_at = ("pending", at + wait) if wait else ("failed", at)
        webhook.failing_since = webhook.failing_since or at
        if webhook.disabled_at is None and rules.is_given_up(webhook.failing_since, at):
            _turn_off(session, webhook, at)


def _turn_off(session: Session, webhook: Webhook, at: datetime) -> None:
    """Nothing more is tried until an owner turns it on; what waited can be sent again from the page."""
    webhook.disabled_at = at
    waiting = (WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.state.in_(("pending", "sending")))
    database.changed(session, update(WebhookDelivery).where(*waiting).values(state="failed", error="off"))
    audit.append(
        session,
        audit.SERVICE,
        "webhook turned off",
        f"webhook:{webhook.id}",
        organisation_id=webhook.organisation_id,
    )
    organisation = session.get_one(Organisation, webhook.organisation_id)
    owners = (Staff.organisation_id == organisation.id, Staff.role == "owner", Staff.state == "active")
    for owner in session.scalars(select(Staff).where(*owners)):
        _mail(session, owner, organisation, webhook)


def _mail(session: Session, owner: Staff, organisation: Organisation, webhook: Webhook) -> None:
    values = {
        "organisation": organisation.name_ko if owner.language == "ko" else organisation.name_en,
        "name": owner.name,
        "host": urlsplit(webhook.url).netloc,
        "link": f"{settings().public_url.rstrip('/')}/staff/webhooks",
    }
    cause = f"webhook off:{webhook.id}:{int(database.now(session).timestamp())}:{owner.id}"
    mail.tell(session, owner, "webhook_off", values, cause=cause)
