"""Inviting from a file, more time for one or all, and reminding those who have not finished."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Annotated, TypeVar

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from interview_ai import audit, database, deadlines, openings, queries, reminders, rosters
from interview_ai.errors import InterviewError, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rosters import Roster
from interview_ai.settings import settings
from web import deps, forms, once, opening_form, render, sheets, words
from web.inviting import Came, Unread

router = APIRouter()
Text = Annotated[str, Form()]
Item = TypeVar("Item")
LONGEST_S = 20.0  # that one request invites; what is left is sent with the next press
A_ROUND = 50  # invitations in one transaction: nobody who records waits longer than these take
MOST_SHOWN = 200  # faulty rows drawn; whoever has more has them mended in rounds


@router.post("/staff/openings/{opening_id}/roster")
def roster(request: Request, *, opening_id: str, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Reads a file and shows what would become of each row; sends nothing."""
    _ours(member, opening_id)
    file = typed.get("file")
    given = file if isinstance(file, UploadFile) else None
    try:
        with database.reading(member.organisation_id) as session:
            content = given.file.read() if given else b""
            if given is None or not content:
                raise Invalid("Choose a file.", "파일을 골라 주십시오.", code="file")
            named = {"file": given.filename or "", "language": str(typed.get("language", "ko"))}
            found = rosters.read(session, member, opening_id, content=content, **named)
    except InterviewError as error:
        return _refused(request, member, opening_id, form="file", error=error)
    return render.go(request, once.keep(member, found, f"/staff/openings/{opening_id}/roster"))


def _refused(
    request: Request, member: Member, opening_id: str, *, form: str, error: InterviewError, typed: str = ""
) -> Response:
    """The opening's page says at the form what is to be mended. Raises what hides the opening."""
    if error.status in (403, 404):
        raise error
    unread = Unread(form, error.code, error.en, error.ko, typed)
    return render.go(request, once.keep(member, unread, f"/staff/openings/{opening_id}"))


@router.get("/staff/openings/{opening_id}/roster")
def preview(
    request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading, shown: str = ""
) -> Response:
    """The file as it was understood, its faults in their cells; or the way to send one."""
    member.must_be("owner", "recruiter")
    found = once.kept(member, shown, Roster)
    return render.page(
        request,
        "staff/roster.html",
        member=member,
        opening=queries.opening(session, opening_id),
        roster=found if found and found.opening_id == opening_id else None,
        shown=shown,
        most_shown=MOST_SHOWN,
        mails_leave=bool(settings().smtp_url),
    )


@router.post("/staff/openings/{opening_id}/roster/send")
def send(request: Request, *, opening_id: str, member: deps.SignedIn, shown: Text = "") -> Response:
    """Invites whoever is ready in the file that was just looked at; sending it twice invites nobody twice."""
    with database.reading(member.organisation_id) as session:
        openings.open_to_invite(session, member, opening_id)
    found = once.kept(member, shown, Roster)
    if found is None or found.opening_id != opening_id:
        return render.go(request, f"/staff/openings/{opening_id}/roster")
    until, ready, tried, sent = time.monotonic() + LONGEST_S, found.those("ready"), 0, list(found.links)
    count = found.sent
    while tried < len(ready) and (not tried or time.monotonic() < until):
        some = ready[tried : tried + A_ROUND]
        with database.transaction(member.organisation_id) as session:
            invited = rosters.invite(session, member, opening_id, some)
        count += len(invited)
        sent += [] if settings().smtp_url else invited
        tried += len(some)
    if tried < len(ready):
        left = found.without(ready[:tried], sent)
        return render.go(request, once.keep(member, left, f"/staff/openings/{opening_id}/roster"))
    came = Came("invited", count, tuple(sent))
    return render.go(request, once.keep(member, came, f"/staff/openings/{opening_id}"))


@router.get("/staff/openings/{opening_id}/roster/links.csv")
def links(request: Request, *, opening_id: str, member: deps.SignedIn, shown: str = "") -> Response:
    """The links of those just invited, while they are shown: where no mail leaves, a person hands them over.

    Raises NotFound afterwards, and for everybody else.
    """
    member.must_be("owner", "recruiter")
    with database.transaction(member.organisation_id) as session:
        openings.own(session, opening_id)
        came = once.kept(member, shown, Came)
        if came is None or not came.links:
            raise NotFound
        details = {"rows": len(came.links)}
        audit.append(session, member.actor, "invitation links taken", f"opening:{opening_id}", details=details)
    t = words.speaker(render.language_of(request))
    head = [t(f"openings.lines.{column}") for column in ("name", "email", "link")]
    table = [head, *([one.name, one.email, one.link] for one in came.links)]
    named = {"content-disposition": sheets.attachment(f"onterview-links-{opening_id[:8]}.csv")}
    return StreamingResponse(sheets.csv_blocks(table), media_type=sheets.CSV_TYPE, headers=named)


@router.post("/staff/openings/{opening_id}/reminders")
def remind(request: Request, *, opening_id: str, member: deps.SignedIn) -> Response:
    """Reminds everybody who has not finished and was not reminded within a day."""
    try:
        with database.reading(member.organisation_id) as session:
            due = reminders.due(session, member, opening_id)
        count = 0
        for some in _rounds(due):
            with database.transaction(member.organisation_id) as session:
                count += reminders.remind(session, member, opening_id, some)
    except InterviewError as error:
        return _refused(request, member, opening_id, form="remind", error=error)
    return render.go(request, once.keep(member, Came("reminded", count), f"/staff/openings/{opening_id}"))


@router.post("/staff/openings/{opening_id}/deadline")
def extend_all(
    request: Request, *, opening_id: str, member: deps.SignedIn, until: Text = "", tell: Text = ""
) -> Response:
    """A later deadline for everybody."""
    _ours(member, opening_id)
    try:
        with database.transaction(member.organisation_id) as session:
            deadlines.extend_all(session, member, opening_id, forms.moment(until), tell=bool(tell))
    except InterviewError as error:
        return _refused(request, member, opening_id, form="deadline", error=error, typed=until)
    return render.go(request, f"/staff/openings/{opening_id}", said="inviting.said.extended")


@router.post("/staff/openings/{opening_id}/invitations/{invitation_id}/deadline")
def extend_one(
    request: Request,
    *,
    opening_id: str,
    invitation_id: str,
    member: deps.SignedIn,
    until: Text = "",
    tell: Text = "",
) -> Response:
    """More time for one person."""
    _ours(member, opening_id)
    try:
        with database.transaction(member.organisation_id) as session:
            deadlines.extend_one(session, member, opening_id, invitation_id, until=forms.moment(until), tell=bool(tell))
    except InterviewError as error:
        return _refused(request, member, opening_id, form=f"deadline-{invitation_id}", error=error, typed=until)
    return render.go(request, f"/staff/openings/{opening_id}", said="inviting.said.more_time")


def _ours(member: Member, opening_id: str) -> None:
    """Raises NotFound before anything else is said of what was typed."""
    with database.reading(member.organisation_id) as session:
        openings.own(session, opening_id)


def _rounds(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), A_ROUND):
        yield items[start : start + A_ROUND]
