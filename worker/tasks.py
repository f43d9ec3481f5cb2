"""The one task: claim a piece of work, do it, record what came of it. Safe to run twice."""

from __future__ import annotations

import importlib
import logging
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import bleeps, jobs, rescoring, results
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import LeaseLost
from interview_ai.jobs import TASK, Lease
from interview_ai.rules.lifecycle import HEARTBEAT_S, move
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Opening
from models.speech import Heard
from worker import assignments, pipeline, second_opinion
from worker.app import app
from worker.judging import Asked
from worker.pipeline import Engines, Outcome, Watched

STOPPED_WAIT_S = 60
# what is done by itself is loaded once it is called for: scikit-learn costs each worker 86 MB
BY_ITSELF = {rescoring.KIND: "worker.rescoring", bleeps.KIND: "worker.bleeping"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assignment:
    """All that one piece of work needs, read before the database is let go."""

    lease: Lease
    segments: tuple[tuple[str, int], ...]
    asked: Asked
    folder: Path


def name() -> str:
    """This worker's name, by which the supervisor frees its leases when it dies."""
    return settings().worker_name or f"{socket.gethostname()}:{os.getpid()}"


@app.task(name=TASK)  # type: ignore[untyped-decorator]
def work(work_id: str) -> None:
    """Claims, works, records. A failure is counted on the row; the timetable brings it back or hands it to a person."""
    with transaction(EVERYWHERE) as session:
        lease = jobs.claim(session, work_id, name())
        leases = [lease] if lease else []
        if lease and lease.kind == "assess":
            leases += jobs.claim_companions(session, name(), settings().batch - 1)
        for one in leases:
            _in_hand(session, one)
    if lease and lease.kind in BY_ITSELF:
        with counting(lease), beating(lease):
            perform: Callable[[Lease], None] = importlib.import_module(BY_ITSELF[lease.kind]).perform
            perform(lease)
        return
    with ExitStack() as held:
        _perform([given for one in leases for given in _begun(one, held)])


@contextmanager
def counting(*leases: Lease) -> Iterator[None]:
    """The worker's one boundary: whatever fails inside is counted on these rows, and on no other."""
    try:
        yield
    except LeaseLost:
        log.info("work now belongs to another worker: %s", ", ".join(lease.work_id for lease in leases))
    except Exception as error:  # the rows keep what happened
        log.exception("work failed: %s", ", ".join(lease.work_id for lease in leases))
        for lease in leases:
            _count_failure(lease, getattr(error, "code", "") or type(error).__name__)


def _in_hand(session: Session, lease: Lease) -> None:
    """The answer's state follows the claim, in its transaction."""
    answer = session.get_one(Answer, lease.answer_id)
    if lease.kind == "assess" and answer.state == "received":
        move(answer, "assessing")


def assignment(lease: Lease, folder: Path) -> Assignment:
    """What is to be done for a lease: the recording's segments and what was asked; `folder` takes what is made."""
    with reading(lease.organisation_id) as session:
        wanted = select(Answer).where(Answer.id == lease.answer_id)
        answer = session.scalars(wanted.options(selectinload(Answer.segments), *assignments.loading())).one()
        kept = tuple((part.id, part.length or 0) for part in answer.segments if part.sha256 is not None)
        return Assignment(lease, kept, assignments.asked(session, answer), folder)


def _begun(lease: Lease, held: ExitStack) -> list[Assignment]:
    """The assignment with a folder of its own and a heart that beats, or none where a machine may not work on it."""
    with counting(lease):
        with transaction(lease.organisation_id) as session:
            if not _may_go_on(session, lease):
                return []
        folder = Path(tempfile.mkdtemp(prefix="onterview-"))
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        held.enter_context(beating(lease))
        return [assignment(lease, folder)]
    return []


def _perform(given: Sequence[Assignment]) -> None:
    """Each is read by itself, all are heard together, and each is judged and recorded by itself."""
    engines = Engines(settings().speech_engine, settings().speech_model, settings().models, second_opinion.server())
    watched: list[tuple[Assignment, Watched]] = []
    for one in given:
        with counting(one.lease):
            found = _read(one, engines)
            if isinstance(found, Outcome):
                _record(one.lease, found)
            else:
                _at(one.lease, "listening")
                watched.append((one, found))
    heard: list[Heard | None] = []
    with counting(*(one.lease for one, _ in watched)):
        heard = pipeline.listen([found for _, found in watched], engines)
    for (one, found), words in zip(watched, heard, strict=False):  # nothing was heard where listening failed
        with counting(one.lease):
            _at(one.lease, "judging")
            _record(one.lease, pipeline.judge(found, words, engines.rater))


def _may_go_on(session: Session, lease: Lease) -> bool:
    """Whether a machine may judge this answer now: asked before the work, and again in the transaction that keeps it.

    KR-1, US-1: people only ends it for good (LeaseLost). EU-5: the opening's stop switch puts it off.
    """
    if lease.kind != "assess":
        return True
    answer = session.get_one(Answer, lease.answer_id)
    interview = session.get_one(Interview, answer.interview_id, with_for_update=True, populate_existing=True)
    if interview.mode != "ai":
        jobs.call_off(session, answer.id, kind="assess")
        return False
    stopped = session.scalars(select(Opening.scoring_stopped_at).where(Opening.id == interview.opening_id)).one()
    if stopped is not None:
        move(answer, "received")
        jobs.postpone(session, lease, STOPPED_WAIT_S)
    return stopped is None


def _read(given: Assignment, engines: Engines) -> Watched | Outcome:
    _at(given.lease, "reading")
    recording = [storage().fetch(part, given.folder, length) for part, length in given.segments]
    if given.lease.kind == "prepare":
        return pipeline.prepare(recording, given.folder)
    return pipeline.watch(recording, given.asked, engines, given.folder)


def _at(lease: Lease, step: str) -> None:
    """Notes where the work is, for the page that waits for it. Raises LeaseLost, which ends it early."""
    with transaction(lease.organisation_id) as session:
        jobs.heartbeat(session, lease, step)


def _record(lease: Lease, outcome: Outcome) -> None:
    """Files first, under the token's own name; then one fenced transaction. Files of a result not kept go again."""
    made = {"playable": outcome.playable, "poster": outcome.poster, "sound": outcome.sound}
    keys = {name: _keep(lease, path, name) for name, path in made.items()}
    stems = pipeline.stems(outcome)
    kept = False
    try:
        with transaction(lease.organisation_id) as session:
            if _may_go_on(session, lease):
                _result(session, lease, outcome, keys, stems=stems)
                kept = True
    finally:
        for key in filter(None, () if kept else keys.values()):
            storage().delete(key)


def _result(
    session: Session,
    lease: Lease,
    outcome: Outcome,
    keys: dict[str, str | None],
    *,
    stems: Sequence[tuple[str, int]],
) -> None:
    jobs.finish(session, lease)
    answer = session.get_one(Answer, lease.answer_id)
    move(answer, "assessing")
    results.keep_recording(session, answer, outcome.assessment.facts, **keys)
    results.keep_outline(answer, outcome.joins, outcome.peaks, outcome.looked_with)
    reason = outcome.assessment.reason
    if lease.kind == "prepare":
        results.hand_to_person(session, answer, reason.code if reason else "people_only")
    else:
        results.record(session, answer, outcome.assessment, stems)
        bleeps.ask(session, answer)
        interview = session.get_one(Interview, answer.interview_id)
        rescoring.follow(session, interview.opening_id)


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
                give_up(session, lease.answer_id, lease.kind)
    except LeaseLost:
        log.info("work %s now belongs to another worker", lease.work_id)


def give_up(session: Session, answer_id: str, kind: str) -> None:
    """After the last attempt a person must look; a failed step is never a low score, and never takes points away."""
    if kind in BY_ITSELF:
        return  # the page of calibrations says so, and the page of the candidate
    results.hand_to_person(session, session.get_one(Answer, answer_id), "failed")


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
