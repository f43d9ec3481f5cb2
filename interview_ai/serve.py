"""The service on one machine: the web server, the workers and the timetable as children of one supervisor; its home."""

from __future__ import annotations

import argparse
import fcntl
import ipaddress
import json
import logging
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from interview_ai import jobs, logs, tokens
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.errors import Conflict, Misconfigured
from interview_ai.migrate import is_current, migrate
from interview_ai.settings import settings
from interview_ai.supervisor import Part, Supervisor, children

WORKER_NICENESS = 10  # a page is answered before an answer is assessed
AT_MOST = 2  # workers of the embedded mode when nothing else is said: each may hold a recogniser in memory
WEB_AT_MOST = 2  # processes of the web server when nothing else is said: each holds some 120 MB
CALLERS_IN_LINE = 2048
LOOPBACK = {4: "127.0.0.1", 6: "[::1]"}  # where this machine reaches a server that is bound to every address
log = logging.getLogger(__name__)

# What the embedded mode makes in its home, in the order in which it goes: a log that outlived its database would be
# read into the next one. The lock stays, for whoever opened it before it went would not see the next one's.
DATABASE = ("onterview.sqlite3-turn", "onterview.sqlite3-wal", "onterview.sqlite3-shm", "onterview.sqlite3")
OF_THE_DATABASE = ("recordings/uploads", "recordings/kept", "sign-ins.json", "secret")
PASSING = ("doorbells/queue", "doorbells/control", "sign-ins.new", "supervisor.json", "supervisor.new", "log.json")
LOCK = "supervisor.lock"


def serve(arguments: argparse.Namespace) -> int:
    """`interview-ai serve`: web, workers and timetable until SIGTERM or Ctrl-C."""
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise Misconfigured("--tls-cert and --tls-key belong together.", "--tls-cert와 --tls-key는 함께 써야 합니다.")
    for file in filter(None, (arguments.tls_cert, arguments.tls_key)):
        readable(Path(file))
    wanted = how_many() if arguments.workers is None else arguments.workers
    address = settings().public_url
    if "public_url" not in settings().model_fields_set:
        address = own_address(arguments.host, arguments.port, secure=bool(arguments.tls_cert))
    with listening(arguments.host, arguments.port) as bound:
        return supervise([*web(arguments, bound), *background(wanted)], address, arguments.grace)


def work(arguments: argparse.Namespace) -> int:
    """`interview-ai worker`: workers and timetable without the web server."""
    wanted = how_many() if arguments.workers is None else max(1, arguments.workers)
    return supervise(background(wanted), settings().public_url, arguments.grace)


def supervise(parts: list[Part], address: str, grace_s: float) -> int:
    """Prepares the home and keeps the parts running; returns the exit status."""
    logs.begin(settings().log_level)
    with alone():
        prepare()
        _free_leases_of_the_last_run()
        _wipe_doorbells()
        shared = {"INTERVIEW_PUBLIC_URL": address}
        told = [replace(part, environment={**shared, **part.environment}) for part in parts]
        Supervisor(told, state_path(), ended=_free_leases, grace_s=grace_s).run()
    return 0


def prepare() -> None:
    """The home folder (0700), its secret and, embedded, a database at the newest migration. Safe to run twice."""
    settings().home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings().secret_file is None:
        tokens.make_secret(settings().secret_path)
    (settings().home / "log.json").write_text(json.dumps(logs.configuration(settings().log_level)))
    if is_current():
        return
    if settings().database_url:
        raise Misconfigured(
            "The database is not at the newest migration. Run: interview-ai migrate",
            "데이터베이스가 최신 마이그레이션이 아닙니다. 다음을 실행해 주십시오: interview-ai migrate",
        )
    migrate()


def how_many() -> int:
    """Workers when the command line names no number: the setting, otherwise one per core, at most two."""
    return settings().workers or min(AT_MOST, os.cpu_count() or 1)


