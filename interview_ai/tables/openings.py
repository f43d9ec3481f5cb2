"""Programmes, openings with their questions and rubric, and invitations to them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, within

if TYPE_CHECKING:
    from interview_ai.tables.people import Candidate, Organisation


class Programme(Tenanted, Table):
    """An agency's round across employers and universities. `places`: how many are to be hired by its `deadline`."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("organisation_id", "id"),)
    id: Mapped[str] = id_column()
    name_ko: Mapped[str]
    name_en: Mapped[str]
    places: Mapped[int | None]
    deadline: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class ProgrammePartner(Tenanted, Table):
    """An employer or a university that takes part in a programme, until `left_at`; the row belongs to the agency."""

    __tablename__ = "programme_partners"
    __table_args__ = (within("programmes", "programme_id"), UniqueConstraint("programme_id", "partner_id"))
    id: Mapped[str] = id_column()
    programme_id: Mapped[str] = mapped_column(String(32), index=True)
    partner_id: Mapped[str] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)
    left_at: Mapped[datetime | None]


class Opening(Tenanted, Table):
    """A job for which people are interviewed. `revision` rises with whatever may change a standing.

    `vocabulary`: names, separated by commas, that answers may hold and a recogniser would not know. `contact`: whom
    letters to candidates name for questions. `published_at`: since when everybody may read what it is.
    """

    __tablename__ = "openings"
    __table_args__ = (UniqueConstraint("organisation_id", "id"),)
    id: Mapped[str] = id_column()
    programme_id: Mapped[str | None] = mapped_column(String(32), ForeignKey("programmes.id"), index=True)
    title_ko: Mapped[str]
    title_en: Mapped[str]
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(16), default="open")
    demonstration: Mapped[bool] = mapped_column(default=False)
    blind: Mapped[bool] = mapped_column(default=True)
    deadline: Mapped[datetime]
    retention_days: Mapped[int] = mapped_column(default=180)
    first_pass_ended_at: Mapped[datetime | None]
    scoring_stopped_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = created_column()
    vocabulary: Mapped[str | None]
    contact: Mapped[str | None]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    organisation: Mapped[Organisation] = relationship()
    questions: Mapped[list[Question]] = relationship(order_by="Question.position", back_populates="opening")
    rubric: Mapped[RubricRow] = relationship(back_populates="opening")


class Question(Tenanted, Table):
    """One structured question, with think time and answer time in seconds and the number of takes."""

    __tablename__ = "questions"
    __table_args__ = (
        within("openings", "opening_id"),
        UniqueConstraint("opening_id", "position"),
        UniqueConstraint("organisation_id", "id"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), index=True)
    position: Mapped[int]
    text_ko: Mapped[str]
    text_en: Mapped[str]
    think_s: Mapped[int] = mapped_column(default=60)
    answer_s: Mapped[int] = mapped_column(default=120)
    takes: Mapped[int] = mapped_column(default=2)
    opening: Mapped[Opening] = relationship(back_populates="questions")


class RubricRow(Tenanted, Table):
    """The criteria of an opening, in the shape that `evidence.rubric_from` reads."""

    __tablename__ = "rubrics"
    __table_args__ = (within("openings", "opening_id"), UniqueConstraint("opening_id"))
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(String(64))
    criteria: Mapped[list[Any]]
    opening: Mapped[Opening] = relationship(back_populates="rubric")


class Invitation(Tenanted, Table):
    """One person's link to one opening; of its 256 random bits only the digest is kept.

    `opened_at`: when a browser first showed it to somebody. `proof`: what its holder must know beside the link (none,
    code, birth_year); `proof_hash`: the keyed digest of the year. `proof_failures`: wrong tries, all in all.
    `handed_over_at`: when a link of it first was in a file that somebody took.
    `outcome_shared_at`: since when, by the person's own consent, the university that invited them may see their result.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        within("openings", "opening_id"),
        within("candidates", "candidate_id"),
        UniqueConstraint("organisation_id", "id"),
        UniqueConstraint("opening_id", "candidate_id"),
        Index("ix_invitations_counted", "organisation_id", "opening_id"),
        Index("ix_invitations_inviting", "inviting_organisation_id", "opening_id"),
        Index("ix_invitations_campaign", "campaign_id", "id"),
    )
    id: Mapped[str] = id_column()
    opening_id: Mapped[str] = mapped_column(String(32), index=True)
    candidate_id: Mapped[str] = mapped_column(String(32), index=True)
    inviting_organisation_id: Mapped[str] = mapped_column(String(32), ForeignKey("organisations.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    campaign_id: Mapped[str | None] = mapped_column(String(32))
    opened_at: Mapped[datetime | None]
    proof: Mapped[str] = mapped_column(String(16), default="none")
    proof_hash: Mapped[str | None] = mapped_column(String(64))
    proof_failures: Mapped[int] = mapped_column(default=0)
    handed_over_at: Mapped[datetime | None]
    outcome_shared_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()
    opening: Mapped[Opening] = relationship()
    candidate: Mapped[Candidate] = relationship(overlaps="opening")


class ReplacedLink(Tenanted, Table):
    """The digest of a link whose invitation has a newer one, so that whoever opens the old one can be told."""

    __tablename__ = "replaced_links"
    __table_args__ = (within("invitations", "invitation_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    invitation_id: Mapped[str] = mapped_column(String(32), index=True)
    replaced_at: Mapped[datetime] = created_column()
