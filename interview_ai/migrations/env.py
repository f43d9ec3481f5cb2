"""Runs the migrations on the connection that interview_ai.migrate hands over."""

from __future__ import annotations

import re

from alembic import context
from sqlalchemy import Connection

from interview_ai.tables import Table

# SQLite's text index with its shadow tables, and PostgreSQL's: each is there on one of the two only (0010)
ONE_DATABASE_ONLY = re.compile(r"search_index(_\w+)?|ix_search_entries_terms")


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether the tables say of it, too."""
    return kind not in ("table", "index") or not ONE_DATABASE_ONLY.fullmatch(name or "")


def run(connection: Connection) -> None:
    """Migrates over one connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=_is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
