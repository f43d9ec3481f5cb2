"""A campaign's messages: how many left and wait, whom they did not reach and why; reminding with the count before."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from interview_ai import campaign_drafts, campaign_reminders, database, messages
from interview_ai.database import EVERYWHERE
from interview_ai.settings import settings
from interview_ai.tables import Campaign
from web import deps, render

router = APIRouter()
MOST_SHOWN = 500


@router.get("/staff/campaigns/{campaign_id}/messages")
def page(request: Request, campaign_id: str, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """What became of the campaign's messages."""
    due = campaign_reminders.counts(session, member, campaign_id)
    campaign = session.get_one(Campaign, campaign_id)
    unreached = messages.returned_of(session, campaign_id)
    return render.page(
        request,
        "staff/campaign_messages.html",
        member=member,
        campaign=campaign,
        why_nobody=campaign_reminders.why_nobody(campaign),
        counts=messages.counts(session, campaign_id),
        due=due,
        held_back=campaign_reminders.held_back(session, member, campaign_id),
        mails_leave=bool(settings().smtp_url),
        leaves=not campaign_drafts.nothing_leaves(campaign.channel),
        unreached=unreached[:MOST_SHOWN],
        left_out=max(0, len(unreached) - MOST_SHOWN),
    )


@router.post("/staff/campaigns/{campaign_id}/messages/{kind}")
def remind(request: Request, campaign_id: str, kind: str, member: deps.SignedIn) -> Response:
    """Reminds everybody of one kind who can be reminded now, a round in each transaction."""
    reminded = 0
    while True:
        with database.transaction(EVERYWHERE) as session:
            count = campaign_reminders.remind(session, member, campaign_id, kind)
        reminded += count
        if not count:
            break
    said = "campaign_messages.said.reminded" if reminded else "campaign_messages.said.nobody"
    return render.go(request, f"/staff/campaigns/{campaign_id}/messages", said=said)
