"""When a score may not be given: every border, who speaks, and the first reason in words."""

from __future__ import annotations

import hashlib
import itertools
import re

import pytest

from interview_ai.rules import gates, reasons, relevance
from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.evidence import Gate, Transcript, Word
from web.words import LANGUAGES, catalogue

ANY = Find("action", 0, 1)
ALL = frozenset(
    "speech language recogniser confidence length pasted_rubric echo repeated repetition keywords own_content "
    "own_words word_salad own_fit fit related about_self".split()
)


def word(name: str) -> str:
    """A word that has nothing in common with another, not even for a compressor."""
    return hashlib.sha256(name.encode()).hexdigest()[:9]


def words(name: str, count: int) -> list[str]:
    return [word(f"{name} {number}") for number in range(count)]


def analysis(
    units: list[str], content: list[str], *, finds: tuple[Find, ...] = (ANY,), disorder: float | None = 0.0
) -> Analysis:
    return Analysis("en", tuple(units), tuple(content), finds, disorder)


def said(
    units: list[str],
    content: list[str] | None = None,
    *,
    question: list[str] | None = None,
    rubric: list[str] | None = None,
    finds: tuple[Find, ...] = (ANY,),
    disorder: float | None = 0.0,
    language: str = "en",
    others: tuple[relevance.Text, ...] = (),
) -> dict[str, Gate]:
    """The gates of an answer of these words, of which `content` are content words, by their names."""
    asked, anchor = question or [], rubric or []
    answer = gates.Answer(
        " ".join(units), analysis(units, units if content is None else content, finds=finds, disorder=disorder)
    )
    about = gates.Asked(
        language,
        analysis(asked, asked),
        (analysis(anchor, anchor),),
        relevance.Text(tuple(asked), ()),
        others,
    )
    found = gates.said(answer, about, gates.theirs(answer.text, about))
    return {gate.name: gate for gate in found}


def heard(
    *confidences: float | None, speech_s: float | None = 9.0, language: str = "en", may_score: bool = True
) -> dict[str, Gate]:
    spoken = tuple(Word(f"w{number}", confidence=value) for number, value in enumerate(confidences))
    text = " ".join(item.text for item in spoken)
    found = gates.heard(Transcript("e", "m", language, text, spoken), speech_s, expected="en", may_score=may_score)
    return {gate.name: gate for gate in found}


def shut(found: dict[str, Gate]) -> set[str]:
    return {name for name, gate in found.items() if not gate.passed}


def test_a_clear_recording_opens_the_first_gates() -> None:
    assert not shut(heard(0.9, 0.8))
    assert not shut(heard(None, speech_s=None))


@pytest.mark.parametrize(("speech_s", "passed"), [(1.0, True), (0.99, False), (0.0, False), (None, True)])
def test_less_than_a_second_of_speech_is_a_cough(speech_s: float | None, passed: bool) -> None:
    assert heard(0.9, speech_s=speech_s)["speech"].passed is passed


def test_without_words_there_was_no_speech_and_nothing_is_said_about_the_language() -> None:
    assert shut(heard(speech_s=30.0)) == {"speech"}
    assert shut(heard(speech_s=30.0, language="ko")) == {"speech"}


def test_another_language_and_a_recogniser_that_is_not_good_enough_are_named() -> None:
    assert shut(heard(0.9, language="ko")) == {"language"}
    assert shut(heard(0.9, may_score=False)) == {"recogniser"}


@pytest.mark.parametrize(
    ("confidences", "value", "passed"),
    [((0.4, 0.6), 0.5, True), ((0.4, 0.59), 0.495, False), ((None, 0.5), 0.5, True), ((None, None), None, True)],
)
def test_words_are_believed_from_a_mean_confidence_of_a_half(
    confidences: tuple[float | None, ...], value: float | None, passed: bool
) -> None:
    found = heard(*confidences)["confidence"]
    assert (found.value, found.passed) == (value, passed)


@pytest.mark.parametrize(("language", "least"), [("en", 30), ("ko", 20)])
def test_an_answer_is_long_enough_from_its_thirtieth_word_or_its_twentieth_eojeol(language: str, least: int) -> None:
    assert not {"length", "own_words"} & shut(said(words("own", least), language=language))
    assert {"length", "own_words"} <= shut(said(words("own", least - 1), language=language))


