"""A running house for journeys: the web server, one worker and the timetable as real processes over a real port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import httpx

READY_S = 60
DONE_S = 180
Found = TypeVar("Found")


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look: Callable[[], Found | None], *, within_s: float = DONE_S) -> Found:
    """What `look` gives as soon as it gives something; fails when it never does."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing came of it within {within_s} s")


@dataclass
class House:
    """Its address and its processes by name."""

    url: str
    log: Path
    tls: tuple[str, str] | None = None
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Starts one of web, worker, timetable."""
        port = self.url.rsplit(":", 1)[1]
        tls = ["--ssl-certfile", self.tls[0], "--ssl-keyfile", self.tls[1]] if self.tls else []
        commands = {
            "web": ["uvicorn", "web.app:create", "--factory", "--port", port, "--no-access-log", *tls],
            "worker": ["celery", "-A", "worker.app", "worker", "--pool", "solo", "-l", "WARNING", "--without-mingle"],
            "timetable": ["worker.timetable"],
        }
        environment = {**os.environ, "INTERVIEW_WORKER_NAME": f"{name}-{port}"}
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *commands[name]], stdout=log, stderr=log, env=environment
            )

    def kill(self, name: str) -> None:
        """kill -9."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def ready(self) -> bool:
        """Whether the web server answers."""
        try:
            return httpx.get(f"{self.url}/healthz", verify=False).status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def running(home: Path, *names: str, tls: tuple[str, str] | None = None) -> Iterator[House]:
    """The house with the named processes, by default all; stopped at the end."""
    scheme = "https" if tls else "http"
    house = House(f"{scheme}://localhost:{free_port()}", home / "house.log", tls)
    try:
        for name in names or ("web", "worker", "timetable"):
            house.start(name)
        eventually(house.ready, within_s=READY_S)
        yield house
    finally:
        for process in house.processes.values():
            process.terminate()
        for process in house.processes.values():
            process.wait(timeout=60)
