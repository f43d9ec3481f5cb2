"""How far a command is: a bar drawn over itself on a terminal, and a line now and then elsewhere."""

from __future__ import annotations

import sys

WIDTH = 30  # signs of the bar
NOW_AND_THEN = 10_000  # of whatever is counted, between two lines


def draw(done: int, total: int | None, what: str, *, last: bool = False) -> None:
    """So many of so many, where that is known; `last`: it is done."""
    share = done / total if total else 0.0
    drawn = "#" * round(share * WIDTH)
    line = f"[{drawn:<{WIDTH}}] {done:,} of {total:,} {what}" if total else f"{done:,} {what}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}" + ("\n" if last else ""))
    elif last or done % NOW_AND_THEN == 0:
        sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
