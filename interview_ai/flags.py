"""What the list marks for people to look at: doubtful words, an opinion that contradicts, nearly the same answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import applications, resembling
from interview_ai.lines import DOUBTFUL_BELOW
from interview_ai.rules.evidence import opinion_from
from interview_ai.rules.scoring import LEARNED
from interview_ai.tables import Answer, Interview, ScoreRow, TranscriptRow

DOUBTFUL_SHARE = 0.2  # of an interview's words
NAMES = ("doubtful", "contradicted", "resembling")
ABOUT_POINTS = "contradicted"


@dataclass(frozen=True, slots=True)
class Flags:
    """The flags of one interview; none where a machine does not look. `answers`: the takes that count."""

    answers: frozenset[str] = frozenset()
    doubtful: bool = False
    contradicted: bool = False
    resembling: bool = False


@dataclass(frozen=True, slots=True)
class _Take:
    id: str
    question_id: str
    take: int
    state: str
    words: int
    doubted: int
    contradicted: bool
    twins: tuple[str, ...]


def of(session: Session, interview_ids: Iterable[str]) -> dict[str, Flags]:
    """By interview; only those with an answer."""
    takes: dict[str, list[_Take]] = {}
    wanted = (
        select(
            Answer.interview_id,
            Answer.id,
            Answer.question_id,
            Answer.take,
            Answer.state,
            TranscriptRow.words,
            TranscriptRow.twins,
            ScoreRow.opinion,
            ScoreRow.reason,
            ScoreRow.versions,
        )
        .join(Interview, Interview.id == Answer.interview_id)
        .outerjoin(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .outerjoin(ScoreRow, (ScoreRow.answer_id == Answer.id) & ScoreRow.withdrawn_at.is_(None))
        .where(Answer.interview_id.in_(list(interview_ids)), Interview.mode == "ai")
    )
    for interview_id, answer_id, question_id, take, state, words, twins, *scored in session.execute(wanted):
        doubts = [word["confidence"] for word in words or () if word.get("confidence") is not None]
        doubted = sum(confidence < DOUBTFUL_BELOW for confidence in doubts)
        one = _Take(
            answer_id, question_id, take, state, len(words or ()), doubted, _contradicted(*scored), (*(twins or ()),)
        )
        takes.setdefault(interview_id, []).append(one)
    there = resembling.counting(session, {twin for found in takes.values() for take in found for twin in take.twins})
    return {interview_id: _of_takes(found, there) for interview_id, found in takes.items()}


def _of_takes(takes: Iterable[_Take], there: Collection[str]) -> Flags:
    current = applications.newest(takes)
    words, doubted = sum(take.words for take in current), sum(take.doubted for take in current)
    return Flags(
        answers=frozenset(take.id for take in current),
        doubtful=words > 0 and doubted >= DOUBTFUL_SHARE * words,
        contradicted=any(take.contradicted for take in current),
        resembling=any(twin in there for take in current for twin in take.twins),
    )


def _contradicted(
    opinion: dict[str, Any] | None, reason: dict[str, Any] | None, versions: dict[str, Any] | None
) -> bool:
    """Whether the machine suggests nothing because a second opinion lies too far from the rule, or from itself."""
    if not opinion or not reason or reason["code"] != "abstained" or LEARNED in str((versions or {}).get("scoring")):
        return False
    found = opinion_from(opinion)
    return found.reason is None or found.reason.code == "disagree"
