"""One opening in pictures, each with its table."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from interview_ai import pictures
from web import deps, render

router = APIRouter()


@router.get("/staff/openings/{opening_id}/overview")
def overview(request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The funnel, the bands, the days to a decision, how far raters agree."""
    found = pictures.pictures(session, member, opening_id)
    return render.page(request, "staff/overview.html", member=member, found=found, opening=found.opening)
