"""Sound to words, by the best recogniser installed for the language; voice activity first, whatever the engine."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from interview_ai.errors import Misconfigured
from interview_ai.rules.evidence import Transcript, Word
from models import weights
from models.activity import Sound, SoundFile, Span, speech_spans
from models.hearing import Piece, Task
from models.windows import Window, packed

Engine = Literal["whisper", "faster-whisper", "pocketsphinx"]
WHISPER_LANGUAGES = frozenset({"ko", "en"})
WEIGHTS_DIGITS = 12
POCKETSPHINX = "en-us 5.1"
LEAST_TOGETHER = 2  # windows: a sixth faster than one on a CPU, and 70 MB more with Whisper's base dimensions
FASTER_FILES = ("model.bin", "config.json", "tokenizer.json", "preprocessor_config.json")
# each engine is loaded when it is first used: torch alone takes seconds and 300 MB
MODULES: dict[Engine, str] = {
    "whisper": "models.speech_whisper",
    "faster-whisper": "models.speech_faster",
    "pocketsphinx": "models.speech_pocketsphinx",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, where somebody spoke (seconds), and whether the recogniser is of demonstration quality only.

    `weights`: the first digits of the sha256 of the weights that were used; empty for those inside a package.
    """

    transcript: Transcript
    speech: tuple[Span, ...]
    demonstration: bool
    weights: str = ""


def available(language: str, folder: Path, model: str = "small") -> tuple[Engine, ...]:
    """The recognisers installed for a language, best first. `folder`: where pulled weights lie."""
    engines: list[Engine] = []
    if language in WHISPER_LANGUAGES:
        faster = faster_folder(model, folder)
        engines += ["faster-whisper"] if all((faster / name).is_file() for name in FASTER_FILES) else []
        engines += ["whisper"] if weights.whole(model, folder) else []
    return (*engines, "pocketsphinx") if language == "en" else tuple(engines)


def faster_folder(model: str, folder: Path) -> Path:
    """Where the converted weights of this name lie."""
    return folder / f"faster-whisper-{model}"


def languages(folder: Path, model: str, engine: str) -> frozenset[str]:
    """The languages for which `choose` finds a recogniser with these settings."""
    return frozenset(language for language in ("ko", "en") if _usable(language, engine, folder, model))


def _usable(language: str, engine: str, folder: Path, model: str) -> list[Engine]:
    return [name for name in available(language, folder, model) if engine in ("auto", name)]


