"""How far heard words are from said ones: insertions, deletions and substitutions (Levenshtein), over words."""

from __future__ import annotations

import re

WORD = re.compile(r"[\w']+")


def rate(said: str, heard: str) -> tuple[int, int]:
    """Wrong words and words in all; letters alone count, whatever their case."""
    wanted, found = WORD.findall(said.lower()), WORD.findall(heard.lower())
    row = list(range(len(found) + 1))
    for number, word in enumerate(wanted, 1):
        before, row[0] = row[0], number
        for place, other in enumerate(found, 1):
            changed = before + (word != other)
            before, row[place] = row[place], min(changed, row[place] + 1, row[place - 1] + 1)
    return row[-1], len(wanted)
