"""EU-1: no emotion, mood, gaze, looks or identity is inferred from a face or a voice, and none could reach a score."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

import pytest

from interview_ai.library import questions, questions_of, rubric
from interview_ai.rules import scoring
from interview_ai.rules.evidence import AudioFacts, Delivery, Score, VideoFacts
from models.vision import Look
from tests.fixtures import speech
from worker import pipeline
from worker.judging import Asked
from worker.pipeline import Engines

ROOT = Path(__file__).parents[2]
INFERS_PEOPLE = frozenset(
    "deepface fer facenet_pytorch insightface face_recognition dlib mediapipe openface retinaface hsemotion "
    "opensmile audeer audonnx speechbrain pyannote parselmouth librosa resemblyzer nemo fairface py_feat feat".split()
)


def imported(path: Path) -> set[str]:
    """The packages that a file imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_eu_1_what_is_seen_and_heard_has_no_field_for_emotion_looks_or_identity() -> None:
    fields = {
        kind.__name__: {field.name for field in dataclasses.fields(kind)}
        for kind in (Look, VideoFacts, AudioFacts, Delivery)
    }
    assert fields == {
        "Look": {"faces", "dark", "frozen", "detector"},
        "VideoFacts": {"codec", "width", "height", "frames", "faces", "dark", "frozen"},
        "AudioFacts": {"codec", "rms_dbfs", "speech_s", "silence_s", "clipped"},
        "Delivery": {"syllables_per_s", "long_pauses", "fillers_per_100"},
    }


def test_eu_1_nothing_that_infers_people_is_imported_or_required() -> None:
    files = [path for folder in ("interview_ai", "worker", "models", "web") for path in (ROOT / folder).rglob("*.py")]
    files = [path for path in files if "node_modules" not in path.parts]
    packages = {package for path in files for package in imported(path)}
    assert {"cv2", "av", "torch"} <= packages  # it looked at something
    assert not packages & INFERS_PEOPLE
    pinned = {line.split("==")[0].lower().replace("-", "_") for line in (ROOT / "constraints.txt").read_text().split()}
    assert len(pinned) > 50
    assert not pinned & INFERS_PEOPLE


def test_eu_1_points_are_made_of_words_alone() -> None:
    """Neither of the two functions that make points can be given facts, a picture or a voice."""
    assert set(scoring.score.__annotations__) == {"found", "rubric", "unsure", "return"}
    assert set(scoring.evidence.__annotations__) == {"transcript", "analysis", "rubric", "question", "return"}
    modules = imported(Path(scoring.__file__))
    assert not modules & {"models", "cv2", "numpy", "torch", "av"}


@pytest.mark.voices
@pytest.mark.slow
def test_eu_1_the_same_words_earn_the_same_points_with_a_picture_and_without(tmp_path: Path) -> None:
    question = questions_of("problem_solving")[0].en
    asked = Asked(question, "en", rubric(), questions("en"), demonstration=True)
    sound = speech.spoken(speech.GOOD, tmp_path)
    found: list[Score | None] = []
    for name, picture in (("seen", True), ("unseen", False)):
        folder = tmp_path / name
        folder.mkdir()
        recording = speech.recording(sound, tmp_path / f"{name}.webm", picture=picture)
        found.append(
            pipeline.assess([recording], asked, Engines("pocketsphinx", "small", tmp_path), folder).assessment.score
        )
    assert found[0] is not None
    assert found[0] == found[1]
