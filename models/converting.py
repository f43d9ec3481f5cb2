"""A checkpoint of openai-whisper as CTranslate2 reads it: int8, with all that faster-whisper would ask the net for."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import whisper
from ctranslate2.specs import WhisperSpec
from numpy.typing import NDArray
from tokenizers import Tokenizer as HubTokenizer
from transformers.convert_slow_tokenizer import TikTokenConverter
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

from models.speech_whisper import with_alignment_heads
from models.weights import SOURCE, digest

VOCABULARY = Path(whisper.__file__).parent / "assets" / "multilingual.tiktoken"
GPT2 = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
SOUND = {"sampling_rate": 16_000, "n_fft": 400, "hop_length": 160, "chunk_length": 30}
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Part:
    """The parameters below one name of the checkpoint."""

    values: Mapping[str, Array]
    name: str

    def __truediv__(self, name: str) -> _Part:
        return _Part(self.values, f"{self.name}.{name}")

    def get(self, name: str) -> Array:
        return self.values[f"{self.name}.{name}"]


def convert(checkpoint: Path, folder: Path, *, name: str) -> Path:
    """Writes `folder` anew from a checkpoint whose sha256 the caller has checked; it is there whole or not at all."""
    content: dict[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    network = Whisper(ModelDimensions(**content["dims"]))
    network.load_state_dict(content["model_state_dict"])
    with_alignment_heads(network, name)
    tokenizer = get_tokenizer(True, num_languages=network.num_languages)
    hub = _tokenizer(tokenizer)
    spec = _spec(network)
    spec.register_vocabulary([hub.id_to_token(number) for number in range(network.dims.n_vocab)])
    _configure(spec.config, network, tokenizer)
    spec.validate()
    spec.optimize(quantization="int8")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        spec.save(made)
        hub.save(str(Path(made) / "tokenizer.json"))
        sound = json.dumps({"feature_size": network.dims.n_mels, **SOUND})
        (Path(made) / "preprocessor_config.json").write_text(sound, encoding="utf-8")
        made_from = {"checkpoint_sha256": digest(checkpoint), "model_sha256": digest(Path(made) / "model.bin")}
        (Path(made) / SOURCE).write_text(json.dumps(made_from), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
    return folder


def _tokenizer(tokenizer: Tokenizer) -> HubTokenizer:
    """openai-whisper's own vocabulary in the form that faster-whisper reads."""
    special = sorted(tokenizer.encoding._special_tokens.items(), key=lambda item: item[1])
    names = [name for name, _ in special]
    made: Any = TikTokenConverter
    hub: HubTokenizer = made(str(VOCABULARY), pattern=GPT2, extra_special_tokens=names).converted()
    return hub


def _spec(network: Whisper) -> WhisperSpec:
    dims = network.dims
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    values = {name: value.detach().float().numpy() for name, value in network.state_dict().items()}
    encoder, decoder = _Part(values, "encoder"), _Part(values, "decoder")
    for number in (1, 2):
        _linear(getattr(spec.encoder, f"conv{number}"), encoder / f"conv{number}")
    spec.encoder.position_encodings.encodings = encoder.get("positional_embedding")
    _norm(spec.encoder.layer_norm, encoder / "ln_post")
    for number, layer in enumerate(spec.encoder.layer):
        _block(layer, encoder / f"blocks.{number}")
    embedding = decoder.get("token_embedding.weight")
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    spec.decoder.position_encodings.encodings = decoder.get("positional_embedding")
    _norm(spec.decoder.layer_norm, decoder / "ln")
    for number, layer in enumerate(spec.decoder.layer):
        block = decoder / f"blocks.{number}"
        _block(layer, block)
        heard = block / "cross_attn"
        _norm(layer.attention.layer_norm, block / "cross_attn_ln")
        _linear(layer.attention.linear[0], heard / "query")
        _joined(layer.attention.linear[1], heard / "key", heard / "value")
        _linear(layer.attention.linear[2], heard / "out")
    return spec


def _block(layer: Any, block: _Part) -> None:
    own = block / "attn"
    _norm(layer.self_attention.layer_norm, block / "attn_ln")
    _joined(layer.self_attention.linear[0], own / "query", own / "key", own / "value")
    _linear(layer.self_attention.linear[1], own / "out")
    _norm(layer.ffn.layer_norm, block / "mlp_ln")
    _linear(layer.ffn.linear_0, block / "mlp.0")
    _linear(layer.ffn.linear_1, block / "mlp.2")


def _norm(spec: Any, part: _Part) -> None:
    spec.gamma, spec.beta = part.get("weight"), part.get("bias")


def _linear(spec: Any, part: _Part) -> None:
    spec.weight, spec.bias = part.get("weight"), part.get("bias")


def _joined(spec: Any, *parts: _Part) -> None:
    """Several projections of the same input as one; Whisper's keys have no bias."""
    weights = [part.get("weight") for part in parts]
    biases = [part.values.get(f"{part.name}.bias", np.zeros(len(weights[0]), dtype=np.float32)) for part in parts]
    spec.weight, spec.bias = np.concatenate(weights), np.concatenate(biases)


def _configure(config: Any, network: Whisper, tokenizer: Tokenizer) -> None:
    """What the decoder may not write, and which of its heads look at the place in time."""
    special = (
        tokenizer.transcribe,
        tokenizer.translate,
        tokenizer.sot,
        tokenizer.sot_prev,
        tokenizer.sot_lm,
        tokenizer.no_speech,
    )
    config.suppress_ids = sorted({*tokenizer.non_speech_tokens, *(token for token in special if token is not None)})
    config.suppress_ids_begin = [*tokenizer.encode(" "), tokenizer.eot]
    config.lang_ids = list(tokenizer.all_language_tokens)
    config.alignment_heads = network.alignment_heads.indices().T.tolist()
