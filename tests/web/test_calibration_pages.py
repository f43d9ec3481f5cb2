"""The page of an opening's calibration: empty, with too few ratings, with a report, applied; who may do what."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from interview_ai import calibrations, double_ratings, queries, rescoring
from interview_ai.calibrations import Made
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.tables import Calibration, Rating, Work
from tests import desk
from tests.browser import Browser
from tests.fixtures import doubly

FIGURE = {"value": 0.71, "low": 0.6, "high": 0.8}
UNKNOWN = {"value": None, "low": None, "high": None}
REPORT: dict[str, Any] = {
    "machine": {"qwk": FIGURE, "r": FIGURE, "rmse": FIGURE},
    "rule": {"qwk": UNKNOWN, "r": FIGURE, "rmse": FIGURE},
    "raters": {"qwk": FIGURE},
    "interval": {"coverage": {"value": 0.9}, "width": {"value": 2.04}, "abstention": {"value": 0.12}},
    "changes": {"answers": 52, "levels": 31, "listed": 50, "bands": 17, "interviews": 51, "abstained": 6},
}


@dataclass(frozen=True)
class House:
    jun: Member
    bo: Member
    opening_id: str

    @property
    def address(self) -> str:
        return f"/staff/openings/{self.opening_id}/calibration"

    def page(self, language: str = "en", email: str = "jun@example.com") -> str:
        return signed_in(email).get(f"{self.address}?lang={language}").text


def signed_in(email: str) -> Browser:
    browser = Browser()
    assert browser.sign_in(email).status_code == 200
    return browser


@pytest.fixture
def house(home: Path) -> House:
    jun = desk.jun()
    return House(jun, desk.colleague(jun, "bo@example.com", "reviewer"), desk.opening(jun))


def reported(house: House, number: int, **other: object) -> str:
    """A report as the command keeps it, but for what is `other`; returns its id."""
    doubly.candidates(house.jun, house.opening_id, number, raters=(house.jun, house.bo))
    with transaction(house.jun.organisation_id) as session:
        said, levels = double_ratings.spoken(session, house.opening_id), double_ratings.given(session, house.opening_id)
        samples = double_ratings.samples(said, levels["problem_solving"])
        made = Made("problem_solving", "grading-1", "0123456789abcdef", samples, {**REPORT, **other})
        return calibrations.record(session, queries.opening(session, house.opening_id), made).id


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("Rated by two people: 0. By one so far: 0.", "9 more candidates", "interview-ai calibrate ")),
        ("ko", ("두 사람 이상이 평가한 지원자 0명", "9명 더 필요합니다", "interview-ai calibrate ")),
    ],
)
def test_without_ratings_the_page_says_what_is_missing_and_how_a_report_is_made(
    house: House, language: str, sentences: tuple[str, ...]
) -> None:
    page = house.page(language)
    assert all(sentence in page for sentence in sentences)
    assert 'name="act"' not in page


def test_the_opening_s_page_leads_there(house: House) -> None:
    assert f'href="{house.address}"' in signed_in("jun@example.com").get(f"/staff/openings/{house.opening_id}").text


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ("41 more are needed", "cannot be applied yet: 50 candidates", "0.71", "not defined", "31 of 52")),
        ("ko", ("41명 더 필요합니다", "아직 적용할 수 없습니다", "0.71", "구할 수 없음", "52개 가운데 31개")),
    ],
)
def test_with_few_ratings_there_is_a_report_to_read_and_nothing_to_apply(
    house: House, language: str, sentences: tuple[str, ...]
) -> None:
    calibration_id = reported(house, 9)
    page = house.page(language)
    assert all(sentence in page for sentence in sentences)
    assert 'name="act"' not in page
    with reading(EVERYWHERE) as session:
        assert session.get_one(Calibration, calibration_id).applied_at is None


@pytest.mark.parametrize(
    ("language", "consequence", "in_use"),
    [
        ("en", "31 of 52 answers would have got another level", "In use since"),
        ("ko", "답변 52개 가운데 31개의 점수", "부터 적용 중입니다"),
    ],
)
def test_an_owner_reads_the_consequence_applies_and_withdraws(
    house: House, language: str, consequence: str, in_use: str
) -> None:
    calibration_id = reported(house, 50)
    before = doubly.scores()
    browser = signed_in("jun@example.com")
    page = browser.get(f"{house.address}?lang={language}")
    assert consequence in page.text and in_use not in page.text
    assert doubly.scores() == before
    page = browser.send(page, calibration_id)
    assert in_use in page.text
    with reading(EVERYWHERE) as session:
        assert rescoring.progress(session, house.opening_id).waiting
    page = browser.send(page, calibration_id)
    assert in_use not in page.text
    assert doubly.scores() == before
    with reading(EVERYWHERE) as session:
        row = session.get_one(Calibration, calibration_id)
        assert row.applied_by == house.jun.id and row.withdrawn_at is not None
        assert len(session.scalars(select(Work)).all()) == 1  # nobody came: the one that waits sees all that is there


def test_a_reviewer_reads_it_and_cannot_apply_it(house: House) -> None:
    calibration_id = reported(house, 50)
    page = house.page(email="bo@example.com")
    assert "Only an owner can apply it." in page and 'name="act"' not in page
    browser = signed_in("bo@example.com")
    token = browser.get(house.address).text.split('name="csrf" value="')[1].split('"')[0]
    refused = browser.client.post(f"{house.address}/{calibration_id}", data={"csrf": token, "act": "apply"})
    assert refused.status_code == 403
    with reading(EVERYWHERE) as session:
        assert session.get_one(Calibration, calibration_id).applied_at is None


def test_hana_of_another_firm_finds_nothing_and_changes_nothing(house: House) -> None:
    calibration_id = reported(house, 50)
    desk.hana()
    browser = signed_in("hana@example.net")
    assert browser.get(house.address).status_code == 404
    token = browser.get("/staff/openings").text.split('name="csrf" value="')[1].split('"')[0]
    refused = browser.client.post(f"{house.address}/{calibration_id}", data={"csrf": token, "act": "apply"})
    assert refused.status_code == 404
    with reading(EVERYWHERE) as session:
        assert session.get_one(Calibration, calibration_id).applied_at is None


def test_an_older_report_cannot_be_applied(house: House) -> None:
    older = reported(house, 50)
    browser = signed_in("jun@example.com")
    page = browser.get(house.address)
    reported(house, 1)
    refused = browser.send(page, older)
    assert refused.status_code == 409 and "newer report" in refused.text


def test_a_report_that_cannot_be_repeated_says_so_and_cannot_be_applied(house: House) -> None:
    calibration_id = reported(house, 50)
    browser = signed_in("jun@example.com")
    before = browser.get(house.address)
    with transaction(EVERYWHERE) as session:
        calibrations.forget(session, session.scalars(select(Rating.interview_id)).first() or "")
    page = browser.get(house.address)
    assert "cannot be worked out again and cannot be applied" in page.text and 'name="act"' not in page.text
    refused = browser.send(before, calibration_id)
    assert refused.status_code == 409 and "gone or has changed" in refused.text


def test_what_was_rated_since_is_counted(house: House) -> None:
    reported(house, 50)
    doubly.candidates(house.jun, house.opening_id, 2, raters=(house.jun, house.bo), seed=1)
    assert "2 more candidates have been rated by two people since" in house.page()


def test_a_failure_of_working_out_anew_is_on_the_page(house: House) -> None:
    calibration_id = reported(house, 50)
    with transaction(house.jun.organisation_id) as session:
        calibrations.apply(session, house.jun, calibration_id)
        session.scalars(select(Work)).one().state = "dead"
    assert "failed three times" in house.page()


@pytest.mark.parametrize(
    ("share", "language", "sentence"),
    [
        (0.0, "en", "For nobody does it cover more than 60 % of the scale"),
        (0.0, "ko", "범위가 전체 척도의 60%를 넘는 지원자는 없어"),
        (0.004, "en", "For &lt;1 % it covers more than 60 %"),
        (0.004, "ko", "지원자의 &lt;1%는 범위가 전체 척도의 60%를 넘어"),
        (0.12, "en", "For 12 % it covers more than 60 %"),
    ],
)
def test_the_sentence_on_abstaining_reads_right_for_nobody_for_few_and_for_some(
    house: House, share: float, language: str, sentence: str
) -> None:
    reported(house, 9, interval={**REPORT["interval"], "abstention": {"value": share}})
    page = house.page(language)
    assert sentence in page
    assert "For 0 %" not in page and "지원자의 0%" not in page


def test_a_version_stands_there_once_also_where_the_newest_report_is_in_use(house: House) -> None:
    calibration_id = reported(house, 50)
    with transaction(house.jun.organisation_id) as session:
        calibrations.apply(session, house.jun, calibration_id)
    page = house.page()
    assert "In use since" in page and page.count("(grading-1@0123456789abcdef)") == 1


@pytest.mark.parametrize(
    ("share", "language", "sentence"),
    [
        (0.75, "en", "starts from what two people gave 40 candidates of 2 other openings"),
        (0.75, "ko", "다른 공고 2개의 지원자 40명에 대한 두 사람의 평가에서 출발했습니다"),
        (0.0, "en", "did not help with this opening's ratings and is not used"),
        (0.0, "ko", "도움이 되지 않아 쓰지 않았습니다"),
    ],
)
def test_the_page_says_how_many_ratings_came_from_other_openings_and_whether_they_helped(
    house: House, share: float, language: str, sentence: str
) -> None:
    reported(house, 9, elsewhere={"openings": 2, "interviews": 40, "share": share})
    assert sentence in html.unescape(house.page(language))


def test_without_other_openings_the_page_says_nothing_of_them(house: House) -> None:
    reported(house, 9, elsewhere={"openings": 0, "interviews": 0, "share": 0.0})
    assert "other openings" not in house.page()
