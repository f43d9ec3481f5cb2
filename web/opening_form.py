"""The form of a new opening: what it shows at first, how it is read, and how it comes back when something is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import FormData

from interview_ai.errors import Invalid
from interview_ai.library import competencies, questions_of, rubric
from interview_ai.openings import MOST_QUESTIONS, NewOpening, NewQuestion
from interview_ai.rules.evidence import Bilingual
from web import forms

FIRST_DEADLINE = timedelta(days=14)
QUESTION_FIELDS = ("library", "question_ko", "question_en", "think_s", "answer_s", "takes")
BLANK_QUESTION = dict.fromkeys(QUESTION_FIELDS, "") | {"think_s": "60", "answer_s": "120", "takes": "2"}


async def _sent(request: Request) -> FormData:
    return await request.form()


Typed = Annotated[FormData, Depends(_sent)]
"""A form as it was sent, with fields that repeat."""


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
    for name in ("title_ko", "title_en", "language", "deadline", "programme_id"):
        again[name] = str(sent.get(name, ""))
    again["competency"] = _all(sent, "competency")
    again["demonstration"], again["blind"] = "demonstration" in sent, "blind" in sent
    again["questions"] = (_questions(sent) + again["questions"])[:MOST_QUESTIONS]
    return again


def read(sent: FormData) -> NewOpening:
    """The opening that somebody typed. Raises Invalid for what cannot be read; the rest is the use case's."""
    return NewOpening(
        title_ko=str(sent.get("title_ko", "")),
        title_en=str(sent.get("title_en", "")),
        language=str(sent.get("language", "ko")),
        deadline=forms.moment(str(sent.get("deadline", ""))),
        questions=tuple(_question(typed) for typed in _questions(sent) if _is_filled(typed)),
        rubric=rubric(tuple(_all(sent, "competency"))),
        demonstration="demonstration" in sent,
        blind="blind" in sent,
        programme_id=str(sent.get("programme_id", "")) or None,
    )


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
    try:
        return int(text)
    except ValueError as error:
        raise Invalid(
            "Times and takes are whole numbers.", "시간과 시도 횟수는 숫자로 적어 주십시오.", code="questions"
        ) from error
