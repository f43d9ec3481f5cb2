"""What every table shares: ids, moments, the tenant, references that cannot leave their organisation."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, ForeignKeyConstraint, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ID_BYTES = 16


class Moment(TypeDecorator[datetime]):
    """An instant, always UTC and aware in Python; SQLite keeps no zone, so it is put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a time without a zone; hands UTC to the driver."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Puts UTC back where the driver lost it."""
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def new_id() -> str:
    """128 random bits as 32 hex digits: nobody guesses a neighbour's id."""
    return secrets.token_hex(ID_BYTES)


def new_person() -> int:
    """The random number (63 bits) that stands for a person in append-only records."""
    return secrets.randbits(63)


class Table(DeclarativeBase):
    """Every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON, str: Text}


class Tenanted:
    """A row that belongs to one organisation; the guard in database.py reads this column."""

    organisation_id: Mapped[str] = mapped_column(String(32), ForeignKey("organisations.id"), index=True)


def id_column() -> Mapped[str]:
    """The primary key of most tables: 128 random bits."""
    return mapped_column(String(32), primary_key=True, default=new_id)


def created_column() -> Mapped[datetime]:
    """The moment at which the row was made."""
    return mapped_column(default=lambda: datetime.now(UTC))


def within(table: str, column: str) -> ForeignKeyConstraint:
    """A reference that cannot leave its organisation: the pair is the key."""
    return ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"])
