"""How well masking does on our own sentences, as `python -m tests.masking --write` measured it, for who reads on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "library" / "masking.yaml"


@dataclass(frozen=True, slots=True)
class Masking:
    """Per cent of the words that were to be masked, per cent of the others that were too, and what was missed."""

    recall: int
    over: float
    missed: tuple[str, ...]


@cache
def masking(language: str) -> Masking:
    """The figures of one language of speech."""
    found = yaml.safe_load(FILE.read_text(encoding="utf-8"))[language]
    return Masking(found["recall"], found["over"], tuple(found["missed"]))
