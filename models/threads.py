"""Arithmetic on one thread: sums come out alike on every machine, and small matrices do not wait for each other."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, cast

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> Any:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[None]:
    """While it lasts, the libraries for linear algebra use one thread.

    With two on a busy machine of two cores, placing 220 answers took 14 s instead of 1.7 s.
    """
    return cast(AbstractContextManager[None], _controller().limit(limits=1))
