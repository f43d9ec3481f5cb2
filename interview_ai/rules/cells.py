"""Text in a spreadsheet stays text: a cell that a program could take for a formula is told apart from one."""

from __future__ import annotations

import unicodedata

FORMULA = "=+-@"
"""Signs with which spreadsheet programs begin a formula; in their wide forms (＝＋－＠) too, which some fold."""
KEPT_CONTROLS = "\t\n\r"


def plain(text: str) -> str:
    """The text as a cell that nothing runs: an apostrophe before what could begin a formula.

    Programs skip blanks and line ends before the sign, some begin a new cell at a tab or a line end, so those lead to
    an apostrophe too. Control signs, which no spreadsheet file may hold, are left out.
    """
    tidy = "".join(sign for sign in text if sign in KEPT_CONTROLS or not unicodedata.category(sign).startswith("C"))
    begins_anew = tidy[:1] in KEPT_CONTROLS if tidy else False
    return f"'{tidy}" if begins_anew or is_formula(tidy) else tidy


def is_formula(text: str) -> bool:
    """Whether a program could read a formula here: by its first sign that is no blank, narrow or wide."""
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return bool(first) and first[0] in f"{FORMULA}\u2212"
