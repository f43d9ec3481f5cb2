"""What happens every few seconds: stuck work goes back, doorbells ring again, mails leave, new weights are used."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from sqlalchemy.exc import DBAPIError

from interview_ai import jobs, mail, results
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.rules.lifecycle import SWEEP_S
from interview_ai.settings import settings
from interview_ai.tables import Answer
from models import speech
from worker.tasks import give_up

MAIL_S = 2
log = logging.getLogger(__name__)


def sweep() -> None:
    """One round over the work rows. Safe in many copies at once."""
    with transaction(EVERYWHERE) as session:
        for work in jobs.expired(session):
            give_up(session.get_one(Answer, work.answer_id))
        jobs.ring_due(session)
    pick_up()


def pick_up() -> int:
    """Answers that waited for a recogniser which is now installed are assessed; returns how many."""
    languages = speech.languages(settings().models)
    with transaction(EVERYWHERE) as session:
        waiting = results.waiting_for_recogniser(session, languages)
        for answer in waiting:
            results.try_again(session, answer)
    return len(waiting)


def _guarded(step: str, call: Callable[[], object]) -> None:
    """A database that is away for a while must not end the timetable."""
    try:
        call()
    except DBAPIError as error:
        log.warning("%s: the database is away (%s)", step, type(error).__name__)


def run() -> None:
    """Until SIGTERM or SIGINT: mails every 2 s, a sweep every 15 s."""
    stop = threading.Event()

    def ask_to_stop(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    swept = float("-inf")
    while not stop.is_set():
        if time.monotonic() - swept >= SWEEP_S:
            _guarded("sweep", sweep)
            swept = time.monotonic()
        _guarded("mails", mail.send_due)
        stop.wait(MAIL_S)


if __name__ == "__main__":
    run()
