"""Whom the holder of a link may ask when it does not open for them, and who of a campaign cannot go on alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from interview_ai import database, openings
from interview_ai.proofs import MOST_FAILURES, MOST_TRIES
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Campaign, Candidate, Interview, Invitation, Opening, Organisation, Staff

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Contact:
    """The organisation that invited somebody, and where it can be reached: mostly a mail address, if there is one."""

    organisation: Bilingual
    address: str | None

    @property
    def is_mail(self) -> bool:
        """Whether the address is one that a mail program can write to."""
        return self.address is not None and "@" in self.address and " " not in self.address


@dataclass(frozen=True, slots=True)
class LockedOut:
    """Somebody whose link asks for what they did not know, too often."""

    invitation_id: str
    name: str
    email: str
    failures: int


def contact(session: Session, invitation: Invitation) -> Contact:
    """Where replies to the campaign go, else the employer's contact of the opening, else an owner of who invited."""
    inviting = session.get_one(Organisation, invitation.inviting_organisation_id)
    campaign = session.get(Campaign, invitation.campaign_id) if invitation.campaign_id else None
    opening = session.get_one(Opening, invitation.opening_id)
    of_opening = opening.contact if opening.organisation_id == inviting.id else None
    named = (campaign.reply_to if campaign else None) or of_opening
    return Contact(Bilingual(inviting.name_ko, inviting.name_en), named or _owner(session, inviting.id))


def _owner(session: Session, organisation_id: str) -> str | None:
    owners = select(Staff.email).where(Staff.organisation_id == organisation_id, Staff.role == "owner")
    return session.scalars(owners.where(Staff.state == "active").order_by(Staff.created_at, Staff.id).limit(1)).first()


def locked_out(session: Session, found: Campaign) -> tuple[list[LockedOut], int]:
    """The first of a campaign whom only who invited can help, or a mailed code where mails leave, and how many."""
    years = and_(Invitation.proof == "birth_year", Invitation.proof_failures >= MOST_TRIES)
    stuck = or_(years, Invitation.proof_failures >= MOST_FAILURES)
    over = (Interview.id.is_(None), Interview.state.not_in(openings.OVER))
    here = (Invitation.campaign_id == found.id, Invitation.inviting_organisation_id == found.organisation_id)
    open_still = (Invitation.revoked_at.is_(None), Invitation.expires_at > database.now(session), or_(*over))
    wanted = (
        select(Invitation.id, Candidate.name, Candidate.email, Invitation.proof_failures, func.count().over())
        .join(Candidate, Candidate.id == Invitation.candidate_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(*here, *open_still, stuck)
        .order_by(Candidate.name, Invitation.id)
        .limit(MOST_SHOWN)
    )
    rows = session.execute(wanted).all()
    return [LockedOut(*row[:4]) for row in rows], rows[0][4] if rows else 0
