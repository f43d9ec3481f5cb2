"""Who wants no more mail: kept for ever as a keyed digest, so that nothing leads back to the address."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from interview_ai import tokens
from interview_ai.tables import OptOut


def wants_none(session: Session, organisation_id: str, address: str) -> bool:
    """Whether an address or a number wants nothing more of an organisation."""
    return bool(among(session, organisation_id, [address]))


def among(session: Session, organisation_id: str, addresses: Iterable[str]) -> set[str]:
    """Those of these addresses or numbers that want nothing more of an organisation, or of anybody here."""
    digests = {tokens.authenticate("opt out", address): address for address in addresses}
    whose = or_(OptOut.organisation_id == organisation_id, OptOut.organisation_id.is_(None))
    found = session.scalars(select(OptOut.address_hash).where(OptOut.address_hash.in_(list(digests)), whose))
    return {digests[digest] for digest in found}
