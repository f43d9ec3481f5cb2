"""Organisations, their staff and how staff sign in; candidates and their keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from interview_ai.tables.ground import Table, Tenanted, created_column, id_column, new_person, within


class Organisation(Table):
    """An agency, an employer or a university. `kind` says which.

    `slug` names its public page; without one it has none. `careers_url`: a university's career centre. `begun_at`:
    since when its owners need no list of first steps any more.
    """

    __tablename__ = "organisations"
    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(String(16))
    name_ko: Mapped[str]
    name_en: Mapped[str]
    accent: Mapped[str] = mapped_column(String(7), default="#256ef4")
    slug: Mapped[str | None] = mapped_column(String(40), unique=True, index=True)
    logo_key: Mapped[str | None]
    about_ko: Mapped[str | None]
    about_en: Mapped[str | None]
    website: Mapped[str | None]
    careers_url: Mapped[str | None]
    begun_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()


class Staff(Tenanted, Table):
    """Somebody who works for an organisation. Roles: owner, recruiter, reviewer."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("organisation_id", "id"),)
    id: Mapped[str] = id_column()
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="active")
    language: Mapped[str] = mapped_column(String(2), default="ko")
    password_hash: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_column()
    organisation: Mapped[Organisation] = relationship()


class SignIn(Tenanted, Table):
    """A staff member's session in one browser; only the token's digest is kept."""

    __tablename__ = "sign_ins"
    __table_args__ = (within("staff", "staff_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime] = created_column()
    seen_at: Mapped[datetime] = created_column()
    expires_at: Mapped[datetime]


class StaffLink(Tenanted, Table):
    """A mailed link that lets a staff member set a password: `purpose` is invitation or password."""

    __tablename__ = "staff_links"
    __table_args__ = (within("staff", "staff_id"),)
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(32), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Shown(Tenanted, Table):
    """What a page shows once to one member, sealed with a key that only the name in their address completes."""

    __tablename__ = "shown_once"
    __table_args__ = (within("staff", "staff_id"),)
    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(String(32))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]


class Candidate(Tenanted, Table):
    """A person who applies. `person` is the random number by which append-only records know them."""

    __tablename__ = "candidates"
    __table_args__ = (UniqueConstraint("organisation_id", "id"), UniqueConstraint("organisation_id", "email"))
    id: Mapped[str] = id_column()
    person: Mapped[int] = mapped_column(BigInteger, ForeignKey("person_keys.person"), unique=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="ko")
    created_at: Mapped[datetime] = created_column()


class PersonKey(Table):
    """One person's own key, sealed; destroying the row makes what the records hold of them unreadable."""

    __tablename__ = "person_keys"
    person: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, default=new_person)
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
