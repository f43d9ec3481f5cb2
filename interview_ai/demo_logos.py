"""Logos of the demonstration region's organisations: an initial in round strokes on a badge of their colour."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import pairwise
from math import cos, hypot, pi, sin

from interview_ai.logos import PNG

SIDE_PX = 64  # shown at 32 px, so that screens with two dots a pixel draw it sharply
STROKE, EDGE = 0.11, 1 / SIDE_PX  # how wide a stroke is, and how soft its edges; the badge is 1 wide
CORNER = 0.22

Point = tuple[float, float]
Line = tuple[Point, ...]


def _arc(middle: Point, radius: float, turns: tuple[float, float]) -> Line:
    """Part of a circle; turns are counted from the right, downwards."""
    begins, ends = (2 * pi * turn for turn in turns)
    angles = (begins + (ends - begins) * step / 20 for step in range(21))
    return tuple((middle[0] + radius * cos(angle), middle[1] + radius * sin(angle)) for angle in angles)


LETTERS: dict[str, tuple[Line, ...]] = {
    "G": ((*_arc((0.5, 0.5), 0.24, (-0.12, -0.98)), (0.52, 0.53)),),
    "H": (((0.32, 0.27), (0.32, 0.73)), ((0.68, 0.27), (0.68, 0.73)), ((0.32, 0.5), (0.68, 0.5))),
    "M": (((0.27, 0.73), (0.27, 0.28), (0.5, 0.58), (0.73, 0.28), (0.73, 0.73)),),
    "N": (((0.31, 0.73), (0.31, 0.27), (0.69, 0.73), (0.69, 0.27)),),
    "O": (_arc((0.5, 0.5), 0.24, (0, 1)),),
    "S": ((*_arc((0.5, 0.36), 0.14, (-0.07, -0.75)), *_arc((0.5, 0.64), 0.14, (-0.25, 0.43))),),
}


def drawn(initial: str, colour: str, *, is_round: bool) -> bytes:
    """A small PNG: the letter in white on a disc or a square with round corners. Raises KeyError: no such letter."""
    ink = bytes.fromhex(colour.removeprefix("#"))
    lines = [pair for line in LETTERS[initial] for pair in pairwise(line)]
    rows = b"".join(b"\0" + b"".join(_row(y, lines, ink, is_round=is_round)) for y in range(SIDE_PX))
    head = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 6, 0, 0, 0)  # 8 bits a channel, with transparency
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return PNG + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _row(y: int, lines: list[tuple[Point, Point]], ink: bytes, *, is_round: bool) -> Iterator[bytes]:
    for x in range(SIDE_PX):
        at = ((x + 0.5) / SIDE_PX, (y + 0.5) / SIDE_PX)
        badge = _covered(_disc(at) if is_round else _square(at))
        letter = _covered(min(_away(at, *line) for line in lines) - STROKE / 2) if badge else 0.0
        yield bytes([*(round(part + (255 - part) * letter) for part in ink), round(255 * badge)])


def _covered(distance: float) -> float:
    """How much of a pixel lies inside of an edge at that distance."""
    return min(1.0, max(0.0, 0.5 - distance / EDGE))


def _disc(at: Point) -> float:
    return hypot(at[0] - 0.5, at[1] - 0.5) - 0.5


def _square(at: Point) -> float:
    x, y = (max(abs(part - 0.5) - 0.5 + CORNER, 0.0) for part in at)
    return hypot(x, y) - CORNER


def _away(at: Point, begins: Point, ends: Point) -> float:
    """How far a point lies from a stretch."""
    along = (ends[0] - begins[0], ends[1] - begins[1])
    size = along[0] ** 2 + along[1] ** 2 or 1.0
    share = ((at[0] - begins[0]) * along[0] + (at[1] - begins[1]) * along[1]) / size
    share = min(1.0, max(0.0, share))
    return hypot(at[0] - begins[0] - share * along[0], at[1] - begins[1] - share * along[1])
