"""The ranked list of an opening: filters, sorting, search, pages, and the part that asks again for news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.orm import Session

from interview_ai import flags, queries, search, sight
from interview_ai.organisations import Member
from interview_ai.ranking import Page
from interview_ai.sight import Wanted
from web import deps, render

router = APIRouter()
LONGEST_SEARCH = 200
HIGHEST_PAGE = 1_000_000
AROUND = 2  # pages offered on either side of this one
Asked = Annotated[str, Query(max_length=LONGEST_SEARCH)]


def _asked(  # one argument for each field of the form
    *,
    show: Asked = "all",
    sort: Asked = "bands",
    least: Asked = "",
    rater: Asked = "",
    flag: Asked = "",
    words: Asked = "",
    page: Asked = "1",
) -> Wanted:
    """What the address says. What nobody offers is left out: an old address still shows a list."""
    order, _, criterion = sort.partition(":")
    above, _, level = least.partition(":")
    return Wanted(
        show=show if show in sight.SHOWN else "all",
        sort=order if order in sight.SORTS else "bands",
        by=criterion,
        criterion=above if level in ("2", "3", "4", "5") else "",
        least=int(level) if level in ("2", "3", "4", "5") else 0,
        rater=rater,
        flag=flag if flag in flags.NAMES else "",
        words=" ".join(words.split()),
        page=min(int(page), HIGHEST_PAGE) if page.isascii() and page.isdigit() else 1,
    )


Chosen = Annotated[Wanted, Depends(_asked)]


@router.get("/staff/openings/{opening_id}/candidates")
def shortlist(
    request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading, wanted: Chosen
) -> Response:
    """The candidates of an opening, in bands."""
    return render.page(request, "staff/shortlist.html", **_context(request, session, member, opening_id, wanted))


@router.get("/staff/openings/{opening_id}/candidates/rows")
def rows(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    wanted: Chosen,
    version: Annotated[str, Query()] = "",
) -> Response:
    """Only the list, for the page that asks again and again; 204 while nothing has changed."""
    found = queries.opening(session, opening_id)
    if version == queries.version(session, found):
        return Response(status_code=204)
    return render.page(request, "staff/shortlist_rows.html", **_context(request, session, member, opening_id, wanted))


def _context(request: Request, session: Session, member: Member, opening_id: str, wanted: Wanted) -> Mapping[str, Any]:
    found = queries.shortlist(session, member, opening_id, wanted)
    base = f"/staff/openings/{opening_id}/candidates"
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
        "link": lambda **other: _address(base, wanted, other),
        "poll": _address(f"{base}/rows", wanted, {"version": found.version}),
    }


def _numbers(page: Page) -> list[int | None]:
    """The pages that are offered: the first, the last, those around this one; None where some are left out."""
    near = {number for number in range(page.number - AROUND, page.number + AROUND + 1) if 1 <= number <= page.last}
    offered = sorted(near | {1, page.last})
    found: list[int | None] = []
    for before, number in zip([0, *offered], offered, strict=False):
        found += [None, number] if number > before + 1 else [number]
    return found


def _address(base: str, wanted: Wanted, other: Mapping[str, object]) -> str:
    """The list as it is asked for now, but for what is given; what is as if nobody asked is not written."""
    asked = _fields(wanted) | {name: str(value) for name, value in other.items()}
    plain = _fields(Wanted())
    kept = {name: value for name, value in asked.items() if value != plain.get(name)}
    return f"{base}?{urlencode(kept)}" if kept else base


def _fields(wanted: Wanted) -> dict[str, str]:
    """The fields of the form."""
    return {
        "show": wanted.show,
        "sort": f"{wanted.sort}:{wanted.by}" if wanted.by else wanted.sort,
        "least": f"{wanted.criterion}:{wanted.least}" if wanted.criterion else "",
        "rater": wanted.rater,
        "flag": wanted.flag,
        "words": wanted.words,
        "page": str(wanted.page),
    }
