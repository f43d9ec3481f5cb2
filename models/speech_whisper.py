"""The reference recogniser: openai-whisper on weights that were pulled and checked; Korean and English."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import whisper
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from whisper.decoding import BeamSearchDecoder, DecodingOptions, DecodingResult, DecodingTask
from whisper.model import ModelDimensions, Whisper
from whisper.timing import find_alignment, merge_punctuations
from whisper.tokenizer import Tokenizer, get_tokenizer

from models.hearing import APPENDED, BEAM, PREPENDED, Aligned, Piece, Task, pieces

FRAMES_PER_S = 100
Sound = NDArray[np.float32]


@cache
def loaded(path: Path, *, halved: bool = True) -> Whisper:
    """The network on the best device there is. Its file was checked by the caller; it is never unpickled freely.

    `halved`: whether a GPU holds it in half precision.
    """
    content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    network = Whisper(ModelDimensions(**content["dims"]))
    network.load_state_dict(content["model_state_dict"])
    with_alignment_heads(network, path.stem)
    if not torch.cuda.is_available():
        return network.eval()
    return network.to("cuda").apply(_halve if halved else lambda _: None).eval()


def _halve(layer: torch.nn.Module) -> None:
    if isinstance(layer, (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Embedding)):
        layer.half()  # the norms between them stay exact: openai-whisper computes those in float32


def with_alignment_heads(network: Whisper, name: str) -> None:
    """The heads that look at the place in time, where they are published for weights of this name and size."""
    published = whisper._ALIGNMENT_HEADS.get(name)
    heads = network.dims.n_text_layer * network.dims.n_text_head
    if published and len(gzip.decompress(base64.b85decode(published))) == heads:
        network.set_alignment_heads(published)


@cache
def _tokenizer(languages: int, language: str) -> Tokenizer:
    return get_tokenizer(True, num_languages=languages, language=language, task="transcribe")


class _Encoded:
    """A network whose encoder has done its part, so that finding the words' times does not run it again."""

    def __init__(self, network: Whisper) -> None:
        self.dims, self.decoder, self.device = network.dims, network.decoder, network.device
        self.alignment_heads = network.alignment_heads
        self._dtype = next(network.parameters()).dtype

    def __call__(self, heard: Tensor, tokens: Tensor) -> Tensor:
        logits: Tensor = self.decoder(tokens, heard.to(self._dtype))
        return logits


class _Beams(BeamSearchDecoder):  # type: ignore[misc]  # openai-whisper is untyped
    """The same search, which asks the device once a step for what each beam may go on with, not once per candidate."""

    finished_sequences: list[dict[tuple[int, ...], float]] | None

    def update(self, tokens: Tensor, logits: Tensor, sum_logprobs: Tensor) -> tuple[Tensor, bool]:
        """The beams one token longer, and whether each window has its finished sequences. Shapes: (windows x beams,
        length), (windows x beams, vocabulary), (windows x beams); the sums are changed in place."""
        shares, following = functional.log_softmax(logits.float(), dim=-1).topk(self.beam_size + 1)
        ranked = _ranked(tokens.tolist(), following.tolist(), (sum_logprobs[:, None] + shares).tolist(), self.beam_size)
        self.finished_sequences = self.finished_sequences or [{} for _ in ranked]
        kept: list[_Candidate] = []
        for candidates, finished in zip(ranked, self.finished_sequences, strict=True):
            room = self.beam_size
            for candidate in candidates:
                if not room:
                    break
                if candidate.tokens[-1] != self.eot:
                    kept.append(candidate)
                    room -= 1
                elif len(finished) < self.max_candidates:
                    finished[candidate.tokens] = candidate.score
        sum_logprobs.copy_(torch.tensor([candidate.score for candidate in kept]))
        self.inference.rearrange_kv_cache([candidate.beam for candidate in kept])
        longer = torch.tensor([candidate.tokens for candidate in kept], device=tokens.device)
        return longer, all(len(finished) >= self.max_candidates for finished in self.finished_sequences)


