"""A university follows its students; a student says whether it may see their result."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from interview_ai import named_progress, outcome_figures, outcome_sharing, progress
from interview_ai.errors import Forbidden
from interview_ai.organisations import Member
from interview_ai.progress import Wanted
from interview_ai.settings import settings
from web import deps, render, words

router = APIRouter()
Field = Annotated[str, Query(max_length=200)]
MOST_PICTURES = 12


def _wanted(
    opening: Field = "",
    department: Field = "",
    cohort: Field = "",
    at: Field = "",
    words: Field = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Wanted:
    return Wanted(opening, department=department, cohort=cohort, at=at, words=words, page=page)


@router.get("/staff/progress")
def progress_page(
    request: Request,
    member: deps.SignedIn,
    session: deps.EverywhereReading,
    wanted: Annotated[Wanted, Depends(_wanted)],
) -> Response:
    """Counts by department and cohort, published figures of outcomes, campaigns, and the students by name."""
    if member.organisation_kind != "university":
        raise Forbidden("This page is for universities.", "대학이 쓰는 화면입니다.")
    live = "hx-request" in request.headers
    context = _counts(request, member, session, wanted)
    if live:
        return render.page(request, "staff/progress_counts.html", member=member, wanted=wanted, **context)
    # a reviewer of a university reads counts; names are for who invites
    named = member.role != "reviewer"
    students = named_progress.students(session, member, wanted) if named else None
    context |= {
        "students": students,
        "ats": named_progress.AT,
        "nothing": Wanted(),
        "openings": progress.openings(session, member),
    }
    return render.page(
        request,
        "staff/progress.html",
        member=member,
        wanted=wanted,
        campaigns=progress.campaigns(session, member),
        link=lambda **changed: _link(replace(wanted, **changed)),
        **context,
    )


def _counts(request: Request, member: Member, session: deps.EverywhereReading, wanted: Wanted) -> dict[str, Any]:
    found = progress.overview(session, member, wanted)
    language = render.language_of(request)
    return {
        "found": found,
        "cohorts": found.cohorts,
        "day": lambda moment: words.day(language, moment),
        "stages": found.total.steps,
        "not_given": outcome_figures.NOT_GIVEN,
        "pictures_of": MOST_PICTURES,
        "mails_leave": bool(settings().smtp_url),
        "live": _link(wanted),
    }


def _link(wanted: Wanted) -> str:
    named = asdict(wanted) | {"opening": wanted.opening_id}
    del named["opening_id"]
    asked = {name: value for name, value in named.items() if value and (name, value) != ("page", 1)}
    return f"/staff/progress?{urlencode(asked)}" if asked else "/staff/progress"


@router.post("/interview/share-result")
def share_result(
    request: Request,
    applicant: deps.Applying,
    session: deps.CandidateWriting,
    shared: Annotated[str, Form()] = "",
) -> Response:
    """The student lets the university that invited them see their result, or takes that back."""
    outcome_sharing.share(session, applicant, shared=shared == "yes")
    return render.go(
        request, "/interview/done#sharing", said=f"sharing.said.{'shared' if shared == 'yes' else 'ended'}"
    )
