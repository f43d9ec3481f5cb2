"""Runs the migrations on the engine of the settings, or on the connection that a test hands over."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from interview_ai.database import engine
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


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with engine().connect() as opened:
        run(opened)
        opened.commit()
