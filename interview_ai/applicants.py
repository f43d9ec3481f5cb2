"""Who a candidate's browser is: the cookie that their link was changed for, and the interview behind it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from interview_ai import audit, database, tokens
from interview_ai.tables import CandidateSession, Interview, Invitation


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who a candidate's browser is, after the link was used."""

    interview_id: str
    organisation_id: str
    opening_id: str
    candidate_id: str
    person: int
    language: str
    mode: str

    @property
    def actor(self) -> audit.Actor:
        """For the audit: the person's random number, no name."""
        return audit.Actor("candidate", str(self.person), self.organisation_id)


def candidate_of(session: Session, cookie: str) -> Applicant | None:
    """Who a browser's cookie stands for; None when unknown or past the deadline."""
    # one statement: every part of a recording asks
    wanted = (
        select(Interview)
        .join(CandidateSession, CandidateSession.interview_id == Interview.id)
        .join(Invitation, Invitation.id == Interview.invitation_id)
        .where(
            CandidateSession.token_hash == tokens.digest(cookie),
            CandidateSession.expires_at >= database.now(session),
            Invitation.revoked_at.is_(None),
        )
        .options(joinedload(Interview.candidate))
    )
    interview = session.scalars(wanted).one_or_none()
    return _applicant(interview) if interview is not None else None


def applicant_of(session: Session, interview_id: str) -> Applicant:
    """Whose interview it is."""
    return _applicant(session.get_one(Interview, interview_id, options=[joinedload(Interview.candidate)]))


def _applicant(interview: Interview) -> Applicant:
    return Applicant(
        interview_id=interview.id,
        organisation_id=interview.organisation_id,
        opening_id=interview.opening_id,
        candidate_id=interview.candidate_id,
        person=interview.candidate.person,
        language=interview.candidate.language,
        mode=interview.mode,
    )
