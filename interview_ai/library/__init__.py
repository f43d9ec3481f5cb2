"""The shipped competencies: anchored rubrics and past-behaviour questions, in Korean and English, written by us."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from interview_ai.errors import Invalid
from interview_ai.rules.evidence import Bilingual, Rubric, rubric_from

DATA = Path(__file__).parent / "competencies.yaml"
DEFAULT = "problem_solving"
LEVELS = {1, 3, 5}


@cache
def _competencies() -> dict[str, dict[str, Any]]:
    items = yaml.safe_load(DATA.read_text(encoding="utf-8"))["competencies"]
    return {item["id"]: item for item in items}


def competencies() -> dict[str, Bilingual]:
    """Id and name of every shipped competency, in the order of the file."""
    return {key: Bilingual(**item["name"]) for key, item in _competencies().items()}


def rubric(names: tuple[str, ...] = (DEFAULT,)) -> Rubric:
    """The rubric of the named competencies, equal weights. Raises Invalid for an unknown name."""
    unknown = [name for name in names if name not in _competencies()]
    if unknown or not names:
        known = ", ".join(_competencies())
        raise Invalid(f"Choose competencies from: {known}.", f"역량은 다음에서 고릅니다: {known}.", code="rubric")
    fields = ("id", "name", "anchors")
    return _checked([{key: _competencies()[name][key] for key in fields} | {"weight": 1.0} for name in names])


def questions(language: str) -> tuple[str, ...]:
    """Every shipped question in one language."""
    return tuple(text[language] for item in _competencies().values() for text in item["questions"])


def questions_of(name: str) -> tuple[Bilingual, ...]:
    """The questions of one competency."""
    return tuple(Bilingual(**text) for text in _competencies()[name]["questions"])


def rubric_from_yaml(text: str) -> Rubric:
    """A rubric as the contract has it: `criteria: [{id, name, weight, anchors}]`. Raises Invalid naming the fault."""
    try:
        return _checked(yaml.safe_load(text)["criteria"])
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            "The rubric needs `criteria`, each with id, name {ko, en}, weight and anchors 1, 3, 5 {ko, en} "
            f"(found at fault: {error}).",
            "평가기준 파일에는 `criteria`가 있어야 하고, 항목마다 id, name {ko, en}, weight, anchors 1·3·5 {ko, en}가 "
            f"필요합니다(문제: {error}).",
            code="rubric",
        ) from error


def rubric_of(criteria: list[dict[str, Any]]) -> Rubric:
    """A rubric of criteria in the stored form, its version the digest of them. Raises ValueError for a broken one."""
    return _checked(criteria)


def _checked(criteria: list[dict[str, Any]]) -> Rubric:
    plain = json.dumps(criteria, ensure_ascii=False, sort_keys=True, default=str)
    found = rubric_from(hashlib.sha256(plain.encode()).hexdigest()[:16], criteria)
    for criterion in found.criteria:
        if set(criterion.anchors) != LEVELS:
            raise ValueError(f"{criterion.id}: anchors must be 1, 3 and 5")
        if criterion.weight <= 0:
            raise ValueError(f"{criterion.id}: weight must be above 0")
    if not found.criteria or len({criterion.id for criterion in found.criteria}) < len(found.criteria):
        raise ValueError("criteria must be there, each id once")
    return found
