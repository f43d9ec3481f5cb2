"""Addresses of an organisation's own systems that are told of events: added, tested, turned on again, taken away."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from interview_ai import api_keys, audit, database, tokens
from interview_ai.api_keys import Caller
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import webhooks as rules
from interview_ai.tables import Webhook, WebhookDelivery, new_id

MOST_WEBHOOKS = 10
LATEST = 20
OVERLAP = timedelta(hours=24)  # how long a changed secret still signs beside the new one
MOST_EARLIER = 3
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook as its form describes it."""

    url: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook that was added or got another secret, which is shown once."""

    id: str
    secret: str


def must_manage(member: Member) -> None:
    """Raises Forbidden for whoever may not: owners may, and programs whose key has the scope."""
    if isinstance(member, Caller):
        member.must_have("webhooks:write")
    else:
        api_keys.must_manage(member)


def add(session: Session, member: Member, new: NewWebhook) -> Made:
    """A new webhook and its secret. Raises Invalid (code url or events), Conflict for too many or one twice."""
    must_manage(member)
    url = rules.address(new.url)
    if not new.events or not set(new.events) <= set(rules.EVENTS):
        raise Invalid("Choose at least one event.", "알릴 일을 하나 이상 고르십시오.", code="events")
    there = of_organisation(session, member)
    if any(one.url == url for one in there):
        raise Conflict("This address is told already.", "이미 등록한 주소입니다.", code="url_taken")
    if len(there) >= MOST_WEBHOOKS:
        raise Conflict(
            f"There are {MOST_WEBHOOKS} webhooks already. Take one away first.",
            f"웹훅이 이미 {MOST_WEBHOOKS}개 있습니다. 먼저 하나를 지워 주십시오.",
            code="webhooks",
        )
    made = Made(new_id(), _new_secret())
    webhook = Webhook(
        id=made.id,
        organisation_id=member.organisation_id,
        staff_id=member.id,
        url=url,
        secret=_sealed(made.id, {"secret": made.secret}),
        events=[event for event in rules.EVENTS if event in new.events],
        created_at=database.now(session),
    )
    session.add(webhook)
    session.flush()
    audit.append(
        session, member.actor, "webhook added", f"webhook:{made.id}", details={"url": url, "events": webhook.events}
    )
    return made


def _new_secret() -> str:
    return rules.BEGINS + base64.b64encode(secrets.token_bytes(tokens.SECRET_BYTES)).decode()


def _sealed(webhook_id: str, content: dict[str, Any]) -> bytes:
    return tokens.seal_at(f"webhooks.{webhook_id}", json.dumps(content).encode())


def _unsealed(webhook: Webhook) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(tokens.unseal_at(f"webhooks.{webhook.id}", webhook.secret))
    if "before" in content:  # as it was kept when there was one earlier secret at most
        content["earlier"] = [{"secret": content["before"], "until": content["until"]}]
    return content


def signing_secrets(webhook: Webhook, at: datetime) -> list[str]:
    """The secrets that sign now: the newest first, those before it for a day after each was changed."""
    kept = _unsealed(webhook)
    return [kept["secret"], *(one["secret"] for one in _earlier(kept, at))]


def _earlier(kept: dict[str, Any], at: datetime) -> list[dict[str, str]]:
    return [one for one in kept.get("earlier", ()) if datetime.fromisoformat(one["until"]) > at]


def overlaps_until(webhook: Webhook, at: datetime) -> datetime | None:
    """Until when an earlier secret signs too; None where only the present one does."""
    return max((datetime.fromisoformat(one["until"]) for one in _earlier(_unsealed(webhook), at)), default=None)


def change_secret(session: Session, member: Member, webhook_id: str) -> Made:
    """Another secret, shown once; the present one signs beside it for a day.

    Changed again within the day, what its receiver may still know goes on signing. Raises Conflict (code secrets) where
    that would become too many.
    """
    webhook = own(session, member, webhook_id)
    made, at, kept = Made(webhook.id, _new_secret()), database.now(session), _unsealed(webhook)
    earlier = [{"secret": kept["secret"], "until": (at + OVERLAP).isoformat()}, *_earlier(kept, at)]
    if len(earlier) > MOST_EARLIER:
        raise Conflict(
            f"The secret was changed {MOST_EARLIER} times within a day. Wait until the earlier ones have ended.",
            f"하루 안에 비밀 값을 {MOST_EARLIER}번 바꾸었습니다. 이전 값이 끝난 뒤에 다시 바꿔 주십시오.",
            code="secrets",
        )
    webhook.secret = _sealed(webhook.id, {"secret": made.secret, "earlier": earlier})
    audit.append(session, member.actor, "webhook secret changed", f"webhook:{webhook.id}")
    return made


def of_organisation(session: Session, member: Member) -> list[Webhook]:
    """The organisation's webhooks, oldest first."""
    wanted = select(Webhook).where(Webhook.organisation_id == member.organisation_id)
    return list(session.scalars(wanted.order_by(Webhook.created_at, Webhook.id)))


