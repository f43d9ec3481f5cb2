"""Errors of hearing, counted by hand and by what must always hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules.hearing import Errors, distance, letter_errors, word_errors

TEXT = st.text(alphabet="ab c", max_size=12)


@pytest.mark.parametrize(
    ("said", "heard", "wrong", "of"),
    [
        ("I checked the records.", "i checked the records", 0, 4),
        ("I checked the records", "I checked records", 1, 4),
        ("I checked the records", "I checked all the records", 1, 4),
        ("I checked the records", "I chucked the accords", 2, 4),
        ("", "nobody said this", 3, 0),
        ("don't", "don't", 0, 1),
    ],
)
def test_words_that_were_left_out_put_in_or_changed_are_wrong(said: str, heard: str, wrong: int, of: int) -> None:
    assert word_errors(said, heard) == Errors(wrong, of)


def test_korean_letters_are_compared_without_spaces_and_signs() -> None:
    assert letter_errors("그 결과 대기 시간이 줄었습니다.", "그결과 대기시간이 줄었습니다") == Errors(0, 13)
    assert letter_errors("제가 정리했습니다", "저가 정리했습니다") == Errors(1, 8)
    assert word_errors("그 결과", "그결과") == Errors(2, 2)


def test_how_a_syllable_is_encoded_does_not_matter() -> None:
    assert letter_errors("정리", unicodedata.normalize("NFD", "정리")) == Errors(0, 2)


@given(TEXT, TEXT, TEXT)
def test_it_is_a_distance(one: str, other: str, third: str) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))
    assert distance(one, third) <= distance(one, other) + distance(other, third)
