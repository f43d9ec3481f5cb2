"""Bands: who cannot be told apart by points shares a letter; inside a band chance decides, and no score is no place."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from interview_ai.rules.standings import Standing

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOTS = 257  # prime; a hundred thousand candidates are some four hundred to a lot
SHUFFLES = 2_147_483_647  # prime; a factor below it times a number below it fits into 63 bits

Row = TypeVar("Row")


def edges(ranked: Iterable[tuple[float, float]]) -> tuple[float, ...]:
    """What an upper end must reach for the band of each letter, from the first: the band's highest points.

    `ranked`: the points and the upper end of everybody, or each pair once. The highest points open a band that holds
    all whose range contains them; then the next. A lower end never lies above its points, so the upper end decides.
    """
    left = sorted(ranked, reverse=True)
    found: list[float] = []
    for points, high in left:
        if len(found) == len(LETTERS):
            break
        if not found or high < found[-1]:
            found.append(points)
    return tuple(found)


def letter(edges: Sequence[float], high: float) -> str:
    """The letter of a range with this upper end; beyond the last edge there is only the last letter."""
    place = bisect_left(edges, -high, key=lambda edge: -edge)
    return LETTERS[min(place, len(LETTERS) - 1)]


def letters(ranked: Mapping[str, Standing]) -> dict[str, str]:
    """Band letters by id."""
    found = edges((one.points, one.high) for one in ranked.values())
    return {key: letter(found, one.high) for key, one in ranked.items()}


@dataclass(frozen=True, slots=True)
class Order:
    """One reader's own order inside a band, which stays: lots in an order of their own, and again inside each lot.

    Every candidate draws a lot (0 to LOTS - 1) and a number (below SHUFFLES) once. Both maps are one to one, so any
    candidate may come first, and no two readers have the same neighbours; and they are plain arithmetic, which both
    databases do.
    """

    factor: int
    shift: int
    inner: int

    def place(self, lot: int) -> int:
        """At which place a lot comes, from 0."""
        return (lot * self.factor + self.shift) % LOTS

    def first(self, count: int) -> list[int]:
        """The lots that come first."""
        back = pow(self.factor, -1, LOTS)
        return [(place - self.shift) * back % LOTS for place in range(min(count, LOTS))]

    def key(self, lot: int, shuffle: int) -> tuple[int, int]:
        """What a band is sorted by."""
        return self.place(lot), shuffle * self.inner % SHUFFLES


def order_of(reader: str) -> Order:
    """The order that belongs to a reader's id."""
    drawn = int.from_bytes(hashlib.sha256(reader.encode()).digest(), "big")
    drawn, factor = divmod(drawn, LOTS - 1)
    drawn, shift = divmod(drawn, LOTS)
    return Order(factor + 1, shift, drawn % (SHUFFLES - 1) + 1)


def woven(ranked: Sequence[Row], others: Mapping[int, Row]) -> list[Row]:
    """The list: `others` (no score, or not to be seen yet) stand at their place of arrival, the ranked around them.

    `others` maps the place of arrival among all, from 0, to the row. So a row without a score is neither sent to
    the end nor put first: nothing about its place says how good it is.
    """
    waiting = iter(ranked)
    return [others[place] if place in others else next(waiting) for place in range(len(ranked) + len(others))]
