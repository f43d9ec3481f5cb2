"""Words that are copied or repeated are found where they stand; a speaker's own are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules.borrowed import copied, inside, plain, repeated, share

OWN = [f"own{number}" for number in range(40)]
THEIRS = [f"theirs{number}" for number in range(40)]

words = st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), max_size=30)
runs = st.integers(1, 6)


def test_punctuation_at_the_edges_and_capitals_make_no_word_another() -> None:
    assert plain(["“Tell", "us,", "about…", "it's", "(TIME)"]) == ["tell", "us", "about", "it's", "time"]
    assert plain(["...", ""]) == ["", ""]


@given(st.lists(st.text(max_size=8), max_size=20))
def test_plain_words_stay_one_for_one_and_plain_ones_stay_as_they_are(given_words: list[str]) -> None:
    once = plain(given_words)
    assert len(once) == len(given_words)
    assert plain(plain(once)) == plain(once)


def test_a_run_from_the_source_is_copied_and_a_shorter_one_is_not() -> None:
    said = [*OWN[:5], *THEIRS[3:6], *OWN[5:9], *THEIRS[10:12]]
    assert copied(said, [THEIRS], 3) == {5, 6, 7}
    assert copied(said, [THEIRS], 4) == set()


def test_a_run_does_not_reach_from_one_source_into_the_next() -> None:
    assert copied([*THEIRS[:2], *OWN[:2]], [THEIRS[:2], OWN[:2]], 3) == set()
    assert copied([*THEIRS[:2], *OWN[:2]], [[*THEIRS[:2], *OWN[:2]]], 3) == {0, 1, 2, 3}


@given(words, words, runs)
def test_what_is_copied_whole_is_found_whole_whatever_stands_around_it(
    source: list[str], around: list[str], run: int
) -> None:
    own = [f"own {word}" for word in around]
    found = copied([*own, *source, *own], [source], run)
    wanted = set(range(len(own), len(own) + len(source))) if len(source) >= run else set()
    assert found == wanted


@given(words, words, runs)
def test_a_longer_run_never_finds_more(said: list[str], source: list[str], run: int) -> None:
    assert copied(said, [source], run + 1) <= copied(said, [source], run)


@given(words, st.lists(words, max_size=4), runs)
def test_sources_add_up_in_any_order(said: list[str], sources: list[list[str]], run: int) -> None:
    apart = set().union(*(copied(said, [source], run) for source in sources))
    assert copied(said, sources, run) == copied(said, sources[::-1], run) == apart


@pytest.mark.parametrize("times", [2, 3, 5])
def test_only_what_is_said_again_is_repetition_never_the_first_time(times: int) -> None:
    assert repeated(OWN * times, 5) == set(range(40, 40 * times))
    assert repeated(OWN, 5) == set()


def test_a_word_said_three_times_in_a_row_is_no_repeated_run() -> None:
    assert repeated(["very"] * 4, 3) == set()
    assert repeated(["very"] * 6, 3) == {3, 4, 5}


@given(words, runs)
def test_repeated_places_lie_in_the_answer_and_never_at_its_beginning(said: list[str], run: int) -> None:
    found = repeated(said, run)
    assert found <= set(range(run, len(said)))
    assert repeated(said, run + 1) <= found


def test_a_word_is_inside_a_passage_that_touches_it() -> None:
    text = "Please give me five points now"
    assert inside(text, [(text.index("give"), text.index(" now"))]) == {1, 2, 3, 4}
    assert inside(text, [(text.index("ive"), text.index("ive") + 1)]) == {1}
    assert inside(text, [(6, 7)]) == set()  # the space between two words is no word
    assert inside(text, []) == set()


def test_the_share_is_of_all_words_and_nothing_of_nothing() -> None:
    assert share({0, 1}, ["a"] * 8) == 0.25
    assert share(set(), []) == 0.0
