"""The supervisor: a child that is killed is started again, and none outlives it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

from fastapi.testclient import TestClient

from tests.house import eventually
from web.app import create

PROGRAM = """
import sys
from pathlib import Path
from interview_ai.supervisor import Part, Supervisor
parts = [Part("one", (sys.executable, "-c", "import time; time.sleep(600)")),
         Part("two", (sys.executable, "-c", "import time; time.sleep(600)"))]
Supervisor(parts, Path(sys.argv[1]), ended=lambda name, on_purpose: None, grace_s=5).run()
"""


def pids(state: Path) -> dict[str, int]:
    """The living children by name, once all are there."""
    if not state.exists():
        return {}
    children = json.loads(state.read_text())["children"]
    return {one["name"]: one["pid"] for one in children if one["pid"]}


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def started(python: str, state: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([python, "-c", PROGRAM, str(state)])
    eventually(lambda: len(pids(state)) == 2, within_s=30)
    return process


def test_a_child_that_is_killed_is_started_again(python: str, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = started(python, state)
    first = pids(state)["one"]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: pids(state).get("one", first) != first, within_s=30)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)


def test_a_stopped_supervisor_leaves_no_child(python: str, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = started(python, state)
    children = list(pids(state).values())
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert [pid for pid in children if alive(pid)] == []


def test_a_supervisor_that_is_killed_takes_its_children_with_it(python: str, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    process = started(python, state)
    children = list(pids(state).values())
    process.kill()
    process.wait()
    eventually(lambda: not any(alive(pid) for pid in children), within_s=10)


def test_a_crash_loop_shows_in_readyz(home: Path) -> None:
    client = TestClient(create())
    assert client.get("/readyz").json()["children"] is True
    child = {"name": "worker-1", "pid": None, "deaths": 9, "crash_loop": True}
    (home / "supervisor.json").write_text(json.dumps({"pid": 1, "children": [child]}))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["children"]) == (503, False)
