"""Bands: who cannot be told apart by points shares a letter; inside a band chance decides, and no score is no place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeVar

from interview_ai.rules.standings import Standing

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

Row = TypeVar("Row")


def letters(ranked: Mapping[str, Standing]) -> dict[str, str]:
    """Band letters by id: the highest points open a band that holds all whose range contains them; then the next."""
    left = sorted(ranked, key=lambda key: (-ranked[key].points, key))
    found: dict[str, str] = {}
    for letter in LETTERS:
        if not left:
            break
        top = ranked[left[0]].points
        band = [key for key in left if ranked[key].low <= top <= ranked[key].high]
        found |= dict.fromkeys(band, letter)
        left = [key for key in left if key not in found]
    return found | dict.fromkeys(left, LETTERS[-1])


def shuffled(banded: Mapping[str, str], *, seed: str) -> list[str]:
    """The ids of the rows with letters, from the first band; ties in an order that is the seed's own and stays."""
    return sorted(banded, key=lambda key: (banded[key], hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()))


def woven(ranked: Sequence[Row], others: Mapping[int, Row]) -> list[Row]:
    """The list: `others` (no score, or not to be seen yet) stand at their place of arrival, the ranked around them.

    `others` maps the place of arrival among all, from 0, to the row. So a row without a score is neither sent to
    the end nor put first: nothing about its place says how good it is.
    """
    waiting = iter(ranked)
    return [others[place] if place in others else next(waiting) for place in range(len(ranked) + len(others))]
