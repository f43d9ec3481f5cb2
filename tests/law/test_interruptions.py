"""KR-14: who is interrupted goes on at the interrupted question, as often as it takes, without asking anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from interview_ai import answers, incidents, interviews, segments
from interview_ai.applicants import Applicant
from interview_ai.database import now, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.incidents import Told
from interview_ai.rules.incidents import FAULTS, fault
from interview_ai.segments import NewSegment
from interview_ai.storage import storage
from interview_ai.tables import Incident, Segment
from tests import cast
from tests.test_answers import BYTES


def broken_off(minji: Applicant, question: str, times: int) -> None:
    for _ in range(times):
        with transaction(minji.organisation_id) as session:
            segment = segments.open_segment(session, minji, question, NewSegment("video/webm"))
            for earlier in session.scalars(select(Segment)):
                earlier.created_at -= timedelta(minutes=2)
        storage().append(segment.id, 0, BYTES[:100])


def test_kr_14_a_hundred_interruptions_use_up_no_take_and_lose_no_part(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    question = jun.question_ids[0]
    broken_off(minji, question, 100)
    with reading(minji.organisation_id) as session:
        progress = interviews.progress(session, minji)
        assert (progress.next_position, progress.steps[0].takes_used) == (1, 1)
    cast.send(minji, question, BYTES)
    answer = answers.receive(minji, question)
    assert answer.receipt is not None
    assert len(answer.receipt["segments"]) == 101


def test_kr_14_where_nothing_could_be_saved_the_question_is_as_new(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(minji.organisation_id) as session:
        segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm"))
    with reading(minji.organisation_id) as session:
        step = interviews.progress(session, minji).steps[0]
        assert segments.recorded_s(step.current) == 0
        assert step.next_take == 1


def test_kr_14_the_log_keeps_what_happened_when_and_whose_fault_it_was(anywhere: str) -> None:
    minji = cast.minji(cast.jun())
    with transaction(minji.organisation_id) as session:
        moment = now(session)
        clock = moment - timedelta(hours=3)  # the phone's clock is three hours behind
        told = Told("k1", 1, "camera_lost", clock - timedelta(seconds=30), clock - timedelta(seconds=10), 12.5)
        assert incidents.report(session, minji, [told], browsers_now=clock) == 1
        assert incidents.report(session, minji, [told], browsers_now=clock) == 0
    with reading(minji.organisation_id) as session:
        (kept,) = incidents.of_interview(session, minji.interview_id)
        assert (kept.kind, kept.fault, kept.at_s) == ("camera_lost", "device", 12.5)
        assert abs((kept.ended_at - (moment - timedelta(seconds=10))).total_seconds()) < 2


def test_kr_14_an_unknown_kind_is_refused_and_a_flood_is_bounded(anywhere: str) -> None:
    minji = cast.minji(cast.jun())
    with transaction(minji.organisation_id) as session:
        moment = now(session)
        with pytest.raises(Invalid):
            incidents.report(session, minji, [Told("k", 1, "gaze_lost", moment, moment, 0)], browsers_now=moment)
        flood = [Told(f"k{number}", 1, "network_away", moment, moment, 0) for number in range(1000)]
        incidents.report(session, minji, flood, browsers_now=moment)
    with reading(minji.organisation_id) as session:
        assert len(session.scalars(select(Incident)).all()) == incidents.MOST


def test_kr_14_a_network_that_was_away_while_the_service_started_is_the_services_fault(anywhere: str) -> None:
    with reading(cast.jun().organisation_id) as session:
        began = now(session)
    ended = began + timedelta(seconds=30)
    assert fault("network_away", began, ended, ()) == "network"
    assert fault("network_away", began, ended, (began + timedelta(seconds=5),)) == "service"
    assert fault("network_away", began, ended, (began - timedelta(minutes=5),)) == "network"
    assert fault("second_window", began, ended, (began,)) == "candidate"
    assert {fault(kind, began, ended, ()) for kind in FAULTS} == {"network", "service", "device", "candidate"}
