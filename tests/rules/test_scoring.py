"""The published rule: evidence added never lowers, repetition never raises, order never matters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interview_ai.library import rubric
from interview_ai.rules.evidence import Evidence
from interview_ai.rules.scoring import KINDS, Counts, level, score

quotes = st.builds(
    lambda kind, number: Evidence("problem_solving", kind, f"quote {number}", 0, 5),
    st.sampled_from(KINDS),
    st.integers(0, 20),
)
found = st.lists(quotes, max_size=15)


def points(evidence: list[Evidence]) -> float:
    return score(evidence, rubric()).points


@given(found, quotes)
def test_true_evidence_added_never_lowers_the_points(evidence: list[Evidence], more: Evidence) -> None:
    assert points([*evidence, more]) >= points(evidence)


@given(found)
def test_saying_everything_twice_never_raises_the_points(evidence: list[Evidence]) -> None:
    assert points(evidence + evidence) == points(evidence)


@given(found, st.randoms())
def test_the_order_of_the_evidence_never_matters(evidence: list[Evidence], chance: object) -> None:
    shuffled = sorted(evidence, key=lambda item: (hash(str(chance)) ^ hash(item.quote), item.kind))
    assert score(shuffled, rubric()) == score(evidence, rubric())


@given(found)
def test_the_range_holds_the_points_and_stays_on_the_scale(evidence: list[Evidence]) -> None:
    given_score = score(evidence, rubric())
    assert 1 <= given_score.low <= given_score.points <= given_score.high <= 5
    assert given_score.provisional
    assert given_score.points == int(given_score.points)


def test_each_line_of_the_rule_gives_one_level() -> None:
    assert level(Counts()) == 1
    assert level(Counts(action=1)) == 2
    assert level(Counts(action=2, situation=1)) == 3
    assert level(Counts(action=2, situation=1, result=1)) == 3
    assert level(Counts(action=2, situation=1, result=1, specific=1)) == 4
    assert level(Counts(action=3, result=1, specific=3)) == 5


def test_a_result_without_an_action_of_ones_own_gives_no_level() -> None:
    assert level(Counts(result=3, specific=3, situation=2)) == 1
