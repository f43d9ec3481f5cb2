"""The contract of /api/v1: an OpenAPI 3.1 document in the reader's language, from one file that holds both."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from interview_ai.settings import settings
from web.words import LANGUAGES

SOURCE = Path(__file__).parent / "contracts" / "v1.yaml"
SAMPLES = {"python": "Python", "node": "Node.js"}
"""How a message of a webhook is checked, in languages that a receiver may be written in: `receive_….txt`."""


@cache
def _written() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return content


@cache
def sample(name: str) -> str:
    """The code of a receiver in one of SAMPLES."""
    return (SOURCE.parent / f"receive_{name}.txt").read_text(encoding="utf-8").rstrip()


def document(language: str) -> dict[str, Any]:
    """The whole contract; the server is this installation's own address."""
    told: dict[str, Any] = _in(language, _written())
    return {**told, "servers": [{"url": settings().public_url.rstrip("/")}]}


def _in(language: str, part: Any) -> Any:
    """What is written in both languages (an object of exactly `~ko` and `~en`) becomes the reader's."""
    if isinstance(part, dict):
        if set(part) == {f"~{one}" for one in LANGUAGES}:
            return part[f"~{language}"]
        return {name: _in(language, value) for name, value in part.items()}
    return [_in(language, one) for one in part] if isinstance(part, list) else part
