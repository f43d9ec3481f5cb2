"""Quiet hours in Korean time: whether campaigns may write to people now, and when they may again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

KOREAN_TIME = timezone(timedelta(hours=9))  # one zone, no summer time
FROM, UNTIL = 21, 8
"""By default from nine in the evening to eight in the morning."""
HOURS = 24


def is_quiet(at: datetime, begins: int | None = None, ends: int | None = None) -> bool:
    """Whether `at` lies in the quiet hours, from `begins` up to `ends` o'clock; the same hour twice: never."""
    first, last = _hours(begins, ends)
    hour = at.astimezone(KOREAN_TIME).hour
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def ends_at(at: datetime, begins: int | None = None, ends: int | None = None) -> datetime:
    """The first moment from `at` on that is not quiet."""
    if not is_quiet(at, begins, ends):
        return at
    _, last = _hours(begins, ends)
    here = at.astimezone(KOREAN_TIME)
    morning = here.replace(hour=last % HOURS, minute=0, second=0, microsecond=0)
    return (morning if morning > here else morning + timedelta(days=1)).astimezone(at.tzinfo)


def _hours(begins: int | None, ends: int | None) -> tuple[int, int]:
    return FROM if begins is None else begins, UNTIL if ends is None else ends
