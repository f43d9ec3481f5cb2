"""What every test stands on: a fresh home and database each time, and which groups of tests can run here."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from interview_ai import database, jobs, passwords, storage, tokens
from interview_ai import settings as settings_module
from interview_ai.migrate import migrate
from tests import firefox

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
RABBITMQ = os.environ.get("TEST_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
CHROMIUM = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
TEST_DATA = Path(os.environ.get("INTERVIEW_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
TEMPLATE = f"onterview_template_{os.getpid()}"
MEMORY, ROOM = Path("/dev/shm"), 6_000_000_000  # bytes; each test has a database of its own, synced at every commit
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
HOW = {
    "browser": "apt install chromium",
    "firefox": "apt install firefox-esr",
    "postgresql": "apt install postgresql (or set TEST_POSTGRESQL_URL)",
    "redis": "apt install redis-server (or set TEST_REDIS_URL)",
    "rabbitmq": "apt install rabbitmq-server (or set TEST_RABBITMQ_URL)",
    "voices": "apt install flite espeak-ng",
}
RABBITMQ_STARTS_S = 40
MISSING: dict[str, str] = {}
TESTS = Path(__file__).parent
# real time, killed processes, whole houses, one broker for all: these have the machine for themselves
ALONE = ("journeys/", "faults/", "test_run.py", "test_demo.py", "test_supervisor.py", "worker/test_brokers.py")


def _answers(url: str) -> bool:
    parsed = sqlalchemy.make_url(url)
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((parsed.host or "127.0.0.1", parsed.port or 5432)) == 0


def _start(*command: str) -> None:
    """Starts an installed service that does not run yet; what is not installed stays missing."""
    if shutil.which(command[0]):
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=60)


def _postgresql_runs() -> bool:
    if not _answers(POSTGRESQL) and "TEST_POSTGRESQL_URL" not in os.environ and os.geteuid() == 0:
        _start("service", "postgresql", "start")
    if not _answers(POSTGRESQL):
        return False
    server = sqlalchemy.create_engine(POSTGRESQL)
    try:
        server.connect().close()
    except sqlalchemy.exc.OperationalError:
        return False
    finally:
        server.dispose()
    return True


def _redis_runs() -> bool:
    if not _answers(REDIS) and "TEST_REDIS_URL" not in os.environ:
        _start("redis-server", "--daemonize", "yes", "--save", "")
    return _answers(REDIS)


def _rabbitmq_runs() -> bool:
    if not _answers(RABBITMQ) and "TEST_RABBITMQ_URL" not in os.environ and os.geteuid() == 0:
        _start("rabbitmq-server", "-detached")
        until = time.monotonic() + RABBITMQ_STARTS_S
        while shutil.which("rabbitmq-server") and not _answers(RABBITMQ) and time.monotonic() < until:
            time.sleep(0.5)
    return _answers(RABBITMQ)


def pytest_configure(config: pytest.Config) -> None:
    """Finds out once what is here."""
    if hasattr(config, "workerinput"):
        MISSING.update(config.workerinput["missing"])
        return
    checks = {
        "browser": lambda: CHROMIUM is not None,
        "firefox": lambda: firefox.FIREFOX is not None,
        "postgresql": _postgresql_runs,
        "redis": _redis_runs,
        "rabbitmq": _rabbitmq_runs,
        "voices": lambda: bool(shutil.which("flite") and shutil.which("espeak-ng")),
    }
    MISSING.update({name: HOW[name] for name, there in checks.items() if not there()})


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells the processes that share the work what is missing; they look for nothing themselves."""
    node.workerinput["missing"] = dict(MISSING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A group whose service is missing is skipped by name; with CI=true it fails instead."""
    for item in items:
        if item.path.relative_to(TESTS).as_posix().startswith(ALONE) or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.alone)
        for name, how in MISSING.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"group '{name}' cannot run here: {how}"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says which groups did not run and how to install what they need."""
    for name, how in MISSING.items():
        terminalreporter.write_line(f"NOT RUN: group '{name}'. To run it: {how}", yellow=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true a missing group is a failure."""
    if MISSING and os.environ.get("CI") == "true" and session.testscollected:
        session.exitstatus = 1


def forget() -> None:
    """Forgets what a process reads only once, so that the next test begins anew."""
    for engine in (database.engine, database.unsynced):
        if engine.cache_info().currsize:
            engine().dispose()
    tokens_caches = (tokens._secret, tokens._derived, tokens._signing_key)
    for kept in (
        settings_module.settings,
        database.engine,
        database.unsynced,
        storage.storage,
        jobs.celery_app,
        *tokens_caches,
    ):
        kept.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that each test copies."""
    path = tmp_path_factory.mktemp("template") / "onterview.sqlite3"
    made = database.make_engine(f"sqlite:///{path}")
    migrate(made)
    with made.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    made.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """A migrated PostgreSQL database that each test copies."""
    _administer(f'DROP DATABASE IF EXISTS "{TEMPLATE}"', f'CREATE DATABASE "{TEMPLATE}"')
    made = sqlalchemy.create_engine(sqlalchemy.make_url(POSTGRESQL).set(database=TEMPLATE))
    migrate(made)
    made.dispose()
    yield TEMPLATE
    _administer(f'DROP DATABASE "{TEMPLATE}"')


def _administer(*statements: str) -> None:
    server = sqlalchemy.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    server.dispose()


@pytest.fixture(scope="session", autouse=True)
def _cheap_digests() -> Iterator[None]:
    """Real argon2 digests at a hundredth of their price: whoever signs in for a test is kept out by nobody.

    A digest names its own price, so that servers in processes of their own read these too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))
        yield


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh installation on SQLite: its settings are the environment's until the test ends."""
    yield installed(tmp_path / "home", sqlite_template, monkeypatch)
    forget()


def installed(folder: Path, template: Path, patch: pytest.MonkeyPatch) -> Path:
    """A fresh installation on SQLite in a new folder, which the environment names until `patch` is undone."""
    for name in [name for name in os.environ if name.startswith("INTERVIEW_") and name != "INTERVIEW_TEST_DATA"]:
        patch.delenv(name)
    folder.mkdir()
    shutil.copy(template, folder / "onterview.sqlite3")
    patch.setenv("INTERVIEW_HOME", str(folder))
    forget()
    tokens.make_secret(folder / "secret")
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def anywhere(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same fresh installation, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    template = request.getfixturevalue("postgresql_template")
    name = f"onterview_test_{uuid.uuid4().hex}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = sqlalchemy.make_url(POSTGRESQL).set(database=name)
    monkeypatch.setenv("INTERVIEW_DATABASE_URL", url.render_as_string(hide_password=False))
    forget()
    yield "postgresql"
    forget()
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real recordings; a test that needs it skips where it is absent, its twin does not."""
    if not TEST_DATA.is_dir():
        pytest.skip(f"the real recordings are not here ({TEST_DATA.name}); set INTERVIEW_TEST_DATA")
    return TEST_DATA


@pytest.fixture(scope="session")
def python() -> str:
    """The interpreter that runs the tests, for processes that they start."""
    return sys.executable
