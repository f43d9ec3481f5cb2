"""Whose words they are: copied from the question or the rubric, said before, or the speaker's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

EDGES = ".,?!;:\"'“”‘’()…"


def plain(words: Iterable[str]) -> list[str]:
    """Words without the punctuation at their edges and in lower case, one for one."""
    return [word.strip(EDGES).lower() for word in words]


def copied(words: Sequence[str], sources: Iterable[Sequence[str]], run: int) -> set[int]:
    """The places of plain `words` that lie in a run of `run` words of one of the plain sources."""
    known = {gram for source in sources for gram in _runs(source, run)}
    return _covered([place for place, gram in enumerate(_runs(words, run)) if gram in known], run)


def repeated(words: Sequence[str], run: int) -> set[int]:
    """The places of plain `words` in a run of `run` words that was said earlier in the same answer."""
    seen: dict[tuple[str, ...], int] = {}
    again: list[int] = []
    for place, gram in enumerate(_runs(words, run)):
        if place >= seen.setdefault(gram, place) + run:  # a run does not repeat itself by overlapping
            again.append(place)
    return _covered(again, run)


def inside(text: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """Which words of `text.split()` touch one of the spans (characters)."""
    held = list(spans)
    words = enumerate(re.finditer(r"\S+", text))
    return {place for place, word in words if any(start < word.end() and word.start() < end for start, end in held)}


def share(places: set[int], words: Sequence[str]) -> float:
    """How much of the answer those places are, 0-1."""
    return round(len(places) / len(words), 3) if words else 0.0


def _runs(words: Sequence[str], run: int) -> list[tuple[str, ...]]:
    return [tuple(words[place : place + run]) for place in range(len(words) - run + 1)]


def _covered(begun: Iterable[int], run: int) -> set[int]:
    return {place + step for place in begun for step in range(run)}
