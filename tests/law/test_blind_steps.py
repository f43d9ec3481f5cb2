"""KR-13, KR-5: a blind review goes from words to voice to person; the server holds each step and keeps who took it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import dossier, playback, reviews, stages
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden
from interview_ai.organisations import Member
from interview_ai.playback import Recording
from interview_ai.rules import masking
from interview_ai.tables import Answer, AuditEntry, View
from tests import desk


def playable(interview_id: str) -> str:
    with transaction(EVERYWHERE) as session:
        answer = session.scalars(select(Answer).where(Answer.interview_id == interview_id)).one()
        answer.playable_key, answer.sound_key = "answers/a.webm", "answers/a-sound.webm"
        answer.bleeped_key, answer.bleeped_with = "answers/a-bleeped.webm", masking.VERSION
        return answer.id


def play(member: Member, answer_id: str) -> Recording:
    with reading(member.organisation_id) as session:
        return playback.recording(session, member, answer_id)


def step(member: Member, interview_id: str) -> tuple[int, str | None]:
    """The reviewer's stage and the name that their page holds."""
    with reading(member.organisation_id) as session:
        found = dossier.dossier(session, member, interview_id)
    return found.stage.number, found.name


def open_sound(member: Member, interview_id: str) -> None:
    with transaction(member.organisation_id) as session:
        stages.open_sound(session, member, interview_id)


def reveal(member: Member, interview_id: str) -> None:
    with transaction(member.organisation_id) as session:
        stages.reveal(session, member, interview_id)


def test_kr_13_sound_is_given_only_after_its_step_and_the_picture_only_after_the_last(anywhere: str) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    answer_id = playable(minji.interview_id)
    assert step(jun, minji.interview_id) == (1, None)
    with pytest.raises(Forbidden):
        play(jun, answer_id)
    with pytest.raises(Conflict):
        reveal(jun, minji.interview_id)
    open_sound(jun, minji.interview_id)
    assert step(jun, minji.interview_id) == (2, None)
    assert (play(jun, answer_id).key, play(jun, answer_id).with_picture) == ("answers/a-bleeped.webm", False)
    reveal(jun, minji.interview_id)
    assert step(jun, minji.interview_id) == (3, "Minji")
    assert (play(jun, answer_id).key, play(jun, answer_id).with_picture) == ("answers/a.webm", True)


def test_kr_13_each_step_is_kept_with_who_took_it_and_opens_nothing_to_colleagues(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    open_sound(jun, minji.interview_id)
    reveal(jun, minji.interview_id)
    assert step(reviewer, minji.interview_id) == (1, None)
    with reading(EVERYWHERE) as session:
        assert list(session.scalars(select(View.what).order_by(View.at))) == ["sound", "reveal"]
        wanted = select(AuditEntry.action, AuditEntry.actor).where(
            AuditEntry.subject == f"interview:{minji.interview_id}"
        )
        taken = session.execute(wanted.order_by(AuditEntry.id)).all()
    assert taken[-2:] == [("sound opened", f"staff:{jun.id}"), ("identity revealed", f"staff:{jun.id}")]


@pytest.mark.parametrize("why", ["people only", "nothing heard"])
def test_kr_13_without_anything_to_read_the_review_begins_with_the_sound(home: Path, why: str) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun), mode="people" if why == "people only" else "ai")
    desk.answered(minji)
    answer_id = playable(minji.interview_id)
    if why == "nothing heard":
        with reading(EVERYWHERE) as session:
            assert session.get_one(Answer, answer_id).state == "received"
        with pytest.raises(Forbidden):
            play(jun, answer_id)  # a transcript may still come of it
        with transaction(EVERYWHERE) as session:
            session.get_one(Answer, answer_id).state = "needs_person"
    assert step(jun, minji.interview_id) == (2, None)
    assert not play(jun, answer_id).with_picture


def test_kr_5_that_the_sound_was_opened_is_no_look_until_it_was_played(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    open_sound(jun, minji.interview_id)
    reveal(jun, minji.interview_id)
    with reading(EVERYWHERE) as session:
        assert not reviews.has_seen(session, jun, minji.interview_id)


def test_an_opening_that_is_not_blind_shows_everything_at_once(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun, blind=False), "Minji", 3)
    answer_id = playable(minji.interview_id)
    assert step(jun, minji.interview_id) == (3, "Minji")
    assert play(jun, answer_id).with_picture
