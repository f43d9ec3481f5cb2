"""People set a machine's suggestion right, by criterion or as a whole, with a reason; the original stays (KR-9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, dossier
from interview_ai.dossier import Dossier
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import decisions
from interview_ai.rules.evidence import HIGHEST_LEVEL, LOWEST_LEVEL
from interview_ai.rules.standings import WHOLE
from interview_ai.tables import Interview, Override, Staff

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class SetRight:
    """One override as a page shows it. `original`: points with their range by question, as suggested at that moment."""

    id: str
    criterion: str
    level: int
    reason: str
    original: tuple[Mapping[str, Any], ...]
    by: str
    at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overrides:
    """All of one interview: what is in force by criterion (WHOLE: the points as a whole), and what was taken back."""

    in_force: Mapping[str, SetRight]
    earlier: Mapping[str, tuple[SetRight, ...]]


def of_interview(session: Session, interview_id: str, *, cover: Callable[[str], str] = str) -> Overrides:
    """Newest first; whether the reader may see them is the suggestion's question, which they belong to.

    `cover`: hides in what colleagues wrote whatever the reader is blind to (KR-13).
    """
    wanted = select(Override).where(Override.interview_id == interview_id).order_by(Override.created_at.desc())
    names: dict[str, str] = dict(session.execute(select(Staff.id, Staff.name)).all())
    in_force: dict[str, SetRight] = {}
    earlier: dict[str, tuple[SetRight, ...]] = {}
    for row in session.scalars(wanted):
        shown = _shown(row, names, cover)
        if row.withdrawn_at is None:
            in_force.setdefault(row.criterion, shown)
        else:
            earlier[row.criterion] = (*earlier.get(row.criterion, ()), shown)
    return Overrides(in_force, earlier)


def _shown(row: Override, names: Mapping[str, str], cover: Callable[[str], str]) -> SetRight:
    return SetRight(
        row.id,
        row.criterion,
        level=row.level,
        reason=cover(row.reason),
        original=tuple(row.original),
        by=names.get(row.staff_id, "?"),
        at=row.created_at,
        withdrawn_by=names.get(row.withdrawn_by or ""),
        withdrawn_at=row.withdrawn_at,
    )


def override(
    session: Session, member: Member, interview_id: str, criterion: str, *, level: int | None, reason: str
) -> None:
    """Sets a level in place of what is suggested for a criterion, or for all under WHOLE; an earlier one is replaced.

    Raises Conflict where this member sees no suggestion to set right, Invalid for a level or a reason that is none.
    """
    member.must_be("owner", "recruiter")
    row = _locked(session, interview_id)
    found = dossier.dossier(session, member, interview_id)
    original = suggested(found, criterion)
    if not original:
        raise Conflict(
            "There is no suggestion here that you could set right. Where you have not rated yet, rate first.",
            "바로잡을 제안이 없습니다. 아직 평가하지 않았다면 먼저 평가해 주십시오.",
            code="nothing_suggested",
        )
    tidy = _needed(level, reason)
    for earlier in _in_force(session, row.id, criterion):
        _end(session, member, earlier)
    made = Override(
        organisation_id=row.organisation_id,
        interview_id=row.id,
        staff_id=member.id,
        criterion=criterion,
        level=level,
        reason=tidy,
        original=original,
        created_at=database.now(session),
    )
    session.add(made)
    session.flush()
    _record(session, member, "score overridden", made, original=original, level=level)


def suggested(found: Dossier, criterion: str) -> list[dict[str, Any]]:
    """What is suggested to this reader for a criterion, by question, or in all; empty where they see nothing."""
    if criterion == WHOLE:
        whole = found.standing
        return [{"points": whole.points, "low": whole.low, "high": whole.high}] if whole else []
    parts = next((view.suggested for view in found.criteria if view.criterion.id == criterion), ())
    return [
        {"question": position, "points": part.points, "low": part.low, "high": part.high} for position, part in parts
    ]


def withdraw(session: Session, member: Member, interview_id: str, override_id: str) -> None:
    """Takes an override back: what was suggested stands again. Raises Conflict where that was done already."""
    member.must_be("owner", "recruiter")
    row = _locked(session, interview_id)
    found = session.get(Override, override_id)
    if found is None or found.interview_id != row.id:
        raise NotFound
    if found.withdrawn_at is not None:
        raise Conflict("This correction was taken back already.", "이미 되돌린 수정입니다.", code="withdrawn")
    _end(session, member, found)
    _record(session, member, "override withdrawn", found)


def _needed(level: int | None, reason: str) -> str:
    tidy = reason.strip()[:LONGEST_REASON]
    if level is None or not LOWEST_LEVEL <= level <= HIGHEST_LEVEL:
        raise Invalid("Choose a level from 1 to 5.", "1에서 5까지의 수준을 골라 주십시오.", code="level")
    if len(tidy) < decisions.SHORTEST_REASON:
        raise Invalid(decisions.REASON.en, decisions.REASON.ko, code="reason")
    return tidy


def _locked(session: Session, interview_id: str) -> Interview:
    row = session.get(Interview, interview_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _in_force(session: Session, interview_id: str, criterion: str) -> list[Override]:
    same = (Override.interview_id == interview_id, Override.criterion == criterion, Override.withdrawn_at.is_(None))
    return list(session.scalars(select(Override).where(*same)))


def _end(session: Session, member: Member, row: Override) -> None:
    row.withdrawn_at, row.withdrawn_by = database.now(session), member.id


def _record(session: Session, member: Member, action: str, of: Override, **details: Any) -> None:
    """On the record, and every list notices. A reason may describe the person: it is sealed with their key."""
    row = session.get_one(Interview, of.interview_id)
    row.opening.revision += 1
    session.flush()
    audit.append(
        session,
        member.actor,
        action,
        f"interview:{row.id}",
        person=row.candidate.person,
        details={"override": of.id, "criterion": of.criterion, **details},
        naming={"reason": of.reason},
    )
