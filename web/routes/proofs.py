"""Showing whose a link is, noticing that a person looks at it, and letting a locked one be tried anew."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from interview_ai import campaigns, database, interviews, proofs
from interview_ai.errors import InterviewError
from interview_ai.organisations import Member
from interview_ai.settings import settings
from web import deps, proving, render, security

router = APIRouter()
Text = Annotated[str, Form()]


@router.post("/i/{token}/seen", dependencies=[Depends(security.brake("seen", "60/minute"))])
def seen(token: str, session: deps.EverywhereWriting) -> Response:
    """A browser has shown the page to somebody for a second; a scanner that follows the link never says so."""
    proofs.seen(session, interviews.invited(session, token, to_begin=True))
    return Response(status_code=204)


@router.post("/i/{token}/code", dependencies=[Depends(security.limit("link-code", "20/minute"))])
def mail_code(request: Request, token: str) -> Response:
    """Mails a new code to the invited address."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            invitation = interviews.invited(session, token, to_begin=True)
            if invitation.proof != "none":
                proofs.seen(session, invitation)
                proofs.ask(session, invitation)
    except InterviewError as error:
        return _again(request, token, error)
    return render.go(request, f"/i/{token}", said="proof.said.mailed" if settings().smtp_url else "proof.said.waits")


@router.post("/i/{token}/proof", dependencies=[Depends(security.limit("link-proof", "30/minute"))])
def check(request: Request, token: str, value: Text = "") -> Response:
    """Compares the code or the year; this browser is not asked again once it was right."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            invitation = interviews.invited(session, token, to_begin=True)
            proofs.seen(session, invitation)
            right = invitation.proof == "none" or proofs.check(session, invitation, value)
    except InterviewError as error:
        return _again(request, token, error)
    if not right:
        return _again(request, token)
    response = render.go(request, f"/i/{token}")
    proving.keep(request, response, invitation)
    return response


def _again(request: Request, token: str, error: InterviewError | None = None) -> Response:
    """The page with what is wrong; what ended the link or hides it is said as on the link itself."""
    status, sentence = (error.status, error.text(render.language_of(request))) if error else (422, None)
    with database.reading(database.EVERYWHERE) as session:
        invitation = interviews.invited(session, token)
        return proving.page(request, session, invitation, sentence=sentence, wrong=error is None, status=status)


@router.post("/staff/invitations/{invitation_id}/unlock")
def unlock(request: Request, invitation_id: str, member: deps.SignedIn, session: deps.EverywhereWriting) -> Response:
    """Lets the holder of a link try anew that failed the check too often."""
    opening_id = proofs.unlock(session, member, invitation_id)
    return render.go(request, _home(member, opening_id), said="proof.said.unlocked")


@router.post("/staff/campaigns/{campaign_id}/unlock")
def unlock_of_campaign(
    request: Request, *, campaign_id: str, member: deps.SignedIn, session: deps.EverywhereWriting, invitation: Text = ""
) -> Response:
    """The same from the page of the campaign in which somebody was invited."""
    campaigns.own(session, member, campaign_id)
    proofs.unlock(session, member, invitation)
    return render.go(request, f"/staff/campaigns/{campaign_id}", said="proof.said.unlocked")


def _home(member: Member, opening_id: str) -> str:
    return "/staff/university" if member.organisation_kind == "university" else f"/staff/openings/{opening_id}"
