"""Points that are worked out anew from stored words when a calibration begins or ends: asked for, and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, jobs
from interview_ai.rules import reasons, scoring
from interview_ai.rules.evidence import Score, as_json
from interview_ai.rules.lifecycle import move
from interview_ai.tables import Answer, Calibration, Interview, Opening, ScoreRow, Work, new_id

KIND = "rescore"
LEARNED = scoring.LEARNED


@dataclass(frozen=True, slots=True)
class Anew:
    """The score that one answer gets in place of the stored one (`row_id`); None: the machine abstains."""

    answer_id: str
    row_id: str
    score: Score | None
    scoring: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Whether an opening's points are being worked out anew, or whether that failed."""

    waiting: bool
    failed: bool


def ask(session: Session, opening_id: str) -> None:
    """Has a worker go through the opening once more; one that has not begun yet will see all that is there then."""
    pending = _work(opening_id).where(Work.state == "pending")
    answer = session.scalars(
        select(Answer)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(ScoreRow, ScoreRow.answer_id == Answer.id)
        .where(Interview.opening_id == opening_id)
        .limit(1)
    ).first()
    if answer is not None and not session.scalars(pending).first():
        jobs.add(session, answer.id, answer.organisation_id, kind=KIND, digest=new_id())


def follow(session: Session, opening_id: str) -> None:
    """After an answer was assessed by the rule: asks, where a calibration is in use."""
    used = (Calibration.opening_id == opening_id, Calibration.applied_at.is_not(None))
    if session.scalars(select(Calibration.id).where(*used, Calibration.withdrawn_at.is_(None))).first():
        ask(session, opening_id)


def progress(session: Session, opening_id: str) -> Progress:
    """How the newest piece of such work stands."""
    newest = session.scalars(_work(opening_id).order_by(Work.created_at.desc(), Work.id)).first()
    state = newest.state if newest else ""
    return Progress(state in ("pending", "leased"), state == "dead")


def _work(opening_id: str) -> Any:
    here = select(Work).join(Answer, Answer.id == Work.answer_id).join(Interview, Interview.id == Answer.interview_id)
    return here.where(Interview.opening_id == opening_id, Work.kind == KIND)


def keep(session: Session, opening_id: str, found: Iterable[Anew]) -> int:
    """Replaces stored scores; returns how many. One that was assessed again or withdrawn meanwhile stays (KR-1)."""
    kept = sum(_kept(session, one) for one in found)
    if kept:
        opening = session.get_one(Opening, opening_id, with_for_update=True, populate_existing=True)
        opening.revision += 1
    return kept


def _kept(session: Session, one: Anew) -> bool:
    row = session.scalars(
        select(ScoreRow).where(ScoreRow.id == one.row_id, ScoreRow.withdrawn_at.is_(None)).with_for_update()
    ).first()
    if row is None:
        return False
    answer = session.get_one(Answer, one.answer_id)
    reason = None if one.score else reasons.reason("abstained")
    row.score = as_json(one.score) if one.score else None
    row.reason = as_json(reason) if reason else None
    row.versions = {**row.versions, "scoring": one.scoring}
    answer.reason_code = reason.code if reason else None
    if one.score and answer.state == "needs_person":
        move(answer, "assessing")
    move(answer, "assessed" if one.score else "needs_person")
    details = {"reason": answer.reason_code, **row.versions}
    audit.append(
        session,
        audit.SERVICE,
        "answer scored anew",
        f"answer:{answer.id}",
        organisation_id=row.organisation_id,
        person=row.person,
        details=details,
    )
    return True
