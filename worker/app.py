"""The Celery application of a worker: delivery only; what is to be done stands in the database."""

from __future__ import annotations

import warnings

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging

from interview_ai import logs
from interview_ai.errors import Misconfigured
from interview_ai.jobs import celery_app
from interview_ai.settings import settings

SOLO = "solo"
# Celery warns root because of pickled messages; ours are JSON and nothing else is accepted
warnings.filterwarnings("ignore", category=SecurityWarning)


def create() -> Celery:
    """The application with its tasks; solo on the file system broker, where prefork deadlocks when a child dies."""
    made = celery_app()
    made.conf.include = ["worker.tasks", "worker.prompting", "worker.campaigning"]
    if settings().broker.startswith("filesystem"):
        made.conf.worker_pool = SOLO
    return made


@setup_logging.connect  # type: ignore[untyped-decorator]
def _log(**_: object) -> None:
    """Our own log: celery's would hold the words of every error, and with them what people typed."""
    logs.begin(settings().log_level)


def refuse_prefork(pool: str) -> None:
    """Raises Misconfigured for a pool that the embedded broker cannot carry."""
    if settings().broker.startswith("filesystem") and pool != SOLO:
        raise Misconfigured(
            "The file system broker works with --pool solo only; "
            "for prefork set INTERVIEW_BROKER_URL to RabbitMQ or Redis.",
            "파일 시스템 브로커는 --pool solo로만 쓸 수 있습니다. prefork를 쓰려면 INTERVIEW_BROKER_URL을 RabbitMQ나 "
            "Redis로 설정해 주세요.",
        )


app = create()
