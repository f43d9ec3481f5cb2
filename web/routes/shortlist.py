"""One candidate with rating and decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Header, Request, Response

from interview_ai import database, dossier, queries, reviews
from interview_ai.errors import Conflict, InterviewError, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.queries import ListRow
from interview_ai.rules import decisions
from web import deps, opening_form, recordings, render

router = APIRouter()
Text = Annotated[str, Form()]
LEVEL = "level."
LEVELS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept, as it was typed, with the error that says what it lacks."""

    form: Literal["rating", "decision"]
    error: InterviewError
    levels: Mapping[str, str] = field(default_factory=dict)
    kind: str = ""
    reason: str = ""


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
    return _candidate(request, member, found, picked=picked, onward=onward)


def _candidate(
    request: Request,
    member: Member,
    found: dossier.Dossier,
    *,
    picked: Mapping[str, str],
    onward: ListRow | None = None,
    refused: Refused | None = None,
) -> Response:
    context = {"member": member, "found": found, "kinds": decisions.KINDS, "picked": picked, "onward": onward}
    address, status = f"/staff/interviews/{found.interview.id}", refused.error.status if refused else 200
    return render.page(request, "staff/candidate.html", status=status, address=address, refused=refused, **context)


def _shown_again(request: Request, member: Member, interview_id: str, refused: Refused) -> Response:
    """The page with the form as it was typed and what it lacks."""
    with database.reading(member.organisation_id) as session:
        found = dossier.dossier(session, member, interview_id)
        return _candidate(request, member, found, picked=refused.levels, refused=refused)


@router.get("/staff/interviews/{interview_id}/answers/{answer_id}")
def answer(
    request: Request, interview_id: str, answer_id: str, member: deps.SignedIn, session: deps.StaffWriting
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
        return _shown_again(request, member, interview_id, Refused("rating", error, levels=levels))
    return render.go(request, f"/staff/interviews/{interview_id}#criteria", said="shortlist.said.rated")


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
        return _shown_again(request, member, interview_id, refused)
    return render.go(request, f"/staff/interviews/{interview_id}#decision", said="shortlist.said.decided")


@router.post("/staff/interviews/{interview_id}/reveal")
def reveal(request: Request, interview_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Ends blindness for this reviewer and candidate; on the record (KR-13)."""
    reviews.viewed(session, member, interview_id, "reveal")
    return render.go(request, f"/staff/interviews/{interview_id}", said="shortlist.said.revealed")


@router.post("/staff/answers/{answer_id}/again")
def again(request: Request, answer_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """One click to have an answer processed again that broke the worker."""
    interview_id = reviews.ask_again(session, member, answer_id)
    return render.go(request, f"/staff/interviews/{interview_id}", said="shortlist.said.again")


@router.get("/recordings/{answer_id}")
def recording(
    answer_id: str,
    member: deps.SignedIn,
    range: Annotated[str | None, Header()] = None,
) -> Response:
    """An answer's recording in ranges, while blind its sound alone; giving it out counts as a look at it (KR-5)."""
    with database.reading(member.organisation_id) as session:
        found = dossier.recording(session, member, answer_id)
    kind = recordings.media_type(found.key, with_picture=found.with_picture)
    if not found.seen:
        with database.transaction(member.organisation_id) as session:
            reviews.viewed(session, member, found.interview_id, "answer")
    return recordings.serve(found.key, kind, range)


@router.get("/recordings/{answer_id}/poster")
def poster(answer_id: str, member: deps.SignedIn) -> Response:
    """The picture shown before an answer plays; not while the opening is blind to this reviewer."""
    with database.reading(member.organisation_id) as session:
        found = dossier.recording(session, member, answer_id)
    if found.poster_key is None or not found.with_picture:
        raise NotFound
    return recordings.serve(found.poster_key, recordings.picture_type(found.poster_key), None)
