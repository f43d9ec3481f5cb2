"""What was asked in an answer, read from the database once for the work and once more for computing it again."""

from __future__ import annotations

from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from interview_ai.interviews import told_of_rater
from interview_ai.library import questions
from interview_ai.rules.evidence import rubric_from
from interview_ai.settings import settings
from interview_ai.tables import Answer, Interview, Opening
from models import weights
from worker.judging import Asked


def loading() -> tuple[ORMOption, ...]:
    """What must be read with an answer so that `asked` finds everything."""
    opening = selectinload(Answer.interview).selectinload(Interview.opening)
    return (
        selectinload(Answer.question),
        opening.selectinload(Opening.rubric),
        opening.selectinload(Opening.questions),
    )


def asked(session: Session, answer: Answer) -> Asked:
    """The question, the rubric and all else that decides how the answer is judged."""
    opening = answer.interview.opening
    language = opening.language
    return Asked(
        question=answer.question.text_ko if language == "ko" else answer.question.text_en,
        language=language,
        rubric=rubric_from(opening.rubric.version, opening.rubric.criteria),
        other_questions=_compared(opening, language),
        demonstration=opening.demonstration,
        vocabulary=_names(opening),
        encoder=weights.encoder(settings().models, language),
        may_be_sent=told_of_rater(session, answer.interview_id),
    )


def _compared(opening: Opening, language: str) -> tuple[str, ...]:
    """The opening's questions and the library's, each once: what an answer might be to instead."""
    own = [question.text_ko if language == "ko" else question.text_en for question in opening.questions]
    return tuple(dict.fromkeys((*own, *questions(language))))


def _names(opening: Opening) -> tuple[str, ...]:
    """The names that the employer wrote down, for the recogniser."""
    return tuple(filter(None, (name.strip() for name in (opening.vocabulary or "").split(","))))
