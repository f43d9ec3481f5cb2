"""An answer from its first byte to its receipt, on both databases."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import func, select

from interview_ai import answers, audit, interviews, segments
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Invalid, NotFound, TooMuch
from interview_ai.interviews import Applicant
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
        assert interviews.begin(session, token, mode="ai", language="ko")


def test_beginning_needs_a_choice_between_machine_and_people(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    with transaction(EVERYWHERE) as session, pytest.raises(Invalid):
        interviews.begin(session, token, mode=None, language="ko")
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Consent)).all() == []


def test_the_same_link_goes_on_with_the_interview_and_keeps_its_mode(anywhere: str) -> None:
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, jun)
    cookies = []
    for mode in ("people", "ai"):
        with transaction(EVERYWHERE) as session:
            cookies.append(interviews.begin(session, token, mode=mode, language="ko"))
    with reading(EVERYWHERE) as session:
        found = [interviews.candidate_of(session, cookie) for cookie in cookies]
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
