"""What the ranked list reads of an opening's interviews: plain values in five statements.

The same rows as entities with their relations took five times as long for two hundred candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from interview_ai.rules.evidence import Score, score_from
from interview_ai.rules.lifecycle import RECEIVED
from interview_ai.tables import (
    Answer,
    Candidate,
    Decision,
    EvidenceRow,
    Interview,
    Override,
    Question,
    Rating,
    ScoreRow,
)


class Take(Protocol):
    """What says whether a take is the one that counts."""

    @property
    def question_id(self) -> str:
        """Which question."""

    @property
    def take(self) -> int:
        """Which try, from 1."""

    @property
    def state(self) -> str:
        """Of the lifecycle."""


TakeT = TypeVar("TakeT", bound=Take)


@dataclass(frozen=True, slots=True)
class Answered:
    """One take: the score that stands for it, or the code of the reason why there is none."""

    question_id: str
    position: int
    take: int
    state: str
    score: Score | None
    reason_code: str | None
    quotes: int


@dataclass(slots=True)
class Application:
    """One interview. `levels`: each rater's by criterion; `overrides`: what people set in place of a suggestion;
    `decision`: the kind of the one in force."""

    id: str
    number: int
    state: str
    mode: str
    begun_at: datetime
    name: str
    answers: list[Answered] = field(default_factory=list)
    levels: dict[str, dict[str, int]] = field(default_factory=dict)
    overrides: dict[str, int] = field(default_factory=dict)
    decision: str | None = None


def of_opening(session: Session, opening_id: str) -> list[Application]:
    """All of an opening, in order of arrival."""
    return _read(session, Interview.opening_id == opening_id)


def of_interviews(session: Session, interview_ids: Iterable[str]) -> list[Application]:
    """Some of an opening, in order of arrival."""
    ids = list(interview_ids)
    # said of each table too: SQLite otherwise reads all answers of the organisation
    return _read(session, Interview.id.in_(ids), ids)


def _read(session: Session, here: ColumnElement[bool], ids: Sequence[str] | None = None) -> list[Application]:
    wanted = select(
        Interview.id, Interview.number, Interview.state, Interview.mode, Interview.begun_at, Candidate.name
    ).join(Candidate, Candidate.id == Interview.candidate_id)
    rows = session.execute(wanted.where(here).order_by(Interview.number))
    found = {row.id: Application(*row) for row in rows}
    _answers(session, here & _among(Answer, ids), found)
    rated = select(Rating.interview_id, Rating.staff_id, Rating.criterion, Rating.level)
    for interview, staff, criterion, level in session.execute(
        rated.join(Interview, _of(Rating)).where(here & _among(Rating, ids))
    ):
        found[interview].levels.setdefault(staff, {})[criterion] = level
    set_right = select(Override.interview_id, Override.criterion, Override.level).join(Interview, _of(Override))
    standing = here & _among(Override, ids) & Override.withdrawn_at.is_(None)
    for interview, criterion, level in session.execute(set_right.where(standing)):
        found[interview].overrides[criterion] = level
    decided = select(Decision.interview_id, Decision.kind).join(Interview, _of(Decision))
    in_force = decided.where(here & _among(Decision, ids) & Decision.withdrawn_at.is_(None))
    for interview, kind in session.execute(in_force.order_by(Decision.created_at)):
        found[interview].decision = kind
    return list(found.values())


def _among(table: type[Rating | Decision | Answer | Override], ids: Sequence[str] | None) -> ColumnElement[bool]:
    return true() if ids is None else table.interview_id.in_(ids)


def _of(table: type[Rating | Decision | Answer | Override]) -> Any:
    return Interview.id == table.interview_id


def _answers(session: Session, here: ColumnElement[bool], found: dict[str, Application]) -> None:
    quotes = select(func.count()).where(EvidenceRow.answer_id == Answer.id).correlate(Answer).scalar_subquery()
    wanted = (
        select(
            Answer.interview_id,
            Answer.question_id,
            Question.position,
            Answer.take,
            Answer.state,
            Answer.reason_code,
            ScoreRow.score,
            ScoreRow.reason,
            ScoreRow.withdrawn_at,
            quotes.label("quotes"),
        )
        .join(Interview, _of(Answer))
        .join(Question, Question.id == Answer.question_id)
        .outerjoin(ScoreRow, ScoreRow.answer_id == Answer.id)
        .where(here)
    )
    for row in session.execute(wanted):
        score = standing_score(row.score, row.withdrawn_at)
        code = reason_code(row.reason, row.withdrawn_at) or row.reason_code
        one = Answered(row.question_id, row.position, row.take, row.state, score, code, row.quotes)
        found[row.interview_id].answers.append(one)


def standing_score(score: dict[str, Any] | None, withdrawn_at: datetime | None) -> Score | None:
    """The score that stands; None when there is none or it was withdrawn (KR-1)."""
    return score_from(score) if score and withdrawn_at is None else None


def reason_code(reason: dict[str, Any] | None, withdrawn_at: datetime | None) -> str | None:
    """The code of the reason for which there is no score."""
    return str(reason["code"]) if reason and withdrawn_at is None else None


def newest(answers: Iterable[TakeT]) -> Sequence[TakeT]:
    """The take that counts for each question: the newest one received."""
    kept: dict[str, TakeT] = {}
    for answer in answers:
        before = kept.get(answer.question_id)
        if answer.state in RECEIVED and (before is None or answer.take > before.take):
            kept[answer.question_id] = answer
    return list(kept.values())
