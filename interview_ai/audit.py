"""Appends who did what when, each entry chained to the one before by its hash; has no update and no delete.

A transaction joins the chain as the last thing before it commits: the chain is everybody's, and whoever held it while
waiting for another row would stop all others, or wait for one of them for ever.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import database, tokens
from interview_ai.tables import AuditEntry, PersonKey

FIRST = "0" * 64
WAITING = "entries"  # in a session's info: what joins the chain when its transaction ends
CHAIN_LOCK = 7_140_001  # any number of our own: one writer of the chain at a time on PostgreSQL


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `kind` is staff, candidate or service; `organisation_id` is the tenant they act in."""

    kind: str
    id: str
    organisation_id: str | None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


SERVICE = Actor("service", "worker", None)


def append(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    organisation_id: str | None = None,
    person: int | None = None,
    details: dict[str, Any] | None = None,
    naming: dict[str, Any] | None = None,
) -> None:
    """One entry. `details` must name nobody; `naming` may, and is sealed with the key of `person`."""
    entry = AuditEntry(
        at=database.now(session),
        organisation_id=organisation_id or actor.organisation_id,
        actor=str(actor),
        action=action,
        subject=subject,
        person=person,
        details=details or {},
        sealed=_sealed(session, person, naming),
    )
    session.flush()
    if WAITING not in session.info:
        session.info[WAITING] = []
        database.before_commit(session, partial(_chain, session))
    session.info[WAITING].append(entry)


def _chain(session: Session) -> None:
    """Puts what a transaction did behind what others have done before."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    previous = session.scalars(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)).first() or FIRST
    for entry in session.info.pop(WAITING):
        entry.previous_hash = previous
        entry.hash = previous = fingerprint(entry)
        session.add(entry)
        session.flush()


def _sealed(session: Session, person: int | None, naming: dict[str, Any] | None) -> bytes | None:
    if not naming or person is None:
        return None
    key = session.get_one(PersonKey, person)
    return tokens.seal_for(key.sealed_key, person, naming)


def fingerprint(entry: AuditEntry) -> str:
    """The entry's sha256 over everything in it but its number and the hash itself."""
    content = [
        _second(entry.at),
        entry.organisation_id,
        entry.actor,
        entry.action,
        entry.subject,
        entry.person,
        entry.details,
        entry.sealed.hex() if entry.sealed else None,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _second(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")  # whatever zone the database session speaks


def verify(session: Session) -> int:
    """Walks the chain; returns how many entries hold. Raises ValueError naming the first that does not."""
    previous = FIRST
    count = 0
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        if entry.previous_hash != previous or entry.hash != fingerprint(entry):
            raise ValueError(f"audit entry {entry.id} was changed or one before it is missing")
        previous = entry.hash
        count += 1
    return count
