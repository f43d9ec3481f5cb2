"""The one task: claim a piece of work, do it, record what came of it. Safe to run twice."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from interview_ai import answers, jobs, results
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import LeaseLost
from interview_ai.jobs import TASK, Lease
from interview_ai.library import questions
from interview_ai.rules.evidence import rubric_from
from interview_ai.rules.lifecycle import HEARTBEAT_S
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Opening
from worker import pipeline
from worker.app import app
from worker.pipeline import Asked, Engines, Outcome

STOPPED_WAIT_S = 60
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assignment:
    """All that one piece of work needs, read before the database is let go."""

    lease: Lease
    segments: tuple[tuple[str, int], ...]
    asked: Asked
    stopped: bool


def name() -> str:
    """This worker's name, by which the supervisor frees its leases when it dies."""
    return settings().worker_name or f"{socket.gethostname()}:{os.getpid()}"


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def work(work_id: str) -> None:
    """Claims, works, records. A failure is counted on the row; the timetable brings it back or hands it to a person."""
    with transaction(EVERYWHERE) as session:
        lease = jobs.claim(session, work_id, name())
    if lease is None:
        return
    try:
        _perform(assignment(lease))
    except LeaseLost:
        log.info("work %s now belongs to another worker", work_id)
    except Exception as error:  # the worker's one boundary: the row keeps what happened
        log.exception("work %s failed", work_id)
        _count_failure(lease, type(error).__name__)


def assignment(lease: Lease) -> Assignment:
    """What is to be done for a lease: the recording's segments and what was asked."""
    with reading(lease.organisation_id) as session:
        loaded = selectinload(Answer.interview).selectinload(Interview.opening)
        answer = session.scalars(
            select(Answer)
            .where(Answer.id == lease.answer_id)
            .options(selectinload(Answer.segments), selectinload(Answer.question), loaded.selectinload(Opening.rubric))
        ).one()
        opening = answer.interview.opening
        language = opening.language
        asked = Asked(
            question=answer.question.text_ko if language == "ko" else answer.question.text_en,
            language=language,
            rubric=rubric_from(opening.rubric.version, opening.rubric.criteria),
            other_questions=questions(language),
            demonstration=opening.demonstration,
        )
        kept = tuple((part.id, part.length or 0) for part in answer.segments if part.sha256 is not None)
        return Assignment(lease, kept, asked, opening.scoring_stopped_at is not None)


def _perform(given: Assignment) -> None:
    if given.stopped and given.lease.kind == "assess":
        with transaction(given.lease.organisation_id) as session:
            jobs.postpone(session, given.lease, STOPPED_WAIT_S)
        return
    folder = Path(tempfile.mkdtemp(prefix="onterview-"))
    try:
        with beating(given.lease):
            outcome = _read(given, folder)
            _record(given.lease, outcome)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(given: Assignment, folder: Path) -> Outcome:
    recording = [storage().fetch(part, folder, length) for part, length in given.segments]
    if given.lease.kind == "prepare":
        return pipeline.prepare(recording, folder)
    engines = Engines(settings().speech_engine, settings().speech_model, settings().models)
    return pipeline.assess(recording, given.asked, engines, folder)


def _record(lease: Lease, outcome: Outcome) -> None:
    """Files first, under the token's own name; then one fenced transaction. A late worker's files go again."""
    made = {"playable": outcome.playable, "poster": outcome.poster, "sound": outcome.sound}
    kept = {name: _keep(lease, path, name) for name, path in made.items()}
    try:
        with transaction(lease.organisation_id) as session:
            jobs.finish(session, lease)
            answer = session.get_one(Answer, lease.answer_id)
            answers.move(answer, "assessing")
            results.keep_recording(session, answer, outcome.assessment.facts, joins=outcome.joins, **kept)
            reason = outcome.assessment.reason
            if lease.kind == "prepare":
                results.hand_to_person(session, answer, reason.code if reason else "people_only")
            else:
                results.record(session, answer, outcome.assessment)
    except LeaseLost:
        for key in filter(None, kept.values()):
            storage().delete(key)
        raise


def _keep(lease: Lease, path: Path | None, name: str) -> str | None:
    if path is None:
        return None
    key = f"answers/{lease.answer_id}/{lease.token}-{name}{path.suffix}"
    storage().put(key, path)
    return key


def _count_failure(lease: Lease, error: str) -> None:
    try:
        with transaction(lease.organisation_id) as session:
            if jobs.fail(session, lease, error):
                give_up(session.get_one(Answer, lease.answer_id, options=[selectinload(Answer.interview)]))
    except LeaseLost:
        log.info("work %s now belongs to another worker", lease.work_id)


def give_up(answer: Answer) -> None:
    """After the last attempt a person must look; a failed step is never a low score."""
    answer.reason_code = "failed"
    answer.state = "needs_person"


@contextmanager
def beating(lease: Lease) -> Iterator[None]:
    """Extends the lease every 30 s in a thread of its own while the work goes on."""
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(lease, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(lease: Lease, done: threading.Event) -> None:
    while not done.wait(HEARTBEAT_S):
        try:
            with transaction(lease.organisation_id) as session:
                jobs.heartbeat(session, lease)
        except LeaseLost:
            return  # the fenced UPDATE at the end refuses the result
