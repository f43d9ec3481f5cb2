"""Who reviews an opening: every reviewer, or those who are assigned; owners and recruiters always."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, true
from sqlalchemy.orm import Session

from interview_ai import audit
from interview_ai.errors import Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Answer, Interview, Opening, OpeningReviewer, Question, Staff


def reviewers(session: Session) -> Sequence[Staff]:
    """Those of the organisation who can be assigned, by name."""
    there = select(Staff).where(Staff.role == "reviewer", Staff.state.in_(("active", "invited")))
    return session.scalars(there.order_by(Staff.name, Staff.id)).all()


def assigned(session: Session, opening_id: str) -> set[str]:
    """The staff who are assigned to an opening; nobody: every reviewer sees it."""
    wanted = select(OpeningReviewer.staff_id).where(OpeningReviewer.opening_id == opening_id)
    return set(session.scalars(wanted))


def of_opening(session: Session, opening_id: str) -> Sequence[Staff]:
    """The reviewers who are assigned to an opening, by name; nobody: every reviewer sees it."""
    there = select(Staff).join(OpeningReviewer, OpeningReviewer.staff_id == Staff.id)
    return session.scalars(there.where(OpeningReviewer.opening_id == opening_id).order_by(Staff.name, Staff.id)).all()


def assign(session: Session, member: Member, opening: Opening, staff_ids: Collection[str]) -> None:
    """From now on these reviewers see the opening, or all when there are none. Raises Invalid for who is no reviewer.

    What somebody rated before stays.
    """
    wanted = set(staff_ids)
    if wanted - {staff.id for staff in reviewers(session)}:
        raise Invalid(
            "Choose reviewers of your organisation.", "기관의 평가자 가운데에서 고르십시오.", code="reviewers"
        )
    before = assigned(session, opening.id)
    if wanted == before:
        return
    session.execute(delete(OpeningReviewer).where(OpeningReviewer.opening_id == opening.id))
    whose = {"organisation_id": opening.organisation_id, "opening_id": opening.id}
    session.add_all(OpeningReviewer(staff_id=staff_id, **whose) for staff_id in sorted(wanted))
    session.flush()
    details = {"staff": sorted(wanted)}
    audit.append(session, member.actor, "reviewers assigned", f"opening:{opening.id}", details=details)


def seen_by(member: Member) -> ColumnElement[bool]:
    """The condition on openings under which a member sees one."""
    if member.role != "reviewer":
        return true()
    anybody = select(OpeningReviewer.id).where(OpeningReviewer.opening_id == Opening.id)
    return or_(~anybody.exists(), anybody.where(OpeningReviewer.staff_id == member.id).exists())


def must_be_seen(session: Session, member: Member, named: dict[str, Any]) -> None:
    """Raises NotFound where a reviewer asks for what belongs to an opening of others.

    `named`: the ids in an address, of which opening_id, interview_id and answer_id count.
    """
    if member.role != "reviewer":
        return
    for opening_id in _openings_of(session, named):
        mine = select(func.count()).select_from(Opening).where(Opening.id == opening_id, seen_by(member))
        if not session.scalars(mine).one():
            raise NotFound


def _openings_of(session: Session, named: dict[str, Any]) -> list[str]:
    """The openings that the ids lead to; an id that is nobody's leads to none and is refused where it is used."""
    of_interview = select(Interview.opening_id)
    ways = {
        "opening_id": select(Opening.id).where(Opening.id == named.get("opening_id")),
        "interview_id": of_interview.where(Interview.id == named.get("interview_id")),
        "question_id": select(Question.opening_id).where(Question.id == named.get("question_id")),
        "answer_id": of_interview.join(Answer, Answer.interview_id == Interview.id).where(
            Answer.id == named.get("answer_id")
        ),
    }
    return [found for name, way in ways.items() if name in named for found in session.scalars(way)]
