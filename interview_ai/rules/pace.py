"""When the messages of a campaign leave: so many a minute, and none in its quiet hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from interview_ai.rules import quiet_hours

STEP = timedelta(minutes=15)
LONGEST = timedelta(days=400)
BURST = timedelta(seconds=10)
"""What was not sent while nobody could is not caught up at once."""

Hours = tuple[int | None, int | None]


def span(at: datetime, count: int, per_minute: int, quiet: Hours) -> tuple[datetime, datetime]:
    """When the first of `count` messages leaves and when about the last, if sending begins at `at`."""
    first = last = quiet_hours.ends_at(at, *quiet)
    left = each(per_minute) * max(0, count - 1)
    while left > timedelta(0) and last - first < LONGEST:
        last = quiet_hours.ends_at(last, *quiet)
        some = min(STEP, left)
        last += some
        left -= some
    return first, last


def each(per_minute: int) -> timedelta:
    """The time between two messages."""
    return timedelta(minutes=1) / max(1, per_minute)


def allowed(due: datetime, at: datetime, per_minute: int) -> tuple[int, datetime]:
    """How many may leave at `at` when the next was due at `due`, and from which moment on they count."""
    begins = max(due, at - BURST)
    return (0 if begins > at else (at - begins) // each(per_minute) + 1), begins
