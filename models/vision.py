"""Whether one face can be seen and the picture is not dark or frozen: for the candidate's advice, never for a score."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

DARK_BELOW = 40.0  # mean of 0-255; a lit room gives 80 and more
FROZEN_BELOW = 0.5  # mean difference of 0-255 between pictures seconds apart; sensor noise alone gives 1 and more
SMALLEST_FACE = 0.12  # of the picture's height

Picture = NDArray[np.uint8]


@cache
def _faces() -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))


def look(frames: Sequence[Path]) -> tuple[int | None, bool | None, bool | None]:
    """Number of faces (median over pictures), dark, frozen; None for what could not be looked at."""
    read = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in frames]
    pictures = [np.asarray(picture, dtype=np.uint8) for picture in read if picture is not None]
    if not pictures:
        return None, None, None
    dark = median(float(picture.mean()) for picture in pictures) < DARK_BELOW
    faces = None if dark else int(median(_count(picture) for picture in pictures))
    return faces, dark, _frozen(pictures)


def _count(picture: Picture) -> int:
    smallest = int(picture.shape[0] * SMALLEST_FACE)
    found = _faces().detectMultiScale(picture, scaleFactor=1.1, minNeighbors=6, minSize=(smallest, smallest))
    return len(found)


def _frozen(pictures: list[Picture]) -> bool | None:
    if len(pictures) < 2:
        return None
    pairs = pairwise(pictures)
    return all(float(cv2.absdiff(one, other).mean()) < FROZEN_BELOW for one, other in pairs if one.shape == other.shape)
