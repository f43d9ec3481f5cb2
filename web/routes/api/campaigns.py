"""For programs: campaigns, made and filled row by row, confirmed, paused, followed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from interview_ai import program_lists
from interview_ai.program_lists import After
from interview_ai.tables import Campaign
from web import callers, deps
from web.callers import LISTED, Limit
from web.routes.api.openings import listed

router = APIRouter(prefix="/api/v1/campaigns")


@router.get("")
def every(
    caller: callers.ReadsCampaigns, session: deps.EverywhereReading, limit: Limit = LISTED, cursor: str = ""
) -> Response:
    """The organisation's campaigns."""
    after = After.read(callers.place(cursor, int, str))
    found = program_lists.campaigns(session, caller, after=after, limit=limit + 1)
    return listed([told(one) for one in found], [After(one.created_at, one.id).place for one in found], limit)


def told(one: Campaign) -> dict[str, Any]:
    """A campaign as programs read it."""
    return {
        "id": one.id,
        "opening": one.opening_id,
        "name": one.name,
        "state": one.state,
        "language": one.language,
        "consent_basis": one.consent_basis,
        "per_minute": one.per_minute,
        "created_at": callers.instant(one.created_at),
        "confirmed_at": callers.instant(one.confirmed_at) if one.confirmed_at else None,
        "finished_at": callers.instant(one.finished_at) if one.finished_at else None,
    }
