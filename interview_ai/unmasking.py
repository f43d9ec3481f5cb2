"""A reviewer opens what KR-10 masks in one candidate's words: one act, on the record."""

from __future__ import annotations

from sqlalchemy.orm import Session

from interview_ai import masking, reviews
from interview_ai.errors import Conflict
from interview_ai.organisations import Member
from interview_ai.rules.disclosures import BLIND


def unmask(session: Session, member: Member, interview_id: str) -> None:
    """For this reviewer and this candidate. Raises Conflict while the candidate is blind to them (KR-13)."""
    interview = reviews.interview(session, interview_id)
    if masking.hidden_from(session, member, interview) & BLIND:
        raise Conflict(
            "This candidate is still blind to you. Reveal name and picture first.",
            "이 지원자는 아직 블라인드 상태입니다. 먼저 이름과 영상을 공개하십시오.",
            code="blind",
        )
    reviews.viewed(session, member, interview_id, "unmask")
