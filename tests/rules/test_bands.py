"""A list in which ties are chance and a missing score is no place."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules import bands
from interview_ai.rules.standings import Standing


def test_a_band_holds_all_whose_range_contains_its_best_points() -> None:
    ranked = {
        "best": Standing(4.5, 4, 5, "machine"),
        "tied": Standing(4.0, 3.5, 4.5, "machine"),
        "next": Standing(3.9, 3.5, 4.2, "machine"),
        "chained": Standing(3.0, 2.5, 3.9, "machine"),
    }
    assert bands.letters(ranked) == {"best": "A", "tied": "A", "next": "B", "chained": "B"}
    assert bands.letters({}) == {}


def test_a_row_without_a_score_stands_where_it_arrived() -> None:
    assert bands.woven(["best", "good"], {0: "first to come", 2: "third to come"}) == [
        "first to come",
        "best",
        "third to come",
        "good",
    ]


def test_ties_stand_in_an_order_that_belongs_to_the_reader_and_stays() -> None:
    tied = dict.fromkeys((str(number) for number in range(6)), "A") | {"last": "B"}
    orders = {tuple(bands.shuffled(tied, seed=reader)) for reader in ("jun", "jun", "another", "third")}
    assert len(orders) == 3
    assert all(order[-1] == "last" for order in orders)


levels = st.integers(1, 5).map(float)
standing = st.tuples(levels, levels, levels).map(sorted).map(lambda of: Standing(of[1], of[0], of[2], "machine"))


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), standing, max_size=8), st.randoms())
def test_the_order_in_which_candidates_come_never_matters(ranked: dict[str, Standing], chance: Random) -> None:
    names = list(ranked)
    chance.shuffle(names)
    found = bands.letters(ranked)
    assert bands.letters({name: ranked[name] for name in names}) == found
    again = bands.shuffled({name: found[name] for name in names}, seed="jun")
    assert again == bands.shuffled(found, seed="jun")


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), standing, min_size=1, max_size=8))
def test_everybody_has_a_letter_the_best_the_first_and_equals_the_same(ranked: dict[str, Standing]) -> None:
    found = bands.letters(ranked)
    assert set(found) == set(ranked)
    best = max(one.points for one in ranked.values())
    for name, one in ranked.items():
        if one.points == best:
            assert found[name] == "A"
        assert all(found[other] == found[name] for other, two in ranked.items() if two == one)
