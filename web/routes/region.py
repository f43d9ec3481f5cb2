"""The agency's first page: its region from invited to hired, what is stuck, and how the service is doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from babel.dates import format_skeleton
from fastapi import APIRouter, Depends, Query, Request, Response

from interview_ai import first_steps, health, region, stuck
from interview_ai.errors import Forbidden
from interview_ai.region import PartnerLine
from interview_ai.rules.reasons import SENTENCES
from web import deps, render

router = APIRouter()
MOST_PICTURES, MOST_ROWS, FIRST_STUCK = 12, 8, 5
SORTS = ("name", *region.STAGES)


@dataclass(frozen=True, slots=True)
class Look:
    """How the page is drawn: in which order, with all rows or the first ones, and what the bars stand for."""

    sort: str = "invited"
    whole: bool = False
    shares: bool = False

    def link(self, **changed: str) -> str:
        """The same page with some of it changed."""
        named = {"sort": self.sort, "all": "yes" if self.whole else "", "bars": "share" if self.shares else ""}
        asked = {name: value for name, value in (named | changed).items() if value}
        return f"/staff/region?{urlencode(asked)}"


def _look(
    sort: Annotated[str, Query(max_length=20)] = "invited",
    all: Annotated[str, Query(max_length=3)] = "",
    bars: Annotated[str, Query(max_length=6)] = "",
) -> Look:
    return Look(sort if sort in SORTS else "invited", all == "yes", bars == "share")


@router.get("/staff/region")
def region_page(
    request: Request,
    member: deps.SignedIn,
    session: deps.EverywhereReading,
    look: Annotated[Look, Depends(_look)],
) -> Response:
    """All of the agency's programmes together."""
    if member.organisation_kind != "agency":
        raise Forbidden("This page belongs to another kind of organisation.", "다른 유형의 기관이 쓰는 화면입니다.")
    language = render.language_of(request)
    counted = region.cells(session, member)
    found = region.region(session, member, counted)
    waiting = stuck.stuck(session, member, counted)
    return render.page(
        request,
        "staff/region.html",
        member=member,
        first_steps=first_steps.steps(session, member),
        found=found,
        employers=_sorted(found.employers, look.sort, language),
        universities=_sorted(found.universities, look.sort, language),
        sort=look.sort,
        look=look,
        link=look.link,
        sorts=SORTS,
        stages=region.STAGES,
        stuck=waiting[:FIRST_STUCK],
        more_stuck=waiting[FIRST_STUCK:],
        reasons={code: sentence.text(language) for code, sentence in SENTENCES.items()},
        days=region.days(session, member),
        due=health.calendar(session, member),
        overdue=health.overdue(session, member),
        health=health.health(session),
        states=health.STATES,
        pictures_of=MOST_PICTURES,
        rows_of=MOST_ROWS,
        month=lambda first: _month(first, language),
    )


def _sorted(lines: tuple[PartnerLine, ...], by: str, language: str) -> list[PartnerLine]:
    if by == "name":
        return sorted(lines, key=lambda line: line.name.text(language))
    return sorted(lines, key=lambda line: (-getattr(line.way, by), line.name.text(language)))


def _month(first: date, language: str) -> str:
    return str(format_skeleton("yMMMM", first, locale=language))
