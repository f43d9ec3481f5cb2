"""`interview-ai evaluate`: measures the service on tables of answers, the same way whoever brings the data."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interview_ai.errors import Invalid
from worker.evaluation.tables import Options, Row, read

TASKS = ("attacks", "match", "grade", "fairness", "speech")


def columns(task: str) -> tuple[str, ...]:
    """The columns that a task needs; `id` and `language` have defaults."""
    wanted: tuple[str, ...] = _module(task).COLUMNS
    return wanted


def measure(task: str, rows: list[Row], options: Options) -> dict[str, Any]:
    """What a task finds in the rows, as plain JSON values."""
    found: dict[str, Any] = _module(task).measure(rows, options)
    return found


def _module(task: str) -> Any:
    return importlib.import_module(f"worker.evaluation.{task}")


def command(given: argparse.Namespace) -> int:
    """`interview-ai evaluate --task … --data FILE --out RESULT.json`; the same result on standard output, shorter."""
    data = Path(given.data)
    options = Options(
        language=given.language,
        folder=data.parent,
        seed=given.seed,
        draws=given.draws,
        ratings=given.n_ratings,
        train=tuple(read(Path(given.train), columns(given.task), given.language)) if given.train else (),
    )
    rows = read(data, columns(given.task), given.language)
    _writable(Path(given.out))
    found = measure(given.task, rows, options)
    result = {"task": given.task, "data": data.name, "seed": given.seed, **found}
    _write(Path(given.out), result)
    json.dump({key: value for key, value in result.items() if not _long(value)}, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    return 0


def _long(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, Mapping) and len(value) > 20)


def _writable(path: Path) -> None:
    """Says before the work that its result could not be kept. Raises Invalid; an earlier result stays as it is."""
    try:
        path.open("a", encoding="utf-8").close()
    except OSError as error:
        raise Invalid(
            f"{path} cannot be written: {error.strerror}.", f"{path}에 쓸 수 없습니다: {error.strerror}."
        ) from error


def _write(path: Path, result: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
