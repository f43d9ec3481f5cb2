"""What a reviewer does on a candidate's page besides rating: opens the next step of a blind review, and notes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from interview_ai import database, notes, stages
from interview_ai.errors import Conflict, Invalid
from web import candidate_page, deps, forms, list_asked, render
from web.candidate_page import Refused

router = APIRouter()
Text = Annotated[str, Form()]


@router.post("/staff/interviews/{interview_id}/sound")
def sound(request: Request, interview_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """The second step of a blind review: the sound without picture; on the record (KR-13)."""
    stages.open_sound(session, member, interview_id)
    return render.go(request, list_asked.person(request, interview_id), said="person.said.sound")


@router.post("/staff/interviews/{interview_id}/reveal")
def reveal(request: Request, interview_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Ends blindness for this reviewer and candidate; on the record (KR-13)."""
    stages.reveal(session, member, interview_id)
    return render.go(request, list_asked.person(request, interview_id), said="shortlist.said.revealed")


@router.post("/staff/interviews/{interview_id}/notes")
def write(
    request: Request,
    *,
    interview_id: str,
    member: deps.SignedIn,
    answer: Text = "",
    at: Text = "",
    text: Text = "",
    shared: Text = "",
) -> Response:
    """Keeps a new note, or shows the page again with it and what is wrong."""
    typed = {"id": "", "answer": answer, "at": at, "text": text, "shared": shared}
    try:
        with database.transaction(member.organisation_id) as session:
            at_s = forms.second(at)
            notes.write(session, member, interview_id, answer, at_s=at_s, text=text, shared=bool(shared))
    except (Conflict, Invalid) as error:
        return candidate_page.shown_again(request, member, interview_id, Refused("note", error, note=typed))
    return _noted(request, interview_id)


@router.post("/staff/interviews/{interview_id}/notes/{note_id}")
def change(
    request: Request,
    *,
    interview_id: str,
    note_id: str,
    member: deps.SignedIn,
    at: Text = "",
    text: Text = "",
    shared: Text = "",
) -> Response:
    """Keeps one's own note as it was changed, or shows the page again with it and what is wrong."""
    typed = {"id": note_id, "at": at, "text": text, "shared": shared}
    try:
        with database.transaction(member.organisation_id) as session:
            at_s = forms.second(at)
            notes.change(session, member, interview_id, note_id, at_s=at_s, text=text, shared=bool(shared))
    except (Conflict, Invalid) as error:
        return candidate_page.shown_again(request, member, interview_id, Refused("note", error, note=typed))
    return _noted(request, interview_id)


@router.post("/staff/interviews/{interview_id}/notes/{note_id}/delete")
def delete(
    request: Request, interview_id: str, note_id: str, *, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Deletes one's own note."""
    notes.delete(session, member, interview_id, note_id)
    return _noted(request, interview_id, said="person.said.note_deleted")


def _noted(request: Request, interview_id: str, *, said: str = "person.said.noted") -> Response:
    return render.go(request, list_asked.person(request, interview_id, "#notes"), said=said)
