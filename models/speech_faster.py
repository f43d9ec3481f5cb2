"""The same weights, converted for CTranslate2 (int8): several times faster on a CPU."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import TranscriptionOptions, merge_punctuations
from numpy.typing import NDArray

from models.hearing import APPENDED, BEAM, PREPENDED, Aligned, Piece, Task, pieces

Sound = NDArray[np.float32]


@cache
def loaded(path: Path) -> WhisperModel:
    """The network from a folder that was converted here; nothing is ever asked of the net."""
    return WhisperModel(str(path), device="auto", compute_type="int8", local_files_only=True)


def recognise(sounds: Sequence[Sound], path: Path, task: Task) -> list[Piece]:
    """What is said in each window. `sounds`: float32 mono, 16 000 Hz, at most 30 s each; all go through together."""
    network = loaded(path)
    features = np.stack([pad_or_trim(network.feature_extractor(sound)) for sound in sounds])
    tokenizer = Tokenizer(network.hf_tokenizer, network.model.is_multilingual, "transcribe", task.language)
    encoded, results = BatchedInferencePipeline(network).generate_segment_batched(features, tokenizer, _options(task))
    text = [[token for token in result["tokens"] if token < tokenizer.eot] for result in results]
    frames = [max(2, len(sound) // network.feature_extractor.hop_length) for sound in sounds]
    aligned = network.find_alignment(tokenizer, text, encoded, frames)
    spoken = _languages(network, encoded, len(sounds), task.language)
    return [pieces(_words(words), language) for words, language in zip(aligned, spoken, strict=True)]


def _options(task: Task) -> TranscriptionOptions:
    suppressed = [int(token) for token in task.suppressed.split(",")]
    return TranscriptionOptions(
        beam_size=BEAM,
        best_of=1,
        patience=1.0,
        length_penalty=1.0,
        repetition_penalty=1.0,
        no_repeat_ngram_size=0,
        log_prob_threshold=None,
        no_speech_threshold=None,
        compression_ratio_threshold=None,
        condition_on_previous_text=False,
        prompt_reset_on_temperature=0.5,
        temperatures=[0.0],
        initial_prompt=task.prompt or None,
        prefix=None,
        suppress_blank=True,
        suppress_tokens=suppressed,
        without_timestamps=False,
        max_initial_timestamp=1.0,
        word_timestamps=True,
        prepend_punctuations=PREPENDED,
        append_punctuations=APPENDED,
        multilingual=False,
        max_new_tokens=task.most_tokens,
        clip_timestamps=[],
        hallucination_silence_threshold=None,
        hotwords=None,
    )


def _languages(network: WhisperModel, encoded: Any, count: int, asked: str) -> list[str]:
    if not network.model.is_multilingual:
        return [asked] * count
    shares = network.model.detect_language(encoded)
    return [share[0][0].strip("<|>") for share in shares]


def _words(words: list[dict[str, Any]]) -> list[Aligned]:
    merge_punctuations(words, PREPENDED, APPENDED)
    return [
        Aligned(word["word"], float(word["start"]), float(word["end"]), float(word["probability"])) for word in words
    ]
