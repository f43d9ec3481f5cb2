"""`interview-ai models`: lists, pulls, verifies and converts the weights of recognisers."""

from __future__ import annotations

import argparse
import importlib
import sys
from typing import Any

from interview_ai import typed
from interview_ai.settings import settings
from models import speech, weights

MB = 1_000_000


def command(given: argparse.Namespace) -> int:
    """list, pull NAME, verify or convert NAME: exit 1 when a file that is there is not the published one."""
    return {"list": _list, "pull": _pull, "verify": _verify, "convert": _convert}[given.action](given.name)


def _list(_: str) -> int:
    for item in weights.CATALOGUE.values():
        there = "installed" if weights.installed(item.name, settings().models) else "not installed"
        sys.stdout.write(f"{item.name:16} {item.megabytes:6} MB  {there:14} {item.licence}\n")
    return 0


def _pull(name: str) -> int:
    path = weights.pull(name, settings().models, settings().models_url, _progress)
    sys.stdout.write(f"\n{path.name} is here and is the published file.\n")
    return 0 if name == weights.FACES else _convert(name)


def _convert(name: str) -> int:
    """The same weights for the faster engine; it reads them from a folder of its own beside the published file."""
    converting: Any = importlib.import_module("models.converting")  # torch and transformers: for this command only
    checkpoint = weights.checked(name, settings().models)
    folder = converting.convert(checkpoint, speech.faster_folder(name, settings().models), name=name)
    sys.stdout.write(f"{folder.name} is here: the same weights (int8), several times faster on a CPU.\n")
    return 0


def _progress(held: int, whole: int) -> None:
    share = f"{100 * held // whole} %" if whole else ""
    sys.stderr.write(f"\r{held // MB} of {whole // MB} MB {share} ")
    sys.stderr.flush()


def _verify(_: str) -> int:
    wrong = 0
    for item in weights.CATALOGUE.values():
        path = weights.installed(item.name, settings().models)
        if path is not None:
            right = weights.digest(path) == item.sha256
            wrong += not right
            verdict = "ok" if right else "NOT the published file: delete it and pull again"
            sys.stdout.write(f"{item.name}: {verdict}\n")
        converted = speech.faster_folder(item.name, settings().models)
        if converted.is_dir():
            right = weights.as_converted(item.name, converted)
            wrong += not right
            verdict = "ok" if right else typed.here(f"NOT as it was made: interview-ai models convert {item.name}")
            sys.stdout.write(f"{converted.name}: {verdict}\n")
    return 1 if wrong else 0
