"""Mixtures through the real analysers: borrowed and own words, pleas beside an answer, a text that nobody speaks."""

from __future__ import annotations

import re

import pytest

from interview_ai import library
from interview_ai.rules import gates
from interview_ai.rules.evidence import Assessment
from tests.evaluation import written
from web.words import LANGUAGES
from worker.evaluation.attacks import PLEAS
from worker.judging import Asked, assess_text

OWN = {
    "en": (
        "In my second year at university our team project had a problem with late orders. I checked the records of "
        "three months and I found that twelve percent of the boxes were packed wrong. I made a simple list for each "
        "box and I trained two new students. As a result the mistakes dropped to three percent in six weeks."
    ),
    "ko": (
        "대학교 3학년 때 카페에서 아르바이트를 했습니다. 주문이 자주 밀려서 손님들이 오래 기다렸습니다. 제가 일주일 동안 주문 기록을 "
        "정리했고, 음료 만드는 순서를 바꿨습니다. 동료들에게 새 순서를 설명하고 표를 붙였습니다. 그 결과 대기 시간이 삼십 퍼센트 줄었습니다."
    ),
}
ENCYCLOPAEDIA = [
    (
        "ko",
        "소금은 염화 나트륨을 주성분으로 하는 짠맛의 물질이다. 바닷물을 증발시키거나 암염을 캐내어 얻으며, 음식의 간을 맞추고 식품을 오래 "
        "보존하는 데 널리 쓰인다. 고대 로마에서는 군인의 급료를 소금으로 지급하였다는 기록이 남아 있다. 오늘날 전 세계 생산량의 절반 이상은 "
        "화학 공업의 원료로 소비된다. 지나친 섭취는 고혈압의 원인이 된다.",
    ),
    (
        "ko",
        "현수교는 주탑 사이에 걸친 케이블에 상판을 매달아 하중을 지탱하는 다리이다. 지간이 긴 구간 내 설치에 유리하며, 제 2차 세계 대전 이후 "
        "강선의 강도가 높아지면서 규모가 커졌다. 1940년에는 바람에 의한 진동으로 한 다리가 무너지는 사고가 일어나 이를 계기로 풍동 시험이 "
        "의무화되었다. 그 결과 이후 건설된 교량의 문제가 구십 퍼센트 줄었다.",
    ),
    (
        "en",
        "Salt is a mineral composed mainly of sodium chloride. It is obtained by evaporating sea water or by mining "
        "rock salt, and it is used to season and to preserve food. Records say that soldiers of ancient Rome were "
        "paid partly in salt. More than half of the world's production is consumed by the chemical industry.",
    ),
    (
        "en",
        "A suspension bridge carries its deck on cables hung between towers. In 1940 a bridge in the US collapsed "
        "because of vibrations caused by the wind, and engineers solved the problem by testing every design in a wind "
        "tunnel. As a result the number of failures at work dropped by ninety percent within thirty years.",
    ),
]


def question(language: str, number: int = 0) -> str:
    return library.questions(language)[number]


def judged(text: str, language: str, asked: str | None = None) -> Assessment:
    given = asked or question(language)
    return assess_text(text, Asked(given, language, library.rubric(), library.questions(language)))


def code(found: Assessment) -> str | None:
    return found.reason.code if found.reason else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_said_once_before_an_answer_changes_no_point(language: str) -> None:
    open_ones = [one for one in written.answers(language) if not one.held_out]
    assert len(open_ones) > 30
    for one in open_ones[::4]:
        alone = judged(one.text, language, one.question)
        told = judged(f"{one.question} {one.text}", language, one.question)
        assert alone.score is not None and told.score is not None, one.id
        assert told.score.points == alone.score.points, one.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_borrowed_words_do_not_make_up_for_own_ones(language: str) -> None:
    least = gates.MIN_UNITS[language]
    own = OWN[language].split()
    asked = question(language)
    few = " ".join(own[: least - 1])
    assert code(judged(few, language)) == "too_short"
    borrowed_more = judged(f"{few} {asked}", language)
    assert borrowed_more.score is None
    left = next(gate for gate in borrowed_more.gates if gate.name == "own_words")
    assert left.value is not None and left.value < least and not left.passed


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_an_echo_is_refused_as_one_and_the_question_said_once_is_not(language: str) -> None:
    own, asked = OWN[language], question(language)
    length = len(own.split())
    once = asked.split()
    times = -(-length // len(once))
    half = judged(" ".join([*(once * times)[:length], own]), language)
    assert code(half) == "echo" and half.score is None
    assert judged(f"{asked} {own}", language).score == judged(own, language).score


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("before", [True, False])
def test_a_plea_beside_a_genuine_answer_changes_nothing(language: str, before: bool) -> None:
    genuine = judged(OWN[language], language)
    assert genuine.score is not None
    for plea in PLEAS[language]:
        text = f"{plea} {OWN[language]}" if before else f"{OWN[language]} {plea}"
        assert judged(text, language).score == genuine.score, plea


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("times", [1, 2])
def test_pleas_alone_earn_a_reason_and_no_point(language: str, times: int) -> None:
    found = judged(" ".join(PLEAS[language] * times), language)
    assert found.score is None and found.reason is not None
    left = next(gate for gate in found.gates if gate.name == "own_words")
    assert not left.passed


@pytest.mark.parametrize("number", [0, 7, 16, 30])
@pytest.mark.parametrize(("language", "text"), ENCYCLOPAEDIA)
def test_an_encyclopaedia_is_nobodys_answer_whatever_was_asked(language: str, text: str, number: int) -> None:
    found = judged(text, language, question(language, number))
    assert code(found) == "off_topic"
    assert "about_self" in {gate.name for gate in found.gates if not gate.passed}


def test_the_anchors_are_those_of_the_answers_own_language() -> None:
    rubric = library.rubric(("problem_solving", "teamwork"))
    korean, english = (gates.anchors_of(rubric, language) for language in LANGUAGES)
    assert len(korean) == len(english) == 6
    assert all(re.search("[가-힣]", text) for text in korean)
    assert not any(re.search("[가-힣]", text) for text in english)
