"""Opening what is masked in one candidate's words."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from interview_ai import unmasking
from web import deps, list_asked, render

router = APIRouter()


@router.post("/staff/interviews/{interview_id}/unmask")
def unmask(request: Request, interview_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Shows this reviewer what KR-10 masks in this candidate's words; on the record."""
    unmasking.unmask(session, member, interview_id)
    return render.go(request, list_asked.person(request, interview_id), said="masking.said.unmasked")
