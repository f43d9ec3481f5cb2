"""The codes of mail servers in words."""

from __future__ import annotations

import pytest

from interview_ai.rules import refusals


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("5.1.1", "mailbox"),
        ("550 5.1.2 Host unknown", "domain"),
        ("5.2.2", "full"),
        ("4.4.1", "network"),
        ("550 5.7.26 not authenticated", "barred"),
        ("550 no from 10.5.1.1", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_servers_answer_has_a_word_for_why(answer: str, word: str) -> None:
    assert refusals.reason(answer) == word
