"""The migrations and the tables say the same, on both databases."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine

from interview_ai import database
from interview_ai.migrate import configuration, is_current, migrate


def check(engine: Engine) -> None:
    """Raises when the tables hold what no migration makes."""
    config = configuration()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)


def test_the_newest_migration_makes_exactly_the_tables(anywhere: str) -> None:
    assert is_current()
    check(database.engine())


def test_migrating_twice_changes_nothing(anywhere: str) -> None:
    migrate()
    assert is_current()
