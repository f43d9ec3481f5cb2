"""How an answer was said: numbers that a candidate could count again, none of which reaches a score."""

from __future__ import annotations

import pytest

from interview_ai.rules.evidence import Transcript, Word
from models import delivery


def said(text: str, language: str) -> Transcript:
    return Transcript("none", "none", language, text, tuple(Word(word) for word in text.split()))


def test_korean_is_counted_in_syllable_blocks_and_fillers_in_eojeol() -> None:
    found = delivery.measure(said("음 저는 그 카페에서 일했습니다.", "ko"), ((0.0, 2.0), (2.5, 4.0)))
    assert found is not None
    assert found.syllables_per_s == pytest.approx(13 / 3.5, abs=0.01)
    assert found.fillers_per_100 == pytest.approx(40.0)
    assert found.long_pauses == 0


def test_long_pauses_are_a_share_of_all_pauses() -> None:
    found = delivery.measure(said("I counted the stock", "en"), ((0.0, 1.0), (1.4, 2.0), (4.0, 5.0)))
    assert found is not None
    assert found.long_pauses == pytest.approx(0.5)


@pytest.mark.parametrize(("text", "speech"), [("", ((0.0, 1.0),)), ("one two", ())])
def test_where_nothing_was_said_nothing_is_measured(text: str, speech: tuple[tuple[float, float], ...]) -> None:
    assert delivery.measure(said(text, "en"), speech) is None
