"""`make run`'s process: ready when it says so, and however it ends, nothing of it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.house import eventually, free_port

pytestmark = pytest.mark.slow


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_however_it_is_ended_no_process_stays(home: Path, number: signal.Signals) -> None:
    port = free_port()
    command = [sys.executable, "-m", "interview_ai.cli", "run", "--port", str(port), "--grace", "5"]
    with (home / "run.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    eventually(lambda: answers(port), within_s=60)
    children = [one["pid"] for one in json.loads((home / "supervisor.json").read_text())["children"]]
    assert len(children) >= 3
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    code = process.wait(timeout=60)
    assert code == (-9 if number is signal.SIGKILL else 0)
    eventually(lambda: not answers(port), within_s=20)
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), within_s=20)
