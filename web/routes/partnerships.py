"""The programmes of an employer or a university: what it is asked, where it takes part, answering and leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from interview_ai import database, partner_questions, partner_requests, programmes
from interview_ai.errors import Conflict, Forbidden, InterviewError, Invalid
from interview_ai.organisations import Member
from web import deps, render

router = APIRouter()
Text = Annotated[str, Form()]
PAGE = "/staff/partnerships"


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that was not kept: to which request, why, and what was typed."""

    error: InterviewError
    request_id: str = ""
    reason: str = ""


@router.get(PAGE)
def page(request: Request, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """What the organisation is asked, and the programmes in which it takes part."""
    return _page(request, member, session)


def _page(
    request: Request, member: Member, session: deps.EverywhereReading, refused: Refused | None = None
) -> Response:
    if member.organisation_kind == "agency":
        raise Forbidden("This page belongs to employers and universities.", "기업과 대학이 쓰는 화면입니다.")
    return render.page(
        request,
        "staff/partnerships.html",
        status=refused.error.status if refused else 200,
        address=PAGE,
        member=member,
        asked=partner_questions.asked_of(session, member),
        answered=partner_questions.answered_by(session, member),
        taking_part=programmes.taking_part(session, member),
        longest=partner_requests.LONGEST_REASON,
        refused=refused,
        sentence=refused.error.text(render.language_of(request)) if refused else None,
    )


def _again(request: Request, member: Member, refused: Refused) -> Response:
    with database.reading(database.EVERYWHERE) as session:
        return _page(request, member, session, refused)


@router.post("/staff/partner-requests/{request_id}/accept")
def accept(request: Request, request_id: str, member: deps.SignedIn) -> Response:
    """The organisation takes part from now on."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            partner_requests.accept(session, member, request_id)
    except Conflict as error:
        return _again(request, member, Refused(error))
    return render.go(request, PAGE, said="partnership.said.accepted")


@router.post("/staff/partner-requests/{request_id}/decline")
def decline(request: Request, request_id: str, member: deps.SignedIn, reason: Text = "") -> Response:
    """The organisation does not."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            partner_requests.decline(session, member, request_id, reason)
    except (Conflict, Invalid) as error:
        return _again(request, member, Refused(error, request_id, reason))
    return render.go(request, PAGE, said="partnership.said.declined")


@router.post("/staff/partnerships/{programme_id}/leave")
def leave(request: Request, programme_id: str, member: deps.SignedIn, session: deps.EverywhereWriting) -> Response:
    """The organisation takes part no more."""
    programmes.leave(session, member, programme_id)
    return render.go(request, PAGE, said="partnership.said.left")
