"""A worker's copy of a sound for blind reviewers: asked for with the assessment, made once, fenced, and made for older
answers too."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import bleeps, results
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import NotFound
from interview_ai.rules.masking import VERSION
from interview_ai.storage import storage
from interview_ai.tables import Answer, Interview, Work
from models.bleeping import TONE_HZ
from tests import blind, cast, desk
from tests.fixtures import speech
from tests.fixtures.sound import RATE, decoded, recorded
from tests.models.test_bleeping import loud_at
from worker import tasks, timetable

SAID = "I am Minji Kim"


def answered(said: str = SAID, *, opening_blind: bool = True, mode: str = "ai") -> str:
    """An assessed answer with a real sound of two seconds in storage; nobody asked for a copy yet."""
    jun = desk.jun()
    who = desk.applicant(jun, desk.opening(jun, blind=opening_blind), "Minji", mode=mode)
    answer_id = desk.answered(who)
    made = recorded(speech.silence(2), Path(storage().uploads) / "made.webm", None)
    key = f"answers/{answer_id}/0f-sound.webm"
    storage().put(key, made)
    blind.heard(answer_id, said)
    with transaction(EVERYWHERE) as session:
        session.get_one(Answer, answer_id).sound_key = key
    return answer_id


def asked(answer_id: str) -> list[Work]:
    with transaction(EVERYWHERE) as session:
        bleeps.ask(session, session.get_one(Answer, answer_id))
    return works()


def works() -> list[Work]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Work).where(Work.kind == bleeps.KIND)))


def answer() -> Answer:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer)).one()


def heard_by_the_blind() -> str | None:
    with reading(EVERYWHERE) as session:
        found = session.scalars(select(Answer)).one()
        _ = (found.transcript, found.work)
        return bleeps.blind_key(found, session.scalars(select(Interview)).one())


def test_the_copy_carries_the_tone_over_the_name_and_is_what_the_blind_hear(home: Path, tmp_path: Path) -> None:
    tasks.work(asked(answered())[0].id)
    kept = answer()
    assert kept.bleeped_with == VERSION and kept.bleeped_key is not None
    assert heard_by_the_blind() == kept.bleeped_key
    path = tmp_path / "copy.webm"
    path.write_bytes(b"".join(storage().read(kept.bleeped_key, 0, storage().length(kept.bleeped_key))))
    sound = decoded(path)
    assert loud_at(sound[: RATE // 2], TONE_HZ) < 0.2
    assert len(sound) == pytest.approx(2 * RATE, abs=RATE // 10)


def test_where_nothing_is_to_be_masked_the_sound_itself_is_given(home: Path) -> None:
    tasks.work(asked(answered("we mended the valve and wrote it down"))[0].id)
    assert (answer().bleeped_key, answer().bleeped_with) == (None, VERSION)
    assert heard_by_the_blind() == answer().sound_key


def test_an_open_opening_and_people_only_ask_for_no_copy(home: Path) -> None:
    assert asked(answered(opening_blind=False)) == []


def test_who_chose_people_only_since_is_not_gone_through_by_a_machine(home: Path) -> None:
    work = asked(answered())[0]
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Interview)).one().mode = "people"
    tasks.work(work.id)
    assert answer().bleeped_with is None


def test_a_new_sound_drops_the_copy_of_the_old_one(home: Path) -> None:
    tasks.work(asked(answered())[0].id)
    before = answer().bleeped_key
    assert before is not None
    with transaction(EVERYWHERE) as session:
        found = session.scalars(select(Answer)).one()
        results.keep_recording(session, found, None, playable=None, poster=None, sound="answers/x/1-sound.webm")
    assert (answer().bleeped_key, answer().bleeped_with) == (None, None)
    with pytest.raises(NotFound):
        storage().length(before)


def test_older_answers_are_asked_for_once(home: Path) -> None:
    answered()
    assert (timetable.bleep_older(), timetable.bleep_older()) == (1, 0)
    assert len(works()) == 1


def test_a_copy_that_cannot_be_made_leaves_the_blind_without_a_sound(home: Path) -> None:
    answer_id = answered()
    storage().delete(f"answers/{answer_id}/0f-sound.webm")
    work = asked(answer_id)[0]
    for _ in range(3):
        with transaction(EVERYWHERE) as session:
            session.get_one(Work, work.id).next_at = work.created_at
        tasks.work(work.id)
    assert works()[0].state == "dead"
    assert heard_by_the_blind() is None
    assert answer().state == "assessed"


@pytest.mark.voices
def test_the_assessment_of_a_blind_answer_asks_for_its_copy_and_it_is_made(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    sound = speech.spoken("I am Minji Kim and I found the broken part", tmp_path)
    data = speech.recording(sound, tmp_path / "spoken.webm", picture=False).read_bytes()
    cast.receive(cast.minji(jun), jun.question_ids[0], data)
    with reading(EVERYWHERE) as session:
        assess = session.scalars(select(Work)).one().id
    tasks.work(assess)
    assert heard_by_the_blind() is None
    tasks.work(works()[0].id)
    assert answer().bleeped_with == VERSION
    assert heard_by_the_blind() is not None
