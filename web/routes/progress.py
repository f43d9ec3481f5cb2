"""A university follows its students; a student says whether it may see their result."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from interview_ai import named_progress, outcome_figures, outcome_sharing, progress
from interview_ai.errors import Forbidden
from interview_ai.organisations import Member
from interview_ai.progress import DepartmentLine, Overview, Wanted
from interview_ai.settings import settings
from web import deps, render

router = APIRouter()
Field = Annotated[str, Query(max_length=200)]
MOST_PICTURES = 12
MOST_ROWS = 12
"""Departments, with their cohorts if they fit, and cohorts that a table shows until somebody asks for all."""
MOST_CAMPAIGNS = 5


@dataclass(frozen=True, slots=True)
class Look:
    """How the page is drawn: `whole`, all of its rows; `bars`, pictures of shares instead of people."""

    whole: bool = False
    shares: bool = False


def _look(all: Annotated[str, Query(max_length=3)] = "", bars: Annotated[str, Query(max_length=6)] = "") -> Look:
    return Look(all == "yes", bars == "share")


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
    look: Annotated[Look, Depends(_look)],
) -> Response:
    """Counts by department and cohort, published figures of outcomes, campaigns, and the students by name."""
    if member.organisation_kind != "university":
        raise Forbidden("This page is for universities.", "대학이 쓰는 화면입니다.")
    live = "hx-request" in request.headers
    context = _counts(request, member, session, wanted, look)
    if live:
        return render.page(request, "staff/progress_counts.html", member=member, wanted=wanted, **context)
    # a reviewer of a university reads counts; names are for who invites
    named = member.role != "reviewer"
    students = named_progress.students(session, member, wanted) if named else None
    context |= {
        "students": students,
        "ats": named_progress.AT,
        "openings": progress.openings(session, member),
    }
    return render.page(
        request,
        "staff/progress.html",
        member=member,
        wanted=wanted,
        campaigns=progress.campaigns(session, member, None if look.whole else MOST_CAMPAIGNS),
        campaigns_of=progress.count_of_campaigns(session, member),
        **context,
    )


def _counts(
    request: Request, member: Member, session: deps.EverywhereReading, wanted: Wanted, look: Look
) -> dict[str, Any]:
    found = progress.overview(session, member, wanted)
    departments, unfolded = _shown(found, wanted, look)
    return {
        "found": found,
        "departments": departments,
        "unfolded": unfolded,
        "cohorts": found.cohorts if look.whole else found.cohorts[:MOST_ROWS],
        "look": look,
        "link": lambda **changed: _link(replace(wanted, page=1), look, **changed),
        "stages": found.total.steps,
        "not_given": outcome_figures.NOT_GIVEN,
        "pictures_of": MOST_PICTURES,
        "mails_leave": bool(settings().smtp_url),
        "live": _link(wanted, look),
    }


def _shown(found: Overview, wanted: Wanted, look: Look) -> tuple[list[DepartmentLine], set[str]]:
    """The departments that the table shows, and of which of them also the cohorts."""
    lines = list(found.departments)
    divided = {line.department for line in lines if line.divided}
    rows = len(lines) + sum(len(line.cohorts) for line in lines if line.department in divided)
    if look.whole or rows <= MOST_ROWS:
        return lines, divided
    # a department that is asked for is there whatever its size
    drawn = [line for n, line in enumerate(lines) if n < MOST_ROWS or line.department == wanted.department]
    return drawn, divided & {wanted.department}


def _link(wanted: Wanted, look: Look, **changed: Any) -> str:
    """The page with all that is asked of it, some of that changed."""
    shown = {"all": "yes" if look.whole else "", "bars": "share" if look.shares else ""}
    named = asdict(wanted) | {"opening": wanted.opening_id} | shown | changed
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
