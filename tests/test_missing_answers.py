"""An answer that is missing or has no score is never counted as zero, in no list and on no page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai import dossier, queries
from interview_ai.database import reading
from interview_ai.organisations import Member
from interview_ai.rules import standings
from interview_ai.rules.evidence import Score
from interview_ai.rules.standings import Standing
from tests import desk

scores = st.lists(
    st.tuples(*[st.integers(1, 5).map(float)] * 3).map(sorted).map(lambda of: Score(True, of[1], of[0], of[2], ())),
    min_size=1,
    max_size=6,
)


@given(scores)
def test_an_interview_lies_between_its_lowest_and_its_highest_answer(found: Sequence[Score]) -> None:
    standing = standings.suggested(found)
    assert standing is not None
    assert min(one.points for one in found) <= standing.points <= max(one.points for one in found)
    assert 1 <= standing.low <= standing.points <= standing.high <= 5


def candidate(jun: Member, opening_id: str, *points: int | None) -> str:
    """Somebody whose first answers got these points, or a reason; returns the interview's id."""
    who = desk.applicant(jun, opening_id)
    for position, given_points in enumerate(points, 1):
        desk.assessed(desk.answered(who, position), given_points)
    return who.interview_id


def shown(jun: Member, opening_id: str, interview_id: str) -> tuple[Standing | None, Standing | None, str | None]:
    """What the list and what the page make of an interview, and the list's reason for no points."""
    with reading(jun.organisation_id) as session:
        listed = queries.shortlist(session, jun, opening_id)
        what = next(row.what for row in listed.rows if row.interview_id == interview_id)
        return what.standing, dossier.dossier(session, jun, interview_id).standing, what.reason_code


@pytest.mark.parametrize("points", [(4, None), (None, 4), (None, None)])
def test_an_answer_without_a_score_leaves_the_interview_without_points_and_says_why(
    home: Path, points: tuple[int | None, ...]
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    interview_id = candidate(jun, opening_id, *points)
    assert shown(jun, opening_id, interview_id) == (None, None, "no_speech")


def test_a_question_that_was_not_answered_yet_takes_nothing_from_the_others(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    interview_id = candidate(jun, opening_id, 4)
    listed, paged, _ = shown(jun, opening_id, interview_id)
    assert listed is not None and listed.points == 4.0
    assert paged is None or paged.points == 4.0


def test_an_answer_that_still_waits_leaves_the_points_open(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    who = desk.applicant(jun, opening_id)
    desk.assessed(desk.answered(who, 1), 5)
    desk.answered(who, 2)
    assert shown(jun, opening_id, who.interview_id) == (None, None, "working")


def test_all_answers_with_points_make_their_mean(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    listed, _, reason = shown(jun, opening_id, candidate(jun, opening_id, 4, 3))
    assert listed is not None and listed.points == 3.5 and reason is None
