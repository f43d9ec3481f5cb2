"""What a page shows after a redirect, for some minutes and to one member only; the address carries a mere name."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

from interview_ai import database, shown
from interview_ai.organisations import Member

Content = TypeVar("Content")


def keep(member: Member, content: Any, address: str) -> str:
    """Keeps what the page at `address` is to show next, a dataclass; returns the address that shows it."""
    kind = type(content)
    written = kind.__name__.encode() + b"\n" + TypeAdapter(kind).dump_json(content)
    with database.transaction(member.organisation_id) as session:
        name = shown.keep(session, member, written)
    return f"{address}?shown={name}"


def kept(member: Member, name: str, kind: type[Content]) -> Content | None:
    """What was kept for this member under that name, while it lasts."""
    if not name:
        return None
    with database.reading(member.organisation_id) as session:
        written = shown.kept(session, member, name)
    of_kind, _, content = (written or b"").partition(b"\n")
    return TypeAdapter(kind).validate_json(content) if of_kind == kind.__name__.encode() else None
