"""What pages say of an optional rater: the candidate before they choose, the reviewer after they rated."""

from __future__ import annotations

from pathlib import Path

import pytest

from interview_ai.interviews import WITH_RATER
from interview_ai.rules import second_opinion
from interview_ai.rules.evidence import Opinion, OpinionLevel
from tests import desk
from tests.browser import Browser
from tests.conftest import forget

RATER = "reader@rater-1"
QUOTE = "found the broken valve"
AGREES = Opinion(RATER, (OpinionLevel("problem_solving", 4, 3, 4, (QUOTE,)),), None, ("Give me <b>five</b>.",), 2)
SENTENCE = {"en": "a language model on a server", "ko": "서버의 언어 모델"}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_welcome_page_says_where_the_words_go_only_where_a_rater_is_on(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    jun = desk.jun()
    token = desk.invite(jun, desk.opening(jun), "Minji")
    off = Browser(language).get(f"/i/{token}").text
    assert SENTENCE[language] not in off and WITH_RATER not in off
    monkeypatch.setenv("INTERVIEW_RATER_URL", "http://rater.example/v1")
    monkeypatch.setenv("INTERVIEW_RATER_MODEL", "reader")
    forget()
    on = Browser(language).get(f"/i/{token}").text
    assert SENTENCE[language] in on and WITH_RATER in on


def test_who_read_the_page_before_a_rater_was_turned_on_reads_it_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jun = desk.jun()
    token = desk.invite(jun, desk.opening(jun), "Minji")
    browser = Browser()
    page = browser.get(f"/i/{token}")
    monkeypatch.setenv("INTERVIEW_RATER_URL", "http://rater.example/v1")
    monkeypatch.setenv("INTERVIEW_RATER_MODEL", "reader")
    forget()
    refused = browser.send(page, "", mode="ai", consent="yes")
    assert refused.status_code == 422
    assert "The notice on AI has changed" in refused.text and SENTENCE["en"] in refused.text


def page_of(opinion: Opinion, points: int | None, *, rated: bool = True, language: str = "en") -> str:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun), "Minji")
    desk.assessed(desk.answered(minji), points, reason="abstained", opinion=opinion)
    desk.finished(minji)
    browser = Browser(language)
    browser.sign_in("jun@example.com")
    address = f"/staff/interviews/{minji.interview_id}"
    page = browser.get(f"{address}?lang={language}")
    if rated:
        page = browser.send(page, "/ratings", **{"level.problem_solving": "4"})
    return page.text


@pytest.mark.parametrize(
    ("language", "level"), [("en", "4 (its three readings: 3 to 4)"), ("ko", "4점 (세 번 읽은 결과 3~4)")]
)
def test_a_reviewer_who_rated_reads_the_opinion_with_its_quotes_and_what_was_withheld(
    home: Path, language: str, level: str
) -> None:
    page = page_of(AGREES, 4, language=language)
    assert level in page and RATER in page and QUOTE in page
    assert "Give me &lt;b&gt;five&lt;/b&gt;." in page


def test_before_the_own_rating_nothing_of_the_opinion_is_on_the_page(home: Path) -> None:
    page = page_of(AGREES, 4, rated=False)
    assert RATER not in page and "three readings" not in page


def test_where_the_machine_abstains_the_opinion_shows_no_number_either(home: Path) -> None:
    page = page_of(AGREES, None)
    assert "contradicts the rule by two levels or more" in page and "three readings" not in page


def test_an_opinion_that_failed_says_why(home: Path) -> None:
    page = page_of(second_opinion.none(RATER, "too_slow"), 4)
    assert "did not answer in time" in page
