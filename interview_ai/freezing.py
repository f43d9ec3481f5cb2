"""What stays as it is once the first candidate has begun: questions, their recordings and times, rubric and rules."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai.errors import Conflict
from interview_ai.tables import Interview


def has_begun(session: Session, opening_id: str) -> bool:
    """Whether anybody has seen the questions."""
    begun = select(func.count()).select_from(Interview).where(Interview.opening_id == opening_id)
    return session.scalars(begun).one() > 0


def must_be_free(session: Session, opening_id: str) -> None:
    """Raises Conflict (code frozen), with the reason, once somebody has begun."""
    if has_begun(session, opening_id):
        raise Conflict(
            "Somebody has begun, so questions, recordings, times and the rubric stay as they are: everybody answers "
            "the same questions and is rated by the same anchors. To ask something else, make a copy as a new opening.",
            "이미 시작한 지원자가 있어 질문, 질문 영상, 시간, 평가기준을 바꿀 수 없습니다. 모든 지원자가 같은 질문에 "
            "답하고 같은 기준으로 평가받습니다. 다른 질문을 하시려면 이 공고를 복사해 새 공고를 만드십시오.",
            code="frozen",
        )
