"""No text of ours begins a formula in somebody's spreadsheet."""

from __future__ import annotations

import pytest

from interview_ai.rules.cells import plain


@pytest.mark.parametrize(
    "sign", [*"=+-@＝＋－＠", "\t", "\r", "\n", " =", "\u00a0+", "\u3000＝", "\u200b=", "\u2212", "﹣"]
)
def test_what_could_begin_a_formula_gets_an_apostrophe(sign: str) -> None:
    assert plain(f"{sign}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("text", ["김민지", "3.5", "A=B", "홍길동 (재지원)", "'quoted'", "", "1-2"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_control_signs_that_no_spreadsheet_file_may_hold_are_left_out() -> None:
    assert plain("a\x00b\x08c\nd") == "abc\nd"
