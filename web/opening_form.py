"""The form of an opening: what it shows at first, how it is read, and how it comes back when something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData

from interview_ai import drafts, examples, library, rubrics
from interview_ai.drafts import NewOpening
from interview_ai.errors import Invalid
from interview_ai.library.templates import Template
from interview_ai.rules.evidence import rubric_from
from interview_ai.tables import Opening
from web import forms, question_form, rubric_form

FIRST_DEADLINE = timedelta(days=14)
WORDS = ("title_ko", "title_en", "language", "deadline", "programme_id", "vocabulary", "area", "words")
TICKS = ("demonstration", "blind", "tell", "keeps_example")
KEEPS_EXAMPLE = "keeps_example"  # ticked by whoever was told what is still the example's
STAYS = ("find", "put", "look")  # the buttons that keep nothing
ENTER = "enter"  # of the first button, which only a key presses
DEADLINE_HOUR = 9  # UTC: 18:00 in Korea


async def _sent(request: Request) -> AsyncIterator[FormData]:
    """Files of a form lie in temporary files until it is closed."""
    async with request.form() as form:
        yield form


Typed = Annotated[FormData, Depends(_sent)]
"""A form as it was sent, with fields that repeat."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, read; `asks` says whether its form had questions and rules at all."""

    new: NewOpening
    faults: list[Invalid]
    asks: bool


def blank() -> dict[str, Any]:
    """The form as it is first shown."""
    deadline = (datetime.now(UTC) + FIRST_DEADLINE).replace(hour=DEADLINE_HOUR, minute=0)
    words = dict.fromkeys(WORDS, "") | {"language": "", "deadline": forms.typed_moment(deadline)}
    return words | {
        "blind": True,
        "demonstration": False,
        "tell": True,
        KEEPS_EXAMPLE: False,
        "criteria": rubric_form.shown([rubrics.shipped(library.DEFAULT)]),
        "questions": question_form.blank_rows(),
        "add": [],
        "reviewers": [],
    }


def of_template(template: Template) -> dict[str, Any]:
    """The form filled from a shipped template."""
    times = {"think_s": template.think_s, "answer_s": template.answer_s, "takes": template.takes}
    chosen = [rubrics.shipped(name, weight=weight) for name, weight in template.criteria.items()]
    return blank() | {
        "title_ko": template.name.ko,
        "title_en": template.name.en,
        "vocabulary": template.vocabulary,
        "criteria": rubric_form.shown(chosen),
        "questions": question_form.blank_rows(question_form.picked(template.questions, **times)),
    }


def of(opening: Opening, reviewers: Sequence[str] = (), *, copied: bool = False) -> dict[str, Any]:
    """The form of an opening that is there already, or of a new one that copies it: with a deadline of its own."""
    rubric = rubric_from(opening.rubric.version, opening.rubric.criteria)
    again = blank() | {
        "title_ko": opening.title_ko,
        "title_en": opening.title_en if opening.title_en != opening.title_ko else "",
        "vocabulary": opening.vocabulary or "",
        "language": opening.language,
        "blind": opening.blind,
        "demonstration": opening.demonstration,
        "criteria": rubric_form.shown(rubrics.of(rubric)),
        "questions": question_form.blank_rows(question_form.of(opening.questions, copied=copied)),
        "reviewers": list(reviewers),
    }
    if copied:
        return again | {"programme_id": opening.programme_id or ""}
    return again | {"deadline": forms.typed_moment(opening.deadline)}


def typed_again(sent: FormData) -> dict[str, Any]:
    """The form with what somebody typed, so that nothing has to be typed twice."""
    again = blank() | {name: str(sent.get(name, "")) for name in WORDS} | {name: name in sent for name in TICKS}
    pressed = stays(sent)
    searching = "find" in pressed
    rows, too_many = question_form.with_picks(sent)
    kept = searching or bool(too_many)
    again["questions"] = question_form.blank_rows(question_form.sent_rows(sent) if kept else rows)
    again["add"] = question_form.all_of(sent, "add") if kept else []
    again["criteria"] = rubric_form.typed_again(sent)
    again["reviewers"] = question_form.all_of(sent, "reviewer")
    again["pressed"] = next(iter(pressed), "")
    return again


