"""Sharing one candidate with an outsider: the form, the links there are, and their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from interview_ai import database, dossier, shares
from interview_ai.errors import Conflict, Invalid
from interview_ai.organisations import Member
from interview_ai.shares import NewShare
from web import deps, once, render

router = APIRouter()
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link as it is shown once."""

    link: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept, as it was typed, with the error that says what it lacks."""

    new: NewShare
    error: Conflict | Invalid


@router.get("/staff/interviews/{interview_id}/shares")
def overview(request: Request, *, interview_id: str, member: deps.SignedIn, shown: str = "") -> Response:
    """Who may look at this candidate from outside, and the form for another link."""
    return _page(request, member, interview_id, shown=shown)


def _page(
    request: Request, member: Member, interview_id: str, *, shown: str = "", refused: Refused | None = None
) -> Response:
    with database.reading(member.organisation_id) as session:
        found = dossier.dossier(session, member, interview_id)
        at = database.now(session)
        lines = [(share, shares.state_of(share, at)) for share in shares.of_interview(session, interview_id)]
        context: dict[str, Any] = {"found": found, "lines": lines, "days": shares.DAYS}
        status = refused.error.status if refused else 200
        address = f"/staff/interviews/{interview_id}/shares"
        return render.page(
            request,
            "staff/shares.html",
            status=status,
            address=address,
            member=member,
            typed=refused.new if refused else NewShare("", _only_one(found)),
            refused=refused,
            new=once.kept(member, shown, NewLink),
            **context,
        )


def _only_one(found: dossier.Dossier) -> tuple[str, ...]:
    """Which questions are ticked at first: none where there is a choice, so that each is shown on purpose."""
    answered = tuple(view.answer.question_id for view in found.answers)
    return answered if len(answered) == 1 else ()


@router.post("/staff/interviews/{interview_id}/shares")
def share(
    request: Request,
    *,
    interview_id: str,
    member: deps.SignedIn,
    recipient: Text = "",
    question: Annotated[tuple[str, ...], Form()] = (),
    days: Text = "",
    person: Text = "",
    words: Text = "",
    covered: Text = "",
) -> Response:
    """A new link, shown once; or the form again with what it lacks."""
    new = NewShare(
        recipient,
        tuple(dict.fromkeys(question)),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
        with_picture=person == "picture",
        with_words=words == "on",
        covered=covered == "on",
    )
    try:
        with database.transaction(member.organisation_id) as session:
            token = shares.create(session, member, interview_id, new)
    except (Conflict, Invalid) as error:
        return _page(request, member, interview_id, refused=Refused(new, error))
    address = once.keep(member, NewLink(shares.link(token)), f"/staff/interviews/{interview_id}/shares")
    return render.go(request, address, said="share.said.shared")


@router.post("/staff/shares/{share_id}/revoke")
def revoke(request: Request, *, share_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Ends a link at once."""
    interview_id = shares.revoke(session, member, share_id)
    return render.go(request, f"/staff/interviews/{interview_id}/shares", said="share.said.revoked")
