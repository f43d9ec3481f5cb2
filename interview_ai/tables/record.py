"""The append-only record of who did what, and the mails that are to leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, created_column, id_column


class AuditEntry(Table):
    """Who did what when. Each entry's hash covers the one before it; what names a person is sealed with their key."""

    __tablename__ = "audit"
    # BIGINT is no row id on SQLite
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    organisation_id: Mapped[str | None] = mapped_column(String(32), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(48))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    person: Mapped[int | None] = mapped_column(BigInteger, index=True)
    details: Mapped[dict[str, Any]]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Mail(Table):
    """The outbox: a mail is written here in the transaction that causes it, and leaves afterwards.

    States: pending, sending, sent, failed (refused for good), dropped (nobody wants it any more; `error` says why).
    `attachments`: JSON documents by file name. `channel`: mail, or sms with the number in `phone` and the text in
    `short`, which becomes mail once the gateway has refused it. `unsubscribe`: the token that ends further ones.
    `unsure`: an earlier attempt may have been taken. `returned_at`: came back.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "campaign_id", "channel", "state", "next_at"),
        Index("ix_outbox_campaign_sent", "campaign_id", "sent_at"),
    )
    id: Mapped[str] = id_column()
    organisation_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)
    cause: Mapped[str] = mapped_column(String(120), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str]
    body: Mapped[str]
    attachments: Mapped[dict[str, Any] | None]
    html: Mapped[str | None]
    short: Mapped[str | None]
    reply_to: Mapped[str | None]
    unsubscribe: Mapped[str | None]
    campaign_id: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(8), default="mail")
    phone: Mapped[str | None] = mapped_column(String(24))
    unsure: Mapped[bool] = mapped_column(default=False)
    returned_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default="pending", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = created_column()
    error: Mapped[str | None]
    created_at: Mapped[datetime] = created_column()
    sent_at: Mapped[datetime | None]
