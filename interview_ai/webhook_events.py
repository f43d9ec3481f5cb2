"""What organisations are told of an invitation and an interview: ids of their own side, and nobody's name (KR-13)."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.orm import Session

from interview_ai import webhooks
from interview_ai.tables import Campaign, Interview, Invitation, Opening


def interview(session: Session, event: Literal["begun", "finished"], found: Interview) -> None:
    """Tells the employer, and whoever invited.

    The employer of a blind opening learns the interview's id and not whose invitation it was; a university learns
    which of its invitations it was and not the interview's id.
    """
    invitation = session.get_one(Invitation, found.invitation_id)
    opening = session.get_one(Opening, found.opening_id)
    name, cause = f"interview.{event}", f"interview.{event}:{found.id}"
    own = invitation.inviting_organisation_id == found.organisation_id
    whose = _of(invitation) if own and not opening.blind else {"opening": opening.id}
    webhooks.tell(session, found.organisation_id, name, cause, {**whose, "interview": found.id})
    if not own:
        webhooks.tell(session, invitation.inviting_organisation_id, name, cause, _of(invitation))


def invitation(
    session: Session, event: Literal["opened", "bounced"], found: Invitation, *, cause: str | None = None
) -> None:
    """Tells whoever invited. That a link of an employer's own blind opening was opened is told to nobody: it is
    followed by a new number, and the two moments would tell whose it is. `cause`: the mail that came back."""
    opening = session.get_one(Opening, found.opening_id)
    own = found.inviting_organisation_id == opening.organisation_id
    if event == "opened" and own and opening.blind:
        return
    name = f"invitation.{event}"
    webhooks.tell(session, found.inviting_organisation_id, name, f"{name}:{cause or found.id}", _of(found))


def campaign(session: Session, event: Literal["ready", "sent"], found: Campaign) -> None:
    """Tells whose campaign it is: once for each roster that was read, and once when the last invitation has left."""
    name = f"campaign.{event}"
    cause = f"{name}:{found.id}:{found.row_base}" if event == "ready" else f"{name}:{found.id}"
    payload = {"opening": found.opening_id, "campaign": found.id, "state": found.state}
    webhooks.tell(session, found.organisation_id, name, cause, payload)


def _of(found: Invitation) -> dict[str, Any]:
    return {"opening": found.opening_id, "campaign": found.campaign_id, "invitation": found.id}
