"""What a page shows after a redirect, for some minutes and to one member only; the address carries a mere name for it.

It is kept in this process: links are keys, and neither an address nor a cookie nor a table is to hold them.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import TypeVar

from interview_ai import tokens
from interview_ai.organisations import Member

KEPT_S = 15 * 60
MOST = 500  # the oldest make room
Content = TypeVar("Content")

_lock = Lock()
_kept: OrderedDict[str, tuple[float, str, object]] = OrderedDict()


def keep(member: Member, content: object, address: str) -> str:
    """Keeps what the page at `address` is to show next; returns the address that shows it."""
    name = tokens.new_token()
    with _lock:
        _kept[name] = (time.monotonic() + KEPT_S, member.id, content)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return f"{address}?shown={name}"


def kept(member: Member, name: str, kind: type[Content]) -> Content | None:
    """What was kept for this member under that name, while it lasts."""
    with _lock:
        until, whose, content = _kept.get(name, (0.0, "", None))
    fresh = until > time.monotonic() and whose == member.id
    return content if fresh and isinstance(content, kind) else None
