"""A worker's task on real recordings and real engines: claim, work, record; twice does no harm."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import answers, jobs, results, segments
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, now, reading, transaction
from interview_ai.errors import LeaseLost
from interview_ai.storage import storage
from interview_ai.tables import (
    Answer,
    EvidenceRow,
    Incident,
    Invitation,
    Opening,
    ScoreRow,
    Segment,
    TranscriptRow,
    Work,
)
from models import weights
from tests import cast
from tests.cast import Firm
from tests.conftest import forget
from tests.fixtures import speech
from worker import pipeline, tasks, timetable
from worker.pipeline import Engines, Watched


def received(employer: Firm, applicant: Applicant, data: bytes) -> Work:
    """A received answer to the first question; returns its piece of work."""
    cast.receive(applicant, employer.question_ids[0], data)
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Work)).one()


def demonstration(employer: Firm) -> None:
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, employer.opening_id).demonstration = True


def answer() -> Answer:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer)).one()


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A spoken answer with evidence, as a browser would send it."""
    folder = tmp_path_factory.mktemp("good")
    return speech.recording(speech.spoken(speech.GOOD, folder), folder / "good.webm").read_bytes()


@pytest.mark.voices
def test_a_spoken_answer_is_assessed_with_quotes_that_know_their_second(anywhere: str, good: bytes) -> None:
    jun = cast.jun()
    demonstration(jun)
    work = received(jun, cast.minji(jun), good)
    tasks.work(work.id)
    found = answer()
    assert found.state == "assessed"
    assert found.playable_key is not None and storage().length(found.playable_key) > 0
    with reading(EVERYWHERE) as session:
        transcript = session.scalars(select(TranscriptRow)).one()
        score = session.scalars(select(ScoreRow)).one()
        evidence = session.scalars(select(EvidenceRow)).all()
    assert score.score is not None and score.score["provisional"] is True
    assert any(item.kind == "action" for item in evidence)
    for item in evidence:
        assert transcript.text[item.start_char : item.end_char] == item.quote
        assert item.start_s is not None and item.end_s is not None and item.start_s < item.end_s


@pytest.mark.voices
def test_words_of_the_demonstration_recogniser_earn_no_points_in_a_real_opening(home: Path, good: bytes) -> None:
    jun = cast.jun()
    work = received(jun, cast.minji(jun), good)
    tasks.work(work.id)
    assert (answer().state, answer().reason_code) == ("needs_person", "demonstration_recogniser")
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(ScoreRow)).one().score is None


@pytest.mark.voices
def test_a_second_delivery_of_the_same_message_does_nothing(home: Path, good: bytes) -> None:
    jun = cast.jun()
    work = received(jun, cast.minji(jun), good)
    tasks.work(work.id)
    first = answer().assessed_at
    tasks.work(work.id)
    assert answer().assessed_at == first


