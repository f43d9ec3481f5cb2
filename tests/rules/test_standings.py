"""The points of an interview, from a machine or from people."""

from __future__ import annotations

from interview_ai.rules import standings
from interview_ai.rules.evidence import Score, rubric_from
from interview_ai.rules.standings import Standing
from tests.cast import CRITERIA

SECOND = {**CRITERIA[0], "id": "communication", "weight": 3.0}
RUBRIC = rubric_from("1", [CRITERIA[0], SECOND])


def score(points: float, low: float, high: float) -> Score:
    return Score(True, points, low, high, ())


def test_an_interview_is_the_mean_of_its_answers_and_of_their_ranges() -> None:
    assert standings.suggested([score(4, 3, 5), score(3, 2, 3)]) == Standing(3.5, 2.5, 4.0, "machine")
    assert standings.suggested([]) is None


def test_peoples_ratings_count_by_weight_and_bands_never_compare_less_than_a_whole_level() -> None:
    alone = standings.rated([{"problem_solving": 5, "communication": 3}], RUBRIC)
    assert alone == Standing(3.5, 3.0, 4.0, "people", given=(3.5, 3.5))
    both = standings.rated(
        [{"problem_solving": 5, "communication": 5}, {"problem_solving": 2, "communication": 2}], RUBRIC
    )
    assert both == Standing(3.5, 1.5, 5.0, "people", given=(2.0, 5.0))


def test_a_page_shows_the_range_that_was_given_and_none_that_nobody_said() -> None:
    alone = standings.rated([{"problem_solving": 4, "communication": 4}], RUBRIC)
    assert alone is not None
    assert alone.shown == (4.0, 4.0)
    machine = standings.suggested([score(4, 3, 5)])
    assert machine is not None
    assert machine.shown == (3.0, 5.0)


def test_half_a_rating_gives_no_points() -> None:
    assert standings.rated([{"problem_solving": 5}], RUBRIC) is None
