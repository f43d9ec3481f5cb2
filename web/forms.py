"""What people type into forms, read strictly: moments in Korean time, whole numbers, addresses to go on to."""

from __future__ import annotations

from datetime import UTC, datetime

from interview_ai.errors import Invalid
from web import words


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


def own_address(text: str | None, *, otherwise: str) -> str:
    """A path on this site to go on to; anything that could lead elsewhere becomes `otherwise`."""
    plain = text or ""
    leads_away = not plain.startswith("/") or plain.startswith("//") or "\\" in plain or not plain.isprintable()
    return otherwise if leads_away else plain
