"""The calibration of an opening: what its double ratings show, what would change, and who puts it to use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from interview_ai import calibrations, queries, rescoring
from interview_ai.rules.calibration import ENOUGH, FEWEST
from web import deps, render

router = APIRouter()
Text = Annotated[str, Form()]
PERCENT = 100


@router.get("/staff/openings/{opening_id}/calibration")
def calibration(request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """Per criterion: double ratings there and missing, the newest report, what is in use."""
    opening = queries.opening(session, opening_id)
    return render.page(
        request,
        "staff/calibration.html",
        member=member,
        opening=opening,
        lines=calibrations.of_opening(session, opening),
        progress=rescoring.progress(session, opening_id),
        enough=ENOUGH,
        fewest=FEWEST,
        percent=_percent,
    )


def _percent(share: float) -> str:
    """A share in whole per cent; what is there but rounds to nothing is less than one."""
    return "<1" if 0 < share * PERCENT < 0.5 else f"{share * PERCENT:.0f}"


@router.post("/staff/openings/{opening_id}/calibration/{calibration_id}")
def turn(
    request: Request,
    *,
    opening_id: str,
    calibration_id: str,
    member: deps.SignedIn,
    session: deps.StaffWriting,
    act: Text = "apply",
) -> Response:
    """Puts a calibration to use or takes it back: `act` is apply or withdraw."""
    queries.opening(session, opening_id)
    if act == "withdraw":
        calibrations.withdraw(session, member, calibration_id)
    else:
        calibrations.apply(session, member, calibration_id)
    said = "calibration.said.withdrawn" if act == "withdraw" else "calibration.said.applied"
    return render.go(request, f"/staff/openings/{opening_id}/calibration", said=said)
