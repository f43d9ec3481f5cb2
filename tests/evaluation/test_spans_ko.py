"""The Korean analyser finds the hand-marked evidence of the open written answers and credits nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.gates import MAX_DISORDER
from models.language_ko import analyse
from tests.evaluation.spans import SpanReport, marked_answers, matched, measure

WRITTEN = Path(__file__).parent / "written" / "ko.yaml"
REACHED_F1 = 0.97  # on the 18 open marked answers, which the rules were read against; a regression shows here


@pytest.fixture(scope="module")
def report() -> SpanReport:
    return measure(marked_answers(WRITTEN), analyse)


def test_marked_evidence_is_found(report: SpanReport) -> None:
    assert report.total.hits + report.total.missed > 100
    assert report.total.f1 >= REACHED_F1 - 0.05


@pytest.mark.parametrize("kind", ["situation", "task", "action", "result", "specific"])
def test_each_kind_is_found_by_itself(report: SpanReport, kind: str) -> None:
    assert report.kinds[kind].f1 >= 0.7


def test_nothing_that_is_no_evidence_is_credited(report: SpanReport) -> None:
    assert report.credited == ()


def test_open_answers_in_shuffled_order_are_told_from_genuine_ones() -> None:
    answers = marked_answers(WRITTEN)[::3]
    genuine = [analyse(answer["text"]).disorder for answer in answers]
    shuffled = [analyse(_shuffled(answer["text"])).disorder for answer in answers]
    assert all(value is not None and value <= MAX_DISORDER["ko"] for value in genuine)
    assert all(value is not None and value > MAX_DISORDER["ko"] for value in shuffled)


def _shuffled(text: str) -> str:
    words = text.split()
    random.Random(7).shuffle(words)
    return " ".join(words)


def test_a_find_of_another_kind_or_place_does_not_count_and_no_mark_counts_twice() -> None:
    marks = [Find("action", 0, 10)]
    assert matched([Find("result", 0, 10), Find("action", 8, 20)], marks) == []
    assert matched([Find("action", 0, 9), Find("action", 0, 10)], marks) == [(Find("action", 0, 10), marks[0])]


def test_credit_is_reported_where_a_find_lies_in_no_evidence() -> None:
    text = "팀장님이 다 했습니다. 끝."
    answer = {"id": "a", "text": text, "spans": [], "not_evidence": [{"quote": "팀장님이 다 했습니다", "why": "other"}]}
    found = measure([answer], lambda said: Analysis("ko", (), (), (Find("action", 0, 11),), None))
    assert found.credited == ("a: 팀장님이 다 했습니다",)
    assert found.total.precision == 0.0
