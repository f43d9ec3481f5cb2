"""openai-whisper behind the one function, on a tiny checkpoint of its own format that proves nothing about accuracy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from interview_ai.demonstration import load
from interview_ai.errors import Misconfigured
from interview_ai.library import questions, rubric
from models import media, speech, weights
from models.weights import Weights
from tests.fixtures import whisper
from worker import pipeline
from worker.pipeline import Asked, Engines

pytestmark = pytest.mark.slow
Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Weights]:
    """The folder with the checkpoint and its entry."""
    folder = tmp_path_factory.mktemp("weights")
    return folder, whisper.make(folder)


@pytest.fixture
def folder(made: tuple[Path, Weights], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The checkpoint's folder, its digest pinned in the catalogue as that of the small weights."""
    monkeypatch.setattr(weights, "CATALOGUE", {"small": made[1]})
    return made[0]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    """Somebody speaking Korean, from the demonstration."""
    korean = next(item for item in load().recordings if item.path.name == "office-1.webm")
    read = media.read([korean.path], tmp_path_factory.mktemp("read"), wall_s=60)
    assert read.sound is not None
    return speech.load(read.sound)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_whisper_s_words_come_with_seconds_and_confidence(folder: Path, spoken: Sound, language: str) -> None:
    heard = speech.transcribe(spoken, language=language, engine="whisper", folder=folder)
    found = heard.transcript
    assert (found.engine, found.model, found.language) == ("whisper", "small", "ko")
    assert found.text == " ".join([whisper.SENTENCES[language]] * len(heard.speech))
    assert not heard.demonstration
    length = len(spoken) / 16_000
    starts = [word.start_s for word in found.words]
    assert starts == sorted(starts)
    for word in found.words:
        assert word.start_s is not None and word.end_s is not None and word.confidence is not None
        assert 0 <= word.start_s <= word.end_s <= length
        assert 0 <= word.confidence <= 1


def test_the_same_sound_gives_the_same_words_twice(folder: Path, spoken: Sound) -> None:
    first, second = (speech.transcribe(spoken, language="ko", engine="whisper", folder=folder) for _ in range(2))
    assert first == second


def test_where_nobody_speaks_whisper_is_not_asked_and_invents_nothing(folder: Path) -> None:
    silence = (np.random.default_rng(1).standard_normal(16_000 * 8) * 0.001).astype(np.float32)
    assert speech.transcribe(silence, language="ko", engine="whisper", folder=folder).transcript.words == ()


def test_auto_takes_whisper_for_korean_as_soon_as_its_weights_are_there(folder: Path, tmp_path: Path) -> None:
    assert speech.choose("ko", "auto", folder, "small") == "whisper"
    assert speech.languages(folder, "small", "auto") == {"ko", "en"}
    assert speech.languages(tmp_path, "small", "auto") == {"en"}
    assert speech.languages(tmp_path, "small", "whisper") == set()


def test_a_korean_recording_is_assessed_by_the_whole_pipeline(folder: Path, tmp_path: Path) -> None:
    korean = next(item for item in load().recordings if item.path.name == "office-1.webm")
    asked = Asked("문제를 해결한 경험을 말해 주세요.", "ko", rubric(), questions("ko"), demonstration=False)
    found = pipeline.assess([korean.path], asked, Engines("auto", "small", folder), tmp_path).assessment
    assert found.transcript is not None
    assert found.transcript.text.startswith(whisper.SENTENCES["ko"])
    assert "action" in {item.kind for item in found.evidence}
    for item in found.evidence:
        assert found.transcript.text[item.start_char : item.end_char] == item.quote


def test_a_checkpoint_that_is_not_the_pinned_one_is_not_loaded(folder: Path, spoken: Sound, tmp_path: Path) -> None:
    (tmp_path / "small.pt").write_bytes((folder / "small.pt").read_bytes() + b"\x00")
    with pytest.raises(Misconfigured, match="delete it and pull again"):
        speech.transcribe(spoken, language="ko", engine="whisper", folder=tmp_path)
