"""What an employer adds to an opening: who reviews it, recorded questions, further links to an invitation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class OpeningReviewer(Tenanted, Table):
    """A reviewer who is assigned to an opening; an opening without any is every reviewer's."""

    __tablename__ = "opening_reviewers"
    __table_args__ = (
        within("openings", "opening_id"),
        within("staff", "staff_id"),
        UniqueConstraint("opening_id", "staff_id"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), index=True)
    staff_id: Mapped[str] = mapped_column(String(32), index=True)


class Prompt(Tenanted, Table):
    """A question that somebody of the employer asks in a recording; its text stays beside it.

    The id is also the upload's. States: received, ready, refused (`fault` is the code of the reason). While a worker
    reads it, `lease_token` is set and `next_at` is when it counts as dead.
    """

    __tablename__ = "prompts"
    __table_args__ = (
        within("questions", "question_id"),
        UniqueConstraint("question_id"),
        Index("ix_prompts_due", "state", "next_at"),
    )
    id: Mapped[str] = id_column()
    question_id: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="received")
    length: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    next_at: Mapped[datetime] = created_column()
    fault: Mapped[str | None] = mapped_column(String(24))
    playable_key: Mapped[str | None]
    poster_key: Mapped[str | None]
    duration_s: Mapped[float | None]
    created_at: Mapped[datetime] = created_column()


class FurtherLink(Tenanted, Table):
    """The digest of another link to an invitation, as a reminder brings it: the first one goes on working too."""

    __tablename__ = "further_links"
    __table_args__ = (within("invitations", "invitation_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    invitation_id: Mapped[str] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime] = created_column()
