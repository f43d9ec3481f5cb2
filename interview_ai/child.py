"""Becomes a command that dies with its parent: `python child.py PARENT NICENESS [NAME=VALUE…] -- COMMAND…`.

Run as a plain file, without the rest of the package, so that it costs some 20 ms. A function given to
`subprocess.Popen(preexec_fn=…)` would do the same inside a fork of the whole supervisor, where it may deadlock.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def tie_to(parent: int) -> None:
    """From now on the kernel kills this process when `parent` dies; leaves at once if that has happened already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def become(parent: int, niceness: int, rest: list[str]) -> None:
    """Ties this process to `parent`, gives it back every signal that the parent had blocked, and runs the command."""
    tie_to(parent)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.nice(niceness)
    divide = rest.index("--")
    for pair in rest[:divide]:
        name, _, value = pair.partition("=")
        os.putenv(name, value)
    command = rest[divide + 1 :]
    os.execv(command[0], command)


if __name__ == "__main__":
    become(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
