"""The walls around decoding: limits of memory, time and files for a child process, and the child itself."""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interview_ai.errors import Unreadable
from models import walls

MEMORY_BYTES = 3 * 1024**3  # address space: FFmpeg's and OpenCV's libraries alone map about 1 GB
CPU_S = 600
FILE_BYTES = 2 * 1024**3
OPEN_FILES = 64
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38  # linux/prctl.h
MOST_PRINTED = 1024 * 1024  # bytes of JSON; an hour of pictures and sound needs 3,000
ENVIRONMENT = {"LC_ALL": "C.UTF-8"}  # the passwords in ours are none of its business
UNSURE = frozenset({"crashed", "too_slow"})
"""Codes that may be our own fault: tried again before a person must look."""


def lock_in(folder: Path) -> None:
    """Gives up, for this process and for good, what decoding does not need; `folder` is where it may write."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        walls.no_way_out()  # before the files go: it reads what the kernel has
        walls.only_folder(folder)


def run(
    paths: Sequence[Path], folder: Path, *, wall_s: float, module: str = "models.media", told: str | None = None
) -> dict[str, Any]:
    """Starts `python -m MODULE FOLDER DESCRIPTORS [TOLD]` on open descriptors and returns the JSON that it prints.

    Raises Unreadable with the child's own reason, or code `crashed` or `too_slow` when it died or was killed.
    """
    files = [path.open("rb") for path in paths]
    try:
        numbers = tuple(file.fileno() for file in files)
        command = [sys.executable, "-m", module, str(folder), *map(str, numbers), *filter(None, [told])]
        with tempfile.TemporaryFile() as out:
            done = subprocess.run(
                command,
                pass_fds=numbers,
                stdout=out,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                timeout=wall_s,
                check=False,
            )
            out.seek(0)
            printed = out.read(MOST_PRINTED + 1)
    except subprocess.TimeoutExpired as error:
        raise unreadable("too_slow") from error
    finally:
        for file in files:
            file.close()
    if done.returncode != 0 or len(printed) > MOST_PRINTED:
        raise unreadable("crashed")
    answer: dict[str, Any] = json.loads(printed)
    if "error" in answer:
        raise unreadable(str(answer["error"]))
    return answer


SENTENCES = {
    "empty": ("The file is empty.", "파일이 비어 있어요."),
    "not_media": ("This is not a video or sound file.", "영상이나 소리 파일이 아니에요."),
    "format": ("This kind of file is not accepted.", "이 형식의 파일은 받을 수 없어요."),
    "damaged": ("The file is damaged or not whole.", "파일이 손상되었거나 끝까지 오지 않았어요."),
    "too_large": ("The picture is too large or the recording too long.", "화면이 너무 크거나 녹화가 너무 길어요."),
    "nothing": ("There is neither picture nor sound in it.", "영상도 소리도 들어 있지 않아요."),
    "crashed": ("The file could not be read: reading it failed.", "파일을 읽지 못했어요. 읽는 중에 문제가 생겼어요."),
    "too_slow": ("The file could not be read in time.", "정해진 시간 안에 파일을 읽지 못했어요."),
}
ADVICE = ("Please record this answer again.", "이 답변을 다시 녹화해 주세요.")


def unreadable(code: str) -> Unreadable:
    """The error for one code, with a sentence in both languages that says what to do."""
    en, ko = SENTENCES.get(code, SENTENCES["damaged"])
    return Unreadable(f"{en} {ADVICE[0]}", f"{ko} {ADVICE[1]}", code=code)