def stays(sent: FormData) -> list[str]:
    """Which buttons were pressed that keep nothing. Enter presses the form's first; after other words were typed into
    the library's search it means the search."""
    pressed = [button for button in STAYS if button in sent]
    searched = sent.get("look") == ENTER and sent.get("words", "") != sent.get("searched", "")
    return ["find"] if searched else pressed


def sentences(faults: Sequence[Invalid], language: str) -> dict[str, list[str]]:
    """All that is wrong with each field, by its id."""
    said: dict[str, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.code, []).append(fault.text(language))
    return said


def advice(questions: Sequence[dict[str, str]], language: str) -> dict[str, list[str]]:
    """How the questions in a form could be asked better, by the id of their field; nothing where all is well."""
    fields = {
        f"{field}-{row}": question[name]
        for row, question in enumerate(questions, 1)
        for field, name in (("question", "question_ko"), ("question-en", "question_en"))
        if name == "question_ko" or question[name] != question["question_ko"]  # one language stands for both
    }
    found = {field: drafts.advice_on(text) for field, text in fields.items()}
    return {field: [sentence.text(language) for sentence in said] for field, said in found.items() if said}


def read(sent: FormData, *, before: datetime | None = None) -> Draft:
    """The opening that somebody typed, with all that is wrong with it; `code` of a fault is the id of its field.

    `before`: the deadline of an opening that is there already, which may have passed if it is left as it is.
    """
    title_ko, title_en = str(sent.get("title_ko", "")), str(sent.get("title_en", ""))
    deadline, faults = _deadline(str(sent.get("deadline", "")), before)
    faults = [*drafts.title_faults(title_ko, title_en), *faults]
    faults += drafts.vocabulary_faults(str(sent.get("vocabulary", "")))
    asks = before is None or "question_ko" in sent
    rows, too_many = question_form.with_picks(sent)
    filled = [(place, question_form.read(row)) for place, row in enumerate(rows, 1) if question_form.is_filled(row)]
    asked = [text for _, question in filled for text in (question.text_ko, question.text_en)]
    criteria = rubric_form.read(sent)
    wrong = rubrics.faults(criteria)
    if asks:
        faults += [*wrong, *too_many]
        faults += [fault for place, question in filled for fault in drafts.question_faults(question, place)]
        faults += [] if filled or too_many else drafts.questions_faults(())
    if before is None and KEEPS_EXAMPLE not in sent:
        faults += examples.left_in_title(title_ko, title_en, ("title_ko", "title_en"))
        for place, question in filled:
            fields = (f"question-{place}", f"question-en-{place}")
            faults += examples.left_in_question(question.text_ko, question.text_en, fields)
    new = NewOpening(
        title_ko=title_ko,
        title_en=title_en,
        language=str(sent.get("language", "ko")) or drafts.written_in([title_ko, title_en, *asked]),
        deadline=deadline,
        questions=tuple(question for _, question in filled),
        rubric=rubric_from("", []) if wrong else rubrics.made(criteria),
        demonstration="demonstration" in sent,
        blind="blind" in sent,
        programme_id=str(sent.get("programme_id", "")) or None,
        vocabulary=str(sent.get("vocabulary", "")),
        reviewers=tuple(question_form.all_of(sent, "reviewer")),
    )
    return Draft(new, faults, asks=asks)


def _deadline(text: str, before: datetime | None) -> tuple[datetime, list[Invalid]]:
    at = datetime.now(UTC)
    if before is not None and text == forms.typed_moment(before):
        return before, []  # the field has no seconds
    try:
        deadline = forms.moment(text)
    except Invalid:
        missing = Invalid("Give the deadline's date and time.", "마감 날짜와 시각을 적어 주십시오.", code="deadline")
        return at, [missing]
    return deadline, drafts.deadline_faults(deadline, at)
