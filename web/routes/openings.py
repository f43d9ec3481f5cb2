"""Openings, their questions, and inviting candidates to them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from interview_ai import database, openings, programmes, queries
from interview_ai.errors import InterviewError, Invalid
from interview_ai.organisations import Member
from web import deps, opening_form, render

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/staff/openings")
def list_of_openings(request: Request, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """Every opening with its counts."""
    lines = queries.openings(session, member)
    return render.page(request, "staff/openings.html", member=member, lines=lines)


@router.get("/staff/openings/new")
def new_opening(request: Request, member: deps.SignedIn) -> Response:
    """The form of a new opening."""
    member.must_be("owner", "recruiter")
    return _form(request, member, opening_form.blank())


def _form(
    request: Request, member: Member, typed: dict[str, Any], *, sentence: str | None = None, status: int = 200
) -> Response:
    joined = programmes.open_to(member.organisation_id)
    context = {"member": member, "typed": typed, "programmes": joined, "library": opening_form.library()}
    return render.page(request, "staff/new_opening.html", status=status, sentence=sentence, **context)


@router.post("/staff/openings")
def create(request: Request, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Makes the opening, or shows the form again with what is to be mended."""
    try:
        new = opening_form.read(typed)
        with database.transaction(member.organisation_id) as session:
            made = openings.create(session, member, new)
    except Invalid as error:
        sentence = error.text(render.language_of(request))
        return _form(request, member, opening_form.typed_again(typed), sentence=sentence, status=422)
    return render.go(request, f"/staff/openings/{made.id}", said="openings.said.created")


@router.get("/staff/openings/{opening_id}")
def opening(request: Request, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """One opening: counts, invitations, switches."""
    return _opening(request, session, member, opening_id)


def _opening(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    link: str | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> Response:
    found = queries.opening(session, opening_id)
    return render.page(
        request,
        "staff/opening.html",
        status=status,
        member=member,
        opening=found,
        rubric=queries.rubric_of(found),
        counts=queries.counts(session, member, found),
        invited=queries.invitations(session, found) if member.role != "reviewer" else [],
        link=link,
        sentence=sentence,
        now=database.now(session),
    )


@router.post("/staff/openings/{opening_id}/invitations")
def invite(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    name: Text = "",
    email: Text = "",
    language: Text = "ko",
) -> Response:
    """Invites somebody and shows the link this one time: only its digest is kept."""
    token = sentence = None
    status = 200
    try:
        with database.transaction(member.organisation_id) as session:
            token = openings.invite(session, member, opening_id, name=name, email=email, language=language)
    except InterviewError as error:
        if error.status == 404:
            raise
        sentence, status = error.text(render.language_of(request)), error.status
    link = openings.link(token) if token else None
    with database.reading(member.organisation_id) as session:
        return _opening(request, session, member, opening_id, link=link, sentence=sentence, status=status)


@router.post("/staff/openings/{opening_id}/invitations/{invitation_id}/revoke")
def revoke(
    request: Request, *, opening_id: str, invitation_id: str, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Takes an invitation back."""
    openings.revoke(session, member, invitation_id)
    return render.go(request, f"/staff/openings/{opening_id}", said="openings.said.revoked")


@router.post("/staff/openings/{opening_id}/first-pass")
def end_first_pass(request: Request, opening_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Shows bands to every reviewer from now on (EU-5)."""
    openings.end_first_pass(session, member, opening_id)
    return render.go(request, f"/staff/openings/{opening_id}", said="openings.said.first_pass_ended")


@router.post("/staff/openings/{opening_id}/scoring")
def switch_scoring(
    request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffWriting, switch: Text = "stop"
) -> Response:
    """The stop switch: `switch` is stop or resume."""
    act = openings.resume_scoring if switch == "resume" else openings.stop_scoring
    act(session, member, opening_id)
    said = "openings.said.resumed" if switch == "resume" else "openings.said.stopped"
    return render.go(request, f"/staff/openings/{opening_id}", said=said)
