"""How one reader may call a candidate: by name, or by number alone while the opening is blind to them (KR-13)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai.organisations import Member
from interview_ai.tables import Candidate, Interview, Opening, View


@dataclass(frozen=True, slots=True)
class Called:
    """One candidate of an opening. `name` is None where the reader may not have it."""

    interview_id: str
    number: int
    name: str | None


def of_opening(session: Session, member: Member, opening: Opening, interview_ids: Collection[str]) -> dict[str, Called]:
    """The wanted candidates by their interview's id; ids of other openings are left out."""
    wanted = select(Interview.id, Interview.number, Candidate.name)
    wanted = wanted.join(Candidate, Candidate.id == Interview.candidate_id)
    here = (Interview.opening_id == opening.id, Interview.id.in_(interview_ids))
    known = _revealed(session, member, interview_ids) if opening.blind else set(interview_ids)
    return {
        interview_id: Called(interview_id, number, name if interview_id in known else None)
        for interview_id, number, name in session.execute(wanted.where(*here).order_by(Interview.number))
    }


def _revealed(session: Session, member: Member, interview_ids: Collection[str]) -> set[str]:
    own = (View.staff_id == member.id, View.what == "reveal", View.interview_id.in_(interview_ids))
    return set(session.scalars(select(View.interview_id).where(*own)))
