"""Brings the database to the newest migration, and says whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from interview_ai import resembling, standings
from interview_ai.database import EVERYWHERE, engine


def configuration() -> Config:
    """Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(bind: Engine | None = None) -> None:
    """Applies every migration that is missing, then derives what the list keeps where it lacks. Safe to run twice.

    The second is no migration: it needs today's rules, and they read today's tables.
    """
    config = configuration()
    with (bind or engine()).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        with Session(connection, info={"tenant": EVERYWHERE}) as session:
            resembling.fill(session)
            standings.fill(session)
            standings.follow(session)


def is_current(bind: Engine | None = None) -> bool:
    """Whether the database stands at the newest migration."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with (bind or engine()).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest
