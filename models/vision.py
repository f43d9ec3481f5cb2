"""Whether one face can be seen and the picture is not dark or frozen: for the candidate's advice, never for a score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

DARK_BELOW = 40.0  # mean of 0-255; a lit room gives 80 and more
FROZEN_BELOW = 0.5  # mean difference of 0-255 between pictures seconds apart; sensor noise alone gives 1 and more
SMALLEST_FACE = 0.12  # of the picture's height
WIDTH = 320  # pixels at which pictures are looked at: a face that counts is then 29 or more high, and Haar needs 24
CONFIDENT = 0.7  # of YuNet's own 0-1

Picture = NDArray[np.uint8]
Detector = Literal["yunet", "haar"]


@dataclass(frozen=True, slots=True)
class Look:
    """Number of faces (median over the pictures), dark, frozen; None for what could not be looked at.

    `detector`: who counted; None where nobody did.
    """

    faces: int | None = None
    dark: bool | None = None
    frozen: bool | None = None
    detector: Detector | None = None


def look(frames: Sequence[Path], yunet: Path | None = None) -> Look:
    """What the pictures show. `yunet`: the checked weights of YuNet; without them Haar's cascade counts."""
    lights: list[float] = []
    moves: list[float] = []
    faces: list[int] = []
    before: Picture | None = None
    for picture, grey in _pictures(frames):
        lights.append(float(grey.mean()))
        faces.append(_yunet(picture, yunet) if yunet else _haar(grey))
        if before is not None and before.shape == grey.shape:
            moves.append(float(cv2.absdiff(before, grey).mean()))
        before = grey
    if not lights:
        return Look()
    dark = median(lights) < DARK_BELOW
    frozen = all(move < FROZEN_BELOW for move in moves) if moves else None
    if dark:
        return Look(None, dark, frozen)
    return Look(int(median(faces)), dark, frozen, "yunet" if yunet else "haar")


def _pictures(frames: Sequence[Path]) -> Iterator[tuple[Picture, Picture]]:
    """Each picture, small, in colour and in grey; one at a time, for an hour has many."""
    for path in frames:
        read = cv2.imread(str(path))
        if read is not None:
            picture = _small(np.asarray(read, dtype=np.uint8))
            yield picture, np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _small(picture: Picture) -> Picture:
    height, width = picture.shape[:2]
    if width <= WIDTH:
        return picture
    size = (WIDTH, max(1, round(height * WIDTH / width)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


@cache
def _network(path: Path) -> cv2.FaceDetectorYN:
    return cv2.FaceDetectorYN.create(str(path), "", (WIDTH, WIDTH), score_threshold=CONFIDENT)


def _yunet(picture: Picture, path: Path) -> int:
    height, width = picture.shape[:2]
    network = _network(path)
    network.setInputSize((width, height))
    _, found = network.detect(picture)
    return 0 if found is None else sum(bool(face[3] >= SMALLEST_FACE * height) for face in found)


@cache
def _cascade() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))


def _haar(grey: Picture) -> int:
    smallest = int(grey.shape[0] * SMALLEST_FACE)
    found = _cascade().detectMultiScale(grey, scaleFactor=1.1, minNeighbors=6, minSize=(smallest, smallest))
    return len(found)
