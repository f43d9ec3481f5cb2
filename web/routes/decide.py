"""Taking a decision back, setting a suggestion right, and one decision for several candidates."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy.orm import Session

from interview_ai import database, openings, outcomes, overrides, queries, together
from interview_ai.errors import Conflict, InterviewError, Invalid
from interview_ai.organisations import Member
from web import deps, list_asked, render
from web.candidate_page import Refused, shown_again
from web.routes.shortlist import LEVELS

router = APIRouter()
Text = Annotated[str, Form()]
Ids = Annotated[list[str] | None, Form()]


@router.post("/staff/interviews/{interview_id}/decisions/{decision_id}/take-back")
def take_back(
    request: Request, *, interview_id: str, decision_id: str, member: deps.SignedIn, reason: Text = ""
) -> Response:
    """Takes the decision in force back, or shows the page again with why not."""
    try:
        with database.transaction(member.organisation_id) as session:
            outcomes.take_back(session, member, interview_id, decision_id, reason=reason)
    except (Conflict, Invalid) as error:
        return shown_again(request, member, interview_id, Refused("undo", error, reason=reason))
    return render.go(request, list_asked.person(request, interview_id, "#decision"), said="decide.said.taken_back")


@router.post("/staff/interviews/{interview_id}/overrides")
def override(
    request: Request,
    *,
    interview_id: str,
    member: deps.SignedIn,
    criterion: Text = "",
    level: Text = "",
    reason: Text = "",
) -> Response:
    """Sets a level in place of a suggestion, or shows the page again with what is missing and what was typed."""
    chosen = int(level) if level in LEVELS else None
    try:
        with database.transaction(member.organisation_id) as session:
            overrides.override(session, member, interview_id, criterion, level=chosen, reason=reason)
    except (Conflict, Invalid) as error:
        refused = Refused("override", error, levels={criterion: level}, reason=reason)
        return shown_again(request, member, interview_id, refused)
    return render.go(request, list_asked.person(request, interview_id, "#criteria"), said="decide.said.overridden")


@router.post("/staff/interviews/{interview_id}/overrides/{override_id}/withdraw")
def withdraw(
    request: Request, *, interview_id: str, override_id: str, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Lets the suggestion stand again."""
    overrides.withdraw(session, member, interview_id, override_id)
    return render.go(
        request, list_asked.person(request, interview_id, "#criteria"), said="decide.said.override_withdrawn"
    )


@router.get("/staff/openings/{opening_id}/decide-together")
def together_form(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    chosen: Annotated[list[str] | None, Query()] = None,
    kind: Annotated[str, Query()] = "",
) -> Response:
    """Who is meant, what each still lacks, and the reason that all of them share."""
    return _together(request, session, member, opening_id, chosen=chosen or [], kind=kind)


def _together(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    chosen: list[str],
    kind: str,
    reason: str = "",
    error: InterviewError | None = None,
) -> Response:
    member.must_be("owner", "recruiter")
    opening = queries.opening(session, opening_id)
    try:
        found = together.chosen(session, member, opening, chosen)
    except Invalid as too_many:
        found, error = [], too_many
    return render.page(
        request,
        "staff/decide_together.html",
        status=error.status if error else 200,
        address=f"/staff/openings/{opening_id}/decide-together",
        member=member,
        opening=opening,
        ready=[one for one in found if not one.lacks],
        lacking=[one for one in found if one.lacks],
        kinds=together.KINDS,
        kind=kind,
        reason=reason,
        error=error,
    )


@router.post("/staff/openings/{opening_id}/decide-together")
def decide_together(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    chosen: Ids = None,
    kind: Text = "",
    reason: Text = "",
) -> Response:
    """Decides for all chosen or for none. 409 for rejecting or hiring together, and where somebody lacks something."""
    try:
        with database.transaction(member.organisation_id) as session:
            together.decide(session, member, opening_id, chosen or [], kind=kind, reason=reason)
    except (Conflict, Invalid) as error:
        with database.reading(member.organisation_id) as session:
            openings.own(session, opening_id)
            return _together(
                request, session, member, opening_id, chosen=chosen or [], kind=kind, reason=reason, error=error
            )
    return render.go(request, f"/staff/openings/{opening_id}/candidates", said="decide.said.together")
