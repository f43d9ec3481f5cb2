"""The links of a campaign's people as a file, CSV or XLSX, for whoever hands them over; each on the record."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from interview_ai import campaign_links, campaign_views, campaigns, database
from interview_ai.campaign_views import Wanted
from interview_ai.errors import Conflict
from interview_ai.organisations import Member
from interview_ai.tables import Campaign
from web import campaign_form, deps, render, security, sheets, words
from web.routes.campaigns import show
from web.sheets import Cell

router = APIRouter()
KEPT = ("name", "email", "student_number", "phone")
LAST = ("link", "deadline", "stop")
SELDOM = [Depends(security.limit("links of a campaign", "10/minute"))]


@router.post("/staff/campaigns/{campaign_id}/links.csv", dependencies=SELDOM)
def as_csv(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """Names, addresses and a fresh link for each as CSV, made while it leaves."""
    try:
        found = _begun(member, campaign_id, "csv")
    except Conflict as error:
        return _refused(request, member, campaign_id, error)
    blocks = sheets.csv_blocks(_lines(found, render.language_of(request)))
    return StreamingResponse(blocks, media_type=sheets.CSV_TYPE, headers=_named(found, "csv"))


@router.post("/staff/campaigns/{campaign_id}/links.xlsx", dependencies=SELDOM)
def as_xlsx(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """The same as XLSX."""
    try:
        found = _begun(member, campaign_id, "xlsx")
    except Conflict as error:
        return _refused(request, member, campaign_id, error)
    language = render.language_of(request)
    with database.reading(database.EVERYWHERE) as session:
        letters = campaign_form.letters(campaigns.opening_of(session, found), member)
    said = [line for _, letter in letters for line in (*letter.splitlines(), "")]
    file = sheets.xlsx_file(
        _lines(found, language),
        title=words.say(language, "campaign.links.sheet"),
        beside=(words.say(language, "campaign.links.letter_title"), said),
    )
    return StreamingResponse(sheets.read_in_blocks(file), media_type=sheets.XLSX_TYPE, headers=_named(found, "xlsx"))


def _begun(member: Member, campaign_id: str, form: str) -> Campaign:
    with database.transaction(database.EVERYWHERE) as session:
        return campaign_links.begin(session, member, campaign_id, form)


def _refused(request: Request, member: Member, campaign_id: str, error: Conflict) -> Response:
    with database.reading(database.EVERYWHERE) as session:
        found = campaigns.own(session, member, campaign_id)
        return show(request, session, member, found, wanted=Wanted(), error=error)


def _named(found: Campaign, form: str) -> dict[str, str]:
    plain = f"onterview-links-{found.id[:8]}.{form}"
    return {"content-disposition": sheets.attachment(plain, found.name, f"-links.{form}"), "cache-control": "no-store"}


def _lines(found: Campaign, language: str) -> Iterator[list[Cell]]:
    t = words.speaker(language)
    columns = [name for name in campaign_views.columns_of(found) if name in KEPT]
    yield [*(t(f"campaign.columns.{name}") for name in columns), *(t(f"campaign.links.{name}") for name in LAST)]
    for one in campaign_links.people(found):
        yield [getattr(one, name) for name in (*columns, *LAST)]
