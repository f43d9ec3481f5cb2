"""The project's own written answers: intended levels, marked evidence, and which of them tuning never looks at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
HEADER = "id\tquestion\tanswer\tlanguage\tlevel"


@dataclass(frozen=True)
class Written:
    """One answer. `spans` is None where nobody marked them."""

    id: str
    language: str
    question: str
    competency: str
    level: int
    text: str
    held_out: bool
    spans: tuple[dict[str, Any], ...] | None
    not_evidence: tuple[dict[str, Any], ...]


@cache
def answers(language: str) -> tuple[Written, ...]:
    """All of one language; whoever tunes leaves out those with `held_out`."""
    content = yaml.safe_load((HERE / f"{language}.yaml").read_text(encoding="utf-8"))
    return tuple(
        _written(language, question, item) for question in content["questions"] for item in question["answers"]
    )


def _written(language: str, question: dict[str, Any], item: dict[str, Any]) -> Written:
    marked = question.get("marked", False)
    return Written(
        item["id"],
        language,
        question["question"],
        question["competency"],
        item["level"],
        " ".join(item["text"].split()),
        question["held_out"],
        tuple(item.get("spans", ())) if marked else None,
        tuple(item.get("not_evidence", ())),
    )


def table(path: Path, *, held_out: bool) -> Path:
    """Those looked at while tuning, or those never looked at, as `interview-ai evaluate` reads them."""
    lines = [HEADER]
    for language in ("ko", "en"):
        for one in answers(language):
            if one.held_out == held_out:
                lines.append("\t".join((one.id, one.question, one.text, language, str(one.level))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
