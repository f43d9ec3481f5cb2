"""Where the file lies that a reviewer may play now: nothing, the sound alone, or the whole recording."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session, selectinload

from interview_ai import bleeps, reviews, stages
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Answer, Interview


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the file lies that this reviewer may have: the whole recording, or its sound alone; and what was seen."""

    interview_id: str
    key: str
    poster_key: str | None
    with_picture: bool
    seen: bool


def recording(session: Session, member: Member, answer_id: str) -> Recording:
    """The recording behind an answer of the member's organisation.

    Raises NotFound, also while nothing can play; Forbidden while the opening is blind and its sound not yet opened.
    """
    loaded = [selectinload(Answer.interview).selectinload(Interview.opening), selectinload(Answer.transcript)]
    answer = session.get(Answer, answer_id, options=loaded)
    if answer is None or answer.playable_key is None:
        raise NotFound
    with_picture = stages.with_picture(session, member, answer.interview)
    key = answer.playable_key if with_picture else bleeps.blind_key(answer, answer.interview)
    if key is None:
        raise NotFound  # the reviewer is blind, and there is no sound or no bleeped one yet
    seen = reviews.has_played(session, member, answer.interview_id)
    return Recording(answer.interview_id, key, answer.poster_key, with_picture, seen)
