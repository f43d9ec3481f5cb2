"""What the worker found in an answer: kept, replaced, handed to a person, tried again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from interview_ai import audit, bleeps, database, jobs, resembling, search
from interview_ai.rules.duplicates import sketch
from interview_ai.rules.evidence import Assessment, Facts, as_json
from interview_ai.rules.lifecycle import AnswerState, move
from interview_ai.storage import storage
from interview_ai.tables import Answer, EvidenceRow, Interview, Opening, ScoreRow, TranscriptRow


def keep_recording(
    session: Session,
    answer: Answer,
    facts: Facts | None,
    *,
    playable: str | None,
    poster: str | None,
    sound: str | None,
) -> None:
    """What the recording is, where its playable file lies, its poster and its sound alone."""
    answer.facts = as_json(facts) if facts else None
    before = {answer.playable_key, answer.poster_key, answer.sound_key}
    answer.playable_key = playable or answer.playable_key
    answer.poster_key = poster or answer.poster_key
    if sound:
        bleeps.forget(session, answer)
        answer.sound_key = sound
    for key in filter(None, before - {answer.playable_key, answer.poster_key, answer.sound_key}):
        database.after_commit(session, partial(storage().delete, key))


def keep_outline(
    answer: Answer, joins: Sequence[tuple[int, float]], peaks: Sequence[int], looked_with: str | None
) -> None:
    """Where segments join, the waveform, and who counted faces."""
    answer.joins = [list(join) for join in joins]
    answer.peaks, answer.looked_with = list(peaks), looked_with


def record(session: Session, answer: Answer, assessment: Assessment, stems: Iterable[tuple[str, int]] = ()) -> None:
    """Keeps what the machine found, in the transaction that also finishes the work row; replaces an earlier result.

    `stems`: morphemes of the transcript by which the answer is found too, each with where it begins.
    """
    for table in (TranscriptRow, EvidenceRow, ScoreRow):
        session.execute(delete(table).where(table.answer_id == answer.id))
    session.expire(answer, ["transcript", "evidence", "score"])
    _keep_transcript(session, answer, assessment)
    for item in assessment.evidence:
        session.add(EvidenceRow(organisation_id=answer.organisation_id, answer_id=answer.id, **as_json(item)))
    interview = session.get_one(Interview, answer.interview_id, options=[selectinload(Interview.candidate)])
    session.add(
        ScoreRow(
            organisation_id=answer.organisation_id,
            answer_id=answer.id,
            person=interview.candidate.person,
            score=as_json(assessment.score) if assessment.score else None,
            reason=as_json(assessment.reason) if assessment.reason else None,
            gates=[as_json(gate) for gate in assessment.gates],
            delivery=as_json(assessment.delivery) if assessment.delivery else None,
            versions=dict(assessment.versions),
            opinion=as_json(assessment.opinion) if assessment.opinion else None,
        )
    )
    answer.reason_code = assessment.reason.code if assessment.reason else None
    answer.assessed_at = database.now(session)
    move(answer, _state_after(assessment))
    search.keep(session, answer.id, stems)
    _touch(session, interview.opening_id)
    resembling.keep(session, answer)
    details = {"reason": answer.reason_code, **assessment.versions}
    audit.append(
        session,
        audit.SERVICE,
        "answer assessed",
        f"answer:{answer.id}",
        organisation_id=answer.organisation_id,
        person=interview.candidate.person,
        details=details,
    )


def _state_after(assessment: Assessment) -> AnswerState:
    if assessment.score is not None:
        return "assessed"
    return "unreadable" if assessment.reason and assessment.reason.code == "unreadable" else "needs_person"


def _keep_transcript(session: Session, answer: Answer, assessment: Assessment) -> None:
    heard = assessment.transcript
    if heard is None:
        return
    session.add(
        TranscriptRow(
            organisation_id=answer.organisation_id,
            answer_id=answer.id,
            engine=heard.engine,
            model=heard.model,
            language=heard.language,
            text=heard.text,
            words=[as_json(word) for word in heard.words],
            sketch=list(sketch(heard.text)),
        )
    )


def hand_to_person(session: Session, answer: Answer, code: str) -> None:
    """No machine result: the answer stands with people, and the reason with it."""
    answer.reason_code = code
    move(answer, "unreadable" if code == "unreadable" else "needs_person")
    interview = session.get_one(Interview, answer.interview_id)
    _touch(session, interview.opening_id)


def _touch(session: Session, opening_id: str) -> None:
    """Whatever may change a standing raises the opening's revision."""
    opening = session.get_one(Opening, opening_id, with_for_update=True, populate_existing=True)
    opening.revision += 1


def waiting_for_recogniser(session: Session, languages: frozenset[str]) -> list[Answer]:
    """Answers that stopped for want of a recogniser of one of these languages."""
    wanted = (
        select(Answer)
        .join(Interview, Interview.id == Answer.interview_id)
        .join(Opening, Opening.id == Interview.opening_id)
        .where(Answer.state == "needs_person", Answer.reason_code == "no_recogniser")
        .where(Opening.language.in_(languages), Interview.mode == "ai")
    )
    return list(session.scalars(wanted.options(selectinload(Answer.work))))


def try_again(session: Session, answer: Answer) -> None:
    """Puts an answer back to the worker: weights arrived, or a person asked for it.

    US-1, KR-1: where the candidate chose people only, nothing but the file that plays is made again.
    """
    kind = "assess" if session.get_one(Interview, answer.interview_id).mode == "ai" else "prepare"
    move(answer, "received")
    answer.reason_code = None
    same = [work for work in answer.work if work.kind == kind]
    if not same:
        jobs.add(session, answer.id, answer.organisation_id, kind=kind, digest=answer.id)
    for work in same:
        if work.state in ("done", "dead", "failed"):
            jobs.again(session, work)
