"""The rules of the house, read from the code itself."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from interview_ai.settings import Settings

ROOT = Path(__file__).parents[1]
FLOORS = ("interview_ai", "worker", "models", "web")
SOURCES = [path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "node_modules" not in path.parts]
OWN = [path for path in SOURCES if "versions" not in path.parts]


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    assert len(OWN) > 50
    silent = [path.name for path in OWN if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None]
    assert silent == []


def test_the_web_process_does_not_import_torch(python: str) -> None:
    code = "import sys, web.app; assert not {'torch', 'models', 'worker', 'cv2'} & set(sys.modules)"
    subprocess.run([python, "-c", code], cwd=ROOT, check=True)


def test_a_worker_loads_no_network_before_it_needs_one(python: str) -> None:
    """torch alone costs each worker 200 MB and some seconds; the embedded default does without."""
    code = "import sys, worker.tasks; assert not {'torch', 'transformers', 'sklearn', 'scipy'} & set(sys.modules)"
    subprocess.run([python, "-c", code], cwd=ROOT, check=True)


def test_the_demonstration_speaks_http_and_nothing_else() -> None:
    text = (ROOT / "interview_ai" / "demo.py").read_text(encoding="utf-8")
    assert "httpx" in text
    for room in ("tables", "queries", "database", "sqlalchemy", "storage"):
        assert not re.search(rf"(import|from)\s.*\b{room}\b", text), room


@pytest.mark.parametrize("name", ["README.md"])
def test_every_setting_stands_in_the_readme(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    listed = set(re.findall(r"`(INTERVIEW_[A-Z_]+)`", text))
    assert listed == {f"INTERVIEW_{field.upper()}" for field in Settings.model_fields}


def test_sql_is_never_written_by_hand_where_rows_of_people_are_read() -> None:
    rooms = [path for path in OWN if path.parts[-2] == "interview_ai" and path.name not in ("database.py",)]
    assert rooms
    for path in rooms:
        assert not re.search(r"\btext\(\"", path.read_text(encoding="utf-8")), path.name


def test_the_demonstrations_recordings_are_small_and_all_there() -> None:
    recordings = list((ROOT / "interview_ai" / "demonstration" / "recordings").iterdir())
    assert len(recordings) >= 10
    assert sum(path.stat().st_size for path in recordings) <= 4_000_000
    assert {path.suffix for path in recordings} == {".webm", ".mp4"}
