"""The ranked list of an opening: filters, sorting, search, pages, and the part that asks again for news."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from interview_ai import flags, queries, search
from interview_ai.organisations import Member
from interview_ai.ranking import Page
from interview_ai.search import Snippet
from interview_ai.sight import Wanted
from web import deps, list_asked, render
from web.list_asked import Chosen, Ticked

router = APIRouter()
AROUND = 2  # pages offered on either side of this one


@router.get("/staff/openings/{opening_id}/candidates")
def shortlist(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    wanted: Chosen,
    ticked: Ticked,
) -> Response:
    """The candidates of an opening, in bands."""
    context = _context(session, member, opening_id, wanted=wanted, ticked=ticked)
    return render.page(request, "staff/shortlist.html", **context)


@router.get("/staff/openings/{opening_id}/candidates/rows")
def rows(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    wanted: Chosen,
    ticked: Ticked,
    version: Annotated[str, Query()] = "",
) -> Response:
    """Only the list, for the page that asks again and again; 204 while nothing has changed."""
    found = queries.opening(session, opening_id)
    if version == queries.version(session, found):
        return Response(status_code=204)
    context = _context(session, member, opening_id, wanted=wanted, ticked=ticked)
    return render.page(request, "staff/shortlist_rows.html", **context)


def _context(
    session: Session, member: Member, opening_id: str, *, wanted: Wanted, ticked: tuple[str, ...]
) -> Mapping[str, Any]:
    found = queries.shortlist(session, member, opening_id, wanted)
    base = f"/staff/openings/{opening_id}/candidates"
    chosen = queries.of_opening(session, opening_id, ticked)
    here = {row.interview_id for row in found.rows}
    whole = replace(wanted, page=1)
    return {
        "member": member,
        "list": found,
        "rows": found.rows,
        "wanted": wanted,
        "colleagues": queries.colleagues(session),
        "flags": flags.NAMES,
        "most_met": search.MOST_MET,
        "nobody_asked": Wanted(show=wanted.show, page=wanted.page),
        "numbers": _numbers(found.page),
        "chosen": chosen,
        "elsewhere": [one for one in chosen if one not in here],
        "everybody": found.page.total == found.choices["all"],
        "link": lambda **other: list_asked.address(base, wanted, other, chosen=chosen),
        "unticked": list_asked.address(base, wanted),
        "whole_list": list_asked.address(base, Wanted(), chosen=chosen),
        "person": partial(_person, wanted),
        "file": lambda form: list_asked.address(f"{base}.{form}", whole),
        "poll": list_asked.address(f"{base}/rows", wanted, {"version": found.version}, chosen=chosen),
    }


def _person(wanted: Wanted, interview_id: str, snippet: Snippet | None = None) -> str:
    """The candidate's page, which leads back to this place of the list; from a snippet at the second of its words."""
    at = {} if snippet is None or snippet.start_s is None else {"at": f"{snippet.start_s:.1f}"}
    return list_asked.address(f"/staff/interviews/{interview_id}", wanted, at)


def _numbers(page: Page) -> list[int | None]:
    """The pages that are offered: the first, the last, those around this one; None where some are left out."""
    near = {number for number in range(page.number - AROUND, page.number + AROUND + 1) if 1 <= number <= page.last}
    offered = sorted(near | {1, page.last})
    found: list[int | None] = []
    for before, number in zip([0, *offered], offered, strict=False):
        found += [None, number] if number > before + 1 else [number]
    return found
