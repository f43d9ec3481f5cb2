"""The commands that need networks: assess a file, score a text; one JSON object on standard output, nothing else."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from interview_ai.errors import Invalid, Unreadable
from interview_ai.library import questions, rubric, rubric_from_yaml
from interview_ai.rules.evidence import Assessment, Bilingual, Reason, Rubric, as_json
from interview_ai.settings import settings
from models import weights
from worker import judging, pipeline, second_opinion
from worker.judging import Asked
from worker.pipeline import Engines

ASSESSED, WRONG_USAGE, UNREADABLE = 0, 2, 3


def assess(given: argparse.Namespace) -> int:
    """`interview-ai assess FILE …`: exit 0 assessed or a person must look, 3 unreadable, 2 wrong usage."""
    path = Path(given.file)
    if not path.is_file():
        sys.stderr.write(f"{given.file}: there is no such file\n")
        return WRONG_USAGE
    rater = second_opinion.server()
    engines = Engines(given.engine or settings().speech_engine, settings().speech_model, settings().models, rater)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        sys.stderr.write(f"{given.file}: {error.strerror}\n")
        return WRONG_USAGE
    found = _assessment(path, _asked(given), engines)
    _print({"sha256": digest, "bytes": path.stat().st_size}, found)
    return UNREADABLE if found.reason and found.reason.code == "unreadable" else ASSESSED


def _assessment(path: Path, asked: Asked, engines: Engines) -> Assessment:
    with tempfile.TemporaryDirectory(prefix="onterview-") as folder:
        try:
            return pipeline.assess([path], asked, engines, Path(folder)).assessment
        except Unreadable as error:  # reading it crashed or hung: there is nobody here to try again
            return judging.without_score(Reason("unreadable", Bilingual(error.ko, error.en)), asked)


def score_text(given: argparse.Namespace) -> int:
    """`interview-ai score-text … < transcript.txt`: the same object for a text."""
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid("The text is not UTF-8.", "텍스트가 UTF-8이 아닙니다.") from error
    _print(None, judging.assess_text(text, _asked(given), second_opinion.server()))
    return ASSESSED


def _asked(given: argparse.Namespace) -> Asked:
    return Asked(
        question=given.question,
        language=given.language,
        rubric=_rubric(Path(given.rubric)) if given.rubric else rubric(),
        other_questions=questions(given.language),
        demonstration=bool(getattr(given, "demonstration", False)),
        encoder=weights.encoder(settings().models, given.language),
    )


def _rubric(path: Path) -> Rubric:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"The rubric {path} cannot be read: {error}.", f"평가기준 파일 {path}을(를) 읽을 수 없습니다: {error}."
        ) from error
    return rubric_from_yaml(text)


def _print(recording: dict[str, Any] | None, found: Assessment) -> None:
    content = {"recording": recording, **as_json(found)}
    if found.opinion is None:
        del content["opinion"]  # without a rater the object is what it always was
    sys.stdout.write(json.dumps(content, ensure_ascii=False) + "\n")
