"""What surrounds the outbox: an organisation's own words, who wants no more mail, and what came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class MessageText(Tenanted, Table):
    """An inviting organisation's own words for one kind of message in one language over one channel."""

    __tablename__ = "message_texts"
    __table_args__ = (within("staff", "staff_id"), UniqueConstraint("organisation_id", "kind", "language", "channel"))
    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(2))
    channel: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str]
    body: Mapped[str]
    staff_id: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime] = created_column()


class OptOut(Table):
    """An address or a number that wants no more campaigns, kept for ever as a keyed digest; nothing leads back to it.

    `organisation_id`: of whom it wants none; empty: of nobody on this service. `source`: link, mail, complaint, staff.
    """

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("address_hash", "organisation_id"),)
    id: Mapped[str] = id_column()
    organisation_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = created_column()


class Returned(Table):
    """What came back for a mail that had left: a bounce or a complaint."""

    __tablename__ = "returned"
    __table_args__ = (UniqueConstraint("mail_id", "kind", "code"),)
    id: Mapped[str] = id_column()
    mail_id: Mapped[str] = mapped_column(String(32), ForeignKey("outbox.id"))
    kind: Mapped[str] = mapped_column(String(16))
    permanent: Mapped[bool]
    code: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = created_column()
