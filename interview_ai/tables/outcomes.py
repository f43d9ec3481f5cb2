"""What people set right in a suggestion, and what candidates are told of a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class Override(Tenanted, Table):
    """A person's level in place of the points that a machine suggested; the newest that nobody took back wins (KR-9).

    `criterion` is empty for the points as a whole. `original`: what was suggested at that moment, by question.
    """

    __tablename__ = "overrides"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("staff", "staff_id"),
        within("staff", "withdrawn_by"),
    )
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    criterion: Mapped[str] = mapped_column(String(64))
    level: Mapped[int]
    reason: Mapped[str]
    original: Mapped[list[Any]]
    created_at: Mapped[datetime] = created_column()
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(32))


class Letter(Tenanted, Table):
    """What a candidate is told of one decision, at most once. The name is still a placeholder in `subject` and `body`,
    so that a reviewer who is blind can read it too; the mail itself is in the outbox."""

    __tablename__ = "letters"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("decisions", "decision_id"),
        within("staff", "staff_id"),
        UniqueConstraint("decision_id"),
    )
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    decision_id: Mapped[str] = mapped_column(String(32))
    staff_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime] = created_column()


class LetterText(Tenanted, Table):
    """An opening's own words for the letters about one kind of decision in one language."""

    __tablename__ = "letter_texts"
    __table_args__ = (
        within("openings", "opening_id"),
        within("staff", "staff_id"),
        UniqueConstraint("opening_id", "kind", "language"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str]
    body: Mapped[str]
    staff_id: Mapped[str] = mapped_column(String(32))
    changed_at: Mapped[datetime] = created_column()
