"""Both Whisper engines behind the one function, on a checkpoint of their own format that knows three dozen sentences."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from numpy.typing import NDArray

from interview_ai.errors import Misconfigured
from interview_ai.library import questions, rubric
from models import converting, speech, weights
from models.speech import Recogniser, Spoken
from tests.fixtures import speech as made
from tests.fixtures import train_whisper, whisper
from tests.fixtures.sentences import KOREAN, SENTENCES
from tests.fixtures.sound import resampled
from worker import pipeline
from worker.judging import Asked
from worker.pipeline import Engines

pytestmark = [pytest.mark.slow, pytest.mark.voices]
ENGINES = ("whisper", "faster-whisper")
Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, weights.Weights]:
    """A folder with the checkpoint, its conversion, and its entry for the catalogue."""
    folder = tmp_path_factory.mktemp("weights")
    entry = whisper.installed(folder)
    converting.convert(folder / entry.file, speech.faster_folder("small", folder), name="small")
    return folder, entry


@pytest.fixture
def folder(converted: tuple[Path, weights.Weights], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, its digest pinned in the catalogue as that of the small weights."""
    monkeypatch.setattr(weights, "CATALOGUE", {"small": converted[1]})
    return converted[0]


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Sound]]:
    """Each sentence in a voice that was not trained on, after Opus."""
    made_in = tmp_path_factory.mktemp("voices")
    return {
        language: [
            train_whisper.through_opus(whisper.read_aloud(text, language, made_in), 32_000, made_in / "coded.ogg")
            for text in texts
        ]
        for language, texts in SENTENCES.items()
    }


def by(engine: str, folder: Path, language: str = "ko") -> Recogniser:
    return speech.recogniser(language, engine=engine, model="small", folder=folder)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("language", SENTENCES)
def test_nine_of_ten_known_sentences_are_returned_exactly_with_times_inside_the_recording(
    folder: Path, coded: dict[str, list[Sound]], engine: str, language: str
) -> None:
    sounds = coded[language]
    found = speech.transcribe_all([Spoken(sound, language) for sound in sounds], by(engine, folder, language))
    right = sum(heard.transcript.text == text for heard, text in zip(found, SENTENCES[language], strict=True))
    assert right >= 0.9 * len(sounds)
    for heard, sound in zip(found, sounds, strict=True):
        assert (heard.transcript.engine, heard.transcript.language) == (engine, language)
        assert not heard.demonstration and heard.weights
        latest = 0.0
        for word in heard.transcript.words:
            assert word.start_s is not None and word.end_s is not None and word.confidence is not None
            assert latest <= word.start_s <= word.end_s <= len(sound) / 16_000 + 0.01
            assert 0 <= word.confidence <= 1
            latest = word.start_s


@pytest.mark.parametrize("engine", ENGINES)
def test_a_long_answer_goes_through_full_windows_and_its_words_come_back_to_their_seconds(
    folder: Path, tmp_path: Path, engine: str
) -> None:
    sound = whisper.all_read_aloud("ko", tmp_path)
    heard = speech.transcribe_all([Spoken(sound, "ko")], by(engine, folder))[0]
    assert sum(text in heard.transcript.text for text in KOREAN) >= 0.7 * len(KOREAN)
    last = heard.transcript.words[-1]
    assert last.end_s is not None and len(sound) / 16_000 - 6 < last.end_s <= len(sound) / 16_000
    for word in heard.transcript.words:
        assert any(start - 0.1 <= (word.start_s or 0) <= end + 0.1 for start, end in heard.speech)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_same_sound_gives_the_same_words_twice(folder: Path, coded: dict[str, list[Sound]], engine: str) -> None:
    spoken = [Spoken(sound, "ko") for sound in coded["ko"][:3]]
    assert speech.transcribe_all(spoken, by(engine, folder)) == speech.transcribe_all(spoken, by(engine, folder))


@pytest.mark.parametrize("engine", ENGINES)
def test_answers_that_go_through_together_give_the_words_that_each_gives_alone(
    folder: Path, coded: dict[str, list[Sound]], engine: str
) -> None:
    spoken = [Spoken(coded["ko"][0], "ko"), Spoken(coded["en"][0], "en"), Spoken(coded["ko"][1], "ko", ("온터뷰",))]
    alone = [speech.transcribe_all([one], by(engine, folder))[0].transcript.text for one in spoken]
    assert [one.transcript.text for one in speech.transcribe_all(spoken, by(engine, folder))] == alone


@pytest.mark.parametrize("engine", ENGINES)
def test_where_nobody_speaks_no_vocabulary_puts_words(folder: Path, engine: str) -> None:
    for loudness in (0.0, 0.001, 0.05):
        silence = (np.random.default_rng(1).standard_normal(16_000 * 8) * loudness).astype(np.float32)
        heard = speech.transcribe_all([Spoken(silence, "ko", ("온터뷰", "창원정밀"))], by(engine, folder))[0]
        assert heard.transcript.words == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_in_another_language_than_the_question_s_is_noticed(
    folder: Path, coded: dict[str, list[Sound]], engine: str
) -> None:
    heard = speech.transcribe_all([Spoken(sound, "ko") for sound in coded["en"][:4]], by(engine, folder))
    assert [one.transcript.language for one in heard] == ["en"] * 4


def test_converted_weights_are_read_with_every_way_to_the_net_closed(
    converted: tuple[Path, weights.Weights], coded: dict[str, list[Sound]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> NoReturn:
        raise AssertionError("somebody asked the net")

    monkeypatch.setattr(socket, "create_connection", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    again = converting.convert(converted[0] / "small.pt", converted[0] / "again", name="small")
    heard = speech.transcribe_all([Spoken(coded["ko"][0], "ko")], Recogniser("faster-whisper", "small", again))
    assert heard[0].transcript.text == KOREAN[0]


def test_auto_takes_the_converted_weights_first_then_the_published_ones(folder: Path, tmp_path: Path) -> None:
    assert speech.choose("ko", "auto", folder, "small") == "faster-whisper"
    whisper.installed(tmp_path)
    assert speech.choose("ko", "auto", tmp_path, "small") == "whisper"
    empty = tmp_path / "none"
    assert speech.languages(folder, "small", "auto") == {"ko", "en"}
    assert speech.languages(empty, "small", "auto") == {"en"}
    assert speech.languages(empty, "small", "whisper") == set()


def test_a_korean_recording_is_assessed_by_the_whole_pipeline(folder: Path, tmp_path: Path) -> None:
    told = [whisper.read_aloud(text, "ko", tmp_path) for text in KOREAN[6:11]]  # how stock came to be counted
    sound = resampled(np.concatenate(told), made.RATE, before=train_whisper.RATE)
    recording = made.recording(sound, tmp_path / "korean.webm")
    asked = Asked("문제를 해결한 경험을 말해 주세요.", "ko", rubric(), questions("ko"), demonstration=False)
    found = pipeline.assess([recording], asked, Engines("auto", "small", folder), tmp_path).assessment
    assert found.transcript is not None and found.transcript.engine == "faster-whisper"
    assert {"action", "result"} <= {item.kind for item in found.evidence}
    for item in found.evidence:
        assert found.transcript.text[item.start_char : item.end_char] == item.quote


def test_a_checkpoint_that_is_not_the_pinned_one_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "small.pt").write_bytes((folder / "small.pt").read_bytes() + b"\x00")
    with pytest.raises(Misconfigured, match="delete it and pull again"):
        by("whisper", tmp_path)
