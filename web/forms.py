"""What people type into forms, read strictly: moments in Korean time, seconds of a recording, addresses to go on to."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from interview_ai.errors import Invalid
from web import words

SECOND = re.compile(r"(?:(?P<minutes>[0-9]{1,3}):(?=[0-5]?[0-9](?:\.|$)))?(?P<seconds>[0-9]{1,4}(?:\.[0-9]{1,2})?)")


def moment(text: str) -> datetime:
    """A `datetime-local` field, meant in Korean time, as UTC. Raises Invalid."""
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(
            "Please give a date and a time, for example 2026-12-03 18:00.",
            "날짜와 시각을 입력해 주십시오. 예: 2026-12-03 18:00",
            code="moment",
        ) from error
    return (typed if typed.tzinfo else typed.replace(tzinfo=words.KOREAN_TIME)).astimezone(UTC)


def typed_moment(value: datetime) -> str:
    """A moment as a `datetime-local` field shows it, in Korean time."""
    return value.astimezone(words.KOREAN_TIME).strftime("%Y-%m-%dT%H:%M")


def second(text: str) -> float:
    """A second of a recording as people write it: 1:05, 0:07.5 or 65. Raises Invalid."""
    found = SECOND.fullmatch(text.strip())
    if found is None:
        raise Invalid(
            "Write the time as minutes and seconds, for example 1:05.",
            "시각을 분과 초로 적어 주십시오. 예: 1:05",
            code="second",
        )
    return int(found["minutes"] or 0) * 60 + float(found["seconds"])


def own_address(text: str | None, *, otherwise: str) -> str:
    """A path on this site to go on to; anything that could lead elsewhere becomes `otherwise`."""
    plain = text or ""
    leads_away = not plain.startswith("/") or plain.startswith("//") or "\\" in plain or not plain.isprintable()
    return otherwise if leads_away else plain
