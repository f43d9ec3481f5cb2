"""The page that asks whose a link is before it opens, and what a browser keeps that has shown it."""

from __future__ import annotations

from fastapi import Request, Response
from sqlalchemy.orm import Session

from interview_ai import applicants, link_help, proofs
from interview_ai.settings import settings
from interview_ai.tables import Invitation
from web import render, security

KEPT_S = 14 * 24 * 3600


def kept(request: Request, session: Session, invitation: Invitation) -> str | None:
    """What this browser keeps that shows whose the link is: since it was asked, or since it is in the interview."""
    cookie = security.session_cookie(request, security.CANDIDATE)
    applicant = applicants.candidate_of(session, cookie) if cookie else None
    if proofs.is_inside(session, invitation, applicant.interview_id if applicant else None):
        return proofs.proven(invitation)
    return security.session_cookie(request, _name(invitation))


def keep(request: Request, response: Response, invitation: Invitation) -> None:
    """This browser is not asked again for this link."""
    security.keep_session(request, response, _name(invitation), proofs.proven(invitation), seconds=KEPT_S)


def _name(invitation: Invitation) -> str:
    return f"link-{invitation.id[:12]}"


def page(
    request: Request,
    session: Session,
    invitation: Invitation,
    *,
    sentence: str | None = None,
    wrong: bool = False,
    status: int = 200,
) -> Response:
    """Asks for the code or the year. Whom it was sent to is not told before. `wrong`: what was tried is not it."""
    return render.page(
        request,
        "candidate/proof.html",
        status=status,
        address=request.url.path.removesuffix("/code").removesuffix("/proof"),
        opening=invitation.opening,
        invitation=invitation,
        asked=proofs.asked(session, invitation),
        sentence=sentence,
        wrong=wrong,
        mails_leave=bool(settings().smtp_url),
        contact=link_help.contact(session, invitation),
    )
