"""The agency's first page: its region from invited to hired, what is stuck, and how the service is doing."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from babel.dates import format_skeleton
from fastapi import APIRouter, Query, Request, Response

from interview_ai import first_steps, health, region, stuck
from interview_ai.errors import Forbidden
from interview_ai.region import PartnerLine
from interview_ai.rules.reasons import SENTENCES
from web import deps, render, words

router = APIRouter()
MOST_PICTURES = 12
FIRST_STUCK = 15
SORTS = ("name", *region.STAGES)


@router.get("/staff/region")
def region_page(
    request: Request,
    member: deps.SignedIn,
    session: deps.EverywhereReading,
    sort: Annotated[str, Query(max_length=20)] = "invited",
) -> Response:
    """All of the agency's programmes together."""
    if member.organisation_kind != "agency":
        raise Forbidden("This page belongs to another kind of organisation.", "다른 유형의 기관이 쓰는 화면입니다.")
    language = render.language_of(request)
    counted = region.cells(session, member)
    found = region.region(session, member, counted)
    waiting = stuck.stuck(session, member, counted)
    order = sort if sort in SORTS else "invited"
    return render.page(
        request,
        "staff/region.html",
        member=member,
        first_steps=first_steps.steps(session, member),
        found=found,
        employers=_sorted(found.employers, order, language),
        universities=_sorted(found.universities, order, language),
        sort=order,
        sorts=SORTS,
        stages=region.STAGES,
        stuck=waiting[:FIRST_STUCK],
        more_stuck=waiting[FIRST_STUCK:],
        reasons={code: sentence.text(language) for code, sentence in SENTENCES.items()},
        days=region.days(session, member),
        due=health.calendar(session, member),
        health=health.health(session),
        states=health.STATES,
        pictures_of=MOST_PICTURES,
        day=lambda moment: words.day(language, moment),
        month=lambda first: _month(first, language),
    )


def _sorted(lines: tuple[PartnerLine, ...], by: str, language: str) -> list[PartnerLine]:
    if by == "name":
        return sorted(lines, key=lambda line: line.name.text(language))
    return sorted(lines, key=lambda line: (-getattr(line.way, by), line.name.text(language)))


def _month(first: date, language: str) -> str:
    return str(format_skeleton("yMMMM", first, locale=language))
