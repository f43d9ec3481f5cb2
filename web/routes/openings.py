"""The openings of an employer, one of them with its switches, and inviting candidates to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from interview_ai import (
    amendments,
    database,
    first_steps,
    freezing,
    invitees,
    openings,
    partner_questions,
    prompts,
    queries,
    reminders,
    reviewing,
)
from interview_ai.errors import Forbidden, InterviewError
from interview_ai.organisations import Member
from web import deps, forms, inviting, once, opening_form, render
from web.inviting import Came, Outcome, Sent, Unread, View, Wanted

router = APIRouter()
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody asked to see who began in this blind opening, which is on the record."""

    opening_id: str


def _employer(member: Member) -> None:
    if member.organisation_kind != "employer":
        raise Forbidden("This page belongs to employers.", "기업이 쓰는 화면입니다.")


@router.get("/staff/openings")
def list_of_openings(request: Request, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """Every opening with its counts."""
    _employer(member)
    lines = queries.openings(session, member)
    return render.page(
        request,
        "staff/openings.html",
        member=member,
        lines=lines,
        now=database.now(session),
        asked=partner_questions.how_many_ask(member),
        first_steps=first_steps.steps(session, member),
    )


@router.get("/staff/openings/{opening_id}")
def opening(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    shown: str = "",
    who: str = "",
    part: int = 1,
) -> Response:
    """One opening: counts, invitations, switches. `who` and `part`: which of the invited are listed."""
    view = View(
        outcome=once.kept(member, shown, Outcome),
        came=once.kept(member, shown, Came),
        unread=once.kept(member, shown, Unread),
        with_progress=once.kept(member, shown, Look) == Look(opening_id),
        wanted=Wanted(who, part),
    )
    return _opening(request, session, member, opening_id, view=view)


def _opening(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    view: View,
    status: int = 200,
) -> Response:
    shown = queries.opening(session, opening_id)
    by_name = member.role != "reviewer"
    people = invitees.of_opening(session, member, shown, with_progress=view.with_progress) if by_name else []
    frozen = freezing.has_begun(session, opening_id)
    typed = opening_form.of(shown)["questions"] if by_name and not frozen else []
    return render.page(
        request,
        "staff/opening.html",
        status=status,
        address=f"/staff/openings/{opening_id}",
        member=member,
        opening=shown,
        rubric=queries.rubric_of(shown),
        counts=queries.counts(session, member, shown),
        frozen=frozen,
        prompts=prompts.of_opening(session, opening_id),
        reviewers=reviewing.of_opening(session, opening_id),
        reminded=reminders.reminded_lately(session, opening_id),
        invited=inviting.listed(people, view.wanted),
        shown=request.query_params.get("shown", ""),
        advice=opening_form.advice(typed, render.language_of(request)),
        with_progress=view.with_progress or not shown.blind,
        now=database.now(session),
        came=view.came,
        typed_moment=forms.typed_moment,
        unread=view.unread,
        **inviting.context(view.outcome, render.language_of(request), spoken=shown.language),
    )


@router.post("/staff/openings/{opening_id}")
def invite(request: Request, *, opening_id: str, member: deps.SignedIn, sent: Sent) -> Response:
    """Invites one person or many; what came of it is shown after a redirect, so that reloading sends nothing twice."""
    member.must_be("owner", "recruiter")
    with database.reading(member.organisation_id) as session:
        openings.own(session, opening_id)
    found = inviting.outcome(member.organisation_id, member, opening_id, sent)
    return render.go(request, once.keep(member, found, f"/staff/openings/{opening_id}"))


@router.post("/staff/openings/{opening_id}/invitations")
def invite_again(request: Request, *, opening_id: str, member: deps.SignedIn, sent: Sent) -> Response:
    """Sends a fresh link, also to somebody invited before, whose earlier link then ends."""
    try:
        found = inviting.again(member.organisation_id, member, opening_id, sent)
    except InterviewError as error:
        if error.status == 404:
            raise
        with database.reading(member.organisation_id) as session:
            refused = View(outcome=Outcome(sent, error=inviting.said(error)))
            return _opening(request, session, member, opening_id, view=refused, status=error.status)
    return render.go(request, once.keep(member, found, f"/staff/openings/{opening_id}"))


@router.post("/staff/openings/{opening_id}/progress")
def look(request: Request, opening_id: str, member: deps.SignedIn) -> Response:
    """Shows by name who has begun and finished in a blind opening; on the record (KR-13)."""
    with database.transaction(member.organisation_id) as session:
        invitees.look(session, member, opening_id)
    return render.go(request, once.keep(member, Look(opening_id), f"/staff/openings/{opening_id}"))


@router.post("/staff/openings/{opening_id}/invitations/{invitation_id}/revoke")
def revoke(
    request: Request, *, opening_id: str, invitation_id: str, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Takes an invitation back."""
    openings.revoke(session, member, invitation_id)
    return render.go(request, f"/staff/openings/{opening_id}", said="openings.said.revoked")


@router.post("/staff/openings/{opening_id}/state")
def turn(
    request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffWriting, state: Text = "closed"
) -> Response:
    """Closes the opening, or opens it again: `state` is closed or open."""
    act = amendments.reopen if state == "open" else amendments.close
    act(session, member, opening_id)
    said = "openings.said.reopened" if state == "open" else "openings.said.closed"
    return render.go(request, f"/staff/openings/{opening_id}", said=said)


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
