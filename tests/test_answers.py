"""An answer from its first byte to its receipt, on both databases."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from interview_ai import answers, applicants, audit, incidents, interviews, parts, segments
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.errors import Conflict, Invalid, NotFound, TooMuch
from interview_ai.parts import Upload
from interview_ai.segments import NewSegment
from interview_ai.storage import storage
from interview_ai.tables import Answer, Consent, Invitation, Question, Segment, Work
from tests import cast

BYTES = b"\x1aE\xdf\xa3" + bytes(range(256)) * 8


def send(applicant: Applicant, question_id: str, data: bytes = BYTES, *, take: int | None = None) -> str:
    return cast.send(applicant, question_id, data, take=take)


def finish(applicant: Applicant, question_id: str, *, as_it_is: bool = False) -> Answer:
    return answers.receive(applicant, question_id, as_it_is=as_it_is)


def work_rows() -> list[Work]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Work)))


def test_a_received_answer_has_a_receipt_with_the_digest_of_its_bytes_and_one_piece_of_work(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    send(minji, jun.question_ids[0])
    answer = finish(minji, jun.question_ids[0])
    assert answer.state == "received"
    assert answer.receipt is not None
    assert answer.receipt["segments"][0]["sha256"] == hashlib.sha256(BYTES).hexdigest()
    assert [(row.kind, row.state) for row in work_rows()] == [("assess", "pending")]


def test_finishing_twice_gives_the_same_receipt_and_no_second_piece_of_work(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    send(minji, jun.question_ids[0])
    first = finish(minji, jun.question_ids[0])
    assert finish(minji, jun.question_ids[0]).receipt == first.receipt
    assert len(work_rows()) == 1


def test_an_answer_whose_bytes_are_still_on_their_way_cannot_be_finished(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(minji.organisation_id) as session:
        new = NewSegment("video/webm", length=len(BYTES) + 1)
        segment = segments.open_segment(session, minji, jun.question_ids[0], new)
    storage().append(segment.id, 0, BYTES)
    with pytest.raises(Conflict) as caught:
        finish(minji, jun.question_ids[0])
    assert caught.value.code == "incomplete"
    assert work_rows() == []


def test_a_reload_goes_on_with_the_same_answer_in_a_new_segment_and_keeps_what_came_before(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(minji.organisation_id) as session:
        torn = segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm"))
    storage().append(torn.id, 0, BYTES[:100])
    send(minji, jun.question_ids[0])
    answer = finish(minji, jun.question_ids[0])
    assert answer.receipt is not None
    assert [part["bytes"] for part in answer.receipt["segments"]] == [100, len(BYTES)]
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(func.count(Answer.id))).one() == 1


def test_a_second_take_needs_to_be_asked_for_and_ends_with_the_last_one_allowed(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    question = jun.question_ids[0]
    send(minji, question)
    finish(minji, question)
    with pytest.raises(Conflict, match="received already"):
        send(minji, question)
    send(minji, question, take=2)
    assert finish(minji, question).take == 2
    with pytest.raises(Conflict, match="no takes left"):
        send(minji, question, take=3)


def test_nobody_writes_into_another_candidates_upload(anywhere: str) -> None:
    jun = cast.jun()
    segment_id = send(cast.minji(jun), jun.question_ids[0])
    other = cast.minji(jun)
    stranger = cast.minji(cast.hana())
    for applicant in (other, stranger):
        with transaction(applicant.organisation_id) as session, pytest.raises(NotFound):
            segments.segment_for(session, applicant, segment_id)


def test_a_question_of_another_opening_takes_no_answer(anywhere: str) -> None:
    minji = cast.minji(cast.jun())
    hana = cast.hana()
    with pytest.raises(NotFound):
        send(minji, hana.question_ids[0])


def test_what_is_no_recording_or_too_large_is_refused_before_the_first_byte(home: object) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    for media_type, length, error in (("text/html", 5, Invalid), ("video/webm", 10**12, TooMuch)):
        with transaction(minji.organisation_id) as session, pytest.raises(error):
            segments.open_segment(session, minji, jun.question_ids[0], NewSegment(media_type, length=length))
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(func.count(Segment.id))).one() == 0


def test_looking_at_a_link_has_no_effect_and_begins_nothing(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    for _ in range(20):
        with reading(EVERYWHERE) as session:
            invitation = interviews.invited(session, token)
            assert interviews.interview_of(session, invitation) is None
    with transaction(EVERYWHERE) as session:
        assert interviews.begin(session, token, cast.chosen("ai"), language="ko")


def test_beginning_needs_a_choice_between_machine_and_people(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    with transaction(EVERYWHERE) as session, pytest.raises(Invalid):
        interviews.begin(session, token, cast.chosen(None), language="ko")
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Consent)).all() == []


def test_the_same_link_goes_on_with_the_interview_and_keeps_its_mode(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    cookies = []
    for mode in ("people", "ai"):
        with transaction(EVERYWHERE) as session:
            cookies.append(interviews.begin(session, token, cast.chosen(mode), language="ko"))
    with reading(EVERYWHERE) as session:
        found = [applicants.candidate_of(session, cookie) for cookie in cookies]
    assert {applicant.interview_id for applicant in found if applicant} == {found[0].interview_id if found[0] else ""}
    assert [applicant.mode for applicant in found if applicant] == ["people", "people"]


def test_a_link_that_was_revoked_or_is_too_late_says_so(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
        invitation = session.scalars(select(Invitation)).one()
        invitation.revoked_at = invitation.expires_at
    with reading(EVERYWHERE) as session, pytest.raises(Conflict) as caught:
        interviews.invited(session, token)
    assert caught.value.code == "revoked"
    with reading(EVERYWHERE) as session, pytest.raises(NotFound):
        interviews.invited(session, token + "x")


def test_the_interview_ends_only_when_every_question_has_an_answer(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    send(minji, jun.question_ids[0])
    finish(minji, jun.question_ids[0])
    with transaction(minji.organisation_id) as session, pytest.raises(Conflict, match="Question 2"):
        interviews.finish(session, minji)
    send(minji, jun.question_ids[1])
    finish(minji, jun.question_ids[1])
    with transaction(minji.organisation_id) as session:
        interviews.finish(session, minji)
    with reading(minji.organisation_id) as session:
        assert interviews.progress(session, minji).finished
        assert audit.verify(session) >= 4


def test_a_query_of_one_organisation_sees_nothing_of_another(anywhere: str) -> None:
    jun, hana = cast.jun(), cast.hana()
    send(cast.minji(jun), jun.question_ids[0])
    with reading(hana.organisation_id) as session:
        assert session.scalars(select(Answer)).all() == []
        assert session.get(Question, jun.question_ids[0]) is None
    with reading(jun.organisation_id) as session:
        assert len(session.scalars(select(Answer)).all()) == 1


def test_writing_a_row_of_another_organisation_stops_the_transaction(anywhere: str) -> None:
    jun, hana = cast.jun(), cast.hana()
    question = Question(
        organisation_id=jun.organisation_id, opening_id=jun.opening_id, position=9, text_ko="가", text_en="a"
    )
    with pytest.raises(RuntimeError, match="another organisation"), transaction(hana.organisation_id) as session:
        session.add(question)


def test_a_link_that_is_taken_back_ends_the_browsers_session_too(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    with transaction(EVERYWHERE) as session:
        cookie = interviews.begin(session, token, cast.chosen(), language="en")
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Invitation)).one().revoked_at = now(session)
    with reading(EVERYWHERE) as session:
        assert applicants.candidate_of(session, cookie) is None


def test_a_further_take_that_was_begun_and_left_does_not_keep_the_interview_open(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    for question in jun.question_ids:
        cast.receive(minji, question, BYTES)
    cast.send(minji, jun.question_ids[0], BYTES[:50], take=2)
    with transaction(minji.organisation_id) as session:
        interviews.finish(session, minji)
    with reading(EVERYWHERE) as session:
        states = session.scalars(select(Answer.state).order_by(Answer.take)).all()
    assert sorted(states) == ["abandoned", "received", "received"]


def test_a_take_that_no_player_can_read_is_given_back_even_after_the_end(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    question = jun.question_ids[0]
    for take in (1, 2):
        cast.send(minji, question, BYTES, take=take)
        answers.receive(minji, question)
    cast.receive(minji, jun.question_ids[1], BYTES)
    with transaction(minji.organisation_id) as session:
        interviews.finish(session, minji)
    with pytest.raises(Conflict, match="already finished"):
        cast.send(minji, question, BYTES, take=3)
    with transaction(EVERYWHERE) as session:
        newest = answers.latest(session, minji.interview_id, question)
        assert newest is not None
        newest.state = "unreadable"
    cast.send(minji, question, BYTES, take=3)
    assert answers.receive(minji, question).take == 3


def test_a_creation_that_is_asked_for_twice_makes_one_segment(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    made = []
    for _ in range(2):
        with transaction(minji.organisation_id) as session:
            new = NewSegment("video/webm", run="4b1c", starts_s=3.5)
            made.append(segments.open_segment(session, minji, jun.question_ids[0], new).id)
    assert made[0] == made[1]


def test_reconnects_have_no_limit_but_a_pace(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)

    def begin_again() -> None:
        with transaction(minji.organisation_id) as session:
            segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm"))

    for _ in range(segments.MOST_A_MINUTE):
        begin_again()
    with pytest.raises(TooMuch) as caught:
        begin_again()
    assert caught.value.status == 429
    with transaction(EVERYWHERE) as session:
        for segment in session.scalars(select(Segment)):
            segment.created_at -= timedelta(minutes=2)
    for _ in range(segments.MOST_A_MINUTE):
        begin_again()


def test_a_question_takes_no_more_bytes_than_its_time_can_fill_over_all_segments(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(EVERYWHERE) as session:
        session.get_one(Question, jun.question_ids[0]).answer_s = 60
    most = segments.limit_bytes(60)
    assert most < segments.limit_bytes()
    with transaction(minji.organisation_id) as session, pytest.raises(TooMuch):
        segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm", length=most + 1))
    send(minji, jun.question_ids[0])
    with transaction(minji.organisation_id) as session:
        second = segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm"))
        upload = Upload(second.id, minji.organisation_id, second.answer_id, None, "uploading", answer_s=60, others=1)
        assert parts.most_bytes(session, upload, 0, None) == most - len(BYTES)


def test_an_interrupted_answer_can_be_ended_as_it_is(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(minji.organisation_id) as session:
        torn = segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm"))
        segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm"))
    with pytest.raises(Conflict) as caught:
        answers.receive(minji, jun.question_ids[0], as_it_is=True)
    assert caught.value.code == "empty"
    storage().append(torn.id, 0, BYTES[:700])
    with pytest.raises(Conflict) as caught:
        finish(minji, jun.question_ids[0])
    assert caught.value.code == "incomplete"
    answer = finish(minji, jun.question_ids[0], as_it_is=True)
    assert answer.bytes == 700


def test_while_a_part_is_being_written_the_answer_is_not_received(home: object) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    segment_id = send(minji, jun.question_ids[0])
    with storage().hold(segment_id), pytest.raises(Conflict) as caught:
        finish(minji, jun.question_ids[0])
    assert caught.value.code == "locked"
    assert finish(minji, jun.question_ids[0]).state == "received"


def test_going_on_from_another_device_is_noted_for_everybody_to_read(anywhere: str) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(minji.organisation_id) as session:
        first = segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm", run="a"))
        upload = Upload(first.id, minji.organisation_id, first.answer_id, None, "uploading", answer_s=60, others=0)
        assert parts.heard(session, upload, length=None, until_s=12.0)
    storage().append(first.id, 0, BYTES[:700])
    with transaction(minji.organisation_id) as session:
        segments.open_segment(session, minji, jun.question_ids[0], NewSegment("video/webm", run="b"))
    with reading(minji.organisation_id) as session:
        log = incidents.of_interview(session, minji.interview_id)
    assert [(row.kind, row.fault, row.at_s, row.position) for row in log] == [("other_device", "device", 12.0, 1)]
