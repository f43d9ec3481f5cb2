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
    tied = [(number * 7 % bands.LOTS, number * 1001) for number in range(6)]
    orders = {
        tuple(sorted(tied, key=lambda drawn: order.key(*drawn)))
        for order in map(bands.order_of, ("jun", "jun", "another", "third"))
    }
    assert len(orders) == 3


@given(st.text(max_size=4))
def test_every_lot_has_one_place_in_a_readers_order_and_may_come_first(reader: str) -> None:
    order = bands.order_of(reader)
    lots = order.first(bands.LOTS)
    assert sorted(lots) == list(range(bands.LOTS))
    assert [order.place(lot) for lot in lots] == list(range(bands.LOTS))


def as_they_were_first_written(ranked: dict[str, Standing]) -> dict[str, str]:
    """The definition, over everybody, one band after the other."""
    left = sorted(ranked, key=lambda key: -ranked[key].points)
    found: dict[str, str] = {}
    for letter in bands.LETTERS:
        if left:
            top = ranked[left[0]].points
            found |= {key: letter for key in left if ranked[key].low <= top <= ranked[key].high}
            left = [key for key in left if key not in found]
    return found | dict.fromkeys(left, bands.LETTERS[-1])


levels = st.integers(1, 5).map(float)
standing = st.tuples(levels, levels, levels).map(sorted).map(lambda of: Standing(of[1], of[0], of[2], "machine"))


ends = st.tuples(*[st.integers(10, 50).map(lambda tenth: tenth / 10)] * 3).map(sorted)
fine = ends.map(lambda of: Standing(of[1], of[0], of[2], "machine"))


@given(st.dictionaries(st.integers(), fine, max_size=60))
def test_the_upper_ends_alone_give_everybody_the_letter_of_the_definition(found: dict[int, Standing]) -> None:
    ranked = {str(key): one for key, one in found.items()}
    assert bands.letters(ranked) == as_they_were_first_written(ranked)
    assert bands.edges({(one.points, one.high) for one in ranked.values()}) == bands.edges(
        (one.points, one.high) for one in ranked.values()
    )


def test_after_the_last_letter_all_the_rest_share_it() -> None:
    ranked = {str(level): Standing(level, level, level, "machine") for level in range(40)}
    found = bands.letters(ranked)
    assert (found["39"], found["15"], found["14"], found["0"]) == ("A", "Y", "Z", "Z")
    assert found == as_they_were_first_written(ranked)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), standing, max_size=8), st.randoms())
def test_the_order_in_which_candidates_come_never_matters(ranked: dict[str, Standing], chance: Random) -> None:
    names = list(ranked)
    chance.shuffle(names)
    found = bands.letters(ranked)
    assert bands.letters({name: ranked[name] for name in names}) == found


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), standing, min_size=1, max_size=8))
def test_everybody_has_a_letter_the_best_the_first_and_equals_the_same(ranked: dict[str, Standing]) -> None:
    found = bands.letters(ranked)
    assert set(found) == set(ranked)
    best = max(one.points for one in ranked.values())
    for name, one in ranked.items():
        if one.points == best:
            assert found[name] == "A"
        assert all(found[other] == found[name] for other, two in ranked.items() if two == one)
