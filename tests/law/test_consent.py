"""KR-1, KR-6, US-1: the notice and the choice come first, and without consent no machine ever gets to work."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from interview_ai import applicants, interviews, results, rights
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.interviews import NOTICE_VERSION, Choice
from interview_ai.tables import Answer, AuditEntry, Consent, Interview, ScoreRow, Work
from tests import cast

DATA = b"\x1aE\xdf\xa3" + b"0" * 100


def send(employer: cast.Firm, applicant: applicants.Applicant) -> None:
    cast.receive(applicant, employer.question_ids[0], DATA)


def kinds_of_work() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Work.kind).where(Work.state == "pending")))


def test_kr_1_who_chose_people_only_has_no_scoring_job_queued(anywhere: str) -> None:
    jun = cast.jun()
    send(jun, cast.minji(jun, mode="people"))
    assert kinds_of_work() == ["prepare"]


def test_kr_1_choosing_people_only_afterwards_calls_the_job_off_and_withdraws_the_score(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    send(jun, minji)
    with transaction(EVERYWHERE) as session:
        answer = session.scalars(select(Answer)).one()
        answer.state, answer.playable_key = "assessed", "answers/a.webm"
        session.add(
            ScoreRow(
                organisation_id=jun.organisation_id, answer_id=answer.id, person=minji.person, gates=[], versions={}
            )
        )
    with transaction(minji.organisation_id) as session:
        rights.people_only(session, minji)
    assert kinds_of_work() == []
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(ScoreRow)).one().withdrawn_at is not None
        assert session.scalars(select(Answer)).one().reason_code == "people_only"


def test_kr_6_the_version_of_the_ai_notice_is_on_record_before_the_first_recording(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(func.count(Answer.id))).one() == 0
        consent = session.scalars(select(Consent)).one()
        shown = session.scalars(select(AuditEntry).where(AuditEntry.action == "notice shown")).one()
    assert (consent.notice_version, consent.interview_id) == (NOTICE_VERSION, minji.interview_id)
    assert shown.details["notice"] == NOTICE_VERSION


def test_us_1_without_the_choice_nothing_begins_and_no_job_is_queued(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    with transaction(EVERYWHERE) as session, pytest.raises(Invalid):
        interviews.begin(session, token, cast.chosen(None), language="en")
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(func.count(Interview.id))).one() == 0
    assert kinds_of_work() == []


def test_us_1_with_consent_the_job_is_queued(anywhere: str) -> None:
    jun = cast.jun()
    send(jun, cast.minji(jun, mode="ai"))
    assert kinds_of_work() == ["assess"]


def test_kr_1_trying_again_after_people_only_was_chosen_wakes_no_machine(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    send(jun, minji)
    with transaction(minji.organisation_id) as session:
        rights.people_only(session, minji)
    with transaction(EVERYWHERE) as session:
        answer = session.scalars(select(Answer)).one()
        for work in session.scalars(select(Work).where(Work.kind == "prepare")):
            work.state = "dead"
        answer.state, answer.reason_code = "needs_person", "failed"
        results.try_again(session, answer)
    assert kinds_of_work() == ["prepare"]


def test_kr_1_a_recording_that_cannot_play_stays_unreadable_when_people_only_is_chosen(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    send(jun, minji)
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Answer)).one().state = "unreadable"
    with transaction(minji.organisation_id) as session:
        rights.people_only(session, minji)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Answer.state)).one() == "unreadable"


def test_us_1_who_read_another_version_of_the_notice_or_did_not_agree_begins_nothing(anywhere: str) -> None:
    jun = cast.jun()
    for choice, code in (
        (Choice("ai", agreed=True, notice="2020-01-01"), "notice"),
        (Choice("ai", agreed=True, notice=None), "notice"),
        (Choice("ai", agreed=False, notice=NOTICE_VERSION), "consent"),
    ):
        with transaction(EVERYWHERE) as session:
            token = cast.invite(session, jun)
        with transaction(EVERYWHERE) as session, pytest.raises(Invalid) as caught:
            interviews.begin(session, token, choice, language="en")
        assert caught.value.code == code
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Consent)).all() == []
        assert session.scalars(select(Interview)).all() == []
