"""Answers of two candidates that are nearly the same: a flag for the people who review them, never a gate."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai.rules import duplicates
from interview_ai.rules.lifecycle import RECEIVED
from interview_ai.tables import Answer, Interview, TranscriptRow


@dataclass(frozen=True, slots=True)
class Twin:
    """Another candidate's answer to the same question in nearly the same words."""

    interview_id: str
    number: int


def twins(session: Session, answer: Answer) -> tuple[Twin, ...]:
    """Whose answer to this question, by the take that counts, is nearly the same; not among who chose people only."""
    interview = session.get_one(Interview, answer.interview_id)
    if interview.mode != "ai" or answer.transcript is None or not answer.transcript.sketch:
        return ()
    wanted = (
        select(Interview.id, Interview.number, TranscriptRow.sketch)
        .join(Answer, Answer.interview_id == Interview.id)
        .outerjoin(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .where(Answer.question_id == answer.question_id, Answer.state.in_(RECEIVED))
        .where(Interview.id != interview.id, Interview.mode == "ai")
        .order_by(Answer.take)
    )
    newest = {found: (number, kept or ()) for found, number, kept in session.execute(wanted)}
    same = duplicates.alike(answer.transcript.sketch, {found: kept for found, (_, kept) in newest.items()})
    return tuple(Twin(found, newest[found][0]) for found in same)