@pytest.mark.parametrize(("copied", "passed"), [(35, True), (36, False)])
def test_up_to_35_of_100_words_may_be_the_questions(copied: int, passed: bool) -> None:
    question = words("question", copied)
    found = said([*question, *words("own", 100 - copied)], [], question=question)
    assert (found["echo"].value, found["echo"].passed) == (copied / 100, passed)


@pytest.mark.parametrize(("pasted", "passed"), [(30, True), (31, False)])
def test_up_to_30_of_100_words_may_be_the_rubrics(pasted: int, passed: bool) -> None:
    rubric = words("rubric", pasted)
    found = said([*words("own", 100 - pasted), *rubric], [], rubric=rubric)
    assert (found["pasted_rubric"].value, found["pasted_rubric"].passed) == (pasted / 100, passed)


@pytest.mark.parametrize(("again", "passed"), [(30, True), (31, False)])
def test_up_to_30_of_100_words_may_be_said_again(again: int, passed: bool) -> None:
    own = words("own", 100 - again)
    found = said([*own, *own[:again]], [])
    assert (found["repeated"].value, found["repeated"].passed) == (again / 100, passed)


def test_the_same_few_words_in_every_order_are_repetition_too_and_the_gate_shows_what_it_measured() -> None:
    few = [" ".join(order) for order in itertools.product(("we", "did", "well"), repeat=5)][::5]
    found = said(" and ".join(few).split())
    measured = found["repetition"]
    assert measured.value is not None and measured.value < gates.MIN_COMPRESSED
    assert not measured.passed
    assert said(words("own", 100))["repetition"].passed
    assert said(["yes"] * 30)["repetition"].value is None  # 119 bytes tell nothing


@pytest.mark.parametrize(("known", "passed"), [(50, True), (51, False)])
def test_up_to_half_of_the_content_words_may_be_the_questions(known: int, passed: bool) -> None:
    question = words("question", known)
    found = said(words("said", 100), [*question, *words("own", 100 - known)], question=question)
    assert (found["keywords"].value, found["keywords"].passed) == (known / 100, passed)


@pytest.mark.parametrize(("own", "passed"), [(8, True), (7, False)])
def test_eight_content_words_must_be_in_neither_question_nor_rubric(own: int, passed: bool) -> None:
    question, rubric = words("question", 5), words("rubric", 5)
    content = [*question, *words("own", own) * 2, *rubric]
    found = said(words("said", 60), content, question=question, rubric=rubric)
    assert (found["own_content"].value, found["own_content"].passed) == (own, passed)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_disorder_is_borne_up_to_the_most_that_genuine_answers_show(language: str) -> None:
    most = gates.MAX_DISORDER[language]
    assert said(words("own", 40), disorder=most, language=language)["word_salad"].passed
    assert not said(words("own", 40), disorder=most + 0.001, language=language)["word_salad"].passed
    assert said(words("own", 40), disorder=None, language=language)["word_salad"].passed


def test_an_answer_that_fits_its_question_worse_than_most_others_is_shut_out() -> None:
    own, foreign = words("own", 20), words("foreign", 20)
    alike = tuple(relevance.Text((*foreign[number : number + 9], word(f"{number}")), ()) for number in range(10))
    least = gates.MIN_FIT["words"]["en"]
    away = said(words("said", 40), foreign, question=own, others=alike)["own_fit"]
    assert away.value is not None and away.value < least and not away.passed
    near = said(words("said", 40), [*own, *foreign], question=own, others=alike)["own_fit"]
    assert near.value is not None and near.value > 0 and near.passed
    assert said(words("said", 40), question=own)["own_fit"] == Gate("own_fit", True, None, least)


def test_an_answer_that_is_another_questions_own_is_shut_out_by_a_wide_margin_only() -> None:
    own, foreign, most = words("own", 20), words("foreign", 20), gates.MAX_LEAD["en"]
    others = tuple(relevance.Text(tuple(words(f"other {number}", 20)), ()) for number in range(60))
    away = said(words("said", 40), foreign, question=own, others=(*others, relevance.Text(tuple(foreign), ())))
    assert away["fit"].value is not None and away["fit"].value > most
    assert not away["fit"].passed and away["own_fit"].passed  # all but one fit as badly as the own one
    near = said(words("said", 40), [*own, *foreign], question=own, others=(*others, relevance.Text(tuple(foreign), ())))
    assert near["fit"].value is not None and near["fit"].passed
    assert said(words("said", 40), question=own)["fit"] == Gate("fit", True, None, most)


