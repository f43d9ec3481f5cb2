"""Keys with which programs ask, what they asked already, how often who tried what, and webhooks that tell news."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class ApiKey(Tenanted, Table):
    """A bearer key of an organisation: only its digest is kept, and its first signs to tell it from others.

    `before_hash` works beside it until `before_until`, after the secret was renewed. `used_from`: the network from
    which it asked last. `warned_at`: when its owners were mailed that it ends soon.
    """

    __tablename__ = "api_keys"
    __table_args__ = (within("staff", "staff_id"), UniqueConstraint("organisation_id", "id"))
    id: Mapped[str] = id_column()
    staff_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    begins: Mapped[str] = mapped_column(String(16))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime] = created_column()
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_from: Mapped[str | None] = mapped_column(String(64))
    before_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    before_until: Mapped[datetime | None]
    renewed_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class IdempotencyKey(Tenanted, Table):
    """A request that was answered: the same key brings the same answer; another body under it is refused."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("organisation_id", "key"),)
    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    response: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = created_column()


class Webhook(Tenanted, Table):
    """An address that is told of events, signed with its own sealed secret.

    `failing_since`: when it first took nothing after it last took something.
    """

    __tablename__ = "webhooks"
    __table_args__ = (within("staff", "staff_id"), UniqueConstraint("organisation_id", "id"))
    id: Mapped[str] = id_column()
    staff_id: Mapped[str] = mapped_column(String(32))
    url: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    events: Mapped[list[Any]]
    created_at: Mapped[datetime] = created_column()
    failing_since: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class WebhookDelivery(Tenanted, Table):
    """One event on its way to one webhook. States: pending, sending, sent, failed.

    `tried_at`, `took_ms`, `status_code`, `error` and `answer` (the beginning of its text) are of the last attempt.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        within("webhooks", "webhook_id"),
        UniqueConstraint("webhook_id", "cause"),
        Index("ix_webhook_deliveries_due", "state", "next_at"),
    )
    id: Mapped[str] = id_column()
    webhook_id: Mapped[str] = mapped_column(String(32))
    cause: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(String(48))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = created_column()
    status_code: Mapped[int | None]
    error: Mapped[str | None]
    answer: Mapped[str | None]
    took_ms: Mapped[int | None]
    tried_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()
    sent_at: Mapped[datetime | None]


class Tries(Table):
    """How often one asker tried one thing in the present stretch of time and in the one before; names nobody.

    `name`: a keyed digest of the thing and the asker. `slot`: when the stretch began, `ends_at`: after when the row
    says nothing any more, both in seconds since 1970.
    """

    __tablename__ = "tries"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    slot: Mapped[int] = mapped_column(BigInteger)
    used: Mapped[int]
    before: Mapped[int]
    ends_at: Mapped[int] = mapped_column(BigInteger, index=True)
