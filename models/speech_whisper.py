"""The reference recogniser: openai-whisper on weights that were pulled and checked; Korean and English."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
import whisper
from numpy.typing import NDArray
from whisper.model import ModelDimensions, Whisper

from interview_ai.rules.evidence import Word
from models.activity import Span, samples_of
from models.weights import checked


@cache
def _loaded(path: Path) -> Whisper:
    """The network; the file is checked against its pinned sha256 first and never unpickled freely."""
    content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    network = Whisper(ModelDimensions(**content["dims"]))
    network.load_state_dict(content["model_state_dict"])
    return network.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def recognise(
    sound: NDArray[np.float32], spans: Sequence[Span], *, model: str, folder: Path, language: str, prompt: str
) -> tuple[tuple[Word, ...], str]:
    """Words with seconds and confidence, and the language that was heard. `sound`: float32 mono, 16 000 Hz."""
    network = _loaded(checked(model, folder))
    words: list[Word] = []
    for span in spans:
        words += _words(network, sound, span, language=language, prompt=prompt)
    return tuple(words), _language(network, sound, spans, language)


def _words(network: Whisper, sound: NDArray[np.float32], span: Span, *, language: str, prompt: str) -> list[Word]:
    heard = whisper.transcribe(
        network,
        samples_of(sound, span),
        language=language,
        word_timestamps=True,
        temperature=0.0,
        condition_on_previous_text=False,
        initial_prompt=prompt or None,
        fp16=torch.cuda.is_available(),
        verbose=None,
    )
    return [
        Word(
            word["word"].strip(),
            round(span[0] + float(word["start"]), 2),
            round(span[0] + float(word["end"]), 2),
            round(float(word["probability"]), 3),
        )
        for segment in heard["segments"]
        for word in segment.get("words", [])
        if word["word"].strip()
    ]


def _language(network: Whisper, sound: NDArray[np.float32], spans: Sequence[Span], expected: str) -> str:
    if not network.is_multilingual or not spans:
        return expected
    longest = max(spans, key=lambda span: span[1] - span[0])
    mel = whisper.log_mel_spectrogram(
        whisper.pad_or_trim(samples_of(sound, longest)), n_mels=network.dims.n_mels, device=network.device
    )
    _, shares = network.detect_language(mel)
    return str(max(shares, key=lambda name: shares[name]))
