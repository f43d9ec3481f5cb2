"""The rubric as an employer writes it: the library's criteria with own weights and anchors; what is wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from interview_ai import library
from interview_ai.drafts import tidy, unlawful_faults
from interview_ai.errors import Invalid
from interview_ai.rules.evidence import Bilingual, Rubric

LEVELS = (1, 3, 5)
WEIGHTS = (1, 2, 3, 4, 5)
LONGEST_NAME = 40
LONGEST_ANCHOR = 300
LANGUAGES = ("ko", "en")


@dataclass(frozen=True, slots=True)
class NewCriterion:
    """A criterion as it is written; one language of a text may be left empty. `weight`: 0 for no number."""

    id: str
    name: Bilingual
    weight: int
    anchors: Mapping[int, Bilingual]


def shipped(competency: str, *, weight: int = 1) -> NewCriterion:
    """A competency of the library as it stands there."""
    found = library.rubric((competency,)).criteria[0]
    return NewCriterion(found.id, found.name, weight, found.anchors)


def of(rubric: Rubric) -> list[NewCriterion]:
    """The criteria of a rubric that is kept, to be written anew; an unknown weight becomes the nearest."""
    return [NewCriterion(one.id, one.name, _nearest(one.weight), one.anchors) for one in rubric.criteria]


def _nearest(weight: float) -> int:
    return min(WEIGHTS, key=lambda choice: abs(choice - weight))


def both(text: Bilingual) -> Bilingual:
    """A text in both languages: where one is empty, the other stands in for it."""
    ko, en = tidy(text.ko), tidy(text.en)
    return Bilingual(ko or en, en or ko)


def made(criteria: Sequence[NewCriterion]) -> Rubric:
    """The rubric with its version, which is the digest of its content. Only for what has no faults."""
    return library.rubric_of(
        [
            {
                "id": one.id,
                "name": _json(one.name),
                "weight": float(one.weight),
                "anchors": {level: _json(one.anchors[level]) for level in LEVELS},
            }
            for one in criteria
        ]
    )


def _json(text: Bilingual) -> dict[str, str]:
    whole = both(text)
    return {"ko": whole.ko, "en": whole.en}


def faults(criteria: Sequence[NewCriterion]) -> list[Invalid]:
    """All that is wrong; `code` is the id of the field: `weight-ethics`, `name-ethics-ko`, `anchor-ethics-3-en`."""
    if not criteria:
        return [Invalid("Choose at least one criterion.", "역량을 하나 이상 골라 주십시오.", code="rubric")]
    return [fault for one in criteria for fault in _of_one(one)]


def _of_one(one: NewCriterion) -> Iterator[Invalid]:
    called = both(one.name)
    if one.weight not in WEIGHTS:
        yield Invalid(
            f"{called.en}: choose a weight from {WEIGHTS[0]} to {WEIGHTS[-1]}.",
            f"{called.ko}: 가중치를 {WEIGHTS[0]}에서 {WEIGHTS[-1]} 사이로 골라 주십시오.",
            code=f"weight-{one.id}",
        )
    yield from _of_text(one.name, f"name-{one.id}", LONGEST_NAME, Bilingual("역량 이름", "the criterion's name"))
    for level in LEVELS:
        what = Bilingual(f"{called.ko} {level}점의 행동지표", f"what level {level} of “{called.en}” looks like")
        yield from _of_text(one.anchors[level], f"anchor-{one.id}-{level}", LONGEST_ANCHOR, what)


def _of_text(text: Bilingual, field: str, longest: int, what: Bilingual) -> Iterator[Invalid]:
    written = {language: tidy(text.text(language)) for language in LANGUAGES}
    if not any(written.values()):
        yield Invalid(f"Write {what.en}.", f"{what.ko}: 내용을 적어 주십시오.", code=f"{field}-ko")
    for language, words in written.items():
        if len(words) > longest:
            yield Invalid(
                f"Write {what.en} in at most {longest} characters.",
                f"{what.ko}: {longest}자 이하로 적어 주십시오.",
                code=f"{field}-{language}",
            )
        yield from unlawful_faults(words, f"{field}-{language}")
