"""`interview-ai calibrate`: what it reports, that it changes nothing, and what workers do once a person applied it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from interview_ai import audit, calibrations, openings, rescoring
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict
from interview_ai.organisations import Member
from interview_ai.rules import scoring
from interview_ai.tables import (
    Answer,
    AuditEntry,
    Calibration,
    Interview,
    Rating,
    RubricRow,
    ScoreRow,
    TranscriptRow,
    Work,
)
from tests import desk
from tests.browser import Browser
from tests.cast import CRITERIA
from tests.fixtures import doubly
from worker import tasks


@dataclass(frozen=True)
class House:
    jun: Member
    bo: Member
    opening_id: str

    @property
    def raters(self) -> tuple[Member, Member]:
        return self.jun, self.bo


@pytest.fixture
def house(home: Path) -> House:
    """Jun and Bo rate the candidates of an opening with two questions."""
    jun = desk.jun()
    return House(jun, desk.colleague(jun, "bo@example.com", "reviewer"), desk.opening(jun, questions=2))


def report(house: House, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["calibrate", house.opening_id]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found: dict[str, Any] = json.loads(out)
    assert found["applied"] is False
    (criterion,) = found["criteria"]
    return dict(criterion)


def newest() -> Calibration:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Calibration).order_by(Calibration.created_at.desc())).all()[0]


def applied(house: House, criterion: str = "problem_solving") -> None:
    with transaction(house.jun.organisation_id) as session:
        rows = select(Calibration).where(Calibration.criterion == criterion).order_by(Calibration.created_at.desc())
        calibrations.apply(session, house.jun, session.scalars(rows).all()[0].id)


def worked() -> None:
    """A worker does all that waits to be scored anew."""
    with reading(EVERYWHERE) as session:
        waiting = session.scalars(select(Work.id).where(Work.kind == rescoring.KIND, Work.state == "pending")).all()
    for work_id in waiting:
        tasks.work(work_id)


def test_below_nine_people_it_says_how_many_are_missing_and_keeps_nothing(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    doubly.candidates(house.jun, house.opening_id, 8, raters=house.raters)
    doubly.candidates(house.jun, house.opening_id, 3, raters=(house.jun,), seed=1)
    found = report(house, capsys)
    assert (found["double_rated"], found["single_rated"], found["missing_to_report"]) == (8, 3, 1)
    assert (found["readiness"], found["calibration"]) == ("too_few", None)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Calibration)).all() == []


@pytest.mark.slow
def test_sixty_double_ratings_are_reported_and_no_score_changes(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    doubly.candidates(house.jun, house.opening_id, 60, raters=house.raters)
    doubly.candidates(house.jun, house.opening_id, 4, raters=(), seed=1)
    before = doubly.scores()
    found = report(house, capsys)
    assert (found["readiness"], found["missing_to_apply"]) == ("enough", 0)
    assert found["machine"]["rmse"]["high"] < found["rule"]["rmse"]["low"]  # the raters' use of the scale is learned
    for figure in ("qwk", "r", "rmse"):
        assert found["machine"][figure]["low"] <= found["machine"][figure]["value"] <= found["machine"][figure]["high"]
    assert 0.5 < found["raters"]["qwk"]["value"] < 1
    assert 0.8 <= found["interval"]["coverage"]["value"] <= 1
    assert (found["changes"]["answers"], found["changes"]["interviews"]) == (128, 64)
    assert doubly.scores() == before
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Work).where(Work.kind == rescoring.KIND)).all() == []
    assert report(house, capsys) == found  # the same ratings give the same report


@pytest.mark.slow
def test_applying_does_what_the_report_said_and_withdrawing_gives_the_rule_s_points_back(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    doubly.candidates(house.jun, house.opening_id, 4, raters=(), seed=1)
    before = doubly.scores()
    found = report(house, capsys)
    applied(house)
    assert doubly.scores() == before  # a worker has not come yet
    worked()
    after = doubly.scores()
    assert {row["versions"]["scoring"] for row in after.values()} == {found["calibration"]}
    scores = [row["score"] for row in after.values()]
    assert sum(score is None for score in scores) == 2 * found["changes"]["abstained"]
    assert not any(score["provisional"] for score in scores if score)
    levels = [
        (int(before[name]["score"]["points"]), int(row["score"]["points"] + 0.5))
        for name, row in after.items()
        if row["score"]
    ]
    assert sum(old != new for old, new in levels) == found["changes"]["levels"]
    with transaction(house.jun.organisation_id) as session:
        calibrations.withdraw(session, house.jun, newest().id)
    worked()
    assert doubly.scores() == before
    with reading(EVERYWHERE) as session:
        assert set(session.scalars(select(Answer.state))) == {"assessed"}
        assert audit.verify(session) > 0
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    told = [action for action in actions if action.startswith("calibration")]
    assert told == ["calibration reported", "calibration applied", "calibration withdrawn"]


@pytest.mark.slow
def test_learned_points_come_out_again_from_what_is_stored(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    report(house, capsys)
    applied(house)
    worked()
    capsys.readouterr()
    for name in list(doubly.scores())[:2]:
        main(["recompute", name])
        found = json.loads(capsys.readouterr().out)
        assert "@" in found["now"]["versions"]["scoring"]
        assert found["now"]["versions"]["scoring"] == found["stored"]["versions"]["scoring"]
        assert found["now"]["score"] == found["stored"]["score"]
        assert "score" not in found["differs"]


@pytest.mark.slow
def test_both_answers_of_an_interview_get_the_estimate_for_the_whole_interview(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    (interview_id,) = doubly.candidates(house.jun, house.opening_id, 1, raters=(), seed=1)
    report(house, capsys)
    applied(house)
    worked()
    with reading(EVERYWHERE) as session:
        mine = select(ScoreRow.score).join(Answer, Answer.id == ScoreRow.answer_id)
        first, second = session.scalars(mine.where(Answer.interview_id == interview_id))
    assert first is not None and first == second
    with transaction(house.jun.organisation_id) as session:
        openings.end_first_pass(session, house.jun, house.opening_id)
    browser = Browser()
    browser.sign_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{interview_id}?lang=en").text
    assert "Calibrated points for the whole interview" in page and "Provisional points" not in page
    assert f"Question 1, 2: {round(first['points'], 1):g} (range" in page


@pytest.mark.slow
def test_with_one_of_two_criteria_calibrated_points_stay_provisional_and_whole(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(EVERYWHERE) as session:
        rubric = session.scalars(select(RubricRow)).one()
        rubric.criteria = [*CRITERIA, {**CRITERIA[0], "id": "care"}]
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters, criteria=("problem_solving", "care"))
    with transaction(EVERYWHERE) as session:
        later = session.scalars(select(Rating.interview_id).where(Rating.criterion == "care")).first()
        session.execute(delete(Rating).where(Rating.criterion == "care", Rating.interview_id == later))
    capsys.readouterr()
    assert main(["calibrate", house.opening_id]) == 0
    first, second = json.loads(capsys.readouterr().out)["criteria"]
    assert (first["missing_to_apply"], second["missing_to_apply"]) == (0, 1)
    applied(house, "problem_solving")
    worked()
    rows = doubly.scores().values()
    assert {row["versions"]["scoring"] for row in rows} == {f"{scoring.VERSION}+{first['calibration']}"}
    for score in (row["score"] for row in rows if row["score"]):
        assert score["provisional"]
        numbers = [score, *score["criteria"]]
        assert all(part[name] == int(part[name]) for part in numbers for name in ("points", "low", "high"))
    with pytest.raises(Conflict, match="1 more"):
        applied(house, "care")


@pytest.mark.slow
def test_an_answer_that_comes_later_is_followed_by_calibrated_points(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    found = report(house, capsys)
    applied(house)
    worked()
    (later,) = doubly.candidates(house.jun, house.opening_id, 1, raters=(), seed=7)
    with transaction(EVERYWHERE) as session:
        rescoring.follow(session, house.opening_id)
    worked()
    with reading(EVERYWHERE) as session:
        mine = select(ScoreRow.versions).join(Answer, Answer.id == ScoreRow.answer_id)
        versions = session.scalars(mine.where(Answer.interview_id == later)).all()
    assert {version["scoring"] for version in versions} == {found["calibration"]}


def test_where_nothing_is_applied_a_new_answer_asks_for_nothing(house: House) -> None:
    doubly.candidates(house.jun, house.opening_id, 1, raters=())
    with transaction(EVERYWHERE) as session:
        rescoring.follow(session, house.opening_id)
        assert session.scalars(select(Work)).all() == []


@pytest.mark.slow
def test_once_a_person_is_deleted_it_cannot_be_repeated_and_new_answers_keep_the_rule_s_points(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *_ = doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    report(house, capsys)
    applied(house)
    worked()
    before = doubly.scores()
    with transaction(EVERYWHERE) as session:
        calibrations.forget(session, first)
        session.execute(delete(Rating).where(Rating.interview_id == first))
    assert first not in json.dumps(newest().sources)
    (later,) = doubly.candidates(house.jun, house.opening_id, 1, raters=(), seed=7)
    with transaction(EVERYWHERE) as session:
        (line,) = calibrations.of_opening(session, openings.own(session, house.opening_id))
        assert line.used is not None and not line.used.repeatable
        rescoring.follow(session, house.opening_id)
    worked()
    after = doubly.scores()
    assert {name: after[name] for name in before} == before
    assert all("@" not in str(row["versions"]) for name, row in after.items() if name not in before)
    assert later


def test_other_words_than_those_learned_from_are_noticed(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    report(house, capsys)
    with transaction(EVERYWHERE) as session:
        session.scalars(select(TranscriptRow)).all()[0].text += " indeed"
        (line,) = calibrations.of_opening(session, openings.own(session, house.opening_id))
    assert line.newest is not None and not line.newest.repeatable


def test_whoever_chose_people_only_is_not_learned_from(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    first, *_ = doubly.candidates(house.jun, house.opening_id, 10, raters=house.raters)
    with transaction(EVERYWHERE) as session:
        session.get_one(Interview, first).mode = "people"
    found = report(house, capsys)
    assert (found["double_rated"], found["double_rated_without_words"]) == (9, 1)
    assert found["readiness"] == "report_only"


@pytest.mark.slow
def test_while_scoring_is_stopped_nothing_is_scored_anew(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    doubly.candidates(house.jun, house.opening_id, 50, raters=house.raters)
    report(house, capsys)
    applied(house)
    before = doubly.scores()
    with transaction(house.jun.organisation_id) as session:
        openings.stop_scoring(session, house.jun, house.opening_id)
    worked()
    assert doubly.scores() == before
    with reading(EVERYWHERE) as session:
        assert rescoring.progress(session, house.opening_id).waiting


def test_an_opening_that_is_not_there_ends_with_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "nowhere"]) == 1
    assert "nothing at this address" in capsys.readouterr().err
