"""One candidate with rating and decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Header, Request, Response

from interview_ai import database, dossier, playback, queries, reviews
from interview_ai.errors import Conflict, Invalid, NotFound
from web import candidate_page, deps, list_asked, opening_form, recordings, render
from web.candidate_page import Refused

router = APIRouter()
Text = Annotated[str, Form()]
LEVEL = "level."
LEVELS = ("1", "2", "3", "4", "5")


@router.get("/staff/interviews/{interview_id}")
def candidate(
    request: Request, *, interview_id: str, member: deps.SignedIn, session: deps.StaffWriting, level: str = ""
) -> Response:
    """One candidate; `level`, a digit pressed in the list, is chosen but not kept.

    Giving out a transcript is kept as a look at it (KR-5), so this reading also writes.
    """
    found = dossier.dossier(session, member, interview_id)
    if any(view.lines for view in found.answers):
        reviews.viewed(session, member, interview_id, "transcript")
        found = dossier.dossier(session, member, interview_id)
    picked = {found.criteria[0].criterion.id: level} if level in LEVELS and len(found.criteria) == 1 else {}
    # only after something was saved does the page say where to go on
    saved = render.SAID_COOKIE in request.cookies
    number = found.interview.number
    onward = queries.next_to_do(session, member, found.opening.id, after=number) if saved else None
    return candidate_page.shown(request, session, member, found, picked=picked, onward=onward)


@router.get("/staff/interviews/{interview_id}/answers/{answer_id}")
def answer(
    request: Request, interview_id: str, answer_id: str, *, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Only one answer, for the page that asks again while a worker is at it; giving out its transcript is a look."""
    found = dossier.dossier(session, member, interview_id)
    view = next((view for view in found.answers if view.answer.id == answer_id), None)
    if view is None:
        raise NotFound
    if view.lines:
        reviews.viewed(session, member, interview_id, "transcript")
    return render.page(request, "staff/answer.html", found=found, view=view)


@router.post("/staff/interviews/{interview_id}/ratings")
def rate(request: Request, interview_id: str, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Keeps the reader's own levels; fields are `level.<criterion>`."""
    levels = {name.removeprefix(LEVEL): str(value) for name, value in typed.items() if name.startswith(LEVEL)}
    try:
        with database.transaction(member.organisation_id) as session:
            reviews.rate(session, member, interview_id, {name: _level(text) for name, text in levels.items()})
    except (Conflict, Invalid) as error:
        return candidate_page.shown_again(request, member, interview_id, Refused("rating", error, levels=levels))
    return render.go(request, list_asked.person(request, interview_id, "#criteria"), said="shortlist.said.rated")


def _level(text: str) -> int:
    if text not in LEVELS:
        raise Invalid("Choose a level from 1 to 5.", "1에서 5까지의 수준을 골라 주십시오.", code="level")
    return int(text)


@router.post("/staff/interviews/{interview_id}/decisions")
def decide(
    request: Request, *, interview_id: str, member: deps.SignedIn, kind: Text = "", reason: Text = ""
) -> Response:
    """Keeps a decision, or shows the page again with what is missing and the reason as it was typed."""
    try:
        with database.transaction(member.organisation_id) as session:
            reviews.decide(session, member, interview_id, kind, reason=reason)
    except (Conflict, Invalid) as error:
        refused = Refused("decision", error, kind=kind, reason=reason)
        return candidate_page.shown_again(request, member, interview_id, refused)
    return render.go(request, list_asked.person(request, interview_id, "#decision"), said="shortlist.said.decided")


@router.post("/staff/answers/{answer_id}/again")
def again(request: Request, answer_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """One click to have an answer processed again that broke the worker."""
    interview_id = reviews.ask_again(session, member, answer_id)
    return render.go(request, list_asked.person(request, interview_id), said="shortlist.said.again")


@router.get("/recordings/{answer_id}")
def recording(
    answer_id: str,
    member: deps.SignedIn,
    range: Annotated[str | None, Header()] = None,
) -> Response:
    """An answer's recording in ranges, while blind its sound alone; giving it out counts as a look at it (KR-5)."""
    with database.reading(member.organisation_id) as session:
        found = playback.recording(session, member, answer_id)
    kind = recordings.media_type(found.key, with_picture=found.with_picture)
    if not found.seen:
        with database.transaction(member.organisation_id) as session:
            reviews.viewed(session, member, found.interview_id, "answer")
    return recordings.serve(found.key, kind, range)


@router.get("/recordings/{answer_id}/poster")
def poster(answer_id: str, member: deps.SignedIn) -> Response:
    """The picture shown before an answer plays; not while the opening is blind to this reviewer."""
    with database.reading(member.organisation_id) as session:
        found = playback.recording(session, member, answer_id)
    if found.poster_key is None or not found.with_picture:
        raise NotFound
    return recordings.serve(found.poster_key, recordings.picture_type(found.poster_key), None)
