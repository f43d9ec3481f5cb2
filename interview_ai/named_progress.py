"""A university's students by name: where each stands up to "finished", and a result only where they share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal, or_, select
from sqlalchemy.orm import Session

from interview_ai.organisations import Member
from interview_ai.outcome_figures import given
from interview_ai.progress import Wanted, joined, of_files, of_opening, reached, whose
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import CampaignRow, Candidate, Decision, Interview, Invitation, Letter, Mail, Opening

ROWS_A_PAGE = 12
AT = ("unsent", "unhanded", "returned", "unopened", "opened", "begun", "finished", "withdrawn", "revoked")
"""Where one student stands: a filter of the list. `unopened`: the mail left, or the link was in a file that
somebody took, and nobody opened it; `unhanded`: nobody took such a file yet."""


@dataclass(frozen=True, slots=True)
class Student:
    """One invitation by name. `result` is what the student was told, and only if they share it."""

    invitation_id: str
    name: str
    email: str
    department: str
    cohort: str
    opening: Bilingual
    at: str
    shares: bool
    result: str | None


@dataclass(frozen=True, slots=True)
class Students:
    """One page of the list."""

    rows: tuple[Student, ...]
    total: int
    page: int

    @property
    def last(self) -> int:
        """The last page's number."""
        return max(1, -(-self.total // ROWS_A_PAGE))


def students(session: Session, member: Member, wanted: Wanted) -> Students:
    """One page of the university's students by name. Somebody who is invited twice stands there twice."""
    where = (whose(member), of_opening(wanted), *_narrowed(wanted))
    by_name = Candidate.id == Invitation.candidate_id
    total = session.scalars(joined(func.count(Invitation.id)).join(Candidate, by_name).where(*where)).one()
    page = min(max(1, wanted.page), max(1, -(-total // ROWS_A_PAGE)))
    at = _at()
    columns = (
        Invitation.id.label("invitation_id"),
        Candidate.name.label("name"),
        Candidate.email.label("email"),
        given(CampaignRow.department).label("department"),
        given(CampaignRow.cohort).label("cohort"),
        Opening.title_ko,
        Opening.title_en,
        at.label("at"),
        Invitation.outcome_shared_at,
        Interview.id.label("interview_id"),
    )
    found = session.execute(
        joined(*columns)
        .join(Candidate, by_name)
        .join(Opening, Opening.id == Invitation.opening_id)
        .where(*where)
        .order_by(Candidate.name, Invitation.id)
        .limit(ROWS_A_PAGE)
        .offset((page - 1) * ROWS_A_PAGE)
    ).all()
    told = _told(session, [row.interview_id for row in found if row.outcome_shared_at])
    return Students(tuple(_student(row, told) for row in found), total, page)


def _student(row: Row[Any], told: Mapping[str, str]) -> Student:
    shares = row.outcome_shared_at is not None
    return Student(
        row.invitation_id,
        name=row.name,
        email=row.email,
        department=row.department,
        cohort=row.cohort,
        opening=Bilingual(row.title_ko, row.title_en),
        at=row.at,
        shares=shares,
        result=told.get(row.interview_id) if shares else None,
    )


def _told(session: Session, interview_ids: Sequence[str]) -> dict[str, str]:
    """What letters told these people of decisions that still hold: nobody learns a result before whom it is about.

    A letter that waits or was refused told nobody; one whose mail is no longer in the outbox has left.
    """
    wanted = (
        select(Letter.interview_id, Letter.kind)
        .join(Decision, Decision.id == Letter.decision_id)
        .outerjoin(Mail, Mail.cause == literal("letter:") + Decision.id)
        .where(Letter.interview_id.in_(interview_ids), Decision.withdrawn_at.is_(None))
        .where(or_(Mail.id.is_(None), Mail.state == "sent"))
        .order_by(Decision.created_at)
    )
    return {row.interview_id: row.kind for row in session.execute(wanted)}


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.department:
        found.append(given(CampaignRow.department) == wanted.department)
    if wanted.cohort:
        found.append(given(CampaignRow.cohort) == wanted.cohort)
    if wanted.at in AT:
        found.append(_at() == wanted.at)
    for word in wanted.words.split():
        found.append(or_(*(column.icontains(word, autoescape=True) for column in (Candidate.name, Candidate.email))))
    return found


def stages_of(session: Session, invitation_ids: Sequence[str]) -> dict[str, str]:
    """Where each of these invitations stands, in the words of the list by name."""
    wanted = joined(Invitation.id, _at()).where(Invitation.id.in_(invitation_ids))
    return {row[0]: row[1] for row in session.execute(wanted)}


def _at() -> ColumnElement[Any]:
    """Where one invitation stands, the furthest first."""
    there = reached()
    return case(
        (there["finished"], "finished"),
        (Interview.state == "withdrawn", "withdrawn"),
        (Invitation.revoked_at.is_not(None), "revoked"),
        (there["begun"], "begun"),
        (there["opened"], "opened"),
        (there["delivered"], "unopened"),
        (Mail.returned_at.is_not(None), "returned"),
        (Mail.id.is_(None) & Invitation.campaign_id.in_(of_files()), "unhanded"),
        else_="unsent",
    )
