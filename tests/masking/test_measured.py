"""Masking on our own marked sentences: how much of what was to be masked is, and how much of the rest."""

from __future__ import annotations

import pytest
import yaml

from interview_ai.measured import FILE
from tests.masking import measure


def marked(language: str) -> int:
    return sum(any(sentence.marked) for sentence in measure.development(language))


def test_there_are_as_many_sentences_as_were_promised() -> None:
    assert (marked("ko"), marked("en")) >= (60, 45)
    nothing = sum(not any(one.marked) for language in measure.LANGUAGES for one in measure.development(language))
    assert nothing >= 30
    assert sum(len(measure.held_out(language)) for language in measure.LANGUAGES) >= 15


@pytest.mark.parametrize("language", measure.LANGUAGES)
def test_nine_of_ten_marked_words_are_masked_and_no_more_than_one_in_twenty_others(language: str) -> None:
    found = measure.measure(measure.development(language), language)
    assert found.recall >= 0.9, found.missed
    assert found.over <= 0.05, found.wrong


def test_the_page_tells_the_figures_and_misses_that_are_measured_today() -> None:
    told = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert told == measure.figures(), "run: python -m tests.masking --write"
