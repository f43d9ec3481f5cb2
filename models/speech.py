"""Sound to words, by the best recogniser installed for the language; voice activity first, whatever the engine."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from interview_ai.errors import Misconfigured
from interview_ai.rules.evidence import Transcript, Word
from models import weights
from models.activity import Span, speech_spans

Engine = Literal["whisper", "faster-whisper", "pocketsphinx"]
WHISPER_LANGUAGES = frozenset({"ko", "en"})
WEIGHTS_DIGITS = 12
POCKETSPHINX = "en-us 5.1"
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
        faster = folder / f"faster-whisper-{model}"
        engines += ["faster-whisper"] if all((faster / name).is_file() for name in FASTER_FILES) else []
        engines += ["whisper"] if weights.whole(model, folder) else []
    return (*engines, "pocketsphinx") if language == "en" else tuple(engines)


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


def transcribe(
    sound: NDArray[np.float32],
    *,
    language: str,
    engine: str = "auto",
    model: str = "small",
    folder: Path,
    vocabulary: Sequence[str] = (),
) -> Heard:
    """The words of a recording. `sound`: float32 mono in [-1, 1], 16 000 Hz; `vocabulary`: names that may occur.

    Where nobody speaks there are no words: the engine is not even asked. Raises Misconfigured (code no_recogniser).
    """
    chosen = choose(language, engine, folder, model)
    spans = speech_spans(sound)
    words, heard_language, name = _recognised(chosen, sound, spans, language, model, folder, vocabulary)
    text = " ".join(word.text for word in words)
    transcript = Transcript(chosen, name, heard_language, text, words)
    return Heard(transcript, spans, chosen == "pocketsphinx", _weights(chosen, model, folder)[:WEIGHTS_DIGITS])


def _weights(chosen: Engine, model: str, folder: Path) -> str:
    if chosen == "whisper":
        return weights.digest(weights.checked(model, folder))
    return weights.digest(folder / f"faster-whisper-{model}" / "model.bin") if chosen == "faster-whisper" else ""


def _recognised(
    chosen: Engine,
    sound: NDArray[np.float32],
    spans: tuple[Span, ...],
    language: str,
    model: str,
    folder: Path,
    vocabulary: Sequence[str],
) -> tuple[tuple[Word, ...], str, str]:
    name = POCKETSPHINX if chosen == "pocketsphinx" else model
    if not spans:
        return (), language, name
    module: Any = importlib.import_module(MODULES[chosen])
    if chosen == "pocketsphinx":
        return module.recognise(sound, spans), language, name
    prompt = ", ".join(vocabulary)
    if chosen == "whisper":
        words, heard = module.recognise(sound, spans, model=model, folder=folder, language=language, prompt=prompt)
    else:
        path = folder / f"faster-whisper-{model}"
        words, heard = module.recognise(sound, spans, path=path, language=language, prompt=prompt)
    return words, heard, name


def load(path: Path) -> NDArray[np.float32]:
    """The raw sound that models.media wrote: float32 mono in [-1, 1], 16 000 Hz."""
    return np.fromfile(path, dtype=np.float32)


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
