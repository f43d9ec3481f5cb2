"""A known name is always found; quotes that tell only who somebody is; the seconds that are covered."""

from __future__ import annotations

import pytest

from interview_ai.rules import masking
from interview_ai.rules.bleeping import spans
from interview_ai.rules.evidence import Word
from interview_ai.rules.masking import places
from interview_ai.rules.masking_names import Known, spoken

INFINITY = float("inf")


@pytest.mark.parametrize(
    ("name", "said", "covered"),
    [
        ("김민지", "저는 김민지입니다 그리고", "김민지입니다"),
        ("김민지", "저는 김 민지라고 합니다", "김 민지라고"),
        ("김민지", "저는 김 민 지 라고 합니다", "김 민 지"),
        ("김민지", "팀에서 민지야 하고 불렀고 민지가 답했습니다", "민지야 민지가"),
        ("김 민지", "저는 민지김 이라고도 씁니다", "민지김"),
        ("김민지", "i am minji kim and kim min ji is me", "minji kim kim min ji"),
        ("Minji Kim", "I am Min-ji from the plant, Kim is my name", "Min-ji Kim"),
        ("Min-Ji Kim", "they say Minji's plan or Min Ji has a plan", "Minji's Min Ji"),
        ("Kim Minji", "저는 김민지이고 민지라고 불립니다", "김민지이고 민지라고"),
        ("남궁서연", "남궁 서연입니다 서연이라고 해 주세요", "남궁 서연입니다 서연이라고"),
        ("José García", "I am Jose and Garcia is common", "Jose Garcia"),
        ("이수정", "도면을 수정했습니다", ""),
        ("Jun Park", "the car was in the parking lot in june", ""),
    ],
)
def test_the_name_that_the_record_knows_is_found_however_it_was_heard(name: str, said: str, covered: str) -> None:
    words = said.split()
    found = spoken(words, Known(name))
    assert " ".join(word for place, word in enumerate(words) if place in found) == covered


def test_the_names_in_an_address_are_found_and_an_office_is_none() -> None:
    words = "write to dohyun at the office or dohyunchoi95".split()
    assert spoken(words, Known("최도현", "dohyun.choi95@example.org")) == {2, 7}
    assert spoken("our info desk has mail".split(), Known("최도현", "info@example.org")) == frozenset()


def test_a_known_name_is_masked_where_no_pattern_would_find_it() -> None:
    words = "then minji told them".split()
    assert masking.masks(words, "en", Known("Minji Kim")) == (None, "name", None, None)
    assert masking.masks(words, "en") == (None,) * 4


@pytest.mark.parametrize(
    ("quote", "language", "nothing"),
    [
        ("I was born in Andong in 1998", "en", True),
        ("1998년에 안동에서 태어났고", "ko", True),
        ("스물여섯 살", "ko", True),
        ("When I was 27 I measured the pressure", "en", False),
        ("I measured the pressure", "en", False),
        ("제가 27살 때 불량을 줄였습니다", "ko", False),
    ],
)
def test_a_quote_that_only_tells_who_somebody_is_holds_no_deed(quote: str, language: str, nothing: bool) -> None:
    words = quote.split()
    assert masking.tells_nothing_else(words, masking.masks(words, language)) is nothing


def test_masked_words_are_covered_with_a_margin_and_what_touches_is_one_span() -> None:
    words = [
        Word("I", 0.0, 0.2),
        Word("am", 0.3, 0.5),
        Word("Minji", 0.6, 1.0),
        Word("Kim", 1.1, 1.4),
        Word("so", 2, 3),
    ]
    found = spans(words, (None, None, "name", "name", None))
    assert found == ((pytest.approx(0.5), pytest.approx(1.5)),)


def test_a_masked_word_without_a_time_is_covered_up_to_its_neighbours() -> None:
    words = [Word("am", 0.3, 0.5), Word("Minji"), Word("so", 2.0, 3.0), Word("Kim")]
    found = spans(words, (None, "name", None, "name"))
    assert found == ((pytest.approx(0.4), pytest.approx(2.1)), (pytest.approx(2.9), INFINITY))


def test_a_search_index_gets_the_places_that_the_opening_masks() -> None:
    words = "Minji from Kyungpook University says my father found the valve".split()
    assert places(words, "en", Known("Minji"), blind=True) == {0, 2, 3, 6}
    assert places(words, "en", Known("Minji"), blind=False) == {6}
