"""The unmodified tus-js-client against a running server: the protocol as others understand it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from interview_ai import interviews
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.demonstration import load
from interview_ai.storage import storage
from tests import cast, house

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("tus_client.mjs")


def node() -> str:
    """The machine's Node, or the one that the environment brings."""
    found = shutil.which("node", path=f"{os.environ.get('PATH', '')}:{ROOT / '.venv' / 'bin'}")
    assert found, "make setup brings Node"
    return found


@pytest.mark.parametrize("how", ["whole", "deferred", "broken", "override"])
def test_what_the_public_client_sends_arrives_byte_for_byte(home: Path, how: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        cookie = interviews.begin(session, cast.invite(session, jun), cast.chosen(), language="en")
    path = load().recordings[0].path
    with house.running(home, "web") as running:
        command = [node(), str(SCRIPT), running.url, cookie, jun.question_ids[0], str(path), how]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    segment_id = done.stdout.strip().rsplit("/", 1)[1]
    assert b"".join(storage().segment(segment_id)) == path.read_bytes()
