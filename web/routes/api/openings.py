"""For programs: the openings to which their organisation may invite, and how far the invited are."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from interview_ai import program_lists
from interview_ai.program_lists import After, InvitationState, OpeningToInvite
from web import callers, deps
from web.callers import LISTED, Limit

router = APIRouter(prefix="/api/v1")
Id = Annotated[str, Query(min_length=1, max_length=64)]


@router.get("/openings")
def openings(
    caller: callers.ReadsOpenings, session: deps.EverywhereReading, limit: Limit = LISTED, cursor: str = ""
) -> Response:
    """The openings that take invitations of the organisation now."""
    after = After.read(callers.place(cursor, int, str))
    found = program_lists.openings_to_invite(session, caller, after=after, limit=limit + 1)
    return listed([_opening(one) for one in found], [After(one.created_at, one.id).place for one in found], limit)


@router.get("/invitations")
def invitations(
    caller: callers.ReadsInvitations,
    session: deps.EverywhereReading,
    opening: Id,
    limit: Limit = LISTED,
    cursor: str = "",
) -> Response:
    """How far those are whom the organisation invited to one opening."""
    after = After.read(callers.place(cursor, int, str))
    found = program_lists.invitations(session, caller, opening, after=after, limit=limit + 1)
    return listed([_invitation(one) for one in found], [After(one.created_at, one.id).place for one in found], limit)


def listed(data: list[dict[str, Any]], places: list[tuple[int | str, ...]], limit: int) -> Response:
    """A part of a list, and where it goes on; `data` holds one more than `limit` where it does."""
    more = len(data) > limit
    return JSONResponse({"data": data[:limit], "next": callers.pack(*places[limit - 1]) if more else None})


def _opening(one: OpeningToInvite) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": {"ko": one.title.ko, "en": one.title.en},
        "employer": {"id": one.employer_id, "name": {"ko": one.employer.ko, "en": one.employer.en}},
        "language": one.language,
        "deadline": callers.instant(one.deadline),
    }


def _invitation(one: InvitationState) -> dict[str, Any]:
    return {
        "id": one.id,
        "opening": one.opening_id,
        "campaign": one.campaign_id,
        "row": one.row,
        "state": one.state,
        "invited_at": callers.instant(one.created_at),
    }
