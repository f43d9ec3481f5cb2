"""An answer fits its own question better than others; what cannot be told apart is said to be so."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules.relevance import Text, cosines, fit, text

QUESTIONS = (
    "Tell us about a machine that you repaired.",
    "When did you calm an angry customer?",
    "How did you plan the budget of a project?",
    "What did you learn from a mistake?",
    "Describe a team that could not agree.",
)
ANSWERS = (
    "The packing machine stopped twice a day, so I repaired its worn belt.",
    "An angry customer shouted at the counter. I stayed calm and listened to her.",
    "The project had little money. I made a plan and split the budget by month.",
    "I made a mistake with an order, and I learned from it to count twice.",
    "Our team could not agree, so I asked everybody for one reason.",
)

terms = st.lists(st.sampled_from("abcdefg"), max_size=12)


def comparable(said: str) -> Text:
    return text((word.strip(".,?").lower() for word in said.split()), said, "en")


ASKED = tuple(comparable(question) for question in QUESTIONS)


def others(place: int) -> tuple[Text, ...]:
    return ASKED[:place] + ASKED[place + 1 :]


@pytest.mark.parametrize("place", range(len(QUESTIONS)))
def test_an_answer_fits_its_own_question_best_and_another_less(place: int) -> None:
    own = fit(comparable(ANSWERS[place]), ASKED[place], others(place))
    away = (place + 1) % len(QUESTIONS)
    foreign = fit(comparable(ANSWERS[place]), ASKED[away], others(away))
    assert own is not None and own.own > 1 and own.lead < 0
    assert foreign is not None and foreign.own < 0 < foreign.lead


def test_where_no_word_is_shared_or_too_few_questions_are_there_nothing_is_said() -> None:
    nothing = Text(("zeppelin",), ("zep",))
    assert fit(nothing, ASKED[0], ASKED[1:]) is None
    assert fit(comparable(ANSWERS[0]), ASKED[0], ASKED[1:2]) is None
    assert fit(Text((), ()), ASKED[0], ASKED[1:]) is None


def test_questions_that_fit_equally_well_cannot_be_told_apart() -> None:
    same = [Text(words, ()) for words in (("a", "b", "c"), ("c", "a", "b"), ("b", "c", "a"), ("c", "b", "a"))]
    assert fit(Text(("a", "b", "b"), ()), same[0], same[1:]) is None


def test_the_order_of_the_other_questions_never_matters() -> None:
    shuffled = random.Random(3).sample(others(2), 4)
    assert fit(comparable(ANSWERS[2]), ASKED[2], shuffled) == fit(comparable(ANSWERS[2]), ASKED[2], others(2))


def test_the_nearness_of_a_sentence_encoder_outweighs_the_words() -> None:
    answer = comparable(ANSWERS[0])
    words = fit(answer, ASKED[0], others(0))
    near = fit(answer, ASKED[0], others(0), [0.9, 0.1, 0.2, 0.1, 0.2])
    far = fit(answer, ASKED[0], others(0), [0.1, 0.9, 0.8, 0.9, 0.8])
    assert words is not None and near is not None and far is not None
    assert near.own > 1 and far.own < 0 < words.own
    alone = fit(Text((), ()), ASKED[0], others(0), [0.9, 0.1, 0.2, 0.1, 0.2])
    assert alone is not None and alone.own > 1 and alone.lead < 0


def test_however_many_questions_are_compared_the_same_answer_fits_about_the_same() -> None:
    few = fit(comparable(ANSWERS[2]), ASKED[2], others(2))
    many = fit(comparable(ANSWERS[2]), ASKED[2], others(2) * 30)
    assert few is not None and many is not None
    assert few.own > 1 and many.own > 1


def test_copies_of_a_word_count_less_each_time() -> None:
    once, often = (cosines(("a",) * count + ("b",), [("a",), ("b",), ("c",)]) for count in (2, 20))
    assert once[0] < often[0] < 1
    assert once[1] > often[1] > 0


def test_a_word_that_few_questions_have_weighs_more() -> None:
    rare, common = cosines(("rare", "common"), [("rare", "x"), ("common", "y"), ("common", "z")])[:2]
    assert rare > common


@given(terms, st.lists(terms, min_size=1, max_size=6))
def test_a_cosine_lies_between_nothing_shared_and_the_same(answer: list[str], questions: list[list[str]]) -> None:
    for near, question in zip(cosines(answer, questions), questions, strict=True):
        assert 0 <= near <= 1 + 1e-9
        assert (near == 0) == (not set(answer) & set(question))
    if answer:
        assert cosines(answer, [answer, *questions])[0] == pytest.approx(1)


@pytest.mark.parametrize(("said", "language", "size"), [("한국어 질문", "ko", 2), ("a question", "en", 3)])
def test_ngrams_stay_inside_words_and_know_where_words_begin_and_end(said: str, language: str, size: int) -> None:
    found = text((), said, language).ngrams
    assert min(len(gram) for gram in found) == size
    assert not any(" " in gram.strip() for gram in found)
    assert any(gram.startswith(" ") for gram in found) and any(gram.endswith(" ") for gram in found)
