"""Evidence is tied to the anchor that it is nearest to; what is missing from an anchor ties nothing, a tie is none."""

from __future__ import annotations

import pytest

from interview_ai.library import competencies, rubric
from interview_ai.rules.anchors import affirmed, by_vectors, by_words


@pytest.mark.parametrize(
    ("anchor", "language", "kept"),
    [
        ("문제와 한 일을 말하지만, 결과는 분명하지 않다.", "ko", "문제와 한 일을 말하지만"),
        ("아무것도 말하지 않는다.", "ko", ""),
        ("Names the problem and what they did; the result stays unclear.", "en", "Names the problem and what they did"),
        ("Names no problem and nothing that they did.", "en", ""),
        ("Planned, measured 3.5 hours, and told others.", "en", "Planned, measured 3.5 hours, and told others"),
    ],
)
def test_only_what_an_anchor_says_one_hears_counts(anchor: str, language: str, kept: str) -> None:
    assert affirmed(anchor, language) == kept


def test_every_shipped_anchor_of_level_5_says_what_one_hears() -> None:
    for name in competencies():
        (criterion,) = rubric((name,)).criteria
        for language in ("ko", "en"):
            assert affirmed(criterion.anchors[5].text(language), language)


def test_the_anchor_that_shares_the_rarer_words_is_nearest() -> None:
    anchors = {1: (), 3: ("problem", "act"), 5: ("problem", "cause", "result", "figure")}
    assert by_words(("result", "boxes"), anchors) == 5
    assert by_words(("act", "boxes"), anchors) == 3


def test_where_no_anchor_is_clearly_nearest_none_is_named() -> None:
    anchors = {1: (), 3: ("problem", "act"), 5: ("problem", "result")}
    assert by_words(("problem",), anchors) is None
    assert by_words(("boxes",), anchors) is None
    assert by_words((), anchors) is None
    assert by_words(("boxes",), {}) is None
    assert by_vectors({1: 0.4, 3: 0.41, 5: 0.4}) is None
    assert by_vectors({1: 0.4, 3: 0.5, 5: 0.4}) == 3


def test_the_order_of_the_anchors_never_matters() -> None:
    anchors = {1: (), 3: ("problem", "act"), 5: ("problem", "result", "figure")}
    backwards = dict(reversed(anchors.items()))
    for piece in (("result",), ("act",), ("problem",), ("problem", "figure", "boxes")):
        assert by_words(piece, anchors) == by_words(piece, backwards)
