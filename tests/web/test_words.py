"""The two catalogues hold the same sentences, and templates hold none of their own."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from web import contract
from web.words import KOREAN_TIME, LANGUAGES, Entry, catalogue, day, say, share, when

TEMPLATES = list((Path(__file__).parents[2] / "web" / "templates").rglob("*.html"))
NAMED = re.compile(r"{(\w+)")


def forms(entry: Entry) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def test_korean_and_english_have_the_same_keys_and_the_same_values_put_in() -> None:
    korean, english = (catalogue(language) for language in LANGUAGES)
    assert set(korean) == set(english)
    assert len(korean) > 200
    for key in korean:
        put_in = [{name for form in forms(book[key]) for name in NAMED.findall(form)} for book in (korean, english)]
        assert put_in[0] == put_in[1], key


def test_no_template_holds_a_korean_word_of_its_own() -> None:
    assert len(TEMPLATES) > 20
    for path in TEMPLATES:
        assert not re.search("[가-힣]", path.read_text(encoding="utf-8")), path.name


def test_every_sentence_that_a_template_names_is_in_the_catalogue() -> None:
    keys = set(catalogue("ko"))
    for path in TEMPLATES:
        for key in re.findall(r'\bt\("([\w.]+)"[,)]', path.read_text(encoding="utf-8")):
            assert key in keys, (path.name, key)


def test_one_thing_has_one_name() -> None:
    korean = f"{catalogue('ko')} {contract.document('ko')}"
    assert "출생연도" in korean and not re.search("태어난 ?해|출생년도|출생 연도", korean)


def test_thousands_are_counted_with_a_comma_and_a_year_has_none() -> None:
    assert say("en", "ranked.count", n=1000, first=1, last=50) == "1–50 of 1,000 candidates"
    assert say("ko", "writing.begin.until", year=2031, month=3).count(",") == 0


def test_a_sentence_that_says_itself_how_to_write_a_count_takes_one() -> None:
    asks = [key for key, entry in catalogue("ko").items() if isinstance(entry, str) and "{n:,}" in entry]
    assert asks
    for key in asks:
        values = dict.fromkeys(NAMED.findall(str(catalogue("ko")[key])), 1234)
        assert "1,234" in say("ko", key, **values), key


@pytest.mark.parametrize(
    ("language", "short", "words"),
    [
        ("ko", True, "2020년 3월 12일 오후 1:00"),
        ("ko", False, "2020년 3월 12일(목) 오후 1:00 (한국 시간)"),
        ("en", True, "12 Mar 2020, 1:00 PM"),
        ("en", False, "Thu 12 March 2020, 1:00 PM (Korean time)"),
    ],
)
def test_a_moment_of_another_year_says_which(language: str, short: bool, words: str) -> None:
    then = datetime(2020, 3, 12, 4, tzinfo=UTC)
    # a narrow space stands before PM
    assert when(language, then, short=short).replace("\u202f", " ") == words
    assert day(language, then) == {"ko": "2020년 3월 12일", "en": "12 Mar 2020"}[language]
    now = datetime.now(UTC)
    assert str(now.astimezone(KOREAN_TIME).year) not in when(language, now, short=short) + day(language, now)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_called_as_the_menu_calls_it(language: str) -> None:
    assert say(language, "branding.menu") == say(language, "branding.title")


@pytest.mark.parametrize(
    ("count", "whole", "words"),
    [(0, 0, "–"), (0, 800, "0%"), (1, 800, "<1%"), (200, 800, "25%"), (799, 800, ">99%"), (800, 800, "100%")],
)
def test_a_share_never_says_none_of_somebody_or_all_without_somebody(count: int, whole: int, words: str) -> None:
    assert share(count, whole) == words