def test_near_silence_gives_no_words_and_no_score(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    demonstration(jun)
    data = speech.recording(speech.silence(4), tmp_path / "silent.webm").read_bytes()
    tasks.work(received(jun, cast.minji(jun), data).id)
    assert (answer().state, answer().reason_code) == ("needs_person", "no_speech")


def test_a_file_that_no_player_can_read_ends_with_a_reason_in_words(home: Path) -> None:
    jun = cast.jun()
    tasks.work(received(jun, cast.minji(jun), b"\x1aE\xdf\xa3" + b"not a recording" * 50).id)
    assert answer().state == "unreadable"
    with reading(EVERYWHERE) as session:
        reason = session.scalars(select(ScoreRow)).one().reason
    assert reason is not None and "record this answer again" in reason["text"]["en"]


def test_people_only_gets_a_playable_file_and_no_machine(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    work = received(jun, cast.minji(jun, mode="people"), data)
    assert work.kind == "prepare"
    tasks.work(work.id)
    assert (answer().state, answer().reason_code) == ("needs_person", "people_only")
    assert answer().playable_key is not None
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(ScoreRow)).all() == []
        assert session.scalars(select(TranscriptRow)).all() == []


def test_a_worker_that_lost_its_lease_cannot_record(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    work = received(jun, cast.minji(jun), data)
    with transaction(EVERYWHERE) as session:
        late = jobs.claim(session, work.id, "slow")
    assert late is not None
    with transaction(EVERYWHERE) as session:
        assert jobs.worker_died(session, "slow") == 1
    timetable.sweep()
    with transaction(EVERYWHERE) as session:
        assert jobs.claim(session, work.id, "other") is not None
    with transaction(EVERYWHERE) as session, pytest.raises(LeaseLost):
        jobs.finish(session, late)


def test_three_deaths_hand_the_answer_to_a_person(home: Path) -> None:
    jun = cast.jun()
    work = received(jun, cast.minji(jun), b"\x1aE\xdf\xa3")
    for _ in range(3):
        with transaction(EVERYWHERE) as session:
            assert jobs.claim(session, work.id, "dying") is not None
            jobs.worker_died(session, "dying")
        timetable.sweep()
    assert (answer().state, answer().reason_code) == ("needs_person", "failed")


def test_a_stopped_opening_is_not_assessed_until_it_goes_on(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    work = received(jun, cast.minji(jun), data)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, jun.opening_id).scoring_stopped_at = now(session)
    tasks.work(work.id)
    assert answer().state == "received"
    with transaction(EVERYWHERE) as session:
        row = session.get_one(Work, work.id)
        assert (row.state, row.attempts) == ("pending", 0)
        assert row.next_at > now(session) + timedelta(seconds=30)


def test_korean_without_weights_waits_for_people_and_is_picked_up_when_weights_arrive(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = weights.Weights("small", hashlib.sha256(b"published").hexdigest(), "small.pt", 1)
    monkeypatch.setitem(weights.CATALOGUE, "small", published)
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, jun.opening_id).language = "ko"
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    tasks.work(received(jun, cast.minji(jun), data).id)
    assert (answer().state, answer().reason_code) == ("needs_person", "no_recogniser")
    assert timetable.pick_up() == 0
    (home / "models").mkdir()
    (home / "models" / "small.pt").write_bytes(b"half of it")
    assert timetable.pick_up() == 0
    (home / "models" / "small.pt").write_bytes(b"published")
    assert timetable.pick_up() == 1
    assert answer().state == "received"


def test_a_recogniser_that_the_settings_rule_out_picks_nothing_up_again_and_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_SPEECH_ENGINE", "whisper")
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    tasks.work(received(jun, cast.minji(jun), data).id)
    assert answer().reason_code == "no_recogniser"
    assert timetable.pick_up() == 0


def test_an_answer_that_is_assessed_again_leaves_no_file_of_the_first_time(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    work = received(jun, cast.minji(jun), data)
    tasks.work(work.id)
    before = kept_files(home)
    with transaction(EVERYWHERE) as session:
        results.try_again(session, session.get_one(Answer, work.answer_id))
    tasks.work(work.id)
    assert len(kept_files(home)) == len(before) > 0
    assert kept_files(home).isdisjoint(before)


def kept_files(home: Path) -> set[str]:
    return {path.name for path in (home / "recordings" / "kept").rglob("*") if path.is_file()}


def test_a_decoder_that_crashes_is_tried_again_and_then_handed_to_a_person(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.jail.MOST_PRINTED", 1)  # whatever the child prints is too much: as a crash is
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    work = received(jun, cast.minji(jun), data)
    for _ in range(3):
        assert answer().state in ("received", "assessing")
        with transaction(EVERYWHERE) as session:
            session.get_one(Work, work.id).next_at = now(session)
        tasks.work(work.id)
    assert (answer().state, answer().reason_code) == ("needs_person", "failed")
    with reading(EVERYWHERE) as session:
        assert session.get_one(Work, work.id).error == "crashed"


def test_the_stop_switch_holds_back_what_a_worker_is_just_doing(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    work = received(jun, cast.minji(jun), data)
    with transaction(EVERYWHERE) as session:
        lease = jobs.claim(session, work.id, "at work")
    assert lease is not None
    engines = Engines("auto", "small", tmp_path)
    watched = tasks._read(tasks.assignment(lease, tmp_path), engines)
    assert isinstance(watched, Watched)
    outcome = pipeline.judge(watched, pipeline.listen([watched], engines)[0])
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, jun.opening_id).scoring_stopped_at = now(session)
    tasks._record(lease, outcome)
    assert answer().state == "received"
    assert kept_files(home) == set()
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(ScoreRow)).all() == []


def test_a_torn_first_segment_does_not_cost_the_answer_the_others(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    data = speech.recording(speech.silence(3), tmp_path / "a.webm").read_bytes()
    for part in (data[:60], data, data):
        cast.send(minji, jun.question_ids[0], part)
    answers.receive(minji, jun.question_ids[0])
    with reading(EVERYWHERE) as session:
        work = session.scalars(select(Work)).one()
    tasks.work(work.id)
    found = answer()
    assert found.facts is not None and found.facts["duration_s"] == pytest.approx(6, abs=0.2)
    assert found.joins is not None and [place for place, _ in found.joins] == [2]
    assert found.joins[0][1] == pytest.approx(3, abs=0.1)


def test_an_answer_left_open_at_the_deadline_is_taken_as_it_had_arrived(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    with transaction(minji.organisation_id) as session:
        torn = segments.open_segment(session, minji, jun.question_ids[0], segments.NewSegment("video/webm"))
        segments.open_segment(session, minji, jun.question_ids[1], segments.NewSegment("video/webm"))
    storage().append(torn.id, 0, speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()[:4000])
    timetable.close_left_open()
    with reading(EVERYWHERE) as session:
        assert {row.state for row in session.scalars(select(Answer))} == {"uploading"}
    with transaction(EVERYWHERE) as session:
        invitation = session.scalars(select(Invitation)).one()
        invitation.expires_at = now(session) - timedelta(hours=3)
    timetable.close_left_open()
    with reading(EVERYWHERE) as session:
        states = {row.question_id: row.state for row in session.scalars(select(Answer))}
        log = [row.kind for row in session.scalars(select(Incident))]
    assert states == {jun.question_ids[0]: "received", jun.question_ids[1]: "abandoned"}
    assert log == ["left_open"]


def test_the_bytes_of_an_upload_that_was_thrown_away_are_forgotten_even_when_the_server_died_then(home: Path) -> None:
    jun = cast.jun()
    minji = cast.minji(jun)
    segment_id = cast.send(minji, jun.question_ids[0], b"\x1aE\xdf\xa3" + bytes(100))
    with transaction(EVERYWHERE) as session:
        session.get_one(Segment, segment_id).terminated_at = now(session)  # committed; the drop after it never came
    assert storage().size(segment_id) == 104
    assert timetable.drop_ended_uploads() == 1
    assert storage().size(segment_id) == 0
    assert timetable.drop_ended_uploads() == 0


def rows() -> list[Work]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Work).order_by(Work.created_at)))


def several(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, broken: int | None = None) -> list[Work]:
    """Three candidates' silent answers, `broken` one of them no recording, and a worker that takes three at once."""
    monkeypatch.setenv("INTERVIEW_BATCH", "3")
    forget()
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    for number in range(3):
        sent = b"\x1aE\xdf\xa3" + b"no recording" * 50 if number == broken else data
        cast.receive(cast.minji(jun), jun.question_ids[0], sent)
    return rows()


def states() -> list[tuple[str, str | None]]:
    with reading(EVERYWHERE) as session:
        found = session.scalars(select(Answer).order_by(Answer.received_at)).all()
    return [(one.state, one.reason_code) for one in found]


def test_answers_that_wait_are_heard_together_and_each_is_recorded_by_itself(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = several(home, tmp_path, monkeypatch, broken=1)
    tasks.work(work[0].id)
    silent = ("needs_person", "no_speech")
    assert states() == [silent, ("unreadable", "unreadable"), silent]
    assert [row.state for row in rows()] == ["done"] * 3
    tasks.work(work[1].id)  # its own doorbell comes late and changes nothing
    assert states() == [silent, ("unreadable", "unreadable"), silent]


def test_what_failed_together_is_tried_again_alone(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = several(home, tmp_path, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr("models.speech.speech_spans", lambda _: 1 / 0)
        tasks.work(work[0].id)
    assert [(row.state, row.attempts, row.error) for row in rows()] == [("pending", 1, "ZeroDivisionError")] * 3
    with transaction(EVERYWHERE) as session:
        for row in session.scalars(select(Work)):
            row.next_at = now(session)
    tasks.work(work[1].id)
    assert sorted(row.state for row in rows()) == ["done", "pending", "pending"]


def test_a_worker_takes_one_answer_at_a_time_unless_it_is_told_otherwise(home: Path, tmp_path: Path) -> None:
    jun = cast.jun()
    data = speech.recording(speech.silence(2), tmp_path / "a.webm").read_bytes()
    for _ in range(2):
        cast.receive(cast.minji(jun), jun.question_ids[0], data)
    tasks.work(rows()[0].id)
    assert sorted(row.state for row in rows()) == ["done", "pending"]
