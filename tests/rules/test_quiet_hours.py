"""Quiet hours are Korean hours, whatever clock the machine has."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from interview_ai.rules.quiet_hours import ends_at, is_quiet


def korean(hour: int, minute: int = 0) -> datetime:
    """An hour of a Korean day, as UTC."""
    return datetime(2026, 11, 24 if hour >= 9 else 25, (hour - 9) % 24, minute, tzinfo=UTC)


@pytest.mark.parametrize("hour", [21, 23, 0, 7])
def test_by_default_nobody_is_written_to_between_nine_and_eight(hour: int) -> None:
    assert is_quiet(korean(hour))


@pytest.mark.parametrize("hour", [8, 12, 20])
def test_by_day_people_are_written_to(hour: int) -> None:
    assert not is_quiet(korean(hour))


def test_a_campaign_has_hours_of_its_own_also_within_one_day() -> None:
    assert is_quiet(korean(13), 12, 14)
    assert not is_quiet(korean(14), 12, 14)
    assert not is_quiet(korean(23), 12, 14)


def test_the_same_hour_twice_is_never() -> None:
    assert not any(is_quiet(korean(hour), 0, 0) for hour in range(24))


def test_midnight_counts_as_nought() -> None:
    assert is_quiet(korean(0), 0, 6)
    assert not is_quiet(korean(23), 0, 6)


def test_they_end_in_the_morning_of_the_same_or_the_next_day() -> None:
    assert ends_at(datetime(2026, 11, 24, 13, tzinfo=UTC)) == datetime(2026, 11, 24, 23, tzinfo=UTC)  # 22:00 to 8:00
    assert ends_at(datetime(2026, 11, 24, 22, tzinfo=UTC)) == datetime(2026, 11, 24, 23, tzinfo=UTC)  # 7:00 to 8:00
    assert ends_at(datetime(2026, 11, 24, 3, tzinfo=UTC)) == datetime(2026, 11, 24, 3, tzinfo=UTC)
