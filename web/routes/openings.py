"""Openings, their questions, and inviting candidates to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from interview_ai import amendments, database, drafts, invitees, openings, programmes, queries
from interview_ai.errors import Forbidden, InterviewError, Invalid
from interview_ai.organisations import Member
from web import deps, inviting, once, opening_form, render
from web.inviting import Outcome, Sent
from web.opening_form import Draft

router = APIRouter()
Text = Annotated[str, Form()]
LOOK = "look"  # the button that has the questions checked and keeps nothing


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
    return render.page(request, "staff/openings.html", member=member, lines=lines, now=database.now(session))


@router.get("/staff/openings/new")
def new_opening(request: Request, member: deps.SignedIn) -> Response:
    """The form of a new opening."""
    drafts_allowed(member)
    return _form(request, member, opening_form.blank(), faults=[])


def drafts_allowed(member: Member) -> None:
    """Refuses before anything is filled in what would be refused after it."""
    _employer(member)
    openings.must_write_openings(member)


def _form(request: Request, member: Member, typed: dict[str, Any], *, faults: list[Invalid]) -> Response:
    context = {"programmes": programmes.open_to(member.organisation_id), "opening": None, "frozen": False}
    return _draft_page(request, member, typed, faults=faults, address="/staff/openings/new", **context)


def _draft_page(
    request: Request, member: Member, typed: dict[str, Any], *, faults: list[Invalid], address: str, **context: Any
) -> Response:
    language = render.language_of(request)
    wrong = opening_form.sentences(faults, language)
    context |= {"member": member, "typed": typed, "wrong": wrong, "library": opening_form.library()}
    context |= {"advice": opening_form.advice(typed["questions"], language), "looked": request.method == "POST"}
    limits = {"limits": drafts.LIMITS, "most_questions": drafts.MOST_QUESTIONS}
    status = 422 if faults else 200
    return render.page(request, "staff/new_opening.html", status=status, address=address, **limits, **context)


@router.post("/staff/openings")
def create(request: Request, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Makes the opening, or shows the form again with all that is to be mended."""
    drafts_allowed(member)
    draft = opening_form.read(typed)
    if draft.faults or LOOK in typed:
        return _form(request, member, opening_form.typed_again(typed), faults=draft.faults)
    with database.transaction(member.organisation_id) as session:
        made = openings.create(session, member, draft.new)
    return render.go(request, f"/staff/openings/{made.id}", said="openings.said.created")


@router.get("/staff/openings/{opening_id}")
def opening(
    request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading, shown: str = ""
) -> Response:
    """One opening: counts, invitations, switches."""
    found = once.kept(member, shown, Outcome)
    look = once.kept(member, shown, Look)
    return _opening(request, session, member, opening_id, found=found, with_progress=look == Look(opening_id))


def _opening(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    found: Outcome | None = None,
    with_progress: bool = False,
    status: int = 200,
) -> Response:
    shown = queries.opening(session, opening_id)
    by_name = member.role != "reviewer"
    people = invitees.of_opening(session, member, shown, with_progress=with_progress) if by_name else []
    typed = opening_form.of(shown)["questions"] if by_name and not amendments.has_begun(session, opening_id) else []
    return render.page(
        request,
        "staff/opening.html",
        status=status,
        address=f"/staff/openings/{opening_id}",
        member=member,
        opening=shown,
        rubric=queries.rubric_of(shown),
        counts=queries.counts(session, member, shown),
        invited=people,
        advice=opening_form.advice(typed, render.language_of(request)),
        with_progress=with_progress or not shown.blind,
        now=database.now(session),
        **inviting.context(found, render.language_of(request)),
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
            refused = Outcome(sent, error=inviting.said(error))
            return _opening(request, session, member, opening_id, found=refused, status=error.status)
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


@router.get("/staff/openings/{opening_id}/preview")
def preview(request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """What a candidate reads, without anything that can be begun."""
    found = queries.opening(session, opening_id)
    minutes = 2 + round(
        sum(question.think_s + question.answer_s for question in found.questions) / 60
    )  # as they read it
    return render.page(request, "staff/preview.html", member=member, opening=found, minutes=minutes)


@router.get("/staff/openings/{opening_id}/edit")
def edit_form(request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The form of an opening that is there already."""
    openings.must_write_openings(member)
    found = queries.opening(session, opening_id)
    return _edit(request, session, member, opening_id, typed=opening_form.of(found), faults=[])


def _edit(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    typed: dict[str, Any],
    faults: list[Invalid],
) -> Response:
    context = {"opening": queries.opening(session, opening_id), "programmes": []}
    address = f"/staff/openings/{opening_id}/edit"
    frozen = amendments.has_begun(session, opening_id)
    return _draft_page(request, member, typed, faults=faults, address=address, frozen=frozen, **context)


@router.post("/staff/openings/{opening_id}/edit")
def edit(request: Request, *, opening_id: str, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Keeps the new title, deadline and questions, or shows the form again with all that is to be mended."""
    openings.must_write_openings(member)
    with database.reading(member.organisation_id) as session:
        before = openings.own(session, opening_id).deadline
        draft = opening_form.read(typed, before=before)
        if draft.faults or LOOK in typed:
            again = opening_form.typed_again(typed)
            return _edit(request, session, member, opening_id, typed=again, faults=draft.faults)
    with database.transaction(member.organisation_id) as session:
        amendments.amend(session, member, opening_id, _amendment(draft))
    return render.go(request, f"/staff/openings/{opening_id}", said="openings.said.amended")


def _amendment(draft: Draft) -> amendments.Amendment:
    new = draft.new
    questions = new.questions if draft.asks else None
    return amendments.Amendment(new.title_ko, new.title_en, new.deadline, questions, new.vocabulary)


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