def own_address(host: str, port: int, *, secure: bool) -> str:
    """The address that this machine's own browser is given for a server bound to `host`."""
    reached = _reached(host)
    return _address("localhost" if reached == LOOPBACK[4] else reached, port, secure=secure)


def bound_address(host: str, port: int, *, secure: bool) -> str:
    """The same, naming exactly what was bound: localhost may lead to another program's port first."""
    return _address(_reached(host), port, secure=secure)


def _address(reached: str, port: int, *, secure: bool) -> str:
    return f"{'https' if secure else 'http'}://{reached}:{port}"


def _reached(host: str) -> str:
    try:
        bound = ipaddress.ip_address(host)
    except ValueError:
        return host or LOOPBACK[4]  # a name; none binds every address
    if bound.is_unspecified:
        return LOOPBACK[bound.version]
    return f"[{bound}]" if bound.version == 6 else str(bound)


def web(arguments: argparse.Namespace, bound: socket.socket) -> list[Part]:
    """The processes of the web server, which share one socket."""
    command = [sys.executable, "-m", "web.server", str(bound.fileno())]
    command += ["--log-config", str(settings().home / "log.json")]
    if arguments.tls_cert:
        command += ["--tls-cert", arguments.tls_cert, "--tls-key", arguments.tls_key]
    wanted = settings().web_processes or min(WEB_AT_MOST, os.cpu_count() or 1)
    return [Part(f"web-{number}", tuple(command), inherits=(bound.fileno(),)) for number in range(1, wanted + 1)]


