"""Lanes in which requests wait for a thread: while two hundred people record, parts pass before receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
R = TypeVar("R")

THREADS: Final = 6
"""Requests of one process that are answered at the same moment; the others wait in line, where waiting is free. Forty
threads, the default, hold each other up: whoever has the database's pen waits for the interpreter."""
PARTS: Final = CapacityLimiter(3)
"""Parts of recordings."""
RECEIPTS: Final = CapacityLimiter(1)
"""Answers that are complete: each holds the pen five times as long as a part, and a part has a recording behind it."""


async def run(lane: CapacityLimiter, call: Callable[P, R], *arguments: P.args, **_: P.kwargs) -> R:
    """Runs `call` in a thread of this lane and returns what it returns."""
    return await to_thread.run_sync(call, *arguments, limiter=lane)
