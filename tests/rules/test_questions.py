"""The linter of questions sees what may not be asked and what is asked badly, and lets the rest alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from interview_ai import library
from interview_ai.rules.grounds import GROUNDS
from interview_ai.rules.questions import check, unlawful

CASES: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("question_cases.yaml").read_text(encoding="utf-8"))
CODES = ("vague", "leading", "double", "hypothetical", "closed", "too_long")
LANGUAGES = ("ko", "en")


def of(kind: str) -> list[tuple[str, str]]:
    return [(language, text) for language in LANGUAGES for text in CASES[language][kind]]


UNLAWFUL = [
    (language, ground, text)
    for language in LANGUAGES
    for ground, texts in CASES[language]["unlawful"].items()
    for text in texts
]
WEAK = [(language, code, text) for code in CODES for language, text in of(code)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cases_are_many(language: str) -> None:
    assert len([case for case in UNLAWFUL if case[0] == language]) >= 60
    assert len(CASES[language]["harmless"]) >= 60
    assert set(CASES[language]["unlawful"]) == set(GROUNDS)


@pytest.mark.parametrize(("language", "ground", "text"), UNLAWFUL)
def test_a_question_for_what_nobody_may_be_asked_is_blocked_by_its_ground(
    language: str, ground: str, text: str
) -> None:
    found = check(text, language)
    assert found
    assert {finding.severity for finding in found} == {"block"}
    assert ground in {finding.ground for finding in found}


@pytest.mark.parametrize(("language", "code", "text"), WEAK)
def test_a_weak_wording_is_advised_on_and_not_blocked(language: str, code: str, text: str) -> None:
    found = check(text, language)
    assert code in {finding.code for finding in found}
    assert {finding.severity for finding in found} == {"advise"}


@pytest.mark.parametrize(("language", "text"), of("harmless"))
def test_words_that_only_look_forbidden_are_not_blocked(language: str, text: str) -> None:
    assert unlawful(text) == ()
    assert {finding.severity for finding in check(text, language)} <= {"advise"}


@pytest.mark.parametrize(("language", "text"), of("clean"))
def test_a_good_question_gets_no_advice(language: str, text: str) -> None:
    assert check(text, language) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_library_is_clean(language: str) -> None:
    shipped = library.questions(language)
    assert len(shipped) >= 35
    assert [(text, check(text, language)) for text in shipped if check(text, language)] == []


def test_the_library_has_the_seven_competencies_with_five_questions_each() -> None:
    names = [name.ko for name in library.competencies().values()]
    assert set(names) == {"의사소통", "문제해결", "대인관계", "자원관리", "조직이해", "직업윤리", "자기개발"}
    assert all(len(library.questions_of(key)) >= 5 for key in library.competencies())
    anchors = [criterion.anchors for criterion in library.rubric(tuple(library.competencies())).criteria]
    assert all(set(levels) == {1, 3, 5} and all(one.ko and one.en for one in levels.values()) for levels in anchors)


def test_the_places_of_questions_that_openings_refer_to_stay() -> None:
    assert library.questions_of("problem_solving")[0].ko.startswith("학업이나 일에서 문제를 발견하고 해결한 경험")
    assert library.questions_of("teamwork")[0].en.startswith("Tell us about a time when your team disagreed.")


def test_a_finding_says_where_what_and_what_to_ask_instead_in_both_languages() -> None:
    text = "팀에서 일한 경험을 말해 주세요. 결혼하셨나요?"
    (finding,) = check(text, "ko")
    assert text[finding.start : finding.end] == "결혼하셨나요"
    assert "채용절차법 제4조의3" in finding.message.ko
    assert "Fair Hiring Procedure Act" in finding.message.en
    assert "‘결혼하셨나요’" in finding.message.ko
    assert "marriage" in finding.message.en


def test_each_thing_that_is_asked_has_a_finding_of_its_own() -> None:
    found = check("What is your age? Are you married? Where were you born?", "en")
    assert [finding.ground for finding in found] == ["age", "marriage", "region"]


def test_a_question_in_the_other_language_than_said_is_blocked_all_the_same() -> None:
    assert check("Are you married?", "ko")[0].severity == "block"
    assert check("결혼하셨나요?", "en")[0].severity == "block"


def test_a_typographic_apostrophe_changes_nothing() -> None:
    assert [finding.ground for finding in check("What’s your age?", "en")] == ["age"]
    assert check("Don’t you think that teamwork matters?", "en")[0].code == "leading"


def test_nothing_is_found_in_nothing_but_that_it_asks_nothing() -> None:
    assert check("", "ko") == ()
    assert check("   ", "en") == ()


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_places_lie_in_the_text_whatever_is_typed(text: str, language: str) -> None:
    for finding in check(text, language):
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.message.ko
        assert finding.message.en


def test_advice_is_in_the_readers_language_and_its_examples_in_the_questions() -> None:
    (korean,) = check("성격의 장단점을 말해 주세요.", "ko")
    (english,) = check("What are your strengths?", "en")
    assert "경험을 말해 주세요" in korean.message.en
    assert korean.message.en.startswith("It asks for no event")
    assert "Tell us about a time when" in english.message.ko
    assert english.message.ko.startswith("실제로 있었던")


@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("What are your age, religion and marital status?", {"age", "religion", "marriage"}),
        ("Tell us about your age, weight and your hometown.", {"age", "appearance", "region"}),
        ("본인의 나이와 가족 관계, 종교를 소개해 주세요.", {"age", "family", "religion"}),
        ("Tell us your age, your team and the product you sold.", {"age"}),
    ],
)
def test_every_different_ground_of_one_question_is_named_with_its_own_words(text: str, grounds: set[str]) -> None:
    found = unlawful(text)
    assert {finding.ground for finding in found} == grounds
    assert len(found) == len(grounds)
    assert all(text[finding.start : finding.end] in finding.message.en for finding in found)
