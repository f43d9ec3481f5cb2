"""What programs of an organisation may list: openings to invite to, campaigns, and how far the invited are.

KR-13: an answer holds ids and states and names nobody. In an employer's own blind opening a state stops at `invited`:
which invitation began when is what tells a name from a number, and looking at that is an act on the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from interview_ai import campaign_choices, campaign_rows
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Campaign, CampaignRow, Interview, Invitation, Opening, Organisation

OUTCOMES = ("ready", "already", "twice", "opted_out", "faulty")


@dataclass(frozen=True, slots=True)
class After:
    """Where a list goes on: behind the entry made at this moment with this id."""

    at: datetime
    id: str

    @classmethod
    def read(cls, place: Sequence[Any] | None) -> After | None:
        """From microseconds since 1970 and an id, as a cursor carries them."""
        return cls(datetime.fromtimestamp(place[0] / 1_000_000, UTC), place[1]) if place else None

    @property
    def place(self) -> tuple[int, str]:
        """As a cursor carries it."""
        seconds = int(self.at.replace(microsecond=0).timestamp())
        return seconds * 1_000_000 + self.at.microsecond, self.id


@dataclass(frozen=True, slots=True)
class OpeningToInvite:
    """An opening that takes invitations of the caller's organisation now."""

    id: str
    title: Bilingual
    employer_id: str
    employer: Bilingual
    language: str
    deadline: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationState:
    """One invitation without a name: invited, opened, begun, finished, withdrawn or revoked."""

    id: str
    opening_id: str
    campaign_id: str | None
    row: int | None
    state: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class RowState:
    """One row of a campaign: its outcome, what is wrong with it, and what became of it."""

    row: int
    outcome: str
    faults: Sequence[Any]
    invitation_id: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows a campaign has by outcome, and how many of its invitations came how far."""

    rows: dict[str, int]
    invited: int
    opened: int
    begun: int
    finished: int


def _behind(
    made: InstrumentedAttribute[datetime], id: InstrumentedAttribute[str], after: After | None
) -> list[ColumnElement[bool]]:
    return [or_(made > after.at, and_(made == after.at, id > after.id))] if after else []


def _may_invite(session: Session, member: Member) -> ColumnElement[bool]:
    """The openings that the form of a campaign offers, by whatever agreement."""
    return Opening.id.in_([choice.id for choice in campaign_choices.choices(session, member)])


def openings_to_invite(session: Session, member: Member, *, after: After | None, limit: int) -> list[OpeningToInvite]:
    """The openings that take the organisation's invitations now, oldest first. Needs a session for EVERYWHERE."""
    wanted = (
        select(Opening, Organisation)
        .join(Organisation, Organisation.id == Opening.organisation_id)
        .where(_may_invite(session, member), *_behind(Opening.created_at, Opening.id, after))
        .order_by(Opening.created_at, Opening.id)
        .limit(limit)
    )
    return [
        OpeningToInvite(
            opening.id,
            title=Bilingual(opening.title_ko, opening.title_en),
            employer_id=employer.id,
            employer=Bilingual(employer.name_ko, employer.name_en),
            language=opening.language,
            deadline=opening.deadline,
            created_at=opening.created_at,
        )
        for opening, employer in session.execute(wanted)
    ]


def seen_opening(session: Session, member: Member, opening_id: str) -> Opening:
    """An opening to which the organisation invites or invited, also a closed one. Raises NotFound."""
    opening = session.get(Opening, opening_id)
    if opening is None:
        raise NotFound
    own = opening.organisation_id == member.organisation_id
    if not (own or _has_invited(session, member, opening_id) or _invites_now(session, member, opening_id)):
        raise NotFound
    return opening


def _has_invited(session: Session, member: Member, opening_id: str) -> bool:
    theirs = (Invitation.opening_id == opening_id, Invitation.inviting_organisation_id == member.organisation_id)
    return session.scalars(select(Invitation.id).where(*theirs).limit(1)).first() is not None


def _invites_now(session: Session, member: Member, opening_id: str) -> bool:
    return any(choice.id == opening_id for choice in campaign_choices.choices(session, member))


def shows_progress(member: Member, opening: Opening) -> bool:
    """Whether a state may go beyond `invited`: not for an employer's own blind opening."""
    return opening.organisation_id != member.organisation_id or not opening.blind


def invitations(
    session: Session, member: Member, opening_id: str, *, after: After | None, limit: int
) -> list[InvitationState]:
    """How far those are whom the organisation invited to an opening, oldest first. Raises NotFound."""
    opening = seen_opening(session, member, opening_id)
    theirs = (Invitation.opening_id == opening.id, Invitation.inviting_organisation_id == member.organisation_id)
    wanted = (
        select(Invitation, Interview.state, CampaignRow.row)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .outerjoin(CampaignRow, CampaignRow.invitation_id == Invitation.id)
        .where(*theirs, *_behind(Invitation.created_at, Invitation.id, after))
        .order_by(Invitation.created_at, Invitation.id)
        .limit(limit)
    )
    shown = shows_progress(member, opening)
    return [
        InvitationState(
            invitation.id,
            opening_id=opening.id,
            campaign_id=invitation.campaign_id,
            row=row,
            state=_state(invitation, state, shown=shown),
            created_at=invitation.created_at,
        )
        for invitation, state, row in session.execute(wanted)
    ]


def _state(invitation: Invitation, interview: str | None, *, shown: bool) -> str:
    if shown and interview in ("finished", "withdrawn"):
        return interview
    if invitation.revoked_at is not None:
        return "revoked"
    if shown and interview is not None:
        return "begun"
    return "opened" if shown and invitation.opened_at is not None else "invited"


def campaigns_of(session: Session, member: Member, *, after: After | None, limit: int) -> list[Campaign]:
    """The organisation's campaigns, oldest first."""
    wanted = select(Campaign).where(
        Campaign.organisation_id == member.organisation_id, *_behind(Campaign.created_at, Campaign.id, after)
    )
    return list(session.scalars(wanted.order_by(Campaign.created_at, Campaign.id).limit(limit)))


def rows(session: Session, member: Member, campaign: Campaign, *, after: int, limit: int) -> list[RowState]:
    """The rows of a campaign behind one, in order. Needs a session for EVERYWHERE."""
    opening = session.get_one(Opening, campaign.opening_id)
    wanted = (
        select(CampaignRow, Invitation, Interview.state)
        .outerjoin(Invitation, Invitation.id == CampaignRow.invitation_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(CampaignRow.campaign_id == campaign.id, CampaignRow.row > after)
        .order_by(CampaignRow.row)
        .limit(limit)
    )
    shown = shows_progress(member, opening)
    return [
        RowState(
            row.row,
            row.outcome,
            row.faults or [],
            row.invitation_id,
            _state(invitation, state, shown=shown) if invitation else None,
        )
        for row, invitation, state in session.execute(wanted)
    ]


def outcomes(session: Session, campaign_id: str) -> dict[str, int]:
    """How many rows a campaign has by outcome."""
    found = campaign_rows.counted(session, campaign_id)
    return {outcome: found.get(outcome, 0) for outcome in OUTCOMES}


def progress(session: Session, campaign: Campaign) -> Counts:
    """How many came how far, nobody by name. Needs a session for EVERYWHERE."""
    began = func.count(Interview.id)
    finished = func.count().filter(Interview.state == "finished")
    counted = (
        select(func.count(Invitation.id), func.count(Invitation.opened_at), began, finished)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(Invitation.campaign_id == campaign.id)
    )
    invited, opened, begun, done = session.execute(counted).one()
    return Counts(outcomes(session, campaign.id), invited, opened, begun, done)
