"""The migrations and the tables say the same, on both databases."""

from __future__ import annotations

from pathlib import Path

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


def test_an_installation_at_the_first_tables_keeps_what_it_holds(tmp_path: Path) -> None:
    old = database.make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    with old.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO organisations (id, kind, name_ko, name_en, accent, created_at) "
            "VALUES ('1', 'employer', '회사', 'Firm', '#256ef4', '2026-11-01 09:00:00')"
        )
    assert not is_current(old)
    migrate(old)
    assert is_current(old)
    with old.connect() as connection:
        assert connection.exec_driver_sql("SELECT name_en FROM organisations").scalars().all() == ["Firm"]
    old.dispose()


def test_a_university_that_took_part_before_there_were_memoranda_may_go_on_inviting(tmp_path: Path) -> None:
    old = database.make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    at = "'2026-11-01 09:00:00'"
    with old.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0018")
        for kind in ("agency", "university", "employer"):
            connection.exec_driver_sql(
                "INSERT INTO organisations (id, kind, name_ko, name_en, accent, created_at) "
                f"VALUES ('{kind}', '{kind}', '이름', 'Name', '#256ef4', {at})"
            )
        connection.exec_driver_sql(
            "INSERT INTO programmes (id, organisation_id, name_ko, name_en, created_at) "
            f"VALUES ('round', 'agency', '사업', 'Round', {at})"
        )
        for partner in ("university", "employer"):
            connection.exec_driver_sql(
                "INSERT INTO programme_partners (id, organisation_id, programme_id, partner_id) "
                f"VALUES ('{partner}', 'agency', 'round', '{partner}')"
            )
    migrate(old)
    with old.connect() as connection:
        agreed = "SELECT organisation_id, programme_id, university_id, opening_id, quota, ended_at FROM memoranda"
        assert connection.exec_driver_sql(agreed).all() == [("agency", "round", "university", None, None, None)]
    old.dispose()


def test_a_partner_who_had_not_joined_is_asked_from_then_on_and_keeps_its_limits(tmp_path: Path) -> None:
    old = database.make_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    at = "'2026-11-01 09:00:00'"
    with old.begin() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "0023")
        for kind, name in (("agency", "agency"), ("university", "unjoined"), ("employer", "joined")):
            connection.exec_driver_sql(
                "INSERT INTO organisations (id, kind, name_ko, name_en, accent, created_at) "
                f"VALUES ('{name}', '{kind}', '이름', 'Name', '#256ef4', {at})"
            )
        connection.exec_driver_sql(
            "INSERT INTO programmes (id, organisation_id, name_ko, name_en, created_at) "
            f"VALUES ('round', 'agency', '사업', 'Round', {at})"
        )
        for partner, state in (("unjoined", "invited"), ("joined", "active")):
            connection.exec_driver_sql(
                "INSERT INTO staff (id, organisation_id, email, name, role, state, language, failures, created_at) "
                f"VALUES ('{partner}', '{partner}', '{partner}@example.org', '이름', 'owner', '{state}', 'ko', 0, {at})"
            )
            connection.exec_driver_sql(
                "INSERT INTO programme_partners (id, organisation_id, programme_id, partner_id) "
                f"VALUES ('{partner}', 'agency', 'round', '{partner}')"
            )
        connection.exec_driver_sql(
            "INSERT INTO memoranda (id, organisation_id, programme_id, university_id, quota, note, created_at) "
            f"VALUES ('agreed', 'agency', 'round', 'unjoined', 7, '', {at})"
        )
    migrate(old)
    with old.connect() as connection:
        asked = "SELECT kind, owner_email, partner_id, state, founds FROM partner_requests"
        row = ("university", "unjoined@example.org", "unjoined", "waiting", 1)
        assert connection.exec_driver_sql(asked).all() == [row]
        assert connection.exec_driver_sql("SELECT partner_id FROM programme_partners").scalars().all() == ["joined"]
        assert connection.exec_driver_sql("SELECT quota FROM memoranda").scalars().all() == [7]
    old.dispose()
