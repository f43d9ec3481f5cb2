"""When ratings are enough, what a calibrated criterion makes of a score, and what would change."""

from __future__ import annotations

import pytest

from interview_ai.rules import calibration
from interview_ai.rules.calibration import Changes, Estimate
from interview_ai.rules.evidence import Bilingual, Criterion, CriterionScore, Rubric, Score
from interview_ai.rules.standings import Standing

RUBRIC = Rubric("1", tuple(Criterion(name, Bilingual(name, name), weight, {}) for name, weight in (("a", 1), ("b", 3))))


def ruled(a: float, b: float) -> Score:
    points = (a + 3 * b) / 4
    return Score(True, points, points, points, (CriterionScore("a", a, a, a), CriterionScore("b", b, b, b)))


def sure(points: float) -> Estimate:
    return Estimate(points, points - 0.6, points + 0.6, abstained=False)


@pytest.mark.parametrize(("people", "ready"), [(8, "too_few"), (9, "report_only"), (49, "report_only"), (50, "enough")])
def test_nine_people_make_a_report_and_fifty_a_calibration(people: int, ready: str) -> None:
    assert calibration.readiness(people) == ready
    assert calibration.missing(people) == 50 - people


def test_with_every_criterion_calibrated_points_are_the_weighted_mean_and_no_longer_provisional() -> None:
    score = calibration.calibrated(ruled(1, 1), {"a": sure(2.0), "b": sure(3.2)}, RUBRIC)
    assert score is not None and not score.provisional
    assert (score.points, score.low, score.high) == pytest.approx((2.9, 2.3, 3.5))


def test_with_one_criterion_calibrated_the_score_stays_provisional_and_in_whole_levels() -> None:
    score = calibration.calibrated(ruled(1, 4), {"a": sure(2.7)}, RUBRIC)
    assert score is not None and score.provisional
    assert score.criteria == (CriterionScore("a", 3, 2, 4), CriterionScore("b", 4, 4, 4))
    assert (score.points, score.low, score.high) == (4, 3, 4)


def test_one_criterion_that_is_too_wide_to_say_leaves_no_points_at_all() -> None:
    assert calibration.calibrated(ruled(1, 4), {"a": Estimate(3, 1, 5, abstained=True)}, RUBRIC) is None


def test_changes_count_levels_bands_and_who_loses_the_points() -> None:
    before = {"x": [ruled(5, 5)], "y": [ruled(3, 3)], "z": [ruled(1, 1)]}
    after: dict[str, list[Score | None]] = {"x": [ruled(5, 5)], "y": [ruled(5, 5)], "z": [None]}
    found = calibration.changes(before, after, "a", {})
    assert found == Changes(answers=3, levels=1, listed=3, bands=2, interviews=3, abstained=1)


def test_no_machine_moves_whom_people_rated_in_the_list() -> None:
    before = {"x": [ruled(5, 5)], "y": [ruled(3, 3)]}
    after: dict[str, list[Score | None]] = {"x": [ruled(5, 5)], "y": [ruled(5, 5)]}
    people = {"y": Standing(3, 3, 3, "people"), "z": Standing(4, 4, 4, "people")}
    found = calibration.changes(before, after, "a", people)
    assert (found.levels, found.listed, found.bands) == (1, 3, 0)


def test_nothing_changes_where_nothing_differs() -> None:
    before = {"x": [ruled(5, 5), ruled(4, 4)]}
    assert calibration.changes(before, {"x": list(before["x"])}, "b", {}) == Changes(2, 0, 1, 0, 1, 0)
    assert calibration.changes({}, {}, "b", {}) == Changes(0, 0, 0, 0, 0, 0)
