"""Texts as vectors, where a sentence encoder lies; its networks are loaded at the first text and not before."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

EMBEDDING = "models.embedding"  # loaded where an encoder is: torch and transformers cost each worker 200 MB and 5 s
Rows = NDArray[np.float32]


def embed(texts: Sequence[str], folder: Path) -> Rows:
    """One row of length 1 for each text."""
    rows: Rows = importlib.import_module(EMBEDDING).embed(texts, folder)
    return rows


@cache
def embedded(texts: tuple[str, ...], folder: Path) -> Rows:
    """The same, remembered: for what is asked, not for what is answered."""
    return embed(texts, folder)
