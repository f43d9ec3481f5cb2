"""`evaluate --task speech` through the jail and real recognisers, on recordings made here and on real ones."""

from __future__ import annotations

import csv
import json
import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from interview_ai import cli
from interview_ai.errors import InterviewError, Invalid, Misconfigured
from interview_ai.rules.hearing import Errors
from models import weights
from tests.conftest import forget
from tests.fixtures import speech as made
from tests.fixtures import train_whisper, whisper
from tests.fixtures.sentences import KOREAN
from worker.evaluation import command, speech
from worker.evaluation.tables import Options, read

HEADER = ("file", "transcript", "language", "speaker", "sex")
SENTENCES = ("I checked the records of three months.", "I trained two new students.")


def table(path: Path, rows: Iterable[tuple[str, ...]]) -> Path:
    path.write_text("\n".join("\t".join(row) for row in (HEADER, *rows)) + "\n", encoding="utf-8")
    return path


def measured(path: Path) -> Any:
    given = ["evaluate", "--task", "speech", "--data", str(path), "--draws", "200", "--out", str(path) + ".json"]
    assert command(cli.parser().parse_args(given)) == 0
    return json.loads(Path(str(path) + ".json").read_text(encoding="utf-8"))


@pytest.mark.voices
def test_english_is_measured_by_word_with_groups_intervals_and_what_was_heard(home: Path, tmp_path: Path) -> None:
    rows = []
    for number, text in enumerate(SENTENCES):
        made.recording(made.spoken(text, tmp_path), tmp_path / f"{number}.webm", picture=False)
        rows.append((f"{number}.webm", text, "en", f"voice {number}", "F" if number else ""))
    found = measured(table(tmp_path / "said.tsv", rows))
    english = found["languages"]["en"]
    assert (english["engine"], english["main"], english["demonstration"]) == ("pocketsphinx", "wer", True)
    assert (english["recordings"], english["speakers"]) == (2, 2)
    assert english["real_time_factor"] > 0
    wrong = [row["wer"] for row in found["rows"]]
    assert english["wer"] == pytest.approx((wrong[0] * 7 + wrong[1] * 5) / 12, abs=1e-3)
    assert english["wer"] < 0.5
    assert english["wer_interval"] is None, "two speakers are too few to tell"
    assert set(english["groups"]["sex"]) == {"?", "F"}


def test_a_language_without_a_recogniser_is_an_error_before_anything_is_read(home: Path, tmp_path: Path) -> None:
    path = table(tmp_path / "said.tsv", [("away.webm", "hello", "en", "", ""), ("away.webm", "안녕", "ko", "", "")])
    with pytest.raises(Misconfigured, match=r"\(ko\)") as caught:
        measured(path)
    assert caught.value.code == "no_recogniser"


def mute(path: Path) -> None:
    """Two seconds of a grey picture, without sound."""
    with av.open(str(path), "w") as out:
        video = out.add_stream("libvpx", rate=5)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for number in range(10):
            grey = np.full((64, 64, 3), 90 + number, dtype=np.uint8)
            out.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        out.mux(video.encode(None))


@pytest.mark.parametrize("name", ["away.webm", "text.webm", "mute.webm"])
def test_a_recording_that_is_away_mute_or_none_is_an_error_that_names_the_row(
    home: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "text.webm").write_text("hello")
    mute(tmp_path / "mute.webm")
    with pytest.raises(Invalid, match=rf"^Row 1, {name}: ") as caught:
        measured(table(tmp_path / "said.tsv", [(name, "hello", "en", "", "")]))
    assert caught.value.code == "recording"


def test_words_that_nobody_said_count_and_a_rate_of_nothing_is_no_number(home: Path, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "silent.wav"), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes((np.random.default_rng(1).standard_normal(32_000) * 20).astype("<i2").tobytes())
    found = measured(table(tmp_path / "said.tsv", [("silent.wav", "", "en", "", "")]))
    english = found["languages"]["en"]
    assert english["wer"] is None and english["wer_interval"] is None
    assert found["rows"][0]["heard"] == ""


def test_whole_speakers_are_drawn_anew_by_the_seed() -> None:
    speakers = [Errors(1, 10), Errors(9, 10), Errors(3, 30), Errors(0, 20), Errors(2, 10)]
    first = speech.interval(speakers, Options(seed=1))
    assert first == speech.interval(speakers, Options(seed=1))
    assert first != speech.interval(speakers, Options(seed=2, draws=50))
    assert first is not None and 0.0 <= first[0] < 15 / 80 < first[1] <= 0.9
    assert speech.interval(speakers[:4], Options()) is None


@pytest.mark.slow
@pytest.mark.voices
def test_korean_is_measured_by_letter_with_whisper(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "CATALOGUE", {"small": whisper.installed(home / "models")})
    monkeypatch.setenv("INTERVIEW_BATCH", "2")
    forget()
    rows = []
    for number, text in enumerate(KOREAN[:3]):
        sound = whisper.read_aloud(text, "ko", tmp_path)
        with wave.open(str(tmp_path / f"{number}.wav"), "wb") as out:
            out.setparams((1, 2, train_whisper.RATE, 0, "NONE", ""))
            out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        rows.append((f"{number}.wav", text, "ko", f"voice {number}", "M"))
    korean = measured(table(tmp_path / "said.tsv", rows))["languages"]["ko"]
    assert (korean["main"], korean["engine"], korean["demonstration"]) == ("cer", "whisper", False)
    assert korean["cer"] <= 0.1


def test_real_recordings_are_measured(home: Path, test_data: Path) -> None:
    folder = test_data / "speech_en"
    said = {
        "austen-0880.wav": "he was not an ill disposed young man",
        "austen-0890.wav": "unless to be rather cold hearted and rather selfish is to be ill disposed",
    }
    path = table(home / "said.tsv", [(str(folder / name), text, "en", "reader", "F") for name, text in said.items()])
    english = measured(path)["languages"]["en"]
    assert english["recordings"] == 2 and english["speakers"] == 1
    assert english["wer"] < 0.5 and english["wer_interval"] is None


def test_the_manifest_of_the_real_korean_recordings_is_a_table_that_the_task_reads(home: Path, test_data: Path) -> None:
    path = test_data / "speech_ko" / "manifest.tsv"
    rows = read(path, speech.COLUMNS, "ko")
    with path.open(encoding="utf-8", newline="") as file:
        assert len(rows) == len(list(csv.reader(file, delimiter="\t"))) - 1
    with pytest.raises(InterviewError, match="models pull"):  # no Korean weights in a fresh home
        speech.measure(rows, Options(folder=path.parent))
