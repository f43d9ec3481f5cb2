"""Colours that text can be read on, and the nearest one that it can."""

from __future__ import annotations

import colorsys

import pytest

from interview_ai.rules.contrast import LEAST, ratio_with_white, readable


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#000000", 21.0), ("#ffffff", 1.0), ("#777777", 4.48), ("#767676", 4.54), ("#0000ff", 8.59)]
)
def test_the_ratio_is_the_one_of_the_guidelines(colour: str, ratio: float) -> None:
    assert ratio_with_white(colour) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("colour", ["#256ef4", "#000000", "#767676"])
def test_a_colour_that_can_be_read_stays_itself(colour: str) -> None:
    assert readable(colour) == colour


@pytest.mark.parametrize("colour", ["#ffcc00", "#ffffff", "#777777", "#00ffaa", "#ff8fa3", "#fefefe", "#ffff00"])
def test_the_nearest_one_can_be_read_and_is_only_just_dark_enough(colour: str) -> None:
    found = readable(colour)
    assert LEAST <= ratio_with_white(found) < LEAST + 0.25


def test_it_keeps_its_hue() -> None:
    hue, found = (
        colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0]
        for colour in ("#ffcc00", readable("#ffcc00"))
    )
    assert found == pytest.approx(hue, abs=0.01)
