"""How far heard words are from said ones: insertions, deletions and substitutions (Levenshtein), by word and letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WORD = re.compile(r"[\w']+")


@dataclass(frozen=True, slots=True)
class Errors:
    """How many were wrong, and how many were said; more can be wrong than were said."""

    wrong: int
    said: int


def word_errors(said: str, heard: str) -> Errors:
    """Over words; letters and digits alone count, whatever their case. A number said in words and written in digits is
    wrong.
    """
    wanted = _words(said)
    return Errors(distance(wanted, _words(heard)), len(wanted))


def letter_errors(said: str, heard: str) -> Errors:
    """Over letters and digits without spaces: where Korean words part is a matter of taste, and no hearing error."""
    wanted = _letters(said)
    return Errors(distance(wanted, _letters(heard)), len(wanted))


def _words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def _letters(text: str) -> str:
    return "".join(_words(text)).replace("'", "").replace("_", "")


def distance(wanted: Sequence[str], found: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions that make one sequence of the other."""
    row = list(range(len(found) + 1))
    for number, item in enumerate(wanted, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(found, 1):
            changed = before + (item != other)
            before, row[place] = row[place], min(changed, row[place] + 1, row[place - 1] + 1)
    return row[-1]
