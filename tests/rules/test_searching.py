"""By which words an answer is found, and by which it never is."""

from __future__ import annotations

import unicodedata

import pytest

from interview_ai.rules import searching


def found(said: str, typed: str, name: str = "Nobody", stems: tuple[str, ...] = ()) -> bool:
    words = said.split()
    terms = searching.terms_of(words, searching.name_places(words, name), stems)
    beginnings = searching.looked_for(typed)
    return bool(beginnings) and all(any(term.startswith(one) for term in terms) for one in beginnings)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("고객", "고객이 화를 내서 들었습니다"),
        ("고객을", "고객이 화를 내서 들었습니다"),
        ("불량률은", "불량률을 줄였습니다"),
        ("해결했던", "문제를 해결했습니다"),
        ("팀에서 문제", "팀에서 문제가 있었습니다"),
        ("managing", "I managed a team"),
        ("Companies", "the company was small"),
        ("valve", "the broken valves,"),
        ("3일", "3일 만에 끝냈습니다"),
    ],
)
def test_a_word_is_found_whatever_particle_or_ending_either_side_has(typed: str, said: str) -> None:
    assert found(said, typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("고객", "직원이 왔습니다"), ("팀에서 매출", "팀에서 문제가 있었습니다"), ("", "무엇이든"), ("!?", "무엇이든")],
)
def test_all_words_must_be_there_and_no_word_finds_nobody(typed: str, said: str) -> None:
    assert not found(said, typed)


def test_syllables_that_a_computer_typed_in_pieces_are_found() -> None:
    assert found("고객이 화를 냈습니다", unicodedata.normalize("NFD", "고객"))


def test_the_second_noun_of_a_compound_is_found_by_its_morpheme() -> None:
    assert not found("품질관리를 했습니다", "관리")
    assert found("품질관리를 했습니다", "관리", stems=("품질", "관리"))


@pytest.mark.parametrize(
    ("name", "said", "typed"),
    [
        ("김민지", "저는 김민지입니다", "김민지"),
        ("김민지", "다들 민지야 하고 불렀습니다", "민지"),
        ("김민지", "민지 김 이라고 합니다", "민지"),
        ("남궁수정", "수정이라고 불러 주세요", "수정"),
        ("Minji Kim", "hello I am Minji", "minji"),
        ("Minji Kim", "Minji's idea was mine", "minji"),
        ("Minji Kim", "my name is kim", "Kim"),
    ],
)
def test_nobody_is_found_by_their_own_name_in_whatever_form(name: str, said: str, typed: str) -> None:
    assert not found(said, typed, name)
    assert found(said, typed, "Somebody Else")


def test_a_word_beside_a_name_is_found_and_a_stem_that_holds_the_name_is_not() -> None:
    words = "저는 김민지입니다 품질을 맡았습니다".split()
    hidden = searching.name_places(words, "김민지")
    assert hidden == {1}
    assert "김민지" not in searching.terms_of(words, hidden, stems=("김민지", "품질"), name="김민지")
    assert "품질" in searching.terms_of(words, hidden, stems=("김민지", "품질"), name="김민지")


def test_a_word_that_is_masked_once_is_found_by_no_other_place_where_it_was_said() -> None:
    assert searching.terms_of(["부산에서", "왔고", "부산에서"], {0}) == ("왔고",)


def test_what_was_met_is_marked_where_it_can_be_seen() -> None:
    said = "품질관리를 하면서 관리 일지를".split()
    assert searching.places(said, ("관리",)) == [0, 2]
    assert searching.places(said, ("관리",), {0}) == [2]
