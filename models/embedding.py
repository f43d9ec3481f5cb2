"""Sentences as vectors by a sentence encoder through transformers, where its weights are; nothing here scores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

BATCH = 32  # sentences that go through together
Rows = NDArray[np.float32]
LONGEST = 256  # tokens; a spoken sentence has 10 to 60


@cache
def _loaded(folder: Path) -> tuple[Any, Any]:
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    network = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, trust_remote_code=False)
    return tokenizer, network.eval()


@torch.inference_mode()
def embed(sentences: Sequence[str], folder: Path) -> Rows:
    """One row of length 1 for each sentence: the mean of its tokens' last states (float32, n x size)."""
    tokenizer, network = _loaded(folder)
    rows = []
    for start in range(0, len(sentences), BATCH):
        part = list(sentences[start : start + BATCH])
        given = tokenizer(part, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        states = network(**given).last_hidden_state
        kept = given["attention_mask"].unsqueeze(-1)
        means = (states * kept).sum(1) / kept.sum(1)
        rows.append(torch.nn.functional.normalize(means, dim=1))
    if not rows:
        return np.zeros((0, int(network.config.hidden_size)), dtype=np.float32)
    found: Rows = torch.cat(rows).float().numpy()
    return found
