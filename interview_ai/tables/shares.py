"""Links by which an outsider may look at chosen answers of one candidate for some days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview_ai.tables.answers import Interview
from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within
from interview_ai.tables.people import Staff


class Share(Tenanted, Table):
    """One interview, shown to one outsider; of the link's 256 random bits only the digest is kept.

    `question_ids`: whose answers are shown. `with_picture`: name and picture, otherwise number and sound alone.
    `opened`: how often the page was given out; `opened_at`: the last time.
    """

    __tablename__ = "shares"
    __table_args__ = (within("interviews", "interview_id"), within("staff", "staff_id"))
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    recipient: Mapped[str]
    question_ids: Mapped[list[Any]]
    with_picture: Mapped[bool]
    with_words: Mapped[bool]
    created_at: Mapped[datetime] = created_column()
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    interview: Mapped[Interview] = relationship()
    staff: Mapped[Staff] = relationship(overlaps="interview")
