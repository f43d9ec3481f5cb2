"""Recordings read in the jail: durations, files that play, faults that end in a sentence."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from interview_ai.errors import Unreadable
from models import media, speech, vision
from models.recording import Sound
from tests.faults import seeds
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


def moving(path: Path, *, seconds: int, key_every: int, rotated: int = 0) -> Path:
    """An mp4 of 10 pictures a second, brighter from second to second, with a key frame every so many pictures."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=10, options={"bf": "0", "sc_threshold": "0"})
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 160, 96, "yuv420p", key_every
        for number in range(seconds * 10):
            picture = np.full((96, 160, 3), 60 + number % 150, dtype=np.uint8)
            picture[:20, :20] = 255  # a corner that tells which way is up
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    if rotated:
        content = bytearray(path.read_bytes())
        # the matrix of the track header: a quarter turn clockwise, as phones write it
        at = content.index(b"tkhd") + 44
        turn = (0, 0x00010000, 0, -0x00010000, 0, 0, 96 << 16, 0, 0x40000000)
        content[at : at + 36] = struct.pack(">9i", *turn)
        path.write_bytes(content)
    return path


@pytest.mark.parametrize(("key_every", "least"), [(10, 4), (1000, 4)])
def test_a_picture_is_looked_at_every_five_seconds_also_between_distant_key_frames(
    tmp_path: Path, key_every: int, least: int
) -> None:
    found = read(moving(tmp_path / "one.mp4", seconds=20, key_every=key_every), tmp_path / "one")
    assert len(found.frames) == least
    assert vision.look(found.frames).frozen is False
    assert found.facts.video is not None and found.facts.video.frames == 200


def test_a_phone_held_upright_is_seen_upright(tmp_path: Path) -> None:
    found = read(moving(tmp_path / "one.mp4", seconds=2, key_every=10, rotated=90), tmp_path / "one")
    picture = cv2.imread(str(found.frames[0]), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    height, width = picture.shape
    assert height > width
    assert picture[5, width - 6] > 200 > picture[5, 5]


def test_the_waveform_has_a_peak_for_each_tenth_of_a_second(tmp_path: Path) -> None:
    loud = np.concatenate([np.zeros(made.RATE), np.sin(np.arange(made.RATE) / 20) * 0.8]).astype(np.float32)
    found = read(made.recording(loud, tmp_path / "one.webm"), tmp_path / "one")
    assert len(found.peaks) in (20, 21)
    assert max(found.peaks[1:9]) <= 3
    assert all(70 <= peak <= 90 for peak in found.peaks[11:19])


@pytest.mark.parametrize("sizes", [[1600], [100] * 32, [1600, 1600], [3, 1597, 5000, 1], [16_000 * 3 + 7]])
def test_peaks_do_not_depend_on_how_the_sound_came_in_blocks(sizes: list[int]) -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, sum(sizes)).astype(np.float32)
    kept = Sound()
    for block in np.split(sound, np.cumsum(sizes)[:-1]):
        kept.add(block)
    tenths = [sound[start : start + 1600] for start in range(0, len(sound), 1600)]
    assert kept.peaks == [round(float(np.abs(part).max()) * 100) for part in tenths]


def test_yunet_counts_faces_where_its_weights_are_given(test_data: Path, tmp_path: Path) -> None:
    yunet = next((test_data / "face").glob("yunet*.onnx"))
    seen = read(test_data / "video" / "face1_speech_grid_lbax4n.mpg", tmp_path / "one")
    assert vision.look(seen.frames, yunet) == vision.Look(1, False, None, "yunet")
    assert vision.look(seen.frames).detector == "haar"


def test_a_codec_that_nobody_knows_is_refused_in_words(tmp_path: Path) -> None:
    content = made.recording(made.silence(1), tmp_path / "whole.webm").read_bytes()
    assert content.count(b"V_VP8") == 1
    broken = tmp_path / "broken.webm"
    broken.write_bytes(content.replace(b"V_VP8", b"V_XX8"))
    with pytest.raises(Unreadable) as caught:
        read(broken, tmp_path / "one")
    assert caught.value.code == "format"


@pytest.mark.parametrize("kind", seeds.KINDS)
def test_whatever_browsers_and_phones_make_becomes_a_file_that_every_browser_plays(kind: str, tmp_path: Path) -> None:
    path = tmp_path / kind
    path.write_bytes(seeds.made(kind))
    found = read(path, tmp_path / "one")
    # a coder with B-frames begins two pictures late where no edit list takes that back, here 0.2 s
    assert found.facts.duration_s == pytest.approx(seeds.SECONDS, abs=0.25)
    again = read(found.playable, tmp_path / "two")
    assert again.facts.duration_s == pytest.approx(seeds.SECONDS, abs=0.25)
    video, audio = again.facts.video, again.facts.audio
    assert (video is None) == (found.facts.video is None)
    assert video is None or video.codec in {"vp8", "vp9", "h264"}
    assert audio is not None and audio.codec in {"opus", "aac"}
    assert found.playable.suffix in {".webm", ".mp4"}
