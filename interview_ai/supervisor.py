"""Keeps a few child processes alive: starts them again with a growing wait, stops them warmly, leaves no orphan."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from interview_ai import child

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
CRASH_WINDOW_S = 150.0
CRASH_LOOP = 4  # deaths within the window; with the longest wait a child that never lives still reaches it
LOOK_S = 5.0
STOPPING = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
WATCHED = STOPPING | {signal.SIGCHLD}
log = logging.getLogger(__name__)

Ended = Callable[[str, bool], None]
"""Told the name of a child whose process has ended, and whether that was on purpose."""


@dataclass(frozen=True, slots=True)
class Part:
    """One child as it is to run; `niceness` is added to the supervisor's own; `inherits`: open files by number."""

    name: str
    command: tuple[str, ...]
    niceness: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    inherits: tuple[int, ...] = ()


class Child:
    """One part's process, the next one when it dies, and how often it died of late."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.due = 0.0
        self.deaths: list[float] = []

    @property
    def crash_loop(self) -> bool:
        """Whether it dies again and again."""
        return len(self._lately(time.monotonic())) >= CRASH_LOOP

    def _lately(self, moment: float) -> list[float]:
        return [death for death in self.deaths if moment - death < CRASH_WINDOW_S]

    def start(self) -> None:
        """A process of its own session, so that Ctrl-C reaches the supervisor alone and a kill reaches all it began."""
        wrapper = (sys.executable, "-I", "-S", child.__file__, str(os.getpid()), str(self.part.niceness))
        variables = (f"{name}={value}" for name, value in self.part.environment.items())
        command = [*wrapper, *variables, "--", *self.part.command]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=self.part.inherits
        )
        log.info("started", extra={"child": self.part.name, "pid": self.process.pid})

    def has_died(self) -> bool:
        """Notices a death: ends what the process left behind and says when the next one is due."""
        if self.process is None or self.process.poll() is None:
            return False
        self.signal(signal.SIGKILL)
        moment = time.monotonic()
        wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** len(self._lately(moment)))
        self.deaths = [*self._lately(moment), moment]
        self.due = moment + wait
        details = {"child": self.part.name, "status": self.process.returncode, "again_in_s": wait}
        log.warning("died", extra=details)
        self.process = None
        return True

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal: SIGKILL to the whole session, anything else to the process alone."""
        if self.process is None:
            return
        try:
            if number is signal.SIGKILL:
                os.killpg(self.process.pid, number)
            else:
                self.process.send_signal(number)
        except (ProcessLookupError, PermissionError):
            return  # it ended in the meantime

    def has_stopped(self) -> bool:
        """Whether nothing runs any more."""
        return self.process is None or self.process.poll() is not None


class Supervisor:
    """Runs parts until it is asked to stop. `state_path` says to others how they are; `ended` hears of every end."""

    def __init__(self, parts: Iterable[Part], state_path: Path, *, ended: Ended, grace_s: float) -> None:
        self.children = [Child(part) for part in parts]
        self.state_path = state_path
        self.ended = ended
        self.grace_s = grace_s
        self.written = ""

    def run(self) -> None:
        """Until SIGTERM, SIGINT or SIGHUP; a second one stops at once."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        asked = None
        while asked not in STOPPING:
            self._start_due()
            self._write_state()
            asked = _wait(self._next_look_s())
            self._notice_deaths()
        self._stop()

    def _start_due(self) -> None:
        for one in self.children:
            if one.process is None and one.due <= time.monotonic():
                one.start()

    def _next_look_s(self) -> float:
        waits = [one.due - time.monotonic() for one in self.children if one.process is None]
        return max(0.01, min([LOOK_S, *waits]))

    def _notice_deaths(self) -> None:
        for one in self.children:
            if one.has_died():
                self.ended(one.part.name, False)

    def _stop(self) -> None:
        self._tell(signal.SIGTERM)
        end = time.monotonic() + self.grace_s
        while not self._all_stopped() and time.monotonic() < end:
            if _wait(end - time.monotonic()) in STOPPING:
                break
        self._tell(signal.SIGKILL)
        for one in self.children:
            if one.process is not None:
                one.process.wait()
                self.ended(one.part.name, True)
        self.state_path.unlink(missing_ok=True)

    def _tell(self, number: signal.Signals) -> None:
        for one in self.children:
            one.signal(number)

    def _all_stopped(self) -> bool:
        return all(one.has_stopped() for one in self.children)

    def _write_state(self) -> None:
        content = json.dumps({"pid": os.getpid(), "children": [_as_json(one) for one in self.children]})
        if content == self.written:
            return
        fresh = self.state_path.with_suffix(".new")
        fresh.write_text(content)
        fresh.replace(self.state_path)
        self.written = content


def _as_json(one: Child) -> dict[str, object]:
    pid = one.process.pid if one.process else None
    return {"name": one.part.name, "pid": pid, "deaths": len(one.deaths), "crash_loop": one.crash_loop}


def _wait(seconds: float) -> signal.Signals | None:
    """The next signal, or None when the time is over."""
    heard = signal.sigtimedwait(WATCHED, max(0.0, seconds))
    return signal.Signals(heard.si_signo) if heard else None


def children(state_path: Path) -> list[dict[str, object]]:
    """How the children of a supervisor were when it last wrote; empty where none runs."""
    try:
        found: list[dict[str, object]] = json.loads(state_path.read_text())["children"]
    except FileNotFoundError:
        return []
    return found


def crash_loops(state_path: Path) -> list[str]:
    """The names of children that die again and again, for /readyz."""
    return [str(one["name"]) for one in children(state_path) if one["crash_loop"]]
