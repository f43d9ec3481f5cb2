"""Commands that a terminal prints can be typed as they are printed."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from interview_ai import typed


def test_a_printed_command_runs_from_the_folder_in_which_it_was_printed() -> None:
    said = typed.here("Mend it: interview-ai verify-receipt --help").removeprefix("Mend it: ")
    done = subprocess.run(shlex.split(said), capture_output=True, text=True, check=False)
    assert (done.returncode, "usage: interview-ai verify-receipt" in done.stdout) == (0, True)


@pytest.mark.parametrize("inside", [True, False])
def test_its_path_is_short_inside_the_folder_and_whole_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, inside: bool
) -> None:
    place = tmp_path / "a house" / "bin"
    place.mkdir(parents=True)
    (place / typed.NAME).touch()
    monkeypatch.setattr(sys, "executable", str(place / "python"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path if inside else elsewhere)
    path = "a house/bin/interview-ai" if inside else str(place / typed.NAME)
    assert typed.here("interview-ai doctor") == f"{shlex.quote(path)} doctor"


def test_a_home_of_its_own_is_said_so_that_the_same_one_opens(tmp_path: Path) -> None:
    assert typed.at_home("interview-ai serve", tmp_path).startswith(f"INTERVIEW_HOME={tmp_path} ")
    assert typed.at_home("interview-ai serve", typed.USUAL_HOME) == typed.here("interview-ai serve")
