"""Keeps the web server, the workers and the timetable alive as its children, and takes them down with it."""

from __future__ import annotations

import ctypes
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import DBAPIError

from interview_ai import jobs
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.settings import settings

PR_SET_PDEATHSIG = 1  # linux/prctl.h: the kernel's signal to a child whose parent died
NICE_WORKER = 10
GRACE_S = 20.0  # for a warm stop; a worker at a long answer is killed after it, its lease brings the work back
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_S = 60.0  # alive this long: the back-off starts anew
CRASH_LOOP = 5  # restarts without a steady minute in between
POLL_S = 0.2
log = logging.getLogger(__name__)


@dataclass
class Child:
    """One supervised process. `worker` is the name under which it takes leases, empty for the others."""

    name: str
    command: Sequence[str]
    worker: str = ""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    next_start: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Starts the process; it dies with the supervisor, whatever kills that."""
        niceness = NICE_WORKER if self.worker else 0
        parent = os.getpid()
        environment = {**os.environ, **self.environment, "INTERVIEW_WORKER_NAME": self.worker}
        self.process = subprocess.Popen(
            self.command,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent, niceness),  # safe: this process runs no threads
        )
        self.started = time.monotonic()


def _die_with(parent: int, niceness: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    if niceness:
        os.nice(niceness)


def children(host: str, port: int, *, workers: int, certificate: str = "", key: str = "") -> list[Child]:
    """The web server, `workers` solo workers and the timetable."""
    web = ["uvicorn", "web.app:create", "--factory", "--host", host, "--port", str(port), "--no-access-log"]
    web += ["--ssl-certfile", certificate, "--ssl-keyfile", key] if certificate else []
    solo = ["celery", "-A", "worker.app", "worker", "--pool", "solo", "--loglevel", "WARNING"]
    solo += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-Q", jobs.QUEUE]
    made = [Child("web", [sys.executable, "-m", *web]), Child("timetable", [sys.executable, "-m", "worker.timetable"])]
    for number in range(1, workers + 1):
        name = f"solo-{number}-{os.getpid()}"
        made.append(Child(f"worker {number}", [sys.executable, "-m", *solo, "-n", f"{name}@%h"], worker=name))
    return made


Started = Callable[["Supervisor"], None]


class Supervisor:
    """Runs until SIGTERM or SIGINT; a child that dies is started again after a growing wait."""

    def __init__(self, kept: Sequence[Child]) -> None:
        self.children = list(kept)
        self.stopping = False

    def run(self, *, when_started: Started | None = None) -> None:
        """Blocks. `when_started` is called once with this supervisor, after the children were started."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        for child in self.children:
            child.start()
        self._note()
        try:
            if when_started:
                when_started(self)
            while not self.stopping:
                self._look_after()
                time.sleep(POLL_S)
        finally:
            self.stop()

    def _ask_to_stop(self, _: int, __: FrameType | None) -> None:
        self.stopping = True

    def _look_after(self) -> None:
        moment = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, moment)
            if child.process is None and moment >= child.next_start and not self.stopping:
                child.start()
                self._note()

    def _bury(self, child: Child, moment: float) -> None:
        code = child.process.returncode if child.process else None
        child.restarts = 1 if moment - child.started > STEADY_S else child.restarts + 1
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (child.restarts - 1))
        log.warning("%s ended with %s; starts again in %.1f s", child.name, code, wait)
        child.process = None
        child.next_start = moment + wait
        self._note()
        if child.worker:
            _free_leases(child.worker)

    def _note(self) -> None:
        """Writes who lives and who keeps dying, for /readyz and doctor."""
        content = {
            child.name: {
                "pid": child.process.pid if child.process else None,
                "restarts": child.restarts,
                "crash_loop": child.restarts >= CRASH_LOOP,
            }
            for child in self.children
        }
        path = settings().home / "supervisor.json"
        beside = path.with_suffix(".part")
        beside.write_text(json.dumps(content))
        beside.replace(path)

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to whoever is still there after the grace."""
        alive = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in alive:
            process.terminate()
        until = time.monotonic() + GRACE_S
        for process in alive:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self.children:
            if child.worker:
                _free_leases(child.worker)


def _free_leases(worker: str) -> None:
    """The work of a dead worker is due again at once; if the database is away, the lease's end does it."""
    try:
        with transaction(EVERYWHERE) as session:
            jobs.worker_died(session, worker)
    except DBAPIError as error:
        log.warning("leases of %s stay until they expire (%s)", worker, type(error).__name__)


def wipe_doorbells(home: Path) -> None:
    """Removes what lies in the embedded broker's folder: the table rings again, a torn message would only harm."""
    for path in (home / "doorbells").rglob("*"):
        if path.is_file():
            path.unlink(missing_ok=True)
