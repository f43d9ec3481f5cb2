"""Each piece of evidence names the anchor that it speaks for; the points stay what they were without it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interview_ai import library
from interview_ai.rules import scoring
from interview_ai.rules.evidence import Bilingual, Evidence, Rubric, as_json
from models import weights
from tests.fixtures import encoder
from tests.worker.test_judging import TEXTS, asked
from worker import anchoring, meaning
from worker.judging import assess_text


def spoken_of(levels: dict[int, str]) -> Rubric:
    anchors = {level: Bilingual(text, text) for level, text in levels.items()}
    (criterion,) = library.rubric().criteria
    return Rubric("1", (replace(criterion, anchors=anchors),))


@pytest.mark.parametrize("of", ["ko", "en"])
def test_results_and_facts_speak_for_the_anchor_that_asks_for_them(of: str) -> None:
    found = assess_text(TEXTS[of], asked(of)).evidence
    tied = {item.kind: item.anchor for item in found if item.kind in ("result", "specific")}
    assert tied == {"result": 5, "specific": 5}


@pytest.mark.parametrize("of", ["ko", "en"])
def test_points_do_not_know_the_anchors(of: str) -> None:
    given = asked(of)
    found = assess_text(TEXTS[of], given)
    assert any(item.anchor for item in found.evidence)
    blank = [replace(item, anchor=None) for item in found.evidence]
    assert scoring.score(blank, given.rubric) == scoring.score(found.evidence, given.rubric) == found.score


def test_the_contract_s_keys_come_first_and_the_anchor_last() -> None:
    keys = ["criterion", "kind", "quote", "start_char", "end_char", "start_s", "end_s", "anchor"]
    assert list(as_json(assess_text(TEXTS["en"], asked("en")).evidence[0])) == keys


def test_an_employer_s_own_anchor_of_level_1_can_be_what_was_heard() -> None:
    rubric = spoken_of({1: "Blames a colleague.", 3: "Explains the mistake.", 5: "Repairs the mistake and its cause."})
    piece = Evidence(rubric.criteria[0].id, "action", "I blamed my colleague", 0, 21)
    assert [item.anchor for item in anchoring.tied([piece], rubric, "en", None)] == [1]


def test_with_an_encoder_meaning_decides_and_the_same_comes_out_each_time(tmp_path: Path) -> None:
    folder = encoder.make(tmp_path / weights.ENCODER)
    quote = "I replaced the valve"
    rubric = spoken_of({1: "Talks about the weather.", 3: quote, 5: "Dances at the wedding of a friend."})
    piece = Evidence(rubric.criteria[0].id, "result", quote, 0, len(quote))
    first = anchoring.tied([piece], rubric, "en", folder)
    meaning.embedded.cache_clear()
    assert first == anchoring.tied([piece], rubric, "en", folder)
    assert first[0].anchor == 3
