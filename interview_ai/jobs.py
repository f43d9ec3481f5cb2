"""The queue: a row per piece of work is the truth, a Celery message is only a doorbell that says which."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from celery import Celery
from kombu.entity import Queue
from kombu.exceptions import OperationalError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from interview_ai import database
from interview_ai.errors import LeaseLost
from interview_ai.rules.lifecycle import (
    LEASE_S,
    MAX_ATTEMPTS,
    MAX_CRASHES,
    MAX_OUTSTANDING_RINGS,
    MAX_RING_WAIT_S,
    ring_wait_s,
)
from interview_ai.settings import settings
from interview_ai.tables import Work

QUEUE = "answers"
TASK = "work"
RETRY_S = 5
MAX_DELIVERIES = 10
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one row until it expires; `token` is the fence."""

    work_id: str
    answer_id: str
    organisation_id: str
    kind: str
    token: str


@cache
def celery_app() -> Celery:
    """Celery as a doorbell: no results, no retries, no events; the broker of the settings."""
    app = Celery("onterview", broker=settings().broker, include=[])
    app.conf.update(
        task_default_queue=QUEUE,
        task_queues=(_queue(),),
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_publish_retry=False,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_transport(),
        timezone="UTC",
    )
    return app


def _queue() -> Queue:
    """Replicated on RabbitMQ; a message that kills ten workers is dropped there, for its row rings again."""
    durable = {"x-queue-type": "quorum", "x-delivery-limit": MAX_DELIVERIES}
    arguments = durable if settings().broker.startswith("amqp") else None
    return Queue(QUEUE, routing_key=QUEUE, queue_arguments=arguments)  # type: ignore[no-untyped-call]


def _transport() -> dict[str, Any]:
    scheme = settings().broker.split(":", 1)[0]
    if scheme == "filesystem":
        bells = settings().home / "doorbells"
        for folder in ("queue", "control"):
            (bells / folder).mkdir(parents=True, exist_ok=True)
        queue = str(bells / "queue")
        return {
            "data_folder_in": queue,
            "data_folder_out": queue,
            "control_folder": str(bells / "control"),
            "polling_interval": 0.2,
        }
    if scheme.startswith("redis"):
        return {"visibility_timeout": 3600, "socket_connect_timeout": 2}
    return {"confirm_publish": True}


def add(session: Session, answer_id: str, organisation_id: str, *, kind: str, digest: str) -> None:
    """Inserts the work row in the caller's transaction; the doorbell rings after the commit.

    The same answer, kind and input is one row for ever: a repeated call changes nothing.
    """
    there = select(Work.id).where(Work.answer_id == answer_id, Work.kind == kind, Work.input_digest == digest)
    if session.scalars(there).first():
        return
    work = Work(answer_id=answer_id, organisation_id=organisation_id, kind=kind, input_digest=digest)
    work.next_at = work.rung_at = database.now(session)
    work.rings = 1
    session.add(work)
    session.flush()
    database.after_commit(session, partial(ring, work.id))


def again(session: Session, work: Work) -> None:
    """Gives a finished, failed or dead row a fresh start; the doorbell rings after the commit."""
    work.state = "pending"
    work.attempts = work.crashes = work.rings = 0
    work.lease_token = work.lease_until = work.worker = work.error = work.finished_at = None
    work.next_at = database.now(session)
    session.flush()
    database.after_commit(session, partial(ring, work.id))


