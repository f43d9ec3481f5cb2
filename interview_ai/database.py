"""The engine, the one transaction() and the guard that lets no query run without saying for whom."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, cast

from sqlalchemy import Connection, CursorResult, Engine, Update, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, object_mapper, with_loader_criteria
from sqlalchemy.pool import ConnectionPoolEntry

from interview_ai import standings
from interview_ai.settings import settings
from interview_ai.tables import Moment, Tenanted

BUSY_TIMEOUT_MS = 10_000
TURN = "-turn"  # the file beside the database whose lock is a writer's turn
LOOK_AGAIN_S = 0.001
SQLITE_CONNECTIONS = 48  # the web server answers up to 40 requests at once, and none should wait for a connection
_writers = threading.Lock()  # a request's transaction may begin and end in different threads

EVERYWHERE: Final = "*"
"""The tenant of the service itself: workers, sign-in by a secret, the command line."""

Tenant = str
"""An organisation's id, or EVERYWHERE."""


@cache
def engine() -> Engine:
    """The process's engine, made from the settings at first use."""
    return make_engine(settings().database)


def make_engine(url: str) -> Engine:
    """An engine for `url` with the embedded mode's promises (WAL, FULL, foreign keys, secure_delete) on SQLite.

    Its errors do not quote the values of a statement: they are people's, and errors end in logs.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, hide_parameters=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    waits = {"timeout": BUSY_TIMEOUT_MS / 1000}
    made = create_engine(url, connect_args=waits, pool_size=SQLITE_CONNECTIONS, hide_parameters=True)
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # ours to say BEGIN, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that reads and then writes fails at once when another writer came between;
    # an immediate one waits its turn (measured: 740,000 busy errors in 3 s with four writers against none).
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def transaction(tenant: Tenant, bind: Engine | None = None, *, at: datetime | None = None) -> Iterator[Session]:
    """A session for one tenant that commits at the end, once; what `after_commit` collected runs after that.

    Where interviews stand follows in the same transaction from whatever was written. `at`: the moment that counts as
    now in it, for a history that is made up (the demonstration's region); otherwise `now` says.
    """
    used = bind or engine()
    with Session(used, expire_on_commit=False, info={"tenant": tenant, "before": [], "after": [], "at": at}) as session:
        with _turn(used), session.begin():
            yield session
            standings.follow(session)
            for call in session.info["before"]:
                call()
        for call in session.info["after"]:
            call()


@contextmanager
def fleeting() -> Iterator[Session]:
    """A transaction for what may be lost with the machine's power, such as how often somebody tried: its commit waits
    for no disk."""
    with transaction(EVERYWHERE, unsynced()) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
        yield session


@cache
def unsynced() -> Engine:
    """The process's engine for `fleeting`: on PostgreSQL the same as for all else."""
    if engine().dialect.name != "sqlite":
        return engine()
    made = make_engine(settings().database)
    event.listen(made, "connect", _leave_unsynced)
    return made


def _leave_unsynced(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=NORMAL")  # with WAL: whole after a crash, synced at checkpoints
    cursor.close()


@contextmanager
def _turn(used: Engine) -> Iterator[None]:
    """Writers take turns on SQLite, the threads of a process and the processes of a machine.

    SQLite itself lets whoever finds the file locked sleep up to 100 ms at a time, and whoever comes just then goes
    first: with two hundred candidates who finish at once, parts waited 7 s. After the busy time it decides even so.
    """
    if used.dialect.name != "sqlite" or not used.url.database:
        yield
        return
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    taken = _writers.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        with Path(f"{used.url.database}{TURN}").open("wb") as door:
            while not _entered(door) and time.monotonic() < until:
                time.sleep(LOOK_AGAIN_S)
            yield
    finally:
        if taken:
            _writers.release()


def _entered(door: IO[bytes]) -> bool:
    try:
        fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def reading(tenant: Tenant, bind: Engine | None = None) -> Iterator[Session]:
    """A session that only reads: it takes no write lock on SQLite and is rolled back at the end."""
    with Session(bind or engine(), info={"tenant": tenant, "after": []}) as session:
        session.connection(execution_options={"reading": True})
        yield session


def before_commit(session: Session, call: Callable[[], None]) -> None:
    """Runs `call` at the end of the transaction, behind all else that it writes: for what others wait for meanwhile."""
    session.info["before"].append(call)


def after_commit(session: Session, call: Callable[[], None]) -> None:
    """Runs `call` once the transaction is committed; a rollback drops it."""
    session.info["after"].append(call)


def changed(session: Session, change: Update, known: Mapping[str, Any] | None = None) -> int:
    """Runs an UPDATE, with its parameters if it has some, and returns how many rows it met.

    What the session holds already is not told.
    """
    untold = {"synchronize_session": False}
    return cast("CursorResult[Any]", session.execute(change, known, execution_options=untold)).rowcount


def moment_of(session: Session) -> datetime | None:
    """The moment of its own that a session's transaction has, if it has one."""
    at: datetime | None = session.info.get("at")
    return at


def now(session: Session) -> datetime:
    """The database's own time on PostgreSQL, so that machines with different clocks agree; ours on SQLite."""
    at = moment_of(session)
    if at is not None:
        return at
    if session.get_bind().dialect.name == "sqlite":
        return datetime.now(UTC)
    return session.scalars(select(func.now())).one()


@event.listens_for(Session, "do_orm_execute")
def _scope(state: ORMExecuteState) -> None:
    """Adds the tenant to every ORM statement on a tenanted table, also to those that load relations."""
    tenant = state.session.info.get("tenant")
    if tenant is None:
        raise RuntimeError("this session has no tenant: open it with transaction(tenant) or reading(tenant)")
    if tenant == EVERYWHERE or state.is_column_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(Tenanted, lambda table: table.organisation_id == tenant, include_aliases=True)
    )


@event.listens_for(Session, "before_flush")
def _refuse_foreign(session: Session, _: UOWTransaction, __: Any) -> None:
    """No row of another tenant is ever written, whatever an id in a form said."""
    tenant = session.info.get("tenant")
    for row in (*session.new, *session.dirty, *session.deleted):
        if tenant != EVERYWHERE and isinstance(row, Tenanted) and row.organisation_id != tenant:
            raise RuntimeError(f"{type(row).__name__} of another organisation in this transaction")


@event.listens_for(Session, "before_flush")
def _date(session: Session, _: UOWTransaction, __: Any) -> None:
    """What is made in a transaction of another moment was made then."""
    at = moment_of(session)
    for row in session.new if at else ():
        for name in _dated_by_default(object_mapper(row)):
            if getattr(row, name) is None:
                setattr(row, name, at)


@cache
def _dated_by_default(table: Mapper[Any]) -> tuple[str, ...]:
    """The columns of a table that are filled with the moment where nobody says another: `created_at`, `begun_at`."""
    columns = table.column_attrs
    return tuple(one.key for one in columns if one.columns[0].default and isinstance(one.columns[0].type, Moment))


@event.listens_for(Session, "after_flush")
def _note_written(session: Session, _: UOWTransaction) -> None:
    """Whose standing may have changed by what was just written."""
    standings.note(session, (*session.new, *filter(session.is_modified, session.dirty), *session.deleted))
