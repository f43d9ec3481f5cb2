"""What both Whisper engines are asked and give back, so that either may stand in for the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

BEAM = 5  # as Whisper's published error rates were measured
PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"


@dataclass(frozen=True, slots=True)
class Task:
    """How windows are to be recognised: always without chance (temperature 0) and without a second try.

    `prompt`: names that may occur. The others are for measuring: without them a window gets as many tokens as Whisper
    wants, and a GPU computes in half precision.
    """

    language: str
    prompt: str = ""
    most_tokens: int | None = None
    suppressed: str = "-1"
    halved: bool = True


@dataclass(frozen=True, slots=True)
class Aligned:
    """One word in its window: seconds from the window's start, confidence 0-1."""

    text: str
    start_s: float
    end_s: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Piece:
    """One window's words and the language that was heard in it."""

    words: tuple[Aligned, ...]
    language: str


def pieces(words: Iterable[Aligned], language: str) -> Piece:
    """A window's result without the empty places that joined punctuation leaves behind."""
    return Piece(tuple(word for word in words if word.text.strip()), language)
