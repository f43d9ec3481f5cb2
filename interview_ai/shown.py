"""What a page shows once after a form: kept for some minutes, for one member, readable only by who has its name.

Links are keys, so no table holds them: the content is sealed with a key made of the installation's secret and of the
name, and the name stands only in the address that the member's browser was sent to. Any web process can show it.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from interview_ai import database, tokens
from interview_ai.organisations import Member
from interview_ai.tables import Shown

KEPT = timedelta(minutes=15)


def keep(session: Session, member: Member, content: bytes) -> str:
    """Keeps what is shown next and returns its name."""
    name = tokens.new_token()
    session.add(
        Shown(
            name_hash=tokens.digest(name),
            organisation_id=member.organisation_id,
            staff_id=member.id,
            sealed=tokens.seal_named(name, content),
            expires_at=database.now(session) + KEPT,
        )
    )
    return name


def kept(session: Session, member: Member, name: str) -> bytes | None:
    """What was kept for this member under that name, while it lasts."""
    row = session.get(Shown, tokens.digest(name)) if name else None
    if row is None or row.staff_id != member.id or row.expires_at < database.now(session):
        return None
    return tokens.unseal_named(name, row.sealed)


def forget(session: Session) -> None:
    """Deletes what has been shown long enough."""
    session.execute(delete(Shown).where(Shown.expires_at < database.now(session)))
