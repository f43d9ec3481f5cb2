"""What may change in an opening once it is written: title, deadline, open or closed; questions until one began."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from interview_ai import database, openings
from interview_ai.drafts import NewQuestion, deadline_faults, questions_faults, tidy, title_faults, vocabulary_faults
from interview_ai.errors import Conflict, Invalid
from interview_ai.interviews import GRACE
from interview_ai.organisations import Member
from interview_ai.tables import CandidateSession, Interview, Invitation, Opening, Question


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an opening is to be from now on. `questions`: None leaves them as they are."""

    title_ko: str
    title_en: str
    deadline: datetime
    questions: tuple[NewQuestion, ...] | None = None
    vocabulary: str = ""


def faults(new: Amendment, at: datetime, *, before: datetime) -> list[Invalid]:
    """All that is wrong at once; a deadline that has passed and is left alone is not."""
    moved = deadline_faults(new.deadline, at) if new.deadline != before else []
    questions = [] if new.questions is None else questions_faults(new.questions)
    return [*title_faults(new.title_ko, new.title_en), *moved, *vocabulary_faults(new.vocabulary), *questions]


def amend(session: Session, member: Member, opening_id: str, new: Amendment) -> None:
    """Changes an opening. The deadline moves with it for everybody who is invited or has begun.

    Raises Invalid for what candidates could not answer, Conflict (code frozen) for questions that somebody has seen.
    """
    opening = _to_change(session, member, opening_id)
    for fault in faults(new, database.now(session), before=opening.deadline):
        raise fault
    opening.title_ko = tidy(new.title_ko or new.title_en)
    opening.title_en = tidy(new.title_en or new.title_ko)
    opening.vocabulary = tidy(new.vocabulary) or None
    if new.deadline != opening.deadline:
        _move_deadline(session, opening, new.deadline)
    if new.questions is not None:
        _rewrite(session, opening, new.questions)
    openings.changed(session, member, opening, "opening amended")


def close(session: Session, member: Member, opening_id: str) -> None:
    """No link of this opening opens any more; whoever is inside may finish. Safe to run twice."""
    _turn(session, member, opening_id, "closed")


def reopen(session: Session, member: Member, opening_id: str) -> None:
    """The links work again until the deadline. Safe to run twice."""
    _turn(session, member, opening_id, "open")


def has_begun(session: Session, opening_id: str) -> bool:
    """Whether anybody has seen the questions."""
    begun = select(func.count()).select_from(Interview).where(Interview.opening_id == opening_id)
    return session.scalars(begun).one() > 0


def _to_change(session: Session, member: Member, opening_id: str) -> Opening:
    openings.must_write_openings(member)
    # locked as by whoever begins, so that nobody gets the old questions while new ones are written
    session.execute(select(Opening.id).where(Opening.id == opening_id).with_for_update())
    return openings.own(session, opening_id)


def _turn(session: Session, member: Member, opening_id: str, state: str) -> None:
    opening = _to_change(session, member, opening_id)
    if opening.state != state:
        opening.state = state
        openings.changed(session, member, opening, "opening reopened" if state == "open" else "opening closed")


def _move_deadline(session: Session, opening: Opening, deadline: datetime) -> None:
    opening.deadline = deadline
    invitations = update(Invitation).where(Invitation.opening_id == opening.id, Invitation.revoked_at.is_(None))
    session.execute(invitations.values(expires_at=deadline))
    inside = select(Interview.id).where(Interview.opening_id == opening.id)
    begun = update(CandidateSession).where(CandidateSession.interview_id.in_(inside))
    session.execute(begun.values(expires_at=deadline + GRACE).execution_options(synchronize_session=False))


def _rewrite(session: Session, opening: Opening, questions: Sequence[NewQuestion]) -> None:
    if has_begun(session, opening.id):
        raise Conflict(
            "Somebody has begun, so the questions stay as they are: everybody answers the same ones.",
            "이미 시작한 지원자가 있어 질문을 바꿀 수 없습니다. 모든 지원자가 같은 질문에 답합니다.",
            code="frozen",
        )
    session.execute(delete(Question).where(Question.opening_id == opening.id))
    openings.add_questions(session, opening, questions)
