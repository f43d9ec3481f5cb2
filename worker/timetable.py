"""What happens every few seconds: stuck work goes back, doorbells ring again, mails leave, new weights are used."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

from sqlalchemy.exc import DBAPIError

from interview_ai import (
    answers,
    bleeps,
    bounces,
    campaign_reading,
    campaign_reminders,
    campaigns,
    database,
    dispatch,
    idempotency,
    incidents,
    jobs,
    key_ends,
    logs,
    outcome_figures,
    prompts,
    results,
    roster_uploads,
    segments,
    sending,
    shown,
    tries,
    webhook_sending,
    webhooks,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict
from interview_ai.rules.lifecycle import SWEEP_S
from interview_ai.settings import settings
from interview_ai.storage import storage
from models import speech
from worker.tasks import give_up

MAIL_S = 2
FIGURES_S = 3600
log = logging.getLogger(__name__)


def sweep() -> None:
    """One round over the work rows. Safe in many copies at once."""
    with transaction(EVERYWHERE) as session:
        for work in jobs.expired(session):
            give_up(session, work.answer_id, work.kind)
        jobs.ring_due(session)
        prompts.ring_due(session)
        campaign_reading.ring_due(session)
        campaigns.forget_unconfirmed(session)
        shown.forget(session)
        idempotency.forget(session)
        webhooks.forget(session)
        tries.forget(session)
        key_ends.warn(session)
    pick_up()
    close_left_open()
    drop_ended_uploads()
    roster_uploads.sweep()


def pick_up() -> int:
    """Answers that waited for a recogniser which is now installed are assessed; returns how many."""
    languages = speech.languages(settings().models, settings().speech_model, settings().speech_engine)
    with transaction(EVERYWHERE) as session:
        waiting = results.waiting_for_recogniser(session, languages)
        for answer in waiting:
            results.try_again(session, answer)
    return len(waiting)


def bleep_older() -> int:
    """Sounds of blind openings that no rules went through, or older ones, are gone through; returns how many."""
    asked = 0
    while True:
        with transaction(EVERYWHERE) as session:
            found = bleeps.ask_for_older(session)
        asked += found
        if not found:
            return asked


def close_left_open() -> int:
    """Takes in what had arrived of answers whose candidates can send nothing more; returns how many were ended.

    A phone that died in the last minute must not cost its owner what the server already holds.
    """
    with reading(EVERYWHERE) as session:
        waiting = answers.left_open(session)
    for item in waiting:
        try:
            answers.receive(item.applicant, item.question_id, as_it_is=True)
        except Conflict as error:
            if error.code != "empty":
                continue  # a part is just being written: the next round takes it
            with transaction(item.applicant.organisation_id) as session:
                answers.abandon(session, item.answer_id)
        else:
            with transaction(item.applicant.organisation_id) as session:
                incidents.left_open(session, item.applicant, item.question_id)
    return len(waiting)


def drop_ended_uploads() -> int:
    """Forgets the bytes of uploads that were thrown away or whose answers were abandoned; safe to run twice."""
    with transaction(EVERYWHERE) as session:
        ended = segments.ended(session)
        for segment in ended:
            storage().drop(segment.id)
            segment.dropped_at = database.now(session)
    return len(ended)


def _guarded(step: str, call: Callable[[], object]) -> None:
    """A database that is away for a while must not end the timetable."""
    try:
        call()
    except DBAPIError as error:
        log.warning("%s: the database is away (%s)", step, type(error).__name__)


def _tell_webhooks(stop: threading.Event) -> None:
    """Beside the rest of the timetable: somebody else's slow server must hold no mail back."""
    try:
        while not stop.wait(MAIL_S):
            _guarded("webhooks", webhook_sending.send_due)
    finally:
        stop.set()  # a bug here ends the timetable, which is then started anew


def run() -> None:
    """Until SIGTERM or SIGINT: mails and webhooks every 2 s, a sweep every 15 s, figures of outcomes every hour."""
    logs.begin(settings().log_level)
    stop = threading.Event()

    def ask_to_stop(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    swept = told = float("-inf")
    _guarded("older sounds", bleep_older)
    threading.Thread(target=_tell_webhooks, args=(stop,), daemon=True).start()
    while not stop.is_set():
        if time.monotonic() - swept >= SWEEP_S:
            _guarded("sweep", sweep)
            _guarded("reminders", campaign_reminders.step)
            swept = time.monotonic()
        if time.monotonic() - told >= FIGURES_S:
            _guarded("figures of outcomes", outcome_figures.publish_all)
            told = time.monotonic()
        _guarded("campaigns", dispatch.step)
        _guarded("mails", sending.send_due)
        _guarded("returned mails", bounces.empty_maildir)
        stop.wait(MAIL_S)


if __name__ == "__main__":
    run()
