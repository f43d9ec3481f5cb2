"""The part of an opening's form that is its questions: rows to write in, and the library to search and pick from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from starlette.datastructures import FormData

from interview_ai.drafts import MOST_QUESTIONS, NewQuestion
from interview_ai.errors import Invalid
from interview_ai.library import competencies, questions_of
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Question

FIELDS = ("question_id", "question_ko", "question_en", "think_s", "answer_s", "takes")
WORDS = ("question_ko", "question_en")
BLANK = dict.fromkeys(FIELDS, "") | {"think_s": "60", "answer_s": "120", "takes": "2"}
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pick:
    """A question of the library: its address, its competency, its words, and whether it is ticked."""

    address: str
    competency: str
    text: Bilingual
    ticked: bool = False


@cache
def shipped() -> dict[str, Pick]:
    """Every question of the library by its address."""
    return {
        f"{name}.{number}": Pick(f"{name}.{number}", name, text)
        for name in competencies()
        for number, text in enumerate(questions_of(name))
    }


def found(area: str, words: str, ticked: Sequence[str] = ()) -> list[Pick]:
    """The questions of a competency that hold all the words, in whichever language; what is ticked stays in sight."""
    wanted = [word.casefold() for word in words.split()]
    return [
        Pick(pick.address, pick.competency, pick.text, ticked=pick.address in ticked)
        for pick in shipped().values()
        if pick.address in ticked or ((not area or pick.competency == area) and _holds(pick.text, wanted))
    ]


def _holds(text: Bilingual, words: Sequence[str]) -> bool:
    both = f"{text.ko} {text.en}".casefold()
    return all(word in both for word in words)


def blank_rows(rows: Sequence[Row] = ()) -> list[Row]:
    """The rows of a form: those that are there and empty ones behind them."""
    return [*rows, *(dict(BLANK) for _ in range(MOST_QUESTIONS))][: max(MOST_QUESTIONS, len(rows))]


def of(questions: Sequence[Question], *, copied: bool = False) -> list[Row]:
    """The rows of questions that are there already; a copy's are new ones."""
    return [
        {
            "question_id": "" if copied else question.id,
            "question_ko": question.text_ko,
            "question_en": question.text_en if question.text_en != question.text_ko else "",
            "think_s": str(question.think_s),
            "answer_s": str(question.answer_s),
            "takes": str(question.takes),
        }
        for question in questions
    ]


def picked(addresses: Sequence[str], **times: int) -> list[Row]:
    """Rows with questions of the library; an address that is none gives no row."""
    texts = [shipped()[address].text for address in addresses if address in shipped()]
    given = {name: str(value) for name, value in times.items()}
    return [BLANK | {"question_ko": text.ko, "question_en": text.en} | given for text in texts]


def sent_rows(sent: FormData) -> list[Row]:
    """The rows as they were sent, question by question; a field that a program leaves out has its first value."""
    columns = {name: all_of(sent, name) for name in FIELDS}
    longest = min(max(len(column) for column in columns.values()), MOST_QUESTIONS)
    return [{name: _at(columns[name], place, BLANK[name]) for name in FIELDS} for place in range(longest)]


def with_picks(sent: FormData) -> tuple[list[Row], list[Invalid]]:
    """The rows, and in the empty ones what is ticked in the library: whichever button is pressed, no tick is lost."""
    picks = picked(all_of(sent, "add"))
    rows = []
    for row in sent_rows(sent):
        rows.append(row if is_filled(row) or not picks else _put(row, picks.pop(0)))
    room = MOST_QUESTIONS - len(rows)
    too_many = [_too_many()] if len(picks) > room else []
    return [*rows, *picks[:room]], too_many


def _put(empty: Row, pick: Row) -> Row:
    """A question of the library with the times that its row has."""
    return empty | {name: pick[name] for name in WORDS}


def _too_many() -> Invalid:
    return Invalid(
        f"An opening has at most {MOST_QUESTIONS} questions. Untick some, or empty a question to make room.",
        f"질문은 {MOST_QUESTIONS}개까지입니다. 몇 개는 빼시거나, 적어 둔 질문을 비워 자리를 만드십시오.",
        code="library",
    )


def is_filled(row: Row) -> bool:
    """Whether anything is asked in a row."""
    return any(row[name].strip() for name in WORDS)


def read(row: Row) -> NewQuestion:
    """A row as a question."""
    return NewQuestion(
        text_ko=row["question_ko"].strip(),
        text_en=row["question_en"].strip(),
        think_s=_whole(row["think_s"]),
        answer_s=_whole(row["answer_s"]),
        takes=_whole(row["takes"]),
        id=row["question_id"],
    )


def all_of(sent: FormData, name: str) -> list[str]:
    """A field that repeats."""
    return [str(value) for value in sent.getlist(name)]


def _at(column: Sequence[str], place: int, otherwise: str) -> str:
    return column[place] if place < len(column) else otherwise


def _whole(text: str) -> int:
    """The number; what is none lies outside of every limit, which says what would be right."""
    return int(text) if text.strip().isdecimal() else -1
