"""What was heard in an answer, the evidence and the suggestion; what people rated and decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within


class TranscriptRow(Tenanted, Table):
    """The transcript of an answer, as the recogniser gave it.

    `twins`: the answers of others that are nearly the same, whether or not they still count; NULL where nobody looked.
    """

    __tablename__ = "transcripts"
    __table_args__ = (within("answers", "answer_id"), UniqueConstraint("answer_id"))
    id: Mapped[str] = id_column()
    answer_id: Mapped[str] = mapped_column(String(32))
    engine: Mapped[str] = mapped_column(String(32))
    model: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str]
    words: Mapped[list[Any]]
    sketch: Mapped[list[Any] | None]
    twins: Mapped[list[Any] | None]


class SketchKey(Tenanted, Table):
    """What one sketch is looked up by among the answers to the same question."""

    __tablename__ = "sketch_keys"
    __table_args__ = (within("answers", "answer_id"), Index("ix_sketch_keys_key", "question_id", "key"))
    answer_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    question_id: Mapped[str] = mapped_column(String(32))


class ScoreRow(Tenanted, Table):
    """The suggestion for an answer or the reason why there is none, with all that is needed to recompute it."""

    __tablename__ = "scores"
    __table_args__ = (within("answers", "answer_id"), UniqueConstraint("answer_id"))
    id: Mapped[str] = id_column()
    answer_id: Mapped[str] = mapped_column(String(32))
    person: Mapped[int] = mapped_column(BigInteger, index=True)
    score: Mapped[dict[str, Any] | None]
    reason: Mapped[dict[str, Any] | None]
    gates: Mapped[list[Any]]
    delivery: Mapped[dict[str, Any] | None]
    versions: Mapped[dict[str, Any]]
    opinion: Mapped[dict[str, Any] | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class EvidenceRow(Tenanted, Table):
    """A verbatim quote of a transcript with its seconds, the criterion that it speaks for and its nearest anchor."""

    __tablename__ = "evidence"
    __table_args__ = (within("answers", "answer_id"),)
    id: Mapped[str] = id_column()
    answer_id: Mapped[str] = mapped_column(String(32), index=True)
    criterion: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    quote: Mapped[str]
    start_char: Mapped[int]
    end_char: Mapped[int]
    start_s: Mapped[float | None]
    end_s: Mapped[float | None]
    anchor: Mapped[int | None]


class View(Tenanted, Table):
    """What a staff member was given of an interview: `transcript` and `answer` (a recording) are what a rejection needs
    before it can be saved (KR-5); `sound` and `reveal` are the steps of a blind review."""

    __tablename__ = "views"
    __table_args__ = (within("interviews", "interview_id"), within("staff", "staff_id"))
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = created_column()


class Note(Tenanted, Table):
    """What a reviewer noted at a second of an answer; `shared` with colleagues, or for themselves alone."""

    __tablename__ = "notes"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("answers", "answer_id"),
        within("staff", "staff_id"),
    )
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    answer_id: Mapped[str] = mapped_column(String(32))
    staff_id: Mapped[str] = mapped_column(String(32))
    at_s: Mapped[float]
    text: Mapped[str]
    shared: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = created_column()
    changed_at: Mapped[datetime | None]


class Rating(Tenanted, Table):
    """A person's own level, 1-5, for one criterion of one interview."""

    __tablename__ = "ratings"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("staff", "staff_id"),
        UniqueConstraint("interview_id", "staff_id", "criterion"),
    )
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    criterion: Mapped[str] = mapped_column(String(64))
    level: Mapped[int]
    rated_at: Mapped[datetime] = created_column()


class Calibration(Tenanted, Table):
    """What was learned from double ratings of one criterion, as a report; the model is fitted anew from its `sources`.

    `sources`: per interview its id, the ids and levels of the ratings, and the digest of the words. `created_by` is
    None for the command line. In use: `applied_at` is set and `withdrawn_at` is not.
    """

    __tablename__ = "calibrations"
    __table_args__ = (
        within("openings", "opening_id"),
        within("staff", "created_by"),
        within("staff", "applied_by"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), index=True)
    criterion: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(16))
    examples: Mapped[int]
    sources: Mapped[list[Any]]
    report: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = created_column()
    created_by: Mapped[str | None] = mapped_column(String(32))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[str | None] = mapped_column(String(32))
    withdrawn_at: Mapped[datetime | None]


class Decision(Tenanted, Table):
    """A person's decision with a reason; the newest one that nobody took back holds."""

    __tablename__ = "decisions"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("staff", "staff_id"),
        within("staff", "withdrawn_by"),
        UniqueConstraint("organisation_id", "id"),
    )
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    created_at: Mapped[datetime] = created_column()
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(32))
    withdrawn_reason: Mapped[str | None]
