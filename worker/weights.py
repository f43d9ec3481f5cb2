"""`interview-ai models`: lists, pulls and verifies the weights of recognisers."""

from __future__ import annotations

import argparse
import sys

from interview_ai.settings import settings
from models import weights

MB = 1_000_000


def command(given: argparse.Namespace) -> int:
    """list, pull NAME or verify: exit 1 when a file that is there is not the published one."""
    return {"list": _list, "pull": _pull, "verify": _verify}[given.action](given.name)


def _list(_: str) -> int:
    for item in weights.CATALOGUE.values():
        there = "installed" if weights.installed(item.name, settings().models) else "not installed"
        sys.stdout.write(f"{item.name:16} {item.megabytes:5} MB  {there:14} {item.licence}\n")
    return 0


def _pull(name: str) -> int:
    path = weights.pull(name, settings().models, settings().models_url, _progress)
    sys.stdout.write(f"\n{path.name} is here and is the published file.\n")
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
    return 1 if wrong else 0
