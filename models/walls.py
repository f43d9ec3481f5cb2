"""Walls that the Linux kernel puts around a process for good: no files but one folder (Landlock), no sockets, programs
or processes (seccomp). Where a kernel has none of them, `standing` says so."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sysconfig
from pathlib import Path

# linux/landlock.h
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULESET_VERSION, PATH_BENEATH = 1, 1
RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15}  # how many of the rights over files an ABI knows; later ones add no such right
WRITE, READ, READ_FOLDER, REMOVE, MAKE, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 8, 1 << 14

# linux/seccomp.h, linux/filter.h, linux/audit.h
PR_SET_SECCOMP, MODE_FILTER = 22, 2
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER_AT, MACHINE_AT, FIRST_ARGUMENT_AT = 0, 4, 16
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
CLONE_THREAD = 0x10000
MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
# socket, connect, accept, socketpair, (fork, vfork,) execve, execveat, ptrace, bpf, keyctl, process_vm_readv and
# writev, mount, unshare, setns, perf_event_open, userfaultfd, io_uring_setup
REFUSED = {
    "x86_64": (41, 42, 43, 53, 57, 58, 59, 322, 101, 321, 250, 310, 311, 165, 272, 308, 298, 323, 425),
    "aarch64": (198, 203, 202, 199, 221, 281, 117, 280, 219, 270, 271, 40, 97, 268, 241, 282, 425),
}

Instruction = tuple[int, int, int, int]
"""Code, jump where true, jump where false, constant."""


def landlock_abi() -> int:
    """Which Landlock this kernel has; 0: none."""
    return max(0, _library().syscall(CREATE_RULESET, None, 0, RULESET_VERSION)) if platform.system() == "Linux" else 0


def has_seccomp() -> bool:
    """Whether this kernel filters system calls, on a machine whose numbers we know."""
    status = Path("/proc/self/status")
    return platform.machine() in MACHINES and status.exists() and "\nSeccomp:" in status.read_text()


def standing() -> tuple[str, ...]:
    """The walls that this machine can put up."""
    return (*(["landlock"] if landlock_abi() else []), *(["seccomp"] if has_seccomp() else []))


def only_folder(folder: Path) -> None:
    """From now on this process opens nothing outside of `folder`; what is open stays open. Needs no_new_privs.

    Python's own libraries stay readable: they load parts of themselves when these are first used.
    """
    abi = landlock_abi()
    if not abi:
        return
    handled = (1 << RIGHTS_BY_ABI[min(abi, max(RIGHTS_BY_ABI))]) - 1
    rules = _called(CREATE_RULESET, struct.pack("=Q", handled), 8, 0)
    _let(rules, folder, (WRITE | READ | READ_FOLDER | REMOVE | MAKE | TRUNCATE) & handled)
    paths = sysconfig.get_paths()
    for library in {paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")}:
        _let(rules, Path(library), READ | READ_FOLDER)
    _called(RESTRICT_SELF, rules, 0)
    os.close(rules)


def _let(rules: int, folder: Path, rights: int) -> None:
    if folder.is_dir():
        place = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        _called(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
        os.close(place)


def no_way_out() -> None:
    """From now on sockets, programs and processes are refused, threads are not. Needs no_new_privs."""
    if not has_seccomp():
        return
    machine = platform.machine()
    program = b"".join(struct.pack("=HBBI", *line) for line in _filter(machine))
    held = ctypes.create_string_buffer(program)
    given = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    if _library().prctl(PR_SET_SECCOMP, MODE_FILTER, given, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def _filter(machine: str) -> list[Instruction]:
    """The filter: calls of another machine kill, a process is not cloned, what is refused gets EPERM."""
    refuse = REFUSE | errno.EPERM
    lines: list[Instruction] = [
        (LOAD, 0, 0, MACHINE_AT),
        (EQUAL, 1, 0, MACHINES[machine]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    for number in REFUSED[machine]:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, refuse)]
    # the C library falls back to clone, whose flags can be looked at
    lines += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    lines += [(EQUAL, 0, 3, CLONE[machine]), (LOAD, 0, 0, FIRST_ARGUMENT_AT), (ANY_BIT, 1, 0, CLONE_THREAD)]
    return [*lines, (RETURN, 0, 0, refuse), (RETURN, 0, 0, ALLOW)]


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _called(number: int, *arguments: object) -> int:
    done = _library().syscall(number, *arguments)
    if done < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return int(done)
