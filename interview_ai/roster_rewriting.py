"""A roster's file as it may lie there while somebody says which column holds what: without all that may not be kept."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from typing import BinaryIO

from interview_ai.roster_files import Row
from interview_ai.rules import roster
from interview_ai.rules.roster import Matching

BEAT = 5000  # rows
# what would end a row or make the text none; a line separator is as unseen, so that the same faults are found again
BREAKING = re.compile(r"[\x00-\x08\x0a-\x1f\ud800-\udfff]")
LINE_SEPARATOR = "\u2028"


def write(rows: Iterable[Row], matching: Matching, file: BinaryIO, beat: Callable[[int], None]) -> None:
    """The same rows under the same numbers as CSV (UTF-8); of a refused column only its head is left.

    `beat` hears now and then how many rows are written. A number of a resident is hidden, and is a fault all the same.
    """
    refused = {place for place, _ in matching.refused}
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    out = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    last = 0
    for count, (number, cells) in enumerate(rows, start=1):
        text.write("\n" * (number - last - 1))
        gone = refused if number != matching.head_row else ()
        out.writerow(["" if place in gone else _kept(cell) for place, cell in enumerate(cells)])
        last = number
        if count % BEAT == 0:
            beat(count)
    text.detach()  # which also writes what is left of it; the file is the caller's


def _kept(cell: str) -> str:
    return BREAKING.sub(LINE_SEPARATOR, roster.without_resident_number(cell))
