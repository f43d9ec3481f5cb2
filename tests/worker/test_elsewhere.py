"""A new opening's calibration starts from the same competency's double ratings in the firm's other openings."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from interview_ai import calibrations, double_ratings, elsewhere, openings, queries, rescoring
from interview_ai.cli import main
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.double_ratings import Sample
from interview_ai.elsewhere import Neighbour
from interview_ai.organisations import Member
from interview_ai.rules.evidence import as_json
from interview_ai.tables import Answer, Calibration, Interview, Opening, Rating, RubricRow, Work
from tests import desk
from tests.fixtures import doubly
from worker import fitted, tasks
from worker import rescoring as worker

NONE = {"openings": 0, "interviews": 0, "share": 0.0}


@dataclass(frozen=True)
class House:
    jun: Member
    bo: Member
    opening_id: str

    def rated(self, opening_id: str, number: int, seed: int) -> list[str]:
        return doubly.candidates(self.jun, opening_id, number, raters=(self.jun, self.bo), seed=seed)

    def another(self, number: int, seed: int) -> str:
        """Another opening of Jun's firm, so many of whose candidates two people rated."""
        made = desk.opening(self.jun)
        self.rated(made, number, seed)
        return made


@pytest.fixture
def house(home: Path) -> House:
    """Jun's and Bo's new opening, with twelve candidates that both rated."""
    jun = desk.jun()
    found = House(jun, desk.colleague(jun, "bo@example.com", "reviewer"), desk.opening(jun))
    found.rated(found.opening_id, 12, seed=9)
    return found


def report(house: House, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["calibrate", house.opening_id]) == 0
    (criterion,) = json.loads(capsys.readouterr().out)["criteria"]
    return dict(criterion)


def newest() -> Calibration:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Calibration).order_by(Calibration.created_at.desc())).all()[0]


def repeatable(house: House) -> bool:
    with reading(house.jun.organisation_id) as session:
        (line,) = calibrations.of_opening(session, openings.own(session, house.opening_id))
        assert line.newest is not None
        return line.newest.repeatable