def background(workers: int) -> list[Part]:
    """So many solo workers and the timetable; nothing for 0, where other machines have them."""
    if workers == 0:
        return []
    mark = f"{socket.gethostname()}-{secrets.token_hex(4)}"  # no two runs share a name: leases are freed by it
    threads = str(max(1, (os.cpu_count() or 1) // workers))
    return [
        *(_worker(f"worker-{number}-{mark}", threads) for number in range(1, workers + 1)),
        Part("timetable", (sys.executable, "-m", "worker.timetable")),
    ]


def _worker(name: str, threads: str) -> Part:
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "worker.app", "worker", "--pool", "solo", "-n", name]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = {"INTERVIEW_WORKER_NAME": name, "OMP_NUM_THREADS": threads}
    return Part(name, tuple(command), WORKER_NICENESS, environment)


def readable(file: Path) -> None:
    """Raises Misconfigured unless the file can be opened."""
    try:
        file.open("rb").close()
    except OSError as error:
        raise Misconfigured(
            f"{file} cannot be read: {error.strerror}.", f"{file} 파일을 읽을 수 없습니다: {error.strerror}."
        ) from error


def free(host: str, port: int) -> None:
    """Raises Conflict when another program has the port."""
    listening(host, port).close()


def listening(host: str, port: int) -> socket.socket:
    """The socket on which callers arrive. Raises Conflict when another program has the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(CALLERS_IN_LINE)
        return bound
    except OSError as error:
        bound.close()
        raise Conflict(
            f"Port {port} on {host} cannot be used: {error.strerror}. Take another: make run PORT={port + 1}",
            f"{host}의 {port}번 포트를 쓸 수 없습니다: {error.strerror}. 다른 포트로: make run PORT={port + 1}",
        ) from error


@contextmanager
def alone() -> Iterator[None]:
    """Holds the home for one supervisor. Raises Conflict when another has it."""
    settings().home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings().home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(
                f"Onterview already runs from {settings().home}. Stop it first, or set INTERVIEW_HOME.",
                f"{settings().home}에서 온터뷰가 이미 실행 중입니다. 먼저 멈추거나 INTERVIEW_HOME을 다른 폴더로 "
                "정해 주십시오.",
            ) from error
        yield


def state_path() -> Path:
    """Where the supervisor says how its children are."""
    return settings().home / "supervisor.json"


def _wipe_doorbells() -> None:
    # the rows are the truth and ring again; a message torn by a crash would kill each worker that reads it
    if settings().broker.startswith("filesystem"):
        shutil.rmtree(settings().home / "doorbells", ignore_errors=True)


def _free_leases_of_the_last_run() -> None:
    """A supervisor that was killed left its file behind: what its workers held is due again."""
    for one in children(state_path()):
        _free_leases(str(one["name"]), False)


def _free_leases(name: str, on_purpose: bool) -> None:
    """What a worker held when it ended is due at once; a death counts against the work, our own stop does not."""
    if not name.startswith("worker-"):
        return
    let_go = jobs.worker_stopped if on_purpose else jobs.worker_died
    try:
        with transaction(EVERYWHERE) as session:
            let_go(session, name)
    except DBAPIError as error:
        log.warning("the database is away: the leases run out by themselves", extra={"error": type(error).__name__})


def demo_reset(_: argparse.Namespace) -> int:
    """Forgets what the embedded mode made in its home while nobody works there; says what stays."""
    home = settings().home
    try:
        if not home.exists() or not any(home.iterdir()):
            lines = [f"There is nothing in {home} yet."]
        else:
            _must_be_ours(home)
            with alone():
                lines = _forget_all(home)
    except OSError as error:
        raise Misconfigured(
            f"{error.filename} cannot be deleted: {error.strerror}. Mend that, then run this again.",
            f"{error.filename} 항목을 지울 수 없습니다: {error.strerror}. 해결한 뒤 다시 실행해 주십시오.",
        ) from error
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _must_be_ours(home: Path) -> None:
    there = {path.name for path in home.iterdir()}
    begun = there >= {"secret", "log.json"} or there <= {"doorbells", "log.json", "models"}
    if not begun and there.isdisjoint({"onterview.sqlite3", LOCK}):
        raise Conflict(
            f"{home} does not look like Onterview's: nothing was deleted. Check INTERVIEW_HOME.",
            f"{home} 폴더는 온터뷰의 것이 아닌 듯하여 아무것도 지우지 않았습니다. INTERVIEW_HOME을 확인해 주십시오.",
        )


def _forget_all(home: Path) -> list[str]:
    """Deletes what is ours to delete. What another database refers to, and the secret that sealed it, stay."""
    elsewhere = _named_elsewhere(home)
    other_database = "INTERVIEW_DATABASE_URL" in elsewhere
    gone = [name for name in (*DATABASE, *PASSING, *(() if other_database else OF_THE_DATABASE)) if _forget(home, name)]
    for folder in ("recordings", "doorbells"):
        with suppress(OSError):  # something else lies in it
            (home / folder).rmdir()
    kept = sorted(path.name for path in home.iterdir() if path.name != LOCK)
    lines = [f"Gone from {home}: {', '.join(gone)}." if gone else f"There is nothing to forget in {home}."]
    lines += [f"Kept there: {', '.join(kept)}."] if kept else []
    lines += [f"Not touched: {place}, which {variable} names." for variable, place in elsewhere.items()]
    if other_database:
        return [*lines, "Recordings, sign-ins and secret belong to that database: unset it to forget them as well."]
    return [*lines, "The next 'make run' starts over."]


def _forget(home: Path, name: str) -> bool:
    """Whether something of ours was there. What lies behind a link lies outside of the home and stays."""
    path = home / name
    if not path.exists() or path.resolve() != home.resolve() / name or path == settings().secret_file:
        return False
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    return True


def _named_elsewhere(home: Path) -> dict[str, str]:
    """What the settings name that is not the embedded mode's own, by the setting; without passwords."""
    given = settings()
    named = {
        "INTERVIEW_DATABASE_URL": (given.database_url, home / "onterview.sqlite3"),
        "INTERVIEW_STORAGE_URL": (given.storage_url, home / "recordings"),
    }
    return {name: _shown(url) for name, (url, own) in named.items() if url and not _leads_to(url, own)}


def _leads_to(url: str, own: Path) -> bool:
    path = make_url(url).database if url.startswith("sqlite") else urlsplit(url).path
    return url.startswith(("sqlite", "file")) and Path(path or "").resolve() == own.resolve()


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
