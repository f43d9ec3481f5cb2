"""What people do with an interview: look at it, rate it, decide. No machine writes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, database, outcomes, results
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import decisions
from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL
from interview_ai.rules.lifecycle import RECEIVED
from interview_ai.tables import Answer, Decision, Interview, Opening, Rating, ScoreRow, View

SEEN_AGAIN = timedelta(hours=12)  # a second look on the same day is not another entry
SEEN = ("answer", "transcript")  # what counts as having looked
GIVEN = {
    "answer": "answer viewed",
    "transcript": "transcript viewed",
    "sound": "sound opened",  # the steps of a blind review, see stages.py
    "reveal": "identity revealed",
    "unmask": "masked words shown",  # see masking.py
}
LONGEST_REASON = 2000


def interview(session: Session, interview_id: str) -> Interview:
    """The interview with its opening and candidate. Raises NotFound for another organisation's as for none."""
    wanted = [selectinload(Interview.opening).selectinload(Opening.rubric), selectinload(Interview.candidate)]
    found = session.get(Interview, interview_id, options=wanted)
    if found is None:
        raise NotFound
    return found


def viewed(session: Session, member: Member, interview_id: str, what: str) -> None:
    """Keeps that the member was given something of an interview: one of GIVEN."""
    row = interview(session, interview_id)
    at = database.now(session)
    lately = (View.staff_id == member.id, View.what == what, View.at > at - SEEN_AGAIN)
    if session.scalars(select(View.id).where(View.interview_id == row.id, *lately)).first():
        return
    session.add(View(organisation_id=row.organisation_id, interview_id=row.id, staff_id=member.id, what=what, at=at))
    _record(session, member, row, GIVEN[what])


def rate(session: Session, member: Member, interview_id: str, levels: Mapping[str, int]) -> None:
    """Keeps the member's own levels, 1-5 by criterion; a later one replaces the earlier. Raises Conflict for somebody
    who has neither played an answer nor read a transcript.

    A machine's suggestion that stands beside it is overridden: the rating wins in the list, and the record says so.
    """
    row = interview(session, interview_id)
    known = {item["id"] for item in row.opening.rubric.criteria}
    if not levels or not levels.keys() <= known or not all(_is_level(level) for level in levels.values()):
        raise Invalid("Choose a level from 1 to 5.", "1에서 5까지의 수준을 골라 주십시오.", code="level")
    if not _has_answer(session, row):
        raise Conflict("There is no answer to rate yet.", "아직 평가할 답변이 없습니다.")
    if not has_seen(session, member, row.id):
        raise Conflict(
            "Play an answer or read its transcript first, then rate.",
            "먼저 답변을 재생하거나 받아쓴 글을 읽은 뒤에 평가해 주십시오.",
            code="unseen",
        )
    kept = {rating.criterion: rating for rating in own_ratings(session, member, row.id)}
    for criterion, level in levels.items():
        rating = kept.get(criterion) or Rating(
            organisation_id=row.organisation_id, interview_id=row.id, staff_id=member.id, criterion=criterion
        )
        rating.level, rating.rated_at = level, database.now(session)
        session.add(rating)
    row.opening.revision += 1
    _record(session, member, row, "interview rated", levels=dict(levels), suggested=_suggested(session, row))


def decide(session: Session, member: Member, interview_id: str, kind: str, *, reason: str) -> None:
    """Keeps a decision with its reason. Raises Conflict that names, in words, what is still missing (KR-5).

    It replaces the one in force, whose letter is stopped if it has not left yet.
    """
    member.must_be("owner", "recruiter")
    outcomes.locked(session, interview_id)
    row = interview(session, interview_id)
    if kind not in decisions.KINDS:
        raise Invalid("Choose a decision.", "결정을 골라 주십시오.", code="kind")
    lacks = decisions.missing(
        kind, rated=rated_in_full(session, member, row), seen=has_seen(session, member, row.id), reason=reason
    )
    if lacks:
        sentences = (" ".join(lack.en for lack in lacks), " ".join(lack.ko for lack in lacks))
        raise Conflict(*sentences, code="missing")
    tidy = reason.strip()[:LONGEST_REASON]
    before = outcomes.in_force(session, row.id)
    if before is not None:
        outcomes.unsend(session, member, row, before)
    decision = Decision(
        organisation_id=row.organisation_id, interview_id=row.id, staff_id=member.id, kind=kind, reason=tidy
    )
    decision.created_at = database.now(session)
    session.add(decision)
    session.flush()
    # a reason may name or describe the person: it is sealed with their key
    _record(session, member, row, "decision made", naming={"reason": tidy}, kind=kind)


def ask_again(session: Session, member: Member, answer_id: str) -> str:
    """Puts an answer that could not be processed back to the worker; returns its interview's id."""
    answer = session.get(Answer, answer_id, options=[selectinload(Answer.work), selectinload(Answer.interview)])
    if answer is None:
        raise NotFound
    if answer.reason_code != "failed":
        raise Conflict("This answer was processed.", "이미 처리된 답변입니다.")
    results.try_again(session, answer)
    audit.append(session, member.actor, "answer tried again", f"answer:{answer.id}")
    return answer.interview_id


def own_ratings(session: Session, member: Member, interview_id: str) -> list[Rating]:
    """The member's own ratings of one interview."""
    wanted = select(Rating).where(Rating.interview_id == interview_id, Rating.staff_id == member.id)
    return list(session.scalars(wanted))


def rated_in_full(session: Session, member: Member, row: Interview) -> bool:
    """Whether the member gave a level for every criterion."""
    criteria = {item["id"] for item in row.opening.rubric.criteria}
    return criteria <= {rating.criterion for rating in own_ratings(session, member, row.id)}


def has_seen(session: Session, member: Member, interview_id: str) -> bool:
    """Whether the server gave the member an answer of this interview or its transcript."""
    return _was_given(session, member, interview_id, SEEN)


def has_played(session: Session, member: Member, interview_id: str) -> bool:
    """Whether the server gave the member a recording of this interview."""
    return _was_given(session, member, interview_id, ("answer",))


def _was_given(session: Session, member: Member, interview_id: str, what: Sequence[str]) -> bool:
    looked = select(View.id).where(View.interview_id == interview_id, View.staff_id == member.id, View.what.in_(what))
    return session.scalars(looked).first() is not None


def _is_level(level: int) -> bool:
    return LOWEST_LEVEL <= level <= HIGHEST_LEVEL


def _has_answer(session: Session, row: Interview) -> bool:
    received = select(Answer.id).where(Answer.interview_id == row.id, Answer.state.in_(RECEIVED))
    return session.scalars(received).first() is not None


def _suggested(session: Session, row: Interview) -> list[float]:
    """The machine's points that stand at this moment, answer by answer."""
    scores = select(ScoreRow.score).join(Answer, Answer.id == ScoreRow.answer_id)
    found = session.scalars(scores.where(Answer.interview_id == row.id, ScoreRow.withdrawn_at.is_(None)))
    return [float(score["points"]) for score in found if score]


def _record(
    session: Session,
    member: Member,
    row: Interview,
    action: str,
    *,
    naming: dict[str, str] | None = None,
    **details: object,
) -> None:
    person = row.candidate.person
    audit.append(
        session, member.actor, action, f"interview:{row.id}", person=person, details=dict(details), naming=naming
    )
