"""The same weights, converted for CTranslate2 (int8): several times faster on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_ctranslate2_storage, merge_punctuations
from numpy.typing import NDArray

from models.hearing import APPENDED, BEAM, PREPENDED, Aligned, Piece, Task, pieces

Sound = NDArray[np.float32]


@cache
def loaded(path: Path) -> WhisperModel:
    """The network from a folder that was converted here; nothing is ever asked of the net."""
    return WhisperModel(str(path), device="auto", compute_type="int8", local_files_only=True)


def recognise(sounds: Sequence[Sound], path: Path, task: Task) -> list[Piece]:
    """What is said in each window. `sounds`: float32 mono, 16 000 Hz, at most 30 s each; all are decoded together."""
    network = loaded(path)
    tokenizer = Tokenizer(network.hf_tokenizer, network.model.is_multilingual, "transcribe", task.language)
    heard = _encoded(network, sounds)
    prompt = network.get_prompt(tokenizer, tokenizer.encode(f" {task.prompt}") if task.prompt else [])
    results = network.model.generate(
        heard,
        [prompt] * len(sounds),
        beam_size=BEAM,
        max_length=min(network.max_length, len(prompt) + (task.most_tokens or network.max_length)),
        suppress_tokens=[int(token) for token in task.suppressed.split(",")],
        max_initial_timestamp_index=round(1.0 / network.time_precision),
    )
    text = [[token for token in result.sequences_ids[0] if token < tokenizer.eot] for result in results]
    frames = [max(2, len(sound) // network.feature_extractor.hop_length) for sound in sounds]
    aligned = network.find_alignment(tokenizer, text, heard, frames)
    spoken = _languages(network, heard, len(sounds), task.language)
    return [pieces(_words(words), language) for words, language in zip(aligned, spoken, strict=True)]


def _encoded(network: WhisperModel, sounds: Sequence[Sound]) -> Any:
    """What the encoder makes of each window. On a CPU one after the other: it is as fast, and the attention over 1,500
    frames takes 70 MB a window and more."""
    features = [pad_or_trim(network.feature_extractor(sound)) for sound in sounds]
    if network.model.device != "cpu":
        return network.encode(np.stack(features))
    return get_ctranslate2_storage(np.concatenate([np.asarray(network.encode(one)) for one in features]))


def _languages(network: WhisperModel, heard: Any, count: int, asked: str) -> list[str]:
    if not network.model.is_multilingual:
        return [asked] * count
    shares = network.model.detect_language(heard)
    return [share[0][0].strip("<|>") for share in shares]


def _words(words: list[dict[str, Any]]) -> list[Aligned]:
    merge_punctuations(words, PREPENDED, APPENDED)
    return [
        Aligned(word["word"], float(word["start"]), float(word["end"]), float(word["probability"])) for word in words
    ]
