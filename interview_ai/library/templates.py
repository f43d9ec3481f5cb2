"""The shipped templates of an opening: title, criteria with weights, questions of the library and their times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from interview_ai.rules.evidence import Bilingual

DATA = Path(__file__).parent / "templates.yaml"


@dataclass(frozen=True, slots=True)
class Template:
    """One template. `criteria`: weight by competency; `questions`: addresses such as `ethics.2`; times in seconds."""

    id: str
    name: Bilingual
    vocabulary: str
    criteria: Mapping[str, int]
    questions: tuple[str, ...]
    answer_s: int
    think_s: int = 60
    takes: int = 2


@cache
def templates() -> Mapping[str, Template]:
    """Every template by its id, in the order of the file."""
    items = yaml.safe_load(DATA.read_text(encoding="utf-8"))["templates"]
    return {item["id"]: _template(item) for item in items}


def _template(item: dict[str, Any]) -> Template:
    return Template(**item | {"name": Bilingual(**item["name"]), "questions": tuple(item["questions"])})
