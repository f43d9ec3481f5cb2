"""Letters about decisions: who gets what, sending them, and where each one is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy.orm import Session

from interview_ai import database, letter_texts, letters, queries
from interview_ai.errors import Conflict, InterviewError, NotFound
from interview_ai.letters import Sent, Untold
from interview_ai.organisations import Member
from interview_ai.rules import decisions
from interview_ai.settings import settings
from interview_ai.tables import Opening
from web import deps, list_asked, once, render, words
from web.list_asked import Ticked

router = APIRouter()
Text = Annotated[str, Form()]
Ids = Annotated[list[str] | None, Form()]


@router.get("/staff/openings/{opening_id}/letters")
def list_of_letters(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    chosen: Ticked,
    shown: str = "",
) -> Response:
    """Who is still to be told, and every letter with where it is."""
    opening = opening_of(session, member, opening_id)
    return render.page(
        request,
        "staff/letters.html",
        member=member,
        opening=opening,
        kinds=decisions.KINDS,
        counts=letters.counts(session, opening),
        lines=letters.of_opening(session, member, opening),
        chosen=chosen,
        longest=letters.LONGEST_LIST,
        came_of=once.kept(member, shown, Sent),
        mails_leave=bool(settings().smtp_url),
    )


def opening_of(session: Session, member: Member, opening_id: str) -> Opening:
    """The opening, for whoever may tell its outcomes. Raises Forbidden, NotFound."""
    member.must_be("owner", "recruiter")
    return queries.opening(session, opening_id)


@router.get("/staff/openings/{opening_id}/letters/send")
def preview(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    kind: Annotated[str, Query()] = "",
    interview: Annotated[str, Query()] = "",
    chosen: Ticked,
) -> Response:
    """Who gets what: every letter's words and to whom it goes, before anything is sent."""
    return _preview(request, session, member, opening_id, kind=kind, interview=interview, chosen=chosen)


def _preview(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    kind: str = "",
    interview: str = "",
    chosen: Sequence[str] = (),
    error: InterviewError | None = None,
) -> Response:
    opening = opening_of(session, member, opening_id)
    texts = letter_texts.of_opening(session, member, opening)
    shown = letters.untold(session, member, opening, kind=kind, interview_id=interview, chosen=chosen)
    waiting = letters.counts(session, opening)
    everybody = len(shown) if interview or chosen else waiting.get(kind, 0) if kind else sum(waiting.values())
    return render.page(
        request,
        "staff/letters_send.html",
        status=error.status if error else 200,
        address=f"/staff/openings/{opening_id}/letters/send",
        member=member,
        opening=opening,
        groups=_groups(shown, texts),
        people=shown,
        left=everybody - len(shown),
        kind=kind,
        interview=interview,
        chosen=chosen,
        seen=texts.digest,
        error=error,
        mails_leave=bool(settings().smtp_url),
    )


def _groups(people: list[Untold], texts: letter_texts.Texts) -> list[dict[str, Any]]:
    """The letters that differ in more than the name: each as its first reader gets it, and to whom it goes."""
    groups = []
    for key in dict.fromkeys((one.kind, one.language) for one in people):
        of_key = [one for one in people if (one.kind, one.language) == key]
        subject, body = texts.letter(*key)
        called = called_in(of_key[0].who.name, of_key[0].who.number, key[1])
        letter = (letters.named(subject, called), letters.named(body, called))
        groups.append({"kind": key[0], "language": key[1], "people": of_key, "subject": letter[0], "body": letter[1]})
    return groups


def called_in(name: str | None, number: int, language: str) -> str:
    """The name, or what stands for it while the reader is blind, in the letter's language; the letter has the name."""
    return name or words.say(language, "shortlist.candidate", number=f"{number:02d}")


@router.post("/staff/openings/{opening_id}/letters/send")
def send(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    decision: Ids = None,
    seen: Text = "",
    kind: Text = "",
    interview: Text = "",
    chosen: Ids = None,
) -> Response:
    """Sends the letters that were looked at; what was told in the meantime is skipped and counted."""
    try:
        with database.transaction(member.organisation_id) as session:
            came_of = letters.send(session, member, opening_id, decision or [], seen=seen)
    except Conflict as error:
        with database.reading(member.organisation_id) as session:
            return _preview(
                request,
                session,
                member,
                opening_id,
                kind=kind,
                interview=interview,
                chosen=list_asked.ticked(tuple(chosen or ())),
                error=error,
            )
    return render.go(request, once.keep(member, came_of, f"/staff/openings/{opening_id}/letters"))


@router.get("/staff/openings/{opening_id}/letters/sent/{letter_id}")
def one_letter(
    request: Request, *, opening_id: str, letter_id: str, member: deps.SignedIn, session: deps.StaffReading
) -> Response:
    """A letter as it was sent."""
    letter, line, opening = letters.one(session, member, letter_id)
    if opening.id != opening_id:
        raise NotFound
    called = called_in(line.who.name, line.who.number, line.language)
    return render.page(
        request,
        "staff/letter.html",
        member=member,
        opening=opening,
        line=line,
        subject=letters.named(letter.subject, called),
        body=letters.named(letter.body, called),
    )


@router.post("/staff/openings/{opening_id}/letters/sent/{letter_id}/again")
def again(
    request: Request, *, opening_id: str, letter_id: str, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Sends a refused letter once more."""
    letters.try_again(session, member, letter_id)
    return render.go(request, f"/staff/openings/{opening_id}/letters", said="letters.said.again")