def test_with_few_ratings_of_its_own_it_errs_less_where_other_openings_were_rated(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = report(house, capsys)
    assert alone["elsewhere"] == NONE
    house.another(40, seed=1)
    house.another(40, seed=2)
    helped = report(house, capsys)
    assert (helped["elsewhere"]["openings"], helped["elsewhere"]["interviews"]) == (2, 80)
    assert helped["elsewhere"]["share"] > 0
    assert helped["machine"]["rmse"]["value"] < alone["machine"]["rmse"]["value"]
    assert (helped["double_rated"], helped["readiness"], helped["missing_to_apply"]) == (12, "report_only", 38)
    assert helped["calibration"] != alone["calibration"]


def test_the_same_ratings_give_the_same_report_and_its_sources_name_all_of_them(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {house.another(10, seed=1), house.another(11, seed=2)}
    first = report(house, capsys)
    assert report(house, capsys) == first
    sources = newest().sources
    assert len(sources) == 12 + 21 and newest().examples == 12
    assert {source["opening"] for source in sources if "opening" in source} == others
    assert repeatable(house)


def test_what_was_forgotten_in_another_opening_is_noticed(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.another(10, seed=1)
    other = house.another(10, seed=2)
    report(house, capsys)
    with transaction(EVERYWHERE) as session:
        gone = session.scalars(select(Interview.id).where(Interview.opening_id == other)).all()[0]
        calibrations.forget(session, gone)
    assert not repeatable(house)


def test_a_rating_that_is_changed_in_another_opening_counts_for_the_next_report_alone(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.another(10, seed=1)
    other = house.another(10, seed=2)
    first = report(house, capsys)
    with transaction(EVERYWHERE) as session:
        rows = select(Rating).join(Interview, Interview.id == Rating.interview_id)
        for row in session.scalars(rows.where(Interview.opening_id == other)):
            row.level = 6 - row.level
    assert repeatable(house)
    assert report(house, capsys)["calibration"] != first["calibration"]


def lent(house: House, rated: int = 12) -> tuple[Neighbour, ...]:
    """The openings that Jun's new one would ask, to the service itself, which sees every firm."""
    with reading(EVERYWHERE) as session:
        opening = openings.own(session, house.opening_id)
        (criterion,) = queries.rubric_of(opening).criteria
        people = {one.person for one in double_ratings.spoken(session, opening.id).values()}
        return elsewhere.neighbours(session, opening, criterion, rated=rated, people=people)


def test_another_firm_s_ratings_are_never_asked(house: House) -> None:
    hana = desk.hana()
    mate = desk.colleague(hana, "mate@example.net", "reviewer")
    for seed in (1, 2):
        doubly.candidates(hana, desk.opening(hana), 9, raters=(hana, mate), seed=seed)
    house.another(9, seed=3)
    assert lent(house) == ()  # one opening of its own firm is too few to carry over
    house.another(9, seed=4)
    found = lent(house)
    assert [one.opening.organisation_id for one in found] == [house.jun.organisation_id] * 2
    stolen = [source for one in found for source in elsewhere.sources(one)]
    with reading(EVERYWHERE) as session:
        assert elsewhere.again(session, hana.organisation_id, stolen) is None
        assert elsewhere.again(session, house.jun.organisation_id, stolen) is not None


@pytest.mark.parametrize("change", ["language", "demonstration"])
def test_openings_in_another_language_and_demonstrations_are_not_asked(house: House, change: str) -> None:
    house.another(9, seed=1)
    other = house.another(9, seed=2)
    assert len(lent(house)) == 2
    with transaction(EVERYWHERE) as session:
        row = session.get_one(Opening, other)
        if change == "language":
            row.language = "ko" if row.language == "en" else "en"
        else:
            row.demonstration = not row.demonstration
    assert lent(house) == ()


@pytest.mark.parametrize(
    ("criterion", "asked"),
    [
        ({"id": "own-1", "name": {"ko": "고객 응대", "en": "Serving guests"}}, 0),
        ({"id": "own-1", "name": {"ko": "다른 이름", "en": " problem  SOLVING "}}, 2),
        ({"name": {"ko": "다른 이름", "en": "Another name"}}, 2),
    ],
    ids=["another one", "of the same name", "the library's, renamed"],
)
def test_only_the_same_competency_is_asked(house: House, criterion: dict[str, Any], asked: int) -> None:
    house.another(9, seed=1)
    other = house.another(9, seed=2)
    with transaction(EVERYWHERE) as session:
        row = session.scalars(select(RubricRow).where(RubricRow.opening_id == other)).one()
        row.criteria = [{**row.criteria[0], **criterion}]
        for rating in session.scalars(select(Rating)):
            there = session.get_one(Interview, rating.interview_id).opening_id == other
            rating.criterion = row.criteria[0]["id"] if there else rating.criterion
    assert len(lent(house)) == asked


def test_who_is_a_candidate_here_too_is_left_out_there(house: House) -> None:
    house.another(10, seed=1)
    other = house.another(10, seed=2)
    with transaction(EVERYWHERE) as session:
        here = session.scalars(select(Interview).where(Interview.opening_id == house.opening_id)).first()
        there = session.scalars(select(Interview).where(Interview.opening_id == other)).first()
        assert here is not None and there is not None
        there.candidate_id = here.candidate_id
    assert elsewhere.interviews(lent(house)) == 19


def test_others_are_asked_from_nine_ratings_of_its_own_and_not_any_more_from_a_hundred(house: House) -> None:
    house.another(9, seed=1)
    house.another(9, seed=2)
    assert {rated: len(lent(house, rated)) for rated in (8, 9, 99, 100)} == {8: 0, 9: 2, 99: 2, 100: 0}


@pytest.mark.slow
def test_applied_it_gives_the_same_points_again_also_to_who_was_rated_elsewhere(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.rated(house.opening_id, 38, seed=8)
    house.another(20, seed=1)
    other = house.another(20, seed=2)
    found = report(house, capsys)
    assert (found["readiness"], found["elsewhere"]["openings"]) == ("enough", 2)
    with transaction(house.jun.organisation_id) as session:
        calibrations.apply(session, house.jun, newest().id)
    (later,) = doubly.candidates(house.jun, house.opening_id, 1, raters=(), seed=7)
    with transaction(EVERYWHERE) as session:
        there = session.scalars(select(Interview).where(Interview.opening_id == other)).first()
        assert there is not None
        session.get_one(Interview, later).candidate_id = there.candidate_id
    with reading(EVERYWHERE) as session:
        waiting = session.scalars(select(Work.id).where(Work.kind == rescoring.KIND, Work.state == "pending")).all()
        mine = session.scalars(select(Answer.id).where(Answer.interview_id == later)).one()
    for work_id in waiting:
        tasks.work(work_id)
    score, version = again(house, mine)
    row = doubly.scores()[mine]
    assert row["versions"] == {"scoring": version} == {"scoring": found["calibration"]}
    assert row["score"] == score
    with transaction(EVERYWHERE) as session:
        session.execute(delete(Rating).where(Rating.interview_id == there.id))
    assert again(house, mine) == (score, version)  # what counted then is kept with the calibration


def again(house: House, answer_id: str) -> tuple[Any, str]:
    score, version = worker.again(house.jun.organisation_id, answer_id)
    return json.loads(json.dumps(as_json(score))) if score else None, version


@pytest.mark.slow
def test_nobody_is_judged_by_what_they_were_given_elsewhere(house: House) -> None:
    for seed in (1, 2):
        house.another(10, seed=seed)
    with reading(house.jun.organisation_id) as session:
        opening = openings.own(session, house.opening_id)
        (criterion,) = queries.rubric_of(opening).criteria
        said = double_ratings.spoken(session, opening.id)
        levels = double_ratings.given(session, opening.id)[criterion.id]
        samples = double_ratings.samples(said, levels)
        near = elsewhere.neighbours(session, opening, criterion, rated=12, people=())
        lesson = fitted.lesson(fitted.tasks(opening)[criterion.id], samples, near)
    (task, first), second = lesson.elsewhere
    came = replace(first[0].spoken, interview_id="later")  # who was rated there comes here as well
    found = [
        fitted.estimates(
            fitted.placed(replace(lesson, elsewhere=((task, (rated_as(first[0], level), *first[1:])), second))),
            {**said, "later": came},
        )
        for level in (1, 5)
    ]
    assert found[0]["later"] == found[1]["later"]
    assert found[0] != found[1]  # to all others it does matter


def rated_as(sample: Sample, level: int) -> Sample:
    return replace(sample, given=tuple(replace(one, level=level) for one in sample.given))
