"""A formal sign-off is not human involvement: what a decision must stand on."""

from __future__ import annotations

import pytest

from interview_ai.rules.decisions import RATING, REASON, SEEN, missing


def test_a_rejection_needs_a_look_a_rating_and_a_reason() -> None:
    assert missing("reject", rated=False, seen=False, reason="") == (SEEN, RATING, REASON)
    assert missing("reject", rated=True, seen=True, reason="no example of her own work") == ()


@pytest.mark.parametrize("kind", ["advance", "hold", "hired"])
def test_every_other_decision_needs_a_reason(kind: str) -> None:
    assert missing(kind, rated=False, seen=False, reason=" short ") == (REASON,)