def choose(language: str, engine: str, folder: Path, model: str) -> Engine:
    """The recogniser to use. Raises Misconfigured (code no_recogniser) with the command that mends it."""
    wanted = _usable(language, engine, folder, model)
    if not wanted:
        if engine in ("auto", "whisper") and weights.installed(model, folder):
            weights.checked(model, folder)  # it is there and not the published one: that sentence mends it
        raise Misconfigured(
            f"No recogniser for this language is installed ({language}): interview-ai models pull {model}",
            f"이 언어의 음성 인식기가 설치되지 않았습니다({language}): interview-ai models pull {model}",
            code="no_recogniser",
        )
    return wanted[0]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording to listen to; `vocabulary`: names that may occur."""

    sound: Sound
    language: str
    vocabulary: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Recogniser:
    """An engine with its weights. `path`: their file or folder; None where they lie inside the package."""

    engine: Engine
    name: str
    path: Path | None
    digest: str = ""


def transcribe(
    sound: Sound,
    *,
    language: str,
    engine: str = "auto",
    model: str = "small",
    folder: Path,
    vocabulary: Sequence[str] = (),
) -> Heard:
    """The words of one recording, as `transcribe_all` finds them."""
    spoken = Spoken(sound, language, vocabulary)
    return transcribe_all([spoken], recogniser(language, engine=engine, model=model, folder=folder))[0]


def recogniser(language: str, *, engine: str, model: str, folder: Path) -> Recogniser:
    """The best one installed, its weights checked. Raises Misconfigured (code no_recogniser)."""
    chosen = choose(language, engine, folder, model)
    if chosen == "pocketsphinx":
        return Recogniser(chosen, POCKETSPHINX, None)
    if chosen == "whisper":
        path = weights.checked(model, folder)
        return Recogniser(chosen, model, path, weights.digest(path))
    path = faster_folder(model, folder)
    return Recogniser(chosen, model, path, weights.digest(path / "model.bin"))


def transcribe_all(answers: Sequence[Spoken], by: Recogniser) -> list[Heard]:
    """The words of several recordings, whose speech goes through the network together: as many windows at a time as
    there are recordings, and two at least. So memory grows with how many answers are taken together, never with length.

    Where nobody speaks there are no words: the engine is not even asked, whatever the vocabulary. The same recordings
    in the same company give the same words.
    """
    spans = [speech_spans(answer.sound) for answer in answers]
    if by.engine == "pocketsphinx":
        return [_demonstrated(answer, of, by) for answer, of in zip(answers, spans, strict=True)]
    windows = [packed(of) for of in spans]
    found: dict[tuple[int, int], Piece] = {}
    for task, places in _tasks(answers, windows).items():
        for batch in batched(places, max(LEAST_TOGETHER, len(answers))):
            sounds = [windows[n][k].samples(answers[n].sound) for n, k in batch]
            found.update(zip(batch, _recognise(by, sounds, task), strict=True))
    return [
        _heard(answer, spans[n], [(window, found[n, k]) for k, window in enumerate(windows[n])], by)
        for n, answer in enumerate(answers)
    ]


def _tasks(answers: Sequence[Spoken], windows: Sequence[tuple[Window, ...]]) -> dict[Task, list[tuple[int, int]]]:
    """Which windows (answer, place) may go together: those that are asked for the same."""
    found: dict[Task, list[tuple[int, int]]] = {}
    for n, answer in enumerate(answers):
        task = Task(answer.language, ", ".join(answer.vocabulary))
        found.setdefault(task, []).extend((n, k) for k in range(len(windows[n])))
    return found


def batched(items: Sequence[tuple[int, int]], size: int) -> Iterator[list[tuple[int, int]]]:
    """`items` in their order, `size` at a time."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _recognise(by: Recogniser, sounds: Sequence[NDArray[np.float32]], task: Task) -> list[Piece]:
    module: Any = importlib.import_module(MODULES[by.engine])
    pieces: list[Piece] = module.recognise(sounds, by.path, task)
    return pieces


def _demonstrated(answer: Spoken, spans: tuple[Span, ...], by: Recogniser) -> Heard:
    module: Any = importlib.import_module(MODULES[by.engine])
    words: tuple[Word, ...] = module.recognise(answer.sound, spans)
    return Heard(_transcript(words, answer.language, by), spans, demonstration=True)


def _heard(answer: Spoken, spans: tuple[Span, ...], pieces: Sequence[tuple[Window, Piece]], by: Recogniser) -> Heard:
    words = _in_time([word for window, piece in pieces for word in _placed(window, piece)])
    shares: Counter[str] = Counter()
    for window, piece in pieces:
        shares[piece.language] += round(window.seconds * 100)
    language = shares.most_common(1)[0][0] if shares else answer.language
    return Heard(_transcript(words, language, by), spans, demonstration=False, weights=by.digest[:WEIGHTS_DIGITS])


def _placed(window: Window, piece: Piece) -> list[Word]:
    """A window's words at their seconds in the recording."""
    return [
        Word(
            word.text.strip(),
            round(window.in_recording(word.start_s), 2),
            round(window.in_recording(word.end_s, ends=True), 2),
            round(word.confidence, 3),
        )
        for word in piece.words
    ]


def _in_time(words: Sequence[Word]) -> tuple[Word, ...]:
    """No word begins before the one before it, and none ends before it begins."""
    kept: list[Word] = []
    latest = 0.0
    for word in words:
        latest = max(latest, word.start_s or 0.0)
        kept.append(replace(word, start_s=latest, end_s=max(latest, word.end_s or 0.0)))
    return tuple(kept)


def _transcript(words: tuple[Word, ...], language: str, by: Recogniser) -> Transcript:
    return Transcript(by.engine, by.name, language, " ".join(word.text for word in words), words)


def load(path: Path) -> SoundFile:
    """The raw sound that models.media wrote."""
    return SoundFile(path)


def main() -> None:
    """`python -m models.speech SOUND.f32 --language en`: prints the transcript as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--language", choices=["ko", "en"], required=True)
    parser.add_argument("--models", type=Path, default=Path(".onterview/models"))
    given = parser.parse_args()
    heard = transcribe(load(given.file), language=given.language, folder=given.models)
    sys.stdout.write(json.dumps(asdict(heard), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
