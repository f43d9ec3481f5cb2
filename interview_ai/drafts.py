"""What an employer writes before it is kept: an opening with its questions, and all that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from interview_ai.errors import Invalid
from interview_ai.rules.evidence import Bilingual, Rubric
from interview_ai.rules.questions import check, unlawful

MOST_QUESTIONS = 5
LONGEST_TITLE = 120
LONGEST_VOCABULARY = 300  # characters: some 100 of the 224 tokens that Whisper may be prompted with
LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True)
class Limit:
    """What a number of a question is called, and between which it must lie."""

    en: str
    ko: str
    within: tuple[int, int]


LIMITS = {
    "think": Limit("think time", "생각 시간(초)", (0, 600)),
    "answer": Limit("answer time", "답변 시간(초)", (30, 600)),
    "takes": Limit("number of takes", "시도 횟수", (1, 5)),
}


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as an employer writes it; times in seconds. One language may be left empty.

    `id`: the question that it was before, so that its recording stays with it; empty for a new one.
    """

    text_ko: str
    text_en: str
    think_s: int = 60
    answer_s: int = 120
    takes: int = 2
    id: str = ""


@dataclass(frozen=True, slots=True)
class NewOpening:
    """An opening as an employer writes it; one title may be left empty."""

    title_ko: str
    title_en: str
    language: str
    deadline: datetime
    questions: tuple[NewQuestion, ...]
    rubric: Rubric
    demonstration: bool = False
    blind: bool = True
    programme_id: str | None = None
    vocabulary: str = ""
    reviewers: tuple[str, ...] = ()


def faults(new: NewOpening, at: datetime) -> list[Invalid]:
    """All that is wrong with an opening but its rubric, in the order of its form; `code` names the field."""
    found = [*title_faults(new.title_ko, new.title_en), *deadline_faults(new.deadline, at)]
    return [*found, *vocabulary_faults(new.vocabulary), *questions_faults(new.questions)]


def title_faults(title_ko: str, title_en: str) -> list[Invalid]:
    """What is wrong with the titles, of which one is enough."""
    titles = {"title_ko": tidy(title_ko), "title_en": tidy(title_en)}
    if not any(titles.values()):
        return [Invalid("Write a title.", "공고 제목을 적어 주십시오.", code="title_ko")]
    too_long = [
        Invalid(
            f"Write the title in at most {LONGEST_TITLE} characters.",
            f"제목을 {LONGEST_TITLE}자 이하로 적어 주십시오.",
            code=field,
        )
        for field, title in titles.items()
        if len(title) > LONGEST_TITLE
    ]
    return [*too_long, *(fault for field, title in titles.items() for fault in unlawful_faults(title, field))]


def unlawful_faults(text: str, field: str) -> list[Invalid]:
    """What a text asks for that nobody may be asked (KR-10), in whichever language; longer ones are refused anyway."""
    said = [finding.message for finding in unlawful(text[:LONGEST_QUESTION])]
    return [Invalid(message.en, message.ko, code=field) for message in said]


def advice_on(text: str) -> list[Bilingual]:
    """How a question could be asked better; it may be asked as it is."""
    found = check(tidy(text)[:LONGEST_QUESTION], written_in([text])) if text.strip() else ()
    return [finding.message for finding in found if finding.severity == "advise"]


def written_in(texts: Sequence[str]) -> Literal["ko", "en"]:
    """The language of texts: Korean as soon as one of them has a syllable of it, or none has anything."""
    said = "".join(texts)
    return "ko" if not said.strip() or any("가" <= sign <= "힣" for sign in said) else "en"


def vocabulary_faults(vocabulary: str) -> list[Invalid]:
    """What is wrong with the names: a recogniser is prompted with so many and no more."""
    if len(vocabulary) <= LONGEST_VOCABULARY:
        return []
    return [
        Invalid(
            f"Write the names in at most {LONGEST_VOCABULARY} characters.",
            f"이름을 모두 합쳐 {LONGEST_VOCABULARY}자 이하로 적어 주십시오.",
            code="vocabulary",
        )
    ]


def deadline_faults(deadline: datetime, at: datetime) -> list[Invalid]:
    """What is wrong with a deadline."""
    if deadline > at:
        return []
    return [Invalid("The deadline must lie ahead.", "마감 일시는 지금보다 뒤여야 합니다.", code="deadline")]


def questions_faults(questions: Sequence[NewQuestion]) -> list[Invalid]:
    """What is wrong with the questions; the field's name ends with the question's position."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        return [
            Invalid(
                f"Write one to {MOST_QUESTIONS} questions.",
                f"질문을 1개에서 {MOST_QUESTIONS}개까지 적어 주십시오.",
                code="question-1",
            )
        ]
    return [fault for position, new in enumerate(questions, 1) for fault in question_faults(new, position)]


def question_faults(new: NewQuestion, position: int) -> list[Invalid]:
    """What is wrong with one question; its English words are the field `question-en-…`."""
    texts = (tidy(new.text_ko or new.text_en), tidy(new.text_en or new.text_ko))
    found = []
    if not all(0 < len(text) <= LONGEST_QUESTION for text in texts):
        found.append(
            Invalid(
                f"Write question {position} in at most {LONGEST_QUESTION} characters.",
                f"{position}번 질문을 {LONGEST_QUESTION}자 이하로 적어 주십시오.",
                code=f"question-{position}",
            )
        )
    found += unlawful_faults(tidy(new.text_ko), f"question-{position}")
    found += unlawful_faults(tidy(new.text_en), f"question-en-{position}")
    numbers = {"think": new.think_s, "answer": new.answer_s, "takes": new.takes}
    return found + [
        Invalid(
            f"Question {position}: the {LIMITS[field].en} must be {lowest} to {highest}.",
            f"{position}번 질문의 {LIMITS[field].ko}: {lowest}에서 {highest} 사이로 적어 주십시오.",
            code=f"{field}-{position}",
        )
        for field, value in numbers.items()
        for lowest, highest in [LIMITS[field].within]
        if not lowest <= value <= highest
    ]


def tidy(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
