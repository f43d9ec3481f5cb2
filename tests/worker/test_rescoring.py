"""Points worked out anew: what a worker may replace, what it must leave, and what its failure does not do."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import calibrations, double_ratings, jobs, queries, rescoring
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.jobs import Lease
from interview_ai.organisations import Member
from interview_ai.rescoring import Anew
from interview_ai.rules import reasons
from interview_ai.rules.evidence import as_json
from interview_ai.tables import Answer, AuditEntry, Calibration, Question, ScoreRow, Work
from tests import cast, desk
from tests.fixtures import doubly, speech
from worker import rescoring as worker
from worker import tasks


@pytest.fixture
def jun(home: Path) -> Member:
    return desk.jun()


def in_use(member: Member, opening_id: str) -> str:
    """A calibration that is in use and cannot be worked out: nothing that it was learned from is there."""
    with transaction(member.organisation_id) as session:
        row = Calibration(
            organisation_id=member.organisation_id,
            opening_id=opening_id,
            criterion="problem_solving",
            version="grading-1",
            digest="0123456789abcdef",
            examples=50,
            sources=[],
            report={},
            applied_at=now(session),
            applied_by=member.id,
        )
        session.add(row)
        session.flush()
        return row.id


def leased(member: Member, opening_id: str) -> Lease:
    with transaction(member.organisation_id) as session:
        rescoring.ask(session, opening_id)
    with transaction(EVERYWHERE) as session:
        work = session.scalars(select(Work).where(Work.kind == rescoring.KIND)).one()
        lease = jobs.claim(session, work.id, "test")
    assert lease is not None
    return lease


def scored() -> ScoreRow:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(ScoreRow)).one()


def test_an_answer_that_a_worker_assessed_asks_for_it_where_a_calibration_is_in_use(
    jun: Member, tmp_path: Path
) -> None:
    opening_id = desk.opening(jun)
    in_use(jun, opening_id)
    minji = desk.applicant(jun, opening_id)
    with reading(EVERYWHERE) as session:
        question_id = session.scalars(select(Question.id)).one()
    cast.receive(minji, question_id, speech.recording(speech.silence(2), tmp_path / "silent.webm").read_bytes())
    with reading(EVERYWHERE) as session:
        work_id = session.scalars(select(Work.id)).one()
    tasks.work(work_id)
    with reading(EVERYWHERE) as session:
        kinds = session.scalars(select(Work.kind).where(Work.state == "pending")).all()
    assert kinds == [rescoring.KIND]


def test_several_wishes_wait_as_one_piece_of_work(jun: Member) -> None:
    opening_id = desk.opening(jun)
    doubly.candidates(jun, opening_id, 2, raters=())
    with transaction(jun.organisation_id) as session:
        rescoring.ask(session, opening_id)
        rescoring.ask(session, opening_id)
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Work)).all()) == 1


def test_a_score_that_was_given_anew_or_withdrawn_meanwhile_stays(jun: Member) -> None:
    opening_id = desk.opening(jun)
    doubly.candidates(jun, opening_id, 1, raters=())
    row = scored()
    found = [Anew(row.answer_id, name, None, "grading-1@0") for name in (row.id, "another")]
    with transaction(jun.organisation_id) as session:
        assert rescoring.keep(session, opening_id, found[1:]) == 0
    with transaction(jun.organisation_id) as session:
        session.get_one(ScoreRow, row.id).withdrawn_at = now(session)
    with transaction(jun.organisation_id) as session:
        assert rescoring.keep(session, opening_id, found) == 0
    assert scored().score == row.score is not None


def test_where_the_machine_abstains_a_person_looks_and_the_record_says_by_which_version(jun: Member) -> None:
    opening_id = desk.opening(jun)
    doubly.candidates(jun, opening_id, 1, raters=())
    row = scored()
    with transaction(jun.organisation_id) as session:
        assert rescoring.keep(session, opening_id, [Anew(row.answer_id, row.id, None, "grading-1@0")]) == 1
    with reading(EVERYWHERE) as session:
        answer = session.scalars(select(Answer)).one()
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).all()[0]
    assert (answer.state, answer.reason_code, scored().score) == ("needs_person", "abstained", None)
    assert (entry.action, entry.details["scoring"]) == ("answer scored anew", "grading-1@0")


def test_a_calibration_withdrawn_while_a_worker_worked_out_points_begins_it_anew(jun: Member) -> None:
    opening_id = desk.opening(jun)
    calibration_id = in_use(jun, opening_id)
    doubly.candidates(jun, opening_id, 1, raters=())
    lease = leased(jun, opening_id)
    given = worker.read(lease.organisation_id, lease.answer_id)
    with transaction(jun.organisation_id) as session:
        calibrations.withdraw(session, jun, calibration_id)
    row = scored()
    worker.keep(lease, given, [Anew(row.answer_id, row.id, None, "grading-1@0")])
    assert scored().score == row.score is not None
    with reading(EVERYWHERE) as session:
        assert session.get_one(Work, lease.work_id).state == "pending"


def test_what_cannot_be_worked_out_changes_no_points(jun: Member) -> None:
    opening_id = desk.opening(jun)
    in_use(jun, opening_id)
    doubly.candidates(jun, opening_id, 1, raters=())
    before = doubly.scores()
    worker.perform(leased(jun, opening_id))
    assert doubly.scores() == before


def test_points_that_a_second_opinion_took_away_are_not_given_back(jun: Member) -> None:
    opening_id = desk.opening(jun)
    doubly.candidates(jun, opening_id, 1, raters=())
    with transaction(EVERYWHERE) as session:
        row = session.scalars(select(ScoreRow)).one()
        row.score, row.reason = None, as_json(reasons.reason("abstained"))
    with reading(EVERYWHERE) as session:
        (said,) = double_ratings.spoken(session, opening_id).values()
        rubric = queries.rubric_of(queries.opening(session, opening_id))
    used = {"problem_solving": Calibration(version="grading-1", digest="0")}
    given = worker.Given(opening_id, False, rubric, {said.interview_id: said}, used, {}, frozenset({"1"}))
    wanted = {said.interview_id: tuple(part.ruled(rubric) for part in said.parts)}
    assert worker.differing(given, wanted) == []


def test_after_its_last_attempt_the_points_stay_and_nobody_is_sent_for_the_answer(jun: Member) -> None:
    opening_id = desk.opening(jun)
    doubly.candidates(jun, opening_id, 1, raters=())
    lease = leased(jun, opening_id)
    before = doubly.scores()
    with transaction(EVERYWHERE) as session:
        tasks.give_up(session, lease.answer_id, lease.kind)
        assert session.scalars(select(Answer.state)).one() == "assessed"
    assert doubly.scores() == before