def own(session: Session, member: Member, webhook_id: str) -> Webhook:
    """One of the organisation's webhooks, for whoever may change it. Raises NotFound."""
    must_manage(member)
    webhook = session.get(Webhook, webhook_id)
    if webhook is None or webhook.organisation_id != member.organisation_id:
        raise NotFound
    return webhook


def latest(session: Session, webhook: Webhook, most: int = LATEST) -> list[WebhookDelivery]:
    """What a webhook was told last, newest first."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    return list(session.scalars(wanted.order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id).limit(most)))


def remove(session: Session, member: Member, webhook_id: str) -> None:
    """Takes a webhook away with all that it was told."""
    webhook = own(session, member, webhook_id)
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id))
    session.delete(webhook)
    audit.append(session, member.actor, "webhook removed", f"webhook:{webhook_id}")


def turn_on(session: Session, member: Member, webhook_id: str) -> None:
    """Tells a webhook again that was turned off. Safe to run twice."""
    webhook = own(session, member, webhook_id)
    if webhook.disabled_at is not None:
        webhook.disabled_at = webhook.failing_since = None
        audit.append(session, member.actor, "webhook turned on", f"webhook:{webhook.id}")


def test(session: Session, member: Member, webhook_id: str) -> str:
    """Puts a test message on its way; returns the delivery's id. Raises Conflict while one is on its way or it is off.

    The same shape, the same signature; the event is `webhook.test`, which a webhook need not have chosen.
    """
    webhook = _on(own(session, member, webhook_id))
    waits = (WebhookDelivery.event == rules.TEST, WebhookDelivery.state.in_(("pending", "sending")))
    if session.scalars(select(WebhookDelivery.id).where(WebhookDelivery.webhook_id == webhook.id, *waits)).first():
        raise Conflict("A test is on its way already.", "시험 메시지를 이미 보내고 있습니다.", code="test")
    at = database.now(session)
    delivery = WebhookDelivery(
        organisation_id=webhook.organisation_id,
        webhook_id=webhook.id,
        cause=f"test:{new_id()}",
        event=rules.TEST,
        payload={"webhook": webhook.id},
        next_at=at,
        created_at=at,
    )
    session.add(delivery)
    session.flush()
    audit.append(session, member.actor, "webhook tested", f"webhook:{webhook.id}")
    return delivery.id


def _on(webhook: Webhook) -> Webhook:
    if webhook.disabled_at is not None:
        raise Conflict(
            "This webhook is turned off. Turn it on first.", "꺼져 있는 웹훅입니다. 먼저 켜 주십시오.", code="off"
        )
    return webhook


def again(session: Session, member: Member, delivery_id: str) -> None:
    """Sends a message once more under the same id, whatever became of it. Raises NotFound, Conflict while it is off."""
    must_manage(member)
    delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.organisation_id != member.organisation_id:
        raise NotFound
    _on(own(session, member, delivery.webhook_id))
    if delivery.state == "sending":
        return
    delivery.state, delivery.attempts, delivery.next_at = "pending", 0, database.now(session)
    audit.append(session, member.actor, "webhook sent again", f"delivery:{delivery.id}")


def tell(session: Session, organisation_id: str, event: str, cause: str, payload: dict[str, Any]) -> None:
    """Puts an event on its way to the organisation's webhooks that want it, with the caller's transaction.

    The same cause is told once for ever. `payload` holds ids and states and names nobody. The organisation may be
    another tenant than the session's, such as the university that invited; so these two statements go past the
    tenant's guard, name the organisation themselves, and give nothing back to the caller.
    """
    hooks = Webhook.__table__.c
    wanted = select(hooks.id, hooks.events).where(hooks.organisation_id == organisation_id, hooks.disabled_at.is_(None))
    at = database.now(session)
    told = [
        {
            "id": new_id(),
            "organisation_id": organisation_id,
            "webhook_id": webhook_id,
            "cause": cause,
            "event": event,
            "payload": payload,
            "state": "pending",
            "attempts": 0,
            "next_at": at,
            "created_at": at,
        }
        for webhook_id, events in session.connection().execute(wanted)
        if event in events
    ]
    if told:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        session.connection().execute(dialect.insert(WebhookDelivery.__table__).on_conflict_do_nothing(), told)


def forget(session: Session) -> None:
    """Deletes what was told long ago."""
    over = (WebhookDelivery.state.in_(("sent", "failed")), WebhookDelivery.created_at < database.now(session) - KEPT)
    session.execute(delete(WebhookDelivery).where(*over))
