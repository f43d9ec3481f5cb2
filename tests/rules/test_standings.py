"""Points of an interview, and a list in which a missing score is no place."""

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


def test_peoples_ratings_count_by_weight_and_are_never_narrower_than_a_whole_level() -> None:
    alone = standings.rated([{"problem_solving": 5, "communication": 3}], RUBRIC)
    assert alone == Standing(3.5, 3.0, 4.0, "people")
    both = standings.rated(
        [{"problem_solving": 5, "communication": 5}, {"problem_solving": 2, "communication": 2}], RUBRIC
    )
    assert both == Standing(3.5, 1.5, 5.0, "people")


def test_half_a_rating_gives_no_points() -> None:
    assert standings.rated([{"problem_solving": 5}], RUBRIC) is None


def test_a_band_holds_all_whose_range_contains_its_best_points() -> None:
    ranked = {
        "best": Standing(4.5, 4, 5, "machine"),
        "tied": Standing(4.0, 3.5, 4.5, "machine"),
        "next": Standing(3.9, 3.5, 4.2, "machine"),
        "chained": Standing(3.0, 2.5, 3.9, "machine"),
    }
    assert standings.letters(ranked) == {"best": "A", "tied": "A", "next": "B", "chained": "B"}
    assert standings.letters({}) == {}


def test_a_row_without_a_score_stands_where_it_arrived() -> None:
    assert standings.woven(["best", "good"], {0: "first to come", 2: "third to come"}) == [
        "first to come",
        "best",
        "third to come",
        "good",
    ]
