"""The rows of a campaign as they are kept: each once, under its number, with what would become of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from interview_ai import opt_outs, roster_rows
from interview_ai.database import EVERYWHERE, reading
from interview_ai.roster_rows import Asks, Checked
from interview_ai.tables import CampaignRow, Candidate, Invitation, Opening, new_id


@dataclass(frozen=True, slots=True)
class Claimed:
    """The right to read one roster; `token` is the fence. `base`: behind this row the rows of a mended file begin.

    `at`: the moment of its own at which it is read, for a history that is made up.
    """

    id: str
    organisation_id: str
    opening_id: str
    file_key: str
    file_bytes: int
    token: str
    asks: Asks
    columns: dict[str, Any]
    rows_read: int
    base: int
    at: datetime | None = None


def count(claimed: Claimed) -> int:
    """How many rows the campaign has."""
    wanted = select(func.count()).select_from(CampaignRow).where(CampaignRow.campaign_id == claimed.id)
    with reading(EVERYWHERE) as session:
        return session.scalars(wanted).one()


def given_years(claimed: Claimed, numbers: Sequence[int]) -> dict[int, int]:
    """The years of birth that faulty rows of a campaign gave, by the rows' numbers."""
    if not (claimed.base and claimed.asks.birth_year):
        return {}
    there = (CampaignRow.campaign_id == claimed.id, CampaignRow.outcome == "faulty", CampaignRow.row <= claimed.base)
    wanted = select(CampaignRow.row, CampaignRow.email, CampaignRow.proof_hash).where(
        *there, CampaignRow.row.in_(numbers), CampaignRow.proof_hash.is_not(None)
    )
    with reading(EVERYWHERE) as session:
        found = session.execute(wanted).all()
    years = {row: roster_rows.given_year(email, digest) for row, email, digest in found if digest}
    return {row: year for row, year in years.items() if year}


def keep(session: Session, claimed: Claimed, found: Sequence[Checked]) -> int:
    """The rows of one step with their outcomes; a mended row takes the place of the faulty one.

    Returns by how many the campaign grew.
    """
    numbered = _numbered(session, claimed, found)
    outcomes = _outcomes(session, claimed, [one for _, one in numbered])
    rows = [
        _row(one) | {"row": number, "outcome": outcome, "id": new_id(), "campaign_id": claimed.id}
        for (number, one), outcome in zip(numbered, outcomes, strict=True)
    ]
    session.execute(insert(CampaignRow), [row | {"organisation_id": claimed.organisation_id} for row in rows])
    return sum(number > claimed.base for number, _ in numbered)


def _row(one: Checked) -> dict[str, Any]:
    kept = asdict(one)
    del kept["row"], kept["mends"]
    faults = [{"column": column, "ko": fault.ko, "en": fault.en} for column, fault in one.faults]
    return kept | {"faults": faults or None}


def _numbered(session: Session, claimed: Claimed, found: Sequence[Checked]) -> list[tuple[int, Checked]]:
    """Each row with its number: its own in the file, or that of the faulty row that it mends."""
    if not claimed.base:
        return [(one.row, one) for one in found]
    asked = {one.mends for one in found if one.mends is not None}
    there = (CampaignRow.campaign_id == claimed.id, CampaignRow.outcome == "faulty", CampaignRow.row <= claimed.base)
    wanted = select(CampaignRow.row).where(*there, CampaignRow.row.in_(asked))
    faulty = set(session.scalars(wanted))
    session.execute(delete(CampaignRow).where(*there, CampaignRow.row.in_(faulty)))
    numbered = []
    for one in found:
        mends = one.mends in faulty
        numbered.append((one.mends or 0 if mends else claimed.base + one.row, one))
        faulty.discard(one.mends or 0)
    return numbered


def _outcomes(session: Session, claimed: Claimed, found: Sequence[Checked]) -> list[str]:
    """What would become of each row: ready, already invited, twice in the roster, opted out, or faulty."""
    good = [one for one in found if not one.faults]
    addresses = {one.email for one in good}
    numbers = {one.phone for one in good if one.phone}
    seen = _seen(session, claimed, addresses)
    there = invited(session, claimed.opening_id, addresses)
    unwilling = opt_outs.among(session, claimed.organisation_id, addresses | numbers)
    outcomes = []
    for one in found:
        outcomes.append(_outcome(one, seen=seen, invited=there, unwilling=unwilling))
        if not one.faults:
            seen.add(one.email)
    return outcomes


def _outcome(one: Checked, *, seen: set[str], invited: set[str], unwilling: set[str]) -> str:
    if one.faults:
        return "faulty"
    if one.email in seen:
        return "twice"
    if one.email in unwilling or one.phone in unwilling:
        return "opted_out"
    return "already" if one.email in invited else "ready"


def _seen(session: Session, claimed: Claimed, addresses: set[str]) -> set[str]:
    there = (CampaignRow.campaign_id == claimed.id, CampaignRow.email.in_(addresses), CampaignRow.outcome != "faulty")
    return set(session.scalars(select(CampaignRow.email).where(*there)))


def invited(session: Session, opening_id: str, addresses: set[str]) -> set[str]:
    """Those of these addresses who are invited to the opening already, by whomever."""
    # with the employer, whose addresses have an index: without, all who are invited are gone through for each round
    employer = select(Opening.organisation_id).where(Opening.id == opening_id).scalar_subquery()
    wanted = select(Candidate.email).join(Invitation, Invitation.candidate_id == Candidate.id)
    these = (Candidate.organisation_id == employer, Candidate.email.in_(addresses))
    return set(session.scalars(wanted.where(*these, Invitation.opening_id == opening_id)))


def counted(session: Session, campaign_id: str) -> dict[str, int]:
    """How many rows of a campaign have each outcome."""
    wanted = select(CampaignRow.outcome, func.count().label("n")).where(CampaignRow.campaign_id == campaign_id)
    return {found.outcome: found.n for found in session.execute(wanted.group_by(CampaignRow.outcome))}