class _Candidate(NamedTuple):
    tokens: tuple[int, ...]
    score: float
    beam: int


def _ranked(
    beams: list[list[int]], following: list[list[int]], scores: list[list[float]], size: int
) -> list[list[_Candidate]]:
    """Per window what its beams may go on with, best first; two beams that come to the same are one."""
    found: list[list[_Candidate]] = []
    for first in range(0, len(beams), size):
        candidates = {
            (*beams[beam], token): _Candidate((*beams[beam], token), score, beam)
            for beam in range(first, first + size)
            for token, score in zip(following[beam], scores[beam], strict=True)
        }
        found.append(sorted(candidates.values(), key=lambda candidate: candidate.score, reverse=True))
    return found


class _Together(DecodingTask):  # type: ignore[misc]  # openai-whisper is untyped
    """openai-whisper's own search, made fit for several windows at once: each of a window's beams hears that window."""

    def __init__(self, network: Whisper, options: DecodingOptions) -> None:
        super().__init__(network, options)
        self.decoder = _Beams(BEAM, self.tokenizer.eot, self.inference)

    def _get_audio_features(self, mel: Tensor) -> Tensor:
        heard: Tensor = super()._get_audio_features(mel)
        return heard.repeat_interleave(self.n_group, dim=0)

    def _detect_language(self, audio_features: Tensor, tokens: Tensor) -> tuple[list[str], None]:
        return [self.tokenizer.language] * len(tokens), None  # asked for; what is spoken is found beside it


@torch.inference_mode()
def recognise(sounds: Sequence[Sound], path: Path, task: Task) -> list[Piece]:
    """What is said in each window. `sounds`: float32 mono, 16 000 Hz, at most 30 s each; all go through together."""
    network = loaded(path, halved=task.halved)
    fast = network.device.type == "cuda" and task.halved
    heard = _encoded(network, [_mel(network, sound) for sound in sounds])
    options = DecodingOptions(
        language=task.language,
        temperature=0.0,
        beam_size=BEAM,
        prompt=task.prompt or None,
        fp16=fast,
        sample_len=task.most_tokens or network.dims.n_text_ctx,
        suppress_tokens=task.suppressed,
    )
    results = _Together(network, options).run(heard)
    spoken = _languages(network, heard, task.language)
    return [pieces(_aligned(network, result, heard[n], len(sounds[n])), spoken[n]) for n, result in enumerate(results)]


def _encoded(network: Whisper, mels: Sequence[Tensor]) -> Tensor:
    """What the encoder makes of each window; on a CPU one after the other, for memory's sake."""
    if network.device.type == "cuda":
        heard: Tensor = network.encoder(torch.stack(list(mels)).to(network.encoder.conv1.weight.dtype))
        return heard
    return torch.cat([network.encoder(mel.unsqueeze(0)) for mel in mels])


def _mel(network: Whisper, sound: Sound) -> Tensor:
    padded = whisper.pad_or_trim(sound)
    mel: Tensor = whisper.log_mel_spectrogram(padded, n_mels=network.dims.n_mels, device=network.device)
    return mel


def _languages(network: Whisper, heard: Tensor, asked: str) -> list[str]:
    if not network.is_multilingual:
        return [asked] * len(heard)
    _, shares = network.detect_language(heard)
    return [max(share, key=lambda name: share[name]) for share in shares]


def _aligned(network: Whisper, result: DecodingResult, heard: Tensor, samples: int) -> list[Aligned]:
    tokenizer = _tokenizer(network.num_languages, result.language)
    text = [token for token in result.tokens if token < tokenizer.eot]
    frames = max(2, samples * FRAMES_PER_S // whisper.audio.SAMPLE_RATE)
    found = find_alignment(_Encoded(network), tokenizer, text, heard, frames)
    merge_punctuations(found, PREPENDED, APPENDED)
    return [Aligned(one.word, float(one.start), float(one.end), float(one.probability)) for one in found]
