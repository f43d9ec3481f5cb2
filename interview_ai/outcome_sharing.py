"""The candidate's own choice whether the university that invited them may see their result: off until they say so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database
from interview_ai.applicants import Applicant
from interview_ai.errors import NotFound
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Interview, Invitation, Organisation


@dataclass(frozen=True, slots=True)
class Inviter:
    """The university that invited somebody, and since when it may see their result."""

    name: Bilingual
    shared_at: datetime | None


def inviter(session: Session, applicant: Applicant) -> Inviter | None:
    """The university that invited the candidate; None where the employer did it itself."""
    wanted = (
        select(Organisation, Invitation.outcome_shared_at)
        .join(Invitation, Invitation.inviting_organisation_id == Organisation.id)
        .join(Interview, Interview.invitation_id == Invitation.id)
        .where(Interview.id == applicant.interview_id, Organisation.kind == "university")
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        return None
    university, shared_at = found
    return Inviter(Bilingual(university.name_ko, university.name_en), shared_at)


def university_of(session: Session, invitation: Invitation) -> Bilingual | None:
    """The name of the university that sent an invitation; None where the employer did."""
    found = session.get_one(Organisation, invitation.inviting_organisation_id)
    return Bilingual(found.name_ko, found.name_en) if found.kind == "university" else None


def share(session: Session, applicant: Applicant, *, shared: bool) -> None:
    """Lets the university see the result, or takes that back with effect at once. Safe to run twice.

    Raises NotFound where no university invited them.
    """
    if inviter(session, applicant) is None:
        raise NotFound
    interview = session.get_one(Interview, applicant.interview_id)
    invitation = session.get_one(Invitation, interview.invitation_id, with_for_update=True)
    if (invitation.outcome_shared_at is not None) == shared:
        return
    invitation.outcome_shared_at = database.now(session) if shared else None
    action = "result shared with the university" if shared else "result no longer shared with the university"
    audit.append(session, applicant.actor, action, f"invitation:{invitation.id}", person=applicant.person)
