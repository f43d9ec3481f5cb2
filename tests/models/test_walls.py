"""What the jail takes away is gone: files elsewhere, sockets, programs, processes; threads and its folder stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models import walls

LOCKED = """
import os, socket, sys, threading
from pathlib import Path
from models import jail
folder = Path(sys.argv[1])
opened = open(sys.argv[2], "rb")
jail.lock_in(folder)
def tried(name, call):
    try:
        call()
    except OSError as error:
        print(name, "refused")
    else:
        print(name, "done")
tried("elsewhere", lambda: open("/etc/passwd"))
tried("write elsewhere", lambda: open("/tmp/onterview-escaped", "w"))
tried("socket", lambda: socket.socket())
tried("fork", lambda: os.fork() or os._exit(0))
tried("program", lambda: os.execv("/bin/true", ["true"]))
tried("own folder", lambda: (folder / "made").write_bytes(b"x"))
tried("own folder again", lambda: (folder / "made").read_bytes())
tried("what was open", lambda: opened.read())
thread = threading.Thread(target=lambda: print("thread", "done"))
thread.start()
thread.join()
"""


@pytest.mark.skipif(set(walls.standing()) != {"landlock", "seccomp"}, reason="this kernel lacks Landlock or seccomp")
def test_a_locked_in_process_keeps_its_folder_its_threads_and_nothing_else(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.write_bytes(b"recording")
    (tmp_path / "out").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", LOCKED, str(tmp_path / "out"), str(held)], capture_output=True, text=True, check=True
    )
    found = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert found == {
        "elsewhere": "refused",
        "write elsewhere": "refused",
        "socket": "refused",
        "fork": "refused",
        "program": "refused",
        "own folder": "done",
        "own folder again": "done",
        "what was open": "done",
        "thread": "done",
    }


def test_the_walls_of_this_machine_are_named() -> None:
    assert set(walls.standing()) <= {"landlock", "seccomp"}
