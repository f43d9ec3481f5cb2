"""Two to four candidates of one opening side by side."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from interview_ai import comparing, database, queries
from interview_ai.errors import Invalid
from interview_ai.organisations import Member
from web import deps, render

router = APIRouter()


@router.get("/staff/openings/{opening_id}/compare")
def compare(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    chosen: Annotated[tuple[str, ...], Query()] = (),
    question: int = 1,
) -> Response:
    """Question by question; `question` is the one that a small screen shows. Giving out transcripts is kept (KR-5)."""
    try:
        with database.transaction(member.organisation_id) as session:
            found = comparing.compare(session, member, opening_id, chosen)
    except Invalid as error:
        if error.code == "few":
            ticked = urlencode([("chosen", one) for one in chosen])
            back = f"/staff/openings/{opening_id}/candidates" + (f"?{ticked}" if ticked else "")
            return render.go(request, back, said="compare.said.few")
        return _refused(request, member, opening_id, error)
    positions = [one.position for one in found.opening.questions]
    return render.page(
        request,
        "staff/compare.html",
        member=member,
        found=found,
        opening=found.opening,
        sentence=None,
        chosen=[one.found.interview.id for one in found.people],
        now_at=question if question in positions else positions[0],
        standing_of=comparing.standing_of,
    )


def _refused(request: Request, member: Member, opening_id: str, error: Invalid) -> Response:
    sentence = error.text(render.language_of(request))
    with database.reading(member.organisation_id) as session:
        opening = queries.opening(session, opening_id)
        return render.page(
            request,
            "staff/compare.html",
            status=error.status,
            member=member,
            found=None,
            opening=opening,
            sentence=sentence,
        )