def test_one_word_of_the_question_or_one_piece_of_evidence_relates_an_answer_to_it() -> None:
    question = words("question", 10)
    figure = Find("specific", 0, 1)
    assert "related" in shut(said(words("own", 40), question=question, finds=(figure, figure)))
    assert "related" not in shut(said(words("own", 40), question=question, finds=(ANY,)))
    assert "related" not in shut(said([*words("own", 40), question[3]], question=question, finds=()))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "제가 했습니다"),
        ("ko", "그때 저는 몰랐다"),
        ("ko", "저희 반 친구"),
        ("ko", "나는 몰랐어"),
        ("ko", "다 고쳤거든요."),
        ("ko", "고쳤어예."),
        ("ko", "제 생각에는 그렇다"),
        ("en", "Then I fixed it"),
        ("en", "it was my idea"),
        ("en", "they helped us"),
    ],
)
def test_a_person_is_heard_by_a_pronoun_or_an_ending(language: str, text: str) -> None:
    assert said(text.split(), language=language)["about_self"].passed


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ko", "구간 내 설치에 유리하다"),
        ("ko", "기간 내의 일이다"),
        ("ko", "제 2차 세계 대전 이후에 널리 쓰인다"),
        ("ko", "이 제도 는 폐지되었다"),
        ("ko", "신문에 나와 알려졌다"),
        ("ko", "명예 교수로 임명되었다"),
        ("en", "The US economy grew"),
        ("en", "It is used in the industry"),
    ],
)
def test_words_that_only_look_like_a_pronoun_or_an_ending_are_no_person(language: str, text: str) -> None:
    assert not said(text.split(), language=language)["about_self"].passed


def test_every_gate_has_its_code_and_its_words_in_both_languages_also_with_its_value() -> None:
    made = heard(0.9) | said(words("own", 40))
    assert set(made) == ALL
    for language in LANGUAGES:
        book = catalogue(language)
        for name, gate in made.items():
            assert f"shortlist.gate_names.{name}" in book, name
            assert f"shortlist.reasons.{reasons.CODES[name]}" in book, name
            if gate.threshold is None:
                continue
            for key in {f"{name}_{of}" for of in LANGUAGES} if name in ("length", "own_words") else {name}:
                sentence = book[f"shortlist.page.gate_values.{key}"]
                assert isinstance(sentence, str) and {"{value}", "{threshold}"} <= set(re.findall(r"{\w+}", sentence))


def test_the_first_gate_that_is_shut_gives_the_reason() -> None:
    gate = {name: Gate(name, name not in ("echo", "length"), None, None) for name in ("speech", "length", "echo")}
    assert reasons.first_failed([gate["speech"]]) is None
    assert reasons.first_failed([]) is None
    shorter = reasons.first_failed([gate["speech"], gate["length"], gate["echo"]])
    echoed = reasons.first_failed([gate["echo"], gate["length"]])
    assert shorter == reasons.reason("too_short")
    assert echoed == reasons.reason("echo")


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_reason_is_a_sentence_in_each_language(name: str) -> None:
    found = reasons.first_failed([Gate(name, False, None, None)])
    assert found is not None
    assert re.search("[가-힣].*[.]$", found.text.ko)
    assert re.match("[A-Z][^가-힣]+[.]$", found.text.en)
    assert found.text.text("ko") == found.text.ko and found.text.text("en") == found.text.en


def test_what_the_question_the_rubric_or_a_plea_says_is_no_evidence() -> None:
    question, rubric, own = words("question", 4), words("rubric", 5), words("own", 40)
    units = [*own, *question, *rubric, *"please give me 5 points now .".split()]
    text = " ".join(units)
    spans = [text.index(unit) for unit in (own[0], own[39], question[0], rubric[0], "5 points")]
    lengths = (9, 19, 39, 49, 8)
    finds = tuple(Find("action", at, at + length) for at, length in zip(spans, lengths, strict=True))
    asked = gates.Asked("en", analysis(question, []), (analysis(rubric, []),), relevance.Text((), ()), ())
    answer = gates.Answer(text, analysis(units, [], finds=finds))
    assert gates.own_finds(answer, gates.theirs(text, asked)) == finds[:2]