def ring(work_id: str) -> None:
    """Sends the doorbell. A broker that is away is no error: the timetable rings again."""
    try:
        celery_app().send_task(TASK, args=[work_id], queue=QUEUE, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker away, the timetable will ring again: %s", type(error).__name__)


def claim(session: Session, work_id: str, worker: str) -> Lease | None:
    """Takes a pending row with one conditional UPDATE; None: somebody else has it, or it is not due."""
    moment = database.now(session)
    token = secrets.token_hex(16)
    change = (
        update(Work)
        .where(Work.id == work_id, Work.state == "pending", Work.next_at <= moment)
        .values(state="leased", lease_token=token, lease_until=_until(moment), worker=worker, step="waiting")
    )
    if not database.changed(session, change):
        return None
    work = session.get_one(Work, work_id, populate_existing=True)
    return Lease(work.id, work.answer_id, work.organisation_id, work.kind, token)


def claim_companions(session: Session, worker: str, most: int) -> list[Lease]:
    """Up to `most` more answers that are due, oldest first, to be heard together with one that was claimed.

    Only such as never failed and never cost a worker its life: what may be poison works alone, so that no neighbour
    pays for it.
    """
    if most <= 0:
        return []
    clean = (Work.kind == "assess", Work.state == "pending", Work.attempts == 0, Work.crashes == 0)
    due = select(Work.id).where(*clean, Work.next_at <= database.now(session)).order_by(Work.created_at).limit(most)
    claimed = (claim(session, work_id, worker) for work_id in session.scalars(due).all())
    return [lease for lease in claimed if lease is not None]


def heartbeat(session: Session, lease: Lease, step: str | None = None) -> None:
    """Extends the lease and notes the step. Raises LeaseLost when the row is no longer ours."""
    values: dict[str, Any] = {"lease_until": _until(database.now(session))}
    if step:
        values["step"] = step
    _fenced(session, lease, values)


def finish(session: Session, lease: Lease) -> None:
    """Marks the row done. Raises LeaseLost when it is no longer ours: the caller's transaction then holds nothing."""
    _fenced(session, lease, {"state": "done", "finished_at": database.now(session), "lease_token": None, "step": None})


def postpone(session: Session, lease: Lease, seconds: int) -> None:
    """Puts the row back untouched, due again in so many seconds."""
    due = database.now(session) + timedelta(seconds=seconds)
    _fenced(session, lease, {"state": "pending", "lease_token": None, "next_at": due, "step": None})


def fail(session: Session, lease: Lease, error: str) -> bool:
    """Counts a handled failure; returns whether the row is dead, so that a person must look."""
    work = session.get_one(Work, lease.work_id)
    dead = work.attempts + 1 >= MAX_ATTEMPTS
    due = database.now(session) + timedelta(seconds=RETRY_S * (work.attempts + 1))
    state = "dead" if dead else "pending"
    values = {"state": state, "attempts": work.attempts + 1, "error": error, "lease_token": None, "next_at": due}
    _fenced(session, lease, values)
    return dead


def call_off(session: Session, answer_id: str, *, kind: str) -> None:
    """Ends whatever is pending or leased for an answer; a worker that is at it loses its lease."""
    session.execute(
        update(Work)
        .where(Work.answer_id == answer_id, Work.kind == kind, Work.state.in_(("pending", "leased")))
        .values(state="failed", lease_token=None, error="called off", finished_at=database.now(session))
    )


def worker_died(session: Session, worker: str) -> int:
    """Makes the leases of a dead worker expire at once; returns how many."""
    change = update(Work).where(Work.worker == worker, Work.state == "leased")
    return database.changed(session, change.values(lease_until=database.now(session) - timedelta(seconds=1)))


def worker_stopped(session: Session, worker: str) -> int:
    """Gives back, uncounted, what a worker held that we stopped on purpose; returns how many rows."""
    change = update(Work).where(Work.worker == worker, Work.state == "leased")
    return database.changed(session, change.values(state="pending", lease_token=None, step=None, rung_at=None))


def expired(session: Session) -> Sequence[Work]:
    """Puts rows whose lease ran out back, each counted as a crash; returns those that died of it."""
    moment = database.now(session)
    rows = session.scalars(
        select(Work).where(Work.state == "leased", Work.lease_until < moment).with_for_update(skip_locked=True)
    ).all()
    for work in rows:
        work.crashes += 1
        work.state = "dead" if work.crashes >= MAX_CRASHES else "pending"
        work.error = f"the worker died at step {work.step or '?'}"
        work.lease_token = work.step = None
        work.next_at = moment
        work.rung_at = None
    session.flush()
    return [work for work in rows if work.state == "dead"]


def ring_due(session: Session) -> int:
    """Rings again for pending rows that are due and were not rung lately, never more than 200 outstanding."""
    moment = database.now(session)
    lately = moment - timedelta(seconds=MAX_RING_WAIT_S)
    pending = (Work.state == "pending", Work.next_at <= moment)
    outstanding = session.scalars(select(func.count(Work.id)).where(*pending, Work.rung_at > lately)).one()
    due = select(Work).where(*pending).order_by(Work.created_at).limit(MAX_OUTSTANDING_RINGS)
    rung = 0
    for work in session.scalars(due.with_for_update(skip_locked=True)):
        waited = work.rung_at is None or (moment - work.rung_at).total_seconds() >= ring_wait_s(work.rings)
        if not waited or outstanding + rung >= MAX_OUTSTANDING_RINGS:
            continue
        work.rung_at = moment
        work.rings += 1
        rung += 1
        database.after_commit(session, partial(ring, work.id))
    session.flush()
    return rung


def _until(moment: datetime) -> datetime:
    return moment + timedelta(seconds=LEASE_S)


def _fenced(session: Session, lease: Lease, values: dict[str, Any]) -> None:
    change = update(Work).where(Work.id == lease.work_id, Work.lease_token == lease.token, Work.state == "leased")
    if not database.changed(session, change.values(**values)):
        raise LeaseLost
