"""Becomes a command that dies with its parent: `python child.py PARENT NICENESS [NAME=VALUE…] -- COMMAND…`.

Run as a plain file, without the rest of the package, so that it costs some 20 ms. A function given to
`subprocess.Popen(preexec_fn=…)` would do the same inside a fork of the whole supervisor, where it may deadlock.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
AUTOGROUP = Path("/proc/self/autogroup")


def tie_to(parent: int) -> None:
    """From now on the kernel kills this process when `parent` dies; leaves at once if that has happened already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def step_back(niceness: int) -> None:
    """Gives way to others by `niceness`, also where the kernel divides its time among sessions first.

    With autogroup, which desktops and many servers have on, a session's processes are nice only to one another, and
    each child here has a session of its own.
    """
    os.nice(niceness)
    if niceness:
        try:
            AUTOGROUP.write_text(str(niceness))
        except OSError:
            return  # no autogroup here: nice is enough


def become(parent: int, niceness: int, rest: list[str]) -> None:
    """Ties this process to `parent`, gives it back every signal that the parent had blocked, and runs the command."""
    tie_to(parent)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    step_back(niceness)
    divide = rest.index("--")
    for pair in rest[:divide]:
        name, _, value = pair.partition("=")
        os.putenv(name, value)
    command = rest[divide + 1 :]
    os.execv(command[0], command)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
