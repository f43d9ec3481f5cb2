"""The log: one JSON object a line on standard error, with ids and numbers but no names, addresses or links."""

from __future__ import annotations

import json
import logging
import logging.config
import traceback
from datetime import UTC, datetime

OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
"""What every record has; anything else was given with `extra` and is written as a field of its own."""

QUIET = ("httpx", "httpx2", "httpcore", "alembic", "kombu", "amqp", "celery.worker.strategy", "celery.app.trace")
"""Their messages at INFO hold addresses, or say for every task what the database says better."""


FAILED = "celery.app.trace"
"""Where celery says that a task failed: with the error's own words, its traceback and what the task was given."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON: at, level, from, says; with a traceback's last lines where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "says": "a task failed" if record.name == FAILED else record.getMessage(),
        }
        given = vars(record).items() if record.name != FAILED else ()
        line |= {name: value for name, value in given if name not in OWN}
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["where"] = _where(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _where(error: BaseException) -> list[str]:
    """File, line and function of each frame. Not the message, which may quote what a person typed."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]


def configuration(level: str) -> dict[str, object]:
    """For `logging.config`: everything to standard error, uvicorn's list of requests left out (it shows links)."""
    quiet: dict[str, object] = {name: {"level": "WARNING"} for name in QUIET}
    through: dict[str, object] = {name: {"handlers": [], "propagate": True} for name in ("uvicorn", "uvicorn.error")}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "interview_ai.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": quiet | through | {"uvicorn.access": {"handlers": [], "propagate": False}},
        "root": {"level": level, "handlers": ["stderr"]},
    }


def begin(level: str) -> None:
    """Sets this process's log up; whatever a library set up before is replaced."""
    logging.config.dictConfig(configuration(level))
