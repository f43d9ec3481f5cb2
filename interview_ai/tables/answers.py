"""Interviews, consents, answers with their segments, and the work that each answer waits for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within

if TYPE_CHECKING:
    from interview_ai.tables.assessments import Decision, EvidenceRow, Rating, ScoreRow, TranscriptRow
    from interview_ai.tables.openings import Opening, Question
    from interview_ai.tables.people import Candidate


class Interview(Tenanted, Table):
    """One candidate and one opening. `mode` is ai or people; `number` is how blind pages call the candidate."""

    __tablename__ = "interviews"
    __table_args__ = (
        within("openings", "opening_id"),
        within("candidates", "candidate_id"),
        within("invitations", "invitation_id"),
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("invitation_id"),
        UniqueConstraint("opening_id", "number"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), index=True)
    candidate_id: Mapped[str] = mapped_column(String(32), index=True)
    invitation_id: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="begun")
    mode: Mapped[str] = mapped_column(String(8))
    begun_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None]
    opening: Mapped[Opening] = relationship()
    candidate: Mapped[Candidate] = relationship(overlaps="opening")
    answers: Mapped[list[Answer]] = relationship(order_by="Answer.created_at", back_populates="interview")
    decisions: Mapped[list[Decision]] = relationship(order_by="Decision.created_at")
    ratings: Mapped[list[Rating]] = relationship()


class CandidateSession(Tenanted, Table):
    """A candidate's browser after the link was used; only the token's digest is kept."""

    __tablename__ = "candidate_sessions"
    __table_args__ = (within("interviews", "interview_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    expires_at: Mapped[datetime]


class Consent(Tenanted, Table):
    """What a candidate agreed to: the notice's version, shown in which language, and with or without a machine."""

    __tablename__ = "consents"
    __table_args__ = (within("interviews", "interview_id"),)
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    notice_version: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    mode: Mapped[str] = mapped_column(String(8))
    given_at: Mapped[datetime] = created_column()


class Answer(Tenanted, Table):
    """One take of one question. `facts`, `joins` and the storage keys are set once the recording was read.

    `joins`: where in the playable file, in seconds, each segment after the first begins. `peaks`: the loudest sample of
    each tenth of a second, 0-100. `looked_with`: which detector counted faces; None where nobody looked.
    `bleeped_with`: by which version of the masking rules the sound was gone through for blind reviewers;
    `bleeped_key`: the file that they hear, None where nothing had to be bleeped.
    """

    __tablename__ = "answers"
    __table_args__ = (
        within("interviews", "interview_id"),
        within("questions", "question_id"),
        UniqueConstraint("interview_id", "question_id", "take"),
        UniqueConstraint("organisation_id", "id"),
    )
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    question_id: Mapped[str] = mapped_column(String(32), index=True)
    take: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(16), default="recording", index=True)
    created_at: Mapped[datetime] = created_column()
    received_at: Mapped[datetime | None]
    assessed_at: Mapped[datetime | None]
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    facts: Mapped[dict[str, Any] | None]
    playable_key: Mapped[str | None]
    poster_key: Mapped[str | None]
    sound_key: Mapped[str | None]
    bleeped_key: Mapped[str | None]
    bleeped_with: Mapped[str | None] = mapped_column(String(16))
    reason_code: Mapped[str | None] = mapped_column(String(32))
    receipt: Mapped[dict[str, Any] | None]
    joins: Mapped[list[Any] | None]
    peaks: Mapped[list[Any] | None]
    looked_with: Mapped[str | None] = mapped_column(String(16))
    interview: Mapped[Interview] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship(overlaps="answers,interview")
    segments: Mapped[list[Segment]] = relationship(order_by="Segment.position", back_populates="answer")
    transcript: Mapped[TranscriptRow | None] = relationship()
    score: Mapped[ScoreRow | None] = relationship(overlaps="transcript")
    evidence: Mapped[list[EvidenceRow]] = relationship(order_by="EvidenceRow.start_char", overlaps="score,transcript")
    work: Mapped[list[Work]] = relationship(overlaps="evidence,score,transcript")


class Segment(Tenanted, Table):
    """One run of the recorder, one tus upload. How many bytes there are is what storage holds, never a column.

    `run` is the recorder's own name for it, so that a creation whose answer was lost makes no second one.
    `starts_s` and `ends_s`: which seconds of the answer it holds, as the recorder told them.
    """

    __tablename__ = "segments"
    __table_args__ = (
        within("answers", "answer_id"),
        UniqueConstraint("answer_id", "position"),
        UniqueConstraint("answer_id", "run", name="uq_segments_run"),
    )
    id: Mapped[str] = id_column()
    answer_id: Mapped[str] = mapped_column(String(32), index=True)
    position: Mapped[int]
    run: Mapped[str | None] = mapped_column(String(64))
    starts_s: Mapped[float] = mapped_column(default=0.0)
    ends_s: Mapped[float] = mapped_column(default=0.0)
    heard_at: Mapped[datetime | None]
    metadata_header: Mapped[str | None]
    media_type: Mapped[str] = mapped_column(String(100))
    length: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = created_column()
    expires_at: Mapped[datetime]
    terminated_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    answer: Mapped[Answer] = relationship(back_populates="segments", overlaps="work")


class Work(Tenanted, Table):
    """One piece of work, the queue of record: a Celery message is only its doorbell. Kinds: assess, prepare,
    bleep, and rescore, which stands for all of the opening that the answer belongs to."""

    __tablename__ = "work"
    __table_args__ = (
        within("answers", "answer_id"),
        UniqueConstraint("answer_id", "kind", "input_digest"),
        Index("ix_work_due", "state", "next_at"),
    )
    id: Mapped[str] = id_column()
    answer_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(80))
    next_at: Mapped[datetime] = created_column()
    rung_at: Mapped[datetime | None]
    rings: Mapped[int] = mapped_column(default=0)
    step: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None]
    input_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = created_column()
    finished_at: Mapped[datetime | None]


class Incident(Tenanted, Table):
    """Something that went wrong while a candidate recorded, and whose fault it was by rule. `key`: the browser's own
    name for it, so that what is told twice is kept once."""

    __tablename__ = "incidents"
    __table_args__ = (within("interviews", "interview_id"), UniqueConstraint("interview_id", "key"))
    id: Mapped[str] = id_column()
    interview_id: Mapped[str] = mapped_column(String(32), index=True)
    key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(24))
    fault: Mapped[str] = mapped_column(String(16))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    at_s: Mapped[float]
    noticed_at: Mapped[datetime] = created_column()
