"""The same worker over each broker that the settings may name, as processes: doorbells, pools, a broker that is away."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kombu import Connection
from sqlalchemy import select

from interview_ai import jobs
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Misconfigured
from interview_ai.tables import Answer, Work
from tests import cast
from tests.conftest import RABBITMQ, REDIS, forget
from tests.fixtures import speech
from tests.house import eventually, free_port
from tests.worker.test_tasks import received
from worker import timetable
from worker.app import refuse_prefork

pytestmark = pytest.mark.slow
SOLO = ("--pool", "solo")
PREFORK = ("--pool", "prefork", "--concurrency", "2")


@pytest.fixture(
    params=[pytest.param(REDIS, marks=pytest.mark.redis), pytest.param(RABBITMQ, marks=pytest.mark.rabbitmq)],
    ids=["redis", "rabbitmq"],
)
def broker(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh installation whose doorbells go over this broker; what an earlier test left in the queue is gone."""
    monkeypatch.setenv("INTERVIEW_BROKER_URL", request.param)
    forget()
    with Connection(request.param) as connection:
        connection.ensure_connection(max_retries=1, timeout=5)
        jobs.celery_app().amqp.queues[jobs.QUEUE](connection.default_channel).declare()
        connection.default_channel.queue_purge(jobs.QUEUE)
    yield request.param
    forget()


@contextmanager
def worker(home: Path, pool: tuple[str, ...]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker's process as an operator starts it."""
    command = [sys.executable, "-m", "celery", "-A", "worker.app", "worker", *pool, "--without-mingle", "-l", "WARNING"]
    with (home / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


@pytest.fixture
def silent(tmp_path: Path) -> bytes:
    """A recording in which nobody speaks: quick to judge."""
    return speech.recording(speech.silence(2), tmp_path / "silent.webm").read_bytes()


def judged() -> Answer | None:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer).where(Answer.state == "needs_person")).first()


@pytest.mark.parametrize("pool", [SOLO, PREFORK], ids=["solo", "prefork"])
def test_a_received_answer_is_worked_on_over_this_broker(
    home: Path, broker: str, pool: tuple[str, ...], silent: bytes
) -> None:
    jun = cast.jun()
    with worker(home, pool):
        received(jun, cast.minji(jun), silent)
        assert eventually(judged, within_s=60).reason_code == "no_speech"


def test_a_worker_of_a_pool_that_is_killed_at_work_loses_nothing(home: Path, broker: str, silent: bytes) -> None:
    jun = cast.jun()
    work = received(jun, cast.minji(jun), silent)
    with worker(home, PREFORK) as first:
        eventually(lambda: leased(work.id), within_s=60)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    with transaction(EVERYWHERE) as session:
        row = session.get_one(Work, work.id)
        assert row.worker is not None
        jobs.worker_died(session, row.worker)
    timetable.sweep()
    with worker(home, PREFORK):
        eventually(judged, within_s=60)


def leased(work_id: str) -> bool:
    with reading(EVERYWHERE) as session:
        return session.get_one(Work, work_id).state == "leased"


def test_an_answer_is_received_while_the_broker_is_away_and_rings_when_it_is_back(
    home: Path, broker: str, silent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheme, away = broker.split("://", 1)[0], free_port()
    monkeypatch.setenv("INTERVIEW_BROKER_URL", f"{scheme}://127.0.0.1:{away}/")
    forget()
    jun = cast.jun()
    work = received(jun, cast.minji(jun), silent)
    with reading(EVERYWHERE) as session:
        assert session.get_one(Answer, work.answer_id).state == "received"
    monkeypatch.setenv("INTERVIEW_BROKER_URL", broker)
    forget()
    with transaction(EVERYWHERE) as session:
        session.get_one(Work, work.id).rung_at = None
    timetable.sweep()
    with worker(home, SOLO):
        eventually(judged, within_s=60)


def test_prefork_on_the_embedded_broker_is_refused_with_what_to_do(home: Path) -> None:
    with pytest.raises(Misconfigured, match="INTERVIEW_BROKER_URL"):
        refuse_prefork("prefork")
