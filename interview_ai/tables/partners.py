"""Whom an agency asked to take part, what it agreed with universities, and the figures of these that were published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class PartnerRequest(Tenanted, Table):
    """An agency's request to take part in a programme, as it was typed; the row is the agency's.

    `partner_id`: the organisation whose owners can answer it; empty where the address has nobody who could. `founds`:
    the organisation was made for it. `state`: waiting, accepted, declined (with a `reason`, if one was given) or
    withdrawn.
    """

    __tablename__ = "partner_requests"
    __table_args__ = (
        within("programmes", "programme_id"),
        within("staff", "asked_by"),
        Index(
            "uq_partner_requests_waiting",
            "programme_id",
            "owner_email",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: Mapped[str] = id_column()
    programme_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    name_ko: Mapped[str]
    name_en: Mapped[str]
    owner_name: Mapped[str]
    owner_email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    partner_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)
    founds: Mapped[bool] = mapped_column(default=False)
    asked_by: Mapped[str | None] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class Memorandum(Tenanted, Table):
    """Which university may invite to which openings of a programme; the row is the agency's.

    `opening_id` empty: to all of the programme. `quota`: the most people it may invite; empty: no limit.
    """

    __tablename__ = "memoranda"
    __table_args__ = (within("programmes", "programme_id"),)
    id: Mapped[str] = id_column()
    programme_id: Mapped[str] = mapped_column(String(32), index=True)
    university_id: Mapped[str] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)
    opening_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("openings.id"), index=True)
    quota: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class PublishedCount(Tenanted, Table):
    """A university's outcome figure as it was last shown: it moves only by nobody or by enough people at once."""

    __tablename__ = "published_counts"
    __table_args__ = (UniqueConstraint("organisation_id", "opening_id", "department", "cohort", "stage"),)
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), default="")
    department: Mapped[str] = mapped_column(default="")
    cohort: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(String(16))
    n: Mapped[int]
    published_at: Mapped[datetime] = created_column()
