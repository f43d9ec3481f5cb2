"""A campaign: a roster of people who are invited together, row by row as it was read, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class Campaign(Tenanted, Table):
    """A bulk mailing of whoever invites: a university or the employer itself; the opening may be another tenant's.

    States: reading (the file is gone through), matching (a person says which column holds what), refused (`fault` says
    why), preview (a person has to confirm), sending, paused, sent, cancelled. `columns`: which column of the file holds
    what, and the row of heads. `rows_read` is where reading goes on after a stop; `sent_row` is the last row that
    became an invitation. While a worker has it, `lease_token` is set and `next_at` is when it counts as dead;
    `attempts`: how often it was taken up without getting further. `row_base`: the last row before a mended file came.
    `channel`: mail, sms, or file where nothing leaves and the links are handed over. `most_reminders`: of one kind to
    one person. `files_taken`: how often somebody took the file of its links.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        within("staff", "staff_id"),
        UniqueConstraint("organisation_id", "id"),
        Index("ix_campaigns_due", "state", "next_at"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), ForeignKey("openings.id"), index=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(String(16), default="reading")
    file_name: Mapped[str]
    file_key: Mapped[str | None]
    file_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    heads: Mapped[list[Any]] = mapped_column(default=list)
    columns: Mapped[dict[str, Any]] = mapped_column(default=dict)
    fault: Mapped[dict[str, Any] | None]
    rows_read: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int | None]
    row_base: Mapped[int] = mapped_column(default=0)
    sent_row: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(2), default="ko")
    consent_basis: Mapped[str] = mapped_column(String(24), default="")
    consent_note: Mapped[str] = mapped_column(default="")
    proof: Mapped[str] = mapped_column(String(16), default="none")
    channel: Mapped[str] = mapped_column(String(8), default="mail")
    per_minute: Mapped[int] = mapped_column(default=300)
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    reply_to: Mapped[str | None]
    remind_after_days: Mapped[int | None]
    most_reminders: Mapped[int] = mapped_column(default=2)
    files_taken: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = created_column()
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(32))
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class RosterUpload(Tenanted, Table):
    """A roster's file, on the record before its bytes come: while this is there, the storage may hold it.

    `ended_at`: since when nobody needs it.
    """

    __tablename__ = "roster_uploads"
    id: Mapped[str] = id_column()
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class CampaignRow(Tenanted, Table):
    """One row of a roster. `outcome`: ready, already, twice, opted_out, faulty; `faults`: sentences by column.

    `invitation_id`: what it became; the invitation is the employer's row, so no key can tie the two.
    """

    __tablename__ = "campaign_rows"
    __table_args__ = (
        within("campaigns", "campaign_id"),
        UniqueConstraint("campaign_id", "row"),
        Index("ix_campaign_rows_address", "campaign_id", "email"),
        Index("ix_campaign_rows_outcome", "campaign_id", "outcome", "row"),
    )
    id: Mapped[str] = id_column()
    campaign_id: Mapped[str] = mapped_column(String(32))
    row: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(16))
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    student_number: Mapped[str | None]
    department: Mapped[str | None]
    cohort: Mapped[str | None]
    language: Mapped[str] = mapped_column(String(2), default="ko")
    proof_hash: Mapped[str | None] = mapped_column(String(64))
    faults: Mapped[list[Any] | None]
    invitation_id: Mapped[str | None] = mapped_column(String(32), index=True)
