"""Whether one face can be seen and the picture is not dark or frozen: for the candidate's advice, never for a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
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
    read = [cv2.imread(str(path)) for path in frames]
    pictures = [_small(np.asarray(picture, dtype=np.uint8)) for picture in read if picture is not None]
    if not pictures:
        return Look()
    greys = [np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), dtype=np.uint8) for picture in pictures]
    dark = median(float(grey.mean()) for grey in greys) < DARK_BELOW
    if dark:
        return Look(None, dark, _frozen(greys))
    if yunet is not None:
        return Look(int(median(_yunet(picture, yunet) for picture in pictures)), dark, _frozen(greys), "yunet")
    return Look(int(median(_haar(grey) for grey in greys)), dark, _frozen(greys), "haar")


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


def _frozen(greys: list[Picture]) -> bool | None:
    if len(greys) < 2:
        return None
    pairs = pairwise(greys)
    return all(float(cv2.absdiff(one, other).mean()) < FROZEN_BELOW for one, other in pairs if one.shape == other.shape)
