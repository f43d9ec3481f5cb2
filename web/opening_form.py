"""The form of an opening: what it shows at first, how it is read, and how it comes back when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData

from interview_ai import drafts
from interview_ai.drafts import MOST_QUESTIONS, NewOpening, NewQuestion
from interview_ai.errors import Invalid
from interview_ai.library import competencies, questions_of, rubric
from interview_ai.rules.evidence import Bilingual, rubric_from
from interview_ai.tables import Opening
from web import forms

FIRST_DEADLINE = timedelta(days=14)
QUESTION_FIELDS = ("library", "question_ko", "question_en", "think_s", "answer_s", "takes")
BLANK_QUESTION = dict.fromkeys(QUESTION_FIELDS, "") | {"think_s": "60", "answer_s": "120", "takes": "2"}


async def _sent(request: Request) -> FormData:
    return await request.form()


Typed = Annotated[FormData, Depends(_sent)]
"""A form as it was sent, with fields that repeat."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed, read; `asks` says whether its form had questions at all."""

    new: NewOpening
    faults: list[Invalid]
    asks: bool


def library() -> list[tuple[str, Bilingual, list[tuple[str, Bilingual]]]]:
    """The shipped competencies with their questions, each under the value that the form sends for it."""
    return [
        (name, label, [(f"{name}.{number}", text) for number, text in enumerate(questions_of(name))])
        for name, label in competencies().items()
    ]


def blank() -> dict[str, Any]:
    """The form as it is first shown."""
    deadline = (datetime.now(UTC) + FIRST_DEADLINE).replace(hour=9, minute=0)
    return {
        "title_ko": "",
        "title_en": "",
        "vocabulary": "",
        "language": "ko",
        "deadline": forms.typed_moment(deadline),
        "competency": ["problem_solving"],
        "programme_id": "",
        "demonstration": False,
        "blind": True,
        "questions": [dict(BLANK_QUESTION) for _ in range(MOST_QUESTIONS)],
    }


def typed_again(sent: FormData) -> dict[str, Any]:
    """The form with what somebody typed, so that nothing has to be typed twice."""
    again = blank()
    for name in ("title_ko", "title_en", "language", "deadline", "programme_id", "vocabulary"):
        again[name] = str(sent.get(name, ""))
    again["competency"] = _all(sent, "competency")
    again["demonstration"], again["blind"] = "demonstration" in sent, "blind" in sent
    again["questions"] = (_questions(sent) + again["questions"])[:MOST_QUESTIONS]
    return again


def of(opening: Opening) -> dict[str, Any]:
    """The form of an opening that is there already."""
    asked = [
        BLANK_QUESTION
        | {"question_ko": question.text_ko, "question_en": question.text_en}
        | {"think_s": str(question.think_s), "answer_s": str(question.answer_s), "takes": str(question.takes)}
        for question in opening.questions
    ]
    again = blank() | {"title_ko": opening.title_ko, "title_en": opening.title_en}
    again["deadline"] = forms.typed_moment(opening.deadline)
    again["vocabulary"] = opening.vocabulary or ""
    again["questions"] = (asked + again["questions"])[:MOST_QUESTIONS]
    return again


def sentences(faults: Sequence[Invalid], language: str) -> dict[str, str]:
    """All that is wrong with each field, by its id."""
    said: dict[str, list[str]] = {}
    for fault in faults:
        said.setdefault(fault.code, []).append(fault.text(language))
    return {field: " ".join(lines) for field, lines in said.items()}


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
    rows = [(row, _question(typed)) for row, typed in enumerate(_questions(sent), 1) if _is_filled(typed)]
    competency = tuple(_all(sent, "competency"))
    new = NewOpening(
        title_ko=title_ko,
        title_en=title_en,
        language=str(sent.get("language", "ko")),
        deadline=deadline,
        questions=tuple(question for _, question in rows),
        rubric=rubric(competency) if competency else rubric_from("", []),
        demonstration="demonstration" in sent,
        blind="blind" in sent,
        programme_id=str(sent.get("programme_id", "")) or None,
        vocabulary=str(sent.get("vocabulary", "")),
    )
    asks = "question_ko" in sent or "library" in sent
    if before is None:
        faults += drafts.rubric_faults(new.rubric)
    if before is None or asks:
        faults += [fault for row, question in rows for fault in drafts.question_faults(question, row)]
        faults += [] if rows else drafts.questions_faults(())
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


def _all(sent: FormData, name: str) -> list[str]:
    return [str(value) for value in sent.getlist(name)]


def _questions(sent: FormData) -> list[dict[str, str]]:
    """The repeated fields, question by question; a field that a program leaves out has its first value."""
    columns = {name: _all(sent, name) for name in QUESTION_FIELDS}
    longest = min(max(len(column) for column in columns.values()), MOST_QUESTIONS)
    return [
        {name: _at(columns[name], place, BLANK_QUESTION[name]) for name in QUESTION_FIELDS} for place in range(longest)
    ]


def _at(column: Sequence[str], place: int, otherwise: str) -> str:
    return column[place] if place < len(column) else otherwise


def _is_filled(typed: dict[str, str]) -> bool:
    return any(typed[name].strip() for name in ("library", "question_ko", "question_en"))


def _question(typed: dict[str, str]) -> NewQuestion:
    """Typed words win over what was picked from the library."""
    picked = _picked(typed["library"])
    own = bool((typed["question_ko"] + typed["question_en"]).strip())
    return NewQuestion(
        text_ko=typed["question_ko"].strip() if own else picked.ko,
        text_en=typed["question_en"].strip() if own else picked.en,
        think_s=_whole(typed["think_s"]),
        answer_s=_whole(typed["answer_s"]),
        takes=_whole(typed["takes"]),
    )


def _picked(value: str) -> Bilingual:
    shipped = {key: text for _, _, questions in library() for key, text in questions}
    return shipped.get(value, Bilingual("", ""))


def _whole(text: str) -> int:
    """The number; what is none lies outside of every limit, which says what would be right."""
    return int(text) if text.strip().isdecimal() else -1
