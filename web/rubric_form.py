"""The part of an opening's form that is its rubric: each competency of the library with weight, name and anchors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData

from interview_ai import library, rubrics
from interview_ai.rubrics import LANGUAGES, LEVELS, NewCriterion
from interview_ai.rules.evidence import Bilingual


def shown(chosen: Sequence[NewCriterion]) -> list[dict[str, Any]]:
    """The rows of the form: the chosen criteria as they are written, and the library's others as shipped."""
    written = {one.id: one for one in chosen}
    rest = [rubrics.shipped(name) for name in library.competencies() if name not in written]
    rows = [_row(one, chosen=one.id in written) for one in [*written.values(), *rest]]
    order = [*library.competencies()]
    return sorted(rows, key=lambda row: order.index(row["id"]) if row["id"] in order else len(order))


def _row(one: NewCriterion, *, chosen: bool) -> dict[str, Any]:
    shipped = rubrics.shipped(one.id, weight=one.weight) if one.id in library.competencies() else None
    called = library.competencies().get(one.id, one.name)
    return {
        "id": one.id,
        "label": called,
        "chosen": chosen,
        "weight": one.weight,
        "name": one.name,
        "anchors": {level: one.anchors[level] for level in LEVELS},
        "changed": shipped
        != NewCriterion(one.id, one.name, one.weight, {level: one.anchors[level] for level in LEVELS}),
    }


def read(sent: FormData, *, all_of_them: bool = False) -> list[NewCriterion]:
    """The ticked criteria as typed, or every one of the form; what the form leaves out is as shipped."""
    ticked = {str(value) for value in sent.getlist("competency")}
    known = [name for name in library.competencies() if all_of_them or name in ticked]
    others = [name for name in ticked if name not in library.competencies() and f"weight.{name}" in sent]
    return [_criterion(sent, name) for name in [*known, *sorted(others)]]


def typed_again(sent: FormData) -> list[dict[str, Any]]:
    """The rows as they were sent, also of criteria that are not ticked."""
    ticked = {one.id for one in read(sent)}
    everything = {one.id: one for one in [*read(sent, all_of_them=True), *read(sent)]}
    return [_row(one, chosen=one.id in ticked) for one in everything.values()]


def _criterion(sent: FormData, name: str) -> NewCriterion:
    shipped = rubrics.shipped(name) if name in library.competencies() else None
    weight = str(sent.get(f"weight.{name}", "1"))
    anchors = {
        level: _text(sent, f"anchor.{name}.{level}", shipped.anchors[level] if shipped else None) for level in LEVELS
    }
    called = _text(sent, f"name.{name}", shipped.name if shipped else None)
    return NewCriterion(name, called, int(weight) if weight.isascii() and weight.isdecimal() else 0, anchors)


def _text(sent: FormData, field: str, otherwise: Bilingual | None) -> Bilingual:
    typed = {language: str(sent.get(f"{field}.{language}", "")) for language in LANGUAGES}
    absent = not any(f"{field}.{language}" in sent for language in LANGUAGES)
    return otherwise if absent and otherwise else Bilingual(**typed)
