"""The words of the pages: two catalogues with the same keys, the reader's language, dates as people say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from babel.dates import format_datetime

LOCALE = Path(__file__).parent / "locale"
LANGUAGES: Final = ("ko", "en")
KOREAN_TIME: Final = timezone(timedelta(hours=9))  # one zone, no summer time
PATTERNS = {
    "ko": "M월 d일(EEE) aaaa h:mm '(한국 시간)'",
    "en": "EEE d MMMM, h:mm a '(Korean time)'",
}
SHORT_PATTERNS = {"ko": "M월 d일 aaaa h:mm", "en": "d MMM, h:mm a"}
DAYS = {"ko": ("M월 d일", "y년 M월 d일"), "en": ("d MMM", "d MMM y")}  # without and with the year
# where the year stands in them, for a moment of another year than this one
WITH_YEAR = {"ko": ("M월", "y년 M월"), "en": (",", " y,")}

Entry = str | Mapping[str, str]
"""A sentence, or its forms `one` and `other`, chosen by the value named `n`."""


@cache
def catalogue(language: str) -> Mapping[str, Entry]:
    """Every entry of one language by its dotted key; the first part of a key is the file's name."""
    found: dict[str, Entry] = {}
    for path in sorted((LOCALE / language).glob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found.update(_flattened(path.stem, content))
    return found


def _flattened(prefix: str, content: Mapping[str, Any]) -> dict[str, Entry]:
    flat: dict[str, Entry] = {}
    for key, value in content.items():
        name = f"{prefix}.{key}"
        if isinstance(value, dict) and "other" not in value:
            flat.update(_flattened(name, value))
        else:
            flat[name] = value if isinstance(value, dict) else str(value)
    return flat


def say(language: str, key: str, **values: object) -> str:
    """The sentence under `key`, with `values` put in. Raises KeyError for a key that nobody wrote."""
    entry = catalogue(language)[key]
    if not isinstance(entry, str):
        entry = entry["one"] if values.get("n") == 1 and "one" in entry else entry["other"]
    return entry.format(**{name: _put_in(name, value) for name, value in values.items()}) if values else entry


class _Count(int):
    """A number that reads 1,000 where the entry does not say how to write it, and as it says where it does."""

    def __format__(self, how: str) -> str:
        return super().__format__(how or ",")


def _put_in(name: str, value: object) -> object:
    """Counts as people read them; a year is no count."""
    return _Count(value) if type(value) is int and name != "year" else value


def speaker(language: str) -> Callable[..., str]:
    """`say` for one language: the `t()` of the templates."""

    def t(key: str, **values: object) -> str:
        return say(language, key, **values)

    return t


def when(language: str, moment: datetime, *, short: bool = False) -> str:
    """A moment in Korean time: "11월 24일(화) 오후 3:00 (한국 시간)"; with its year where that is not this one."""
    pattern = (SHORT_PATTERNS if short else PATTERNS)[language]
    pattern = pattern if _is_of_this_year(moment) else pattern.replace(*WITH_YEAR[language])
    return str(format_datetime(moment, pattern, tzinfo=KOREAN_TIME, locale=language))


def day(language: str, moment: datetime) -> str:
    """The day of a moment in Korean time: "11월 24일"; with its year where that is not this one."""
    pattern = DAYS[language][not _is_of_this_year(moment)]
    return str(format_datetime(moment, pattern, tzinfo=KOREAN_TIME, locale=language))


def _is_of_this_year(moment: datetime) -> bool:
    return moment.astimezone(KOREAN_TIME).year == datetime.now(KOREAN_TIME).year


def clock(seconds: float) -> str:
    """Seconds as minutes and seconds: 72 becomes 1:12."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def size(count: int) -> str:
    """Bytes as people read them."""
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.0f} kB"


def share(count: int, whole: int) -> str:
    """How much of a whole: what is there never reads 0%, and what lacks somebody never 100%."""
    if not whole:
        return "–"
    percent = round(100 * count / whole)
    if not percent and count:
        return "<1%"
    return ">99%" if percent == 100 and count < whole else f"{percent}%"


def preferred(asked: str | None, kept: str | None, accepted: str) -> str:
    """The reader's language: what they asked for, what they chose before, what their browser prefers, Korean."""
    for choice in (asked, kept):
        if choice in LANGUAGES:
            return choice
    ranked = sorted((_weighed(item) for item in accepted.split(",")), key=lambda item: -item[1])
    return next((tag for tag, weight in ranked if tag in LANGUAGES and weight > 0), "ko")


def _weighed(item: str) -> tuple[str, float]:
    tag, _, quality = item.partition(";q=")
    try:
        return tag.strip().lower().split("-")[0], float(quality or 1)
    except ValueError:
        return "", 0.0
