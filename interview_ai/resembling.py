"""Answers of two candidates that are nearly the same: a flag for the people who review them, never a gate."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai.rules import duplicates
from interview_ai.tables import Answer, Interview, TranscriptRow


@dataclass(frozen=True, slots=True)
class Twin:
    """Another candidate's answer to the same question in nearly the same words."""

    interview_id: str
    number: int


def twins(session: Session, answer: Answer) -> tuple[Twin, ...]:
    """Whose answer to this question is nearly the same; those who chose people only are not compared."""
    if answer.transcript is None or not answer.transcript.sketch:
        return ()
    wanted = (
        select(Answer.id, Interview.id, Interview.number, TranscriptRow.sketch)
        .join(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .join(Interview, Interview.id == Answer.interview_id)
        .where(Answer.question_id == answer.question_id, Interview.id != answer.interview_id, Interview.mode == "ai")
    )
    others = {found[0]: found for found in session.execute(wanted) if found[3]}
    same = duplicates.alike(answer.transcript.sketch, {name: found[3] for name, found in others.items()})
    return tuple(Twin(others[name][1], others[name][2]) for name in same)
