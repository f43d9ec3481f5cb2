"""Answers of two candidates that are nearly the same: a flag for the people who review them, never a gate.

Whom an answer resembles is looked up once, when it is kept, and kept with both; whether they still count is asked by
who reads: somebody may have answered again since, or have chosen people only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session, aliased

from interview_ai.rules import duplicates
from interview_ai.rules.lifecycle import RECEIVED
from interview_ai.tables import Answer, Interview, SketchKey, TranscriptRow

BATCH = 500


@dataclass(frozen=True, slots=True)
class Twin:
    """Another candidate's answer to the same question in nearly the same words."""

    interview_id: str
    number: int


def twins(session: Session, answer: Answer) -> tuple[Twin, ...]:
    """Whose answer to this question, by the take that counts, is nearly the same; not among who chose people only."""
    interview = session.get_one(Interview, answer.interview_id)
    if interview.mode != "ai" or answer.transcript is None:
        return ()
    found = counting(session, answer.transcript.twins or ())
    return tuple(sorted(found.values(), key=lambda twin: twin.number))


def counting(session: Session, answer_ids: Collection[str]) -> dict[str, Twin]:
    """Those of the answers that count: the newest received take of somebody whom a machine may read."""
    if not answer_ids:
        return {}
    newer = aliased(Answer)
    again = exists().where(
        newer.interview_id == Answer.interview_id,
        newer.question_id == Answer.question_id,
        newer.take > Answer.take,
        newer.state.in_(RECEIVED),
    )
    wanted = select(Answer.id, Interview.id, Interview.number).join(Interview, Interview.id == Answer.interview_id)
    here = (Answer.id.in_(answer_ids), Answer.state.in_(RECEIVED), Interview.mode == "ai", ~again)
    return {answer: Twin(interview, number) for answer, interview, number in session.execute(wanted.where(*here))}


def keep(session: Session, answer: Answer) -> None:
    """Looks up whom an answer with a new transcript resembles and keeps it with both; whom it did before, no longer.

    Two answers at once find each other because whoever records holds the opening's row.
    """
    session.flush()
    here = session.scalars(select(TranscriptRow).where(TranscriptRow.answer_id == answer.id)).one_or_none()
    sketch = (here.sketch or []) if here else []
    found = _alike(session, answer, sketch)
    before = _looked_up(session, answer)
    for other in session.scalars(select(TranscriptRow).where(TranscriptRow.answer_id.in_({*found, *before}))):
        without = [one for one in other.twins or () if one != answer.id]
        other.twins = [*without, answer.id] if other.answer_id in found else without
    session.execute(delete(SketchKey).where(SketchKey.answer_id == answer.id))
    if here and found:
        here.twins = list(found)
    else:
        _lonely(session, [answer.id])
    whose = {"answer_id": answer.id, "question_id": answer.question_id, "organisation_id": answer.organisation_id}
    if sketch:
        session.execute(insert(SketchKey), [{"key": key, **whose} for key in sorted(set(duplicates.keys(sketch)))])


def _looked_up(session: Session, answer: Answer) -> set[str]:
    """Whom the keys that are kept of an answer lead to: among them whoever resembled its transcript so far."""
    other = aliased(SketchKey)
    met = select(other.answer_id).join(
        SketchKey, (SketchKey.question_id == other.question_id) & (SketchKey.key == other.key)
    )
    return set(session.scalars(met.where(SketchKey.answer_id == answer.id, other.answer_id != answer.id)))


def _alike(session: Session, answer: Answer, sketch: list[int]) -> tuple[str, ...]:
    if not sketch:
        return ()
    met = select(SketchKey.answer_id).where(
        SketchKey.question_id == answer.question_id, SketchKey.key.in_(duplicates.keys(sketch))
    )
    wanted = (
        select(Answer.id, TranscriptRow.sketch)
        .join(TranscriptRow, TranscriptRow.answer_id == Answer.id)
        .where(Answer.id.in_(met), Answer.interview_id != answer.interview_id)
    )
    others = {one: kept or () for one, kept in session.execute(wanted)}
    return duplicates.alike(sketch, others)


def beside(session: Session, interview_ids: Iterable[str]) -> set[str]:
    """The interviews with an answer that is nearly the same as one of these."""
    own = select(TranscriptRow.twins).join(Answer, Answer.id == TranscriptRow.answer_id)
    kept = session.scalars(own.where(Answer.interview_id.in_(list(interview_ids))))
    answers = {one for twins in kept for one in twins or ()}
    return set(session.scalars(select(Answer.interview_id).where(Answer.id.in_(answers)))) if answers else set()


def fill(session: Session) -> None:
    """The same for transcripts that were kept before anybody looked: an installation that was migrated."""
    unseen = select(TranscriptRow.answer_id, TranscriptRow.sketch).where(TranscriptRow.twins.is_(None))
    sketched: list[str] = []
    for batch in session.execute(unseen.execution_options(yield_per=BATCH)).partitions():
        sketched += [answer_id for answer_id, sketch in batch if sketch]
    for answer_id in sketched:
        keep(session, session.get_one(Answer, answer_id))
    untold = update(TranscriptRow).where(TranscriptRow.twins.is_(None)).values(twins=[])
    session.execute(untold.execution_options(synchronize_session=False))


def _lonely(session: Session, answer_ids: Collection[str]) -> None:
    """Nobody's resemble them: nothing of their standing changes by that, so that it is not derived anew."""
    nobody = update(TranscriptRow).where(TranscriptRow.answer_id.in_(answer_ids)).values(twins=[])
    session.execute(nobody.execution_options(synchronize_session="fetch"))
