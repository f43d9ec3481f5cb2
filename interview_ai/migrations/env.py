"""Runs the migrations on the connection that interview_ai.migrate hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from interview_ai.tables import Table


def run(connection: Connection) -> None:
    """Migrates over one connection, in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Table.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
