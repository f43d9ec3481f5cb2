"""Recordings read in the jail: durations, files that play, faults that end in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from interview_ai.errors import Unreadable
from models import media, speech, vision
from tests.fixtures import speech as made

TRUE_SECONDS = {
    "face0_mediarecorder_chrome52.webm": 50.75,
    "face0_mediarecorder_firefox53.webm": 9.97,
    "face1_speech_grid_bbaf2n.mpg": 3.0,
    "safari_like_fragmented_grid_bbaf2n.mp4": 3.0,
    "chrome_like_vp9_opus_live_grid_bbaf2n.webm": 3.0,
    "audioonly_grid_bbaf2n.webm": 3.0,
    "noaudio_grid_bbaf2n.mp4": 3.0,
    "dark_grid_bbaf2n.mp4": 3.0,
}


def read(path: Path, folder: Path) -> media.Media:
    folder.mkdir(exist_ok=True)
    return media.read([path], folder, wall_s=60)


@pytest.mark.parametrize("name", TRUE_SECONDS)
def test_real_recordings_have_their_true_duration_and_become_a_file_that_reads_again(
    name: str, test_data: Path, tmp_path: Path
) -> None:
    found = read(test_data / "video" / name, tmp_path / "one")
    assert found.facts.duration_s == pytest.approx(TRUE_SECONDS[name], abs=0.1)
    again = read(found.playable, tmp_path / "two")
    assert again.facts.duration_s == pytest.approx(TRUE_SECONDS[name], abs=0.1)


@pytest.mark.parametrize("name", TRUE_SECONDS)
def test_the_sound_alone_holds_no_picture_and_all_of_the_sound(name: str, test_data: Path, tmp_path: Path) -> None:
    found = read(test_data / "video" / name, tmp_path / "one")
    if found.facts.audio is None:
        assert found.playable_sound is None
        return
    assert found.playable_sound is not None
    alone = read(found.playable_sound, tmp_path / "two")
    assert alone.facts.video is None
    assert alone.facts.audio is not None
    assert alone.facts.audio.rms_dbfs == pytest.approx(found.facts.audio.rms_dbfs, abs=0.2)
    assert alone.facts.duration_s == pytest.approx(found.facts.duration_s, abs=0.5)


@pytest.mark.parametrize("name", ["text_named.webm", "zero_bytes.webm", "truncated_moov_at_end.mp4"])
def test_each_broken_real_file_ends_with_a_reason_in_words(name: str, test_data: Path, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        read(test_data / "video" / name, tmp_path / "one")
    assert caught.value.en.endswith("Please record this answer again.")
    assert caught.value.ko.endswith("다시 녹화해 주세요.")


@pytest.mark.parametrize(
    "content", [b"", b"plain text that calls itself a video" * 30, b"#EXTM3U\nhttp://localhost/a.ts\n"]
)
def test_what_is_no_recording_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "named.webm"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        read(path, tmp_path / "one")


def test_a_recording_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    whole = made.recording(made.silence(6), tmp_path / "whole.webm").read_bytes()
    torn = tmp_path / "torn.webm"
    torn.write_bytes(whole[: len(whole) // 2])
    found = read(torn, tmp_path / "one")
    assert 1.0 < found.facts.duration_s < 6.0


def test_two_segments_become_one_file_as_long_as_both(tmp_path: Path) -> None:
    one = made.recording(made.silence(2), tmp_path / "a.webm")
    other = made.recording(made.silence(3), tmp_path / "b.webm")
    (tmp_path / "out").mkdir()
    found = media.read([one, other], tmp_path / "out", wall_s=60)
    assert found.facts.duration_s == pytest.approx(5.0, abs=0.1)
    assert read(found.playable, tmp_path / "again").facts.duration_s == pytest.approx(5.0, abs=0.1)


def test_sound_alone_and_picture_alone_are_both_recordings(tmp_path: Path) -> None:
    alone = read(made.recording(made.silence(2), tmp_path / "a.webm", picture=False), tmp_path / "one")
    assert alone.facts.video is None and alone.facts.audio is not None and alone.poster is None


def test_near_silence_of_the_real_recordings_gives_no_words(test_data: Path, tmp_path: Path) -> None:
    found = read(test_data / "speech_en" / "picovoice_empty.wav", tmp_path / "one")
    assert found.sound is not None
    assert speech.transcribe(speech.load(found.sound), language="en", folder=tmp_path).transcript.words == ()


def test_one_face_is_seen_where_there_is_one_and_none_where_there_is_none(test_data: Path, tmp_path: Path) -> None:
    seen = read(test_data / "video" / "face1_speech_grid_lbax4n.mpg", tmp_path / "one")
    assert vision.look(seen.frames).faces == 1
    empty = read(test_data / "video" / "face0_mediarecorder_firefox53.webm", tmp_path / "two")
    assert vision.look(empty.frames).faces == 0


def test_a_dark_picture_is_called_dark_and_no_faces_are_counted_in_it(test_data: Path, tmp_path: Path) -> None:
    found = read(test_data / "video" / "dark_grid_bbaf2n.mp4", tmp_path / "one")
    look = vision.look(found.frames)
    assert (look.faces, look.dark, look.detector) == (None, True, None)
