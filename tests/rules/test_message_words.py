"""Own words are checked when they are kept: what may be put in, what must be, and how long a phone takes."""

from __future__ import annotations

import itertools

import pytest

from interview_ai.message_texts import Which, shipped
from interview_ai.rules.evidence import Bilingual
from interview_ai.rules.message_words import (
    CHANNELS,
    KINDS,
    LANGUAGES,
    Added,
    carried_as,
    faults,
    filled,
    minutes,
    size,
    used,
)

GOOD = "Dear {name}, please open {link} by {until}."
ADDED = Added("https://example.org/i/" + "x" * 43, "\nNo more https://example.org/stop/" + "x" * 128)


def wrong(channel: str, subject: str, body: str) -> dict[str, Bilingual]:
    return faults(channel, subject, body, ADDED)


@pytest.mark.parametrize(("kind", "channel", "language"), list(itertools.product(KINDS, CHANNELS, LANGUAGES)))
def test_every_text_of_the_library_may_be_kept_as_it_is(kind: str, channel: str, language: str) -> None:
    words = shipped(Which(kind, language, channel))
    assert wrong(channel, words.subject, words.body) == {}
    needed = {"name", "title", "organisation", "until", "link"} | ({"minutes"} if kind != "not_finished" else set())
    assert needed <= used(words.body)


def test_what_cannot_be_put_in_is_named() -> None:
    assert "{phone}" in wrong("mail", "Hello", f"{GOOD} {{phone}}")["body"].en
    assert "{나이}" in wrong("mail", "{나이}", GOOD)["subject"].ko


def test_a_text_without_the_link_is_refused_and_the_link_in_the_subject_too() -> None:
    assert "{link}" in wrong("mail", "Hello", "Dear {name}, please come soon.")["body"].en
    assert "subject" in wrong("mail", "See {link}", GOOD)


def test_korean_names_of_values_mean_the_same() -> None:
    text = "{이름} 님, {기관}의 {공고} 면접을 {기한}까지 {링크}에서 열어 주세요."
    assert wrong("mail", "초대", text) == {}
    assert filled("{이름}: { Link }", {"name": "Minji\nBcc: x", "link": "y"}) == "Minji Bcc: x: y"


@pytest.mark.parametrize(("subject", "body"), [("", GOOD), ("a\nb", GOOD), ("x" * 121, GOOD)])
def test_a_subject_is_one_line(subject: str, body: str) -> None:
    assert "subject" in wrong("mail", subject, body)


@pytest.mark.parametrize("body", ["{link}", "{link} " + "x" * 4001, "{link} and {name and much more of it"])
def test_a_text_has_a_length_and_closes_its_braces(body: str) -> None:
    assert "body" in wrong("mail", "Hello", body)


def test_bytes_are_counted_as_operators_count_them() -> None:
    assert (size("abc"), size("가나다"), size("a가"), size("🙂")) == (3, 6, 3, 2)
    assert (carried_as("가" * 45), carried_as("가" * 45 + "a")) == ("sms", "lms")


def test_a_text_message_that_no_operator_carries_is_refused_with_its_size() -> None:
    long = "{link} " + "가" * 900
    said = wrong("sms", "", long)["body"]
    assert "2028 bytes" in said.en and "Take away at least 28" in said.en and "28바이트 이상" in said.ko
    assert wrong("mail", "Hello", long) == {}
    assert wrong("sms", "", long[:-14]) == {}
    assert wrong("sms", "", long[:-13])


def test_each_link_and_each_value_counts_for_the_length_of_a_text_message() -> None:
    filler = "가" * 880
    assert wrong("sms", "", "{link} " + filler) == {}
    for more in ("{링크}", "{title}", "{organisation}{name}"):
        assert "body" in wrong("sms", "", "{link} " + filler + more), more


def test_how_long_it_takes_is_what_the_first_page_says() -> None:
    assert minutes(4 * 180) == 14
