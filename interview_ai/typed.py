"""Our command line as it can be typed where somebody reads of it: it lies beside the interpreter that runs."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

NAME = "interview-ai"
USUAL_HOME = Path(".onterview")


def here(text: str) -> str:
    """A text for a terminal, each `interview-ai …` in it as it can be typed in the current folder."""
    return text.replace(f"{NAME} ", f"{_program()} ")


def at_home(text: str, home: Path) -> str:
    """The same for one command that has to open `home`, which is said where it is not the usual one."""
    usual = home.resolve() == USUAL_HOME.resolve()
    return here(text) if usual else f"INTERVIEW_HOME={shlex.quote(str(home))} {here(text)}"


def _program() -> str:
    ours = Path(sys.executable).parent / NAME
    if not ours.exists():
        return f"{shlex.quote(sys.executable)} -m interview_ai.cli"
    folder = Path.cwd()
    return shlex.quote(str(ours.relative_to(folder) if ours.is_relative_to(folder) else ours))
