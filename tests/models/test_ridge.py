"""Leaving a person out in closed form is the same as really leaving them out."""

from __future__ import annotations

import numpy as np
import pytest

from models import ridge


@pytest.fixture
def fitted() -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str], ridge.Ridge]:
    chance = np.random.default_rng(3)
    seen, fresh = chance.normal(size=(12, 4)), chance.normal(size=(5, 4))
    targets = seen @ [0.2, -0.1, 0.0, 0.3] + chance.normal(scale=0.1, size=12)
    persons = ["a", "b", "a", "c", "d", "e", "e", "e", "f", "g", "h", "c"]
    kernel = seen @ seen.T
    return kernel, fresh @ seen.T, targets, persons, ridge.fit(kernel, targets, ridge.blocks_of(persons))


def refitted(kernel: np.ndarray, targets: np.ndarray, kept: np.ndarray, strength: float) -> np.ndarray:
    there = kernel[np.ix_(kept, kept)] + ridge.LEVEL + strength * np.eye(kept.sum())
    return np.linalg.solve(there, targets[kept])


def test_every_left_out_prediction_is_that_of_a_regression_without_the_person(fitted: tuple) -> None:
    kernel, _, targets, persons, found = fitted
    for place, person in enumerate(persons):
        kept = np.array([other != person for other in persons])
        weights = refitted(kernel, targets, kept, found.strength)
        assert found.left_out[place] == pytest.approx((kernel[place, kept] + ridge.LEVEL) @ weights)


def test_every_prediction_for_others_can_be_had_without_one_person(fitted: tuple) -> None:
    kernel, fresh, targets, persons, found = fitted
    for place, person in enumerate(persons):
        kept = np.array([other != person for other in persons])
        weights = refitted(kernel, targets, kept, found.strength)
        assert found.without(fresh)[:, place] == pytest.approx((fresh[:, kept] + ridge.LEVEL) @ weights)


def test_a_persons_own_ratings_never_reach_their_left_out_prediction(fitted: tuple) -> None:
    kernel, _, targets, persons, found = fitted
    changed = targets + 5.0 * np.array([person == "e" for person in persons])
    strength = found.strength
    again = ridge._with(strength, tuple(np.linalg.eigh(kernel + ridge.LEVEL)), changed, found.blocks)
    own = [place for place, person in enumerate(persons) if person == "e"]
    assert again.left_out[own] == pytest.approx(found.left_out[own])


def test_doubt_is_none_at_a_known_place_and_grows_with_distance(fitted: tuple) -> None:
    kernel, _, _, _, found = fitted
    near = found.variance(kernel[:1], kernel.diagonal()[:1])
    far = found.variance(10 * kernel[:1], 100 * kernel.diagonal()[:1])
    assert near[0] < far[0]
