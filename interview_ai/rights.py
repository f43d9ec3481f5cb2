"""What a candidate may ask for at any time and gets at once: people only, no machine."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, jobs
from interview_ai.applicants import Applicant
from interview_ai.interviews import keep_consent
from interview_ai.rules.lifecycle import RECEIVED, move
from interview_ai.tables import Answer, Interview, Opening, ScoreRow


def people_only(session: Session, applicant: Applicant) -> None:
    """KR-1: from now on people alone look at this interview; whatever a machine suggested leaves every list at once."""
    interview = session.get_one(Interview, applicant.interview_id, with_for_update=True)
    if interview.mode == "people":
        return
    interview.mode = "people"
    keep_consent(session, interview, mode="people", language=applicant.language)
    # locked and read anew: a worker that commits at this moment is either before this or refused after it
    locked = select(Answer).where(Answer.interview_id == interview.id).with_for_update()
    for answer in session.scalars(locked.execution_options(populate_existing=True)):
        jobs.call_off(session, answer.id, kind="assess")
        if answer.state in RECEIVED:
            _without_machine(session, answer)
    opening = session.get_one(Opening, interview.opening_id)
    opening.revision += 1
    audit.append(session, applicant.actor, "people only chosen", f"interview:{interview.id}", person=applicant.person)


def _without_machine(session: Session, answer: Answer) -> None:
    score = session.scalars(select(ScoreRow).where(ScoreRow.answer_id == answer.id)).first()
    if score is not None:
        score.withdrawn_at = database.now(session)
    if answer.state == "unreadable":
        return
    if answer.playable_key is None:
        move(answer, "received")
        jobs.add(session, answer.id, answer.organisation_id, kind="prepare", digest=answer.id)
    else:
        move(answer, "needs_person")
        answer.reason_code = "people_only"
