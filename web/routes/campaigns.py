"""Campaigns: a roster sent and looked at, confirmed by a person, and what becomes of it in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse
from sqlalchemy.orm import Session

from interview_ai import (
    campaign_choices,
    campaign_drafts,
    campaign_links,
    campaign_reminders,
    campaign_rows,
    campaign_views,
    campaigns,
    database,
    dispatch,
    link_help,
    messages,
)
from interview_ai.campaign_views import MOST_FAULTY, SAMPLE, Wanted
from interview_ai.errors import Conflict, InterviewError, Invalid
from interview_ai.organisations import Member
from interview_ai.rules import roster
from interview_ai.settings import settings
from interview_ai.tables import Campaign, CampaignRow
from web import campaign_form, deps, opening_form, render, sheets, words
from web.sheets import Cell

router = APIRouter()
Text = Annotated[str, Form()]
BEFORE = ("preview", "matching", "reading", "refused")
RUNNING = ("sending", "paused", "sent", "cancelled")


@router.get("/staff/campaigns")
def campaigns_page(request: Request, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """The campaigns of the organisation."""
    found = campaign_views.lines(session, member)
    waiting = set() if settings().smtp_url else messages.waiting(session, member.organisation_id)
    return render.page(request, "staff/campaigns.html", member=member, lines=found, waiting=waiting)


@router.get("/staff/campaigns/new")
def new(request: Request, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """The form of a new campaign."""
    return form(request, session, member, typed=campaign_form.blank(member.language))


def form(
    request: Request,
    session: Session,
    member: Member,
    *,
    typed: Mapping[str, str],
    faults: list[InterviewError] | None = None,
) -> HTMLResponse:
    """The form, with what was typed and all that is wrong with it."""
    language = render.language_of(request)
    wrong: dict[str, list[str]] = {}
    for fault in faults or []:
        wrong.setdefault(fault.code or "file", []).append(fault.text(language))
    return render.page(
        request,
        "staff/campaign_new.html",
        status=faults[0].status if faults else 200,
        address="/staff/campaigns/new",
        member=member,
        choices=campaign_choices.choices(session, member),
        consents=campaign_drafts.CONSENTS,
        typed=typed,
        wrong=wrong,
        most_mb=campaign_drafts.MOST_BYTES // 1_000_000,
        mails_leave=bool(settings().smtp_url),
        gateway=bool(settings().sms_url),
        **campaign_form.options(),
    )


@router.get("/staff/campaigns/{campaign_id}")
def one(
    request: Request,
    *,
    campaign_id: str,
    member: deps.SignedIn,
    session: deps.EverywhereReading,
    outcome: str = "",
    words: str = "",
    part: int = 1,
) -> Response:
    """A campaign as it is: being read, to be matched, to be looked at, or under way."""
    found = campaigns.own(session, member, campaign_id)
    return show(request, session, member, found, wanted=Wanted(outcome, words, part))


def show(
    request: Request,
    session: Session,
    member: Member,
    found: Campaign,
    *,
    wanted: Wanted,
    error: InterviewError | None = None,
    reminders: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """The page of a campaign in its state. `reminders`: what somebody typed who would have others, where `error` is."""
    language = render.language_of(request)
    context: dict[str, Any] = {
        "campaign": found,
        "opening": campaigns.opening_of(session, found),
        "sentence": error.text(language) if error else None,
        "fault": found.fault[language] if found.fault else None,
        "mails_leave": bool(settings().smtp_url),
        "letters": campaign_form.letters(campaigns.opening_of(session, found), member),
        "by_file": campaign_drafts.nothing_leaves(found.channel),
        "quiet": campaign_form.quiet_of(found),
        "fields_of": roster.FIELDS,
        "grounds": _refused(found),
        "most_mb": campaign_drafts.MOST_BYTES // 1_000_000,
        **_reminding(found, language, error, reminders),
    }
    if found.state == "preview":
        context |= _preview(session, member, found, wanted)
    elif found.state in RUNNING:
        context |= _running(session, found, wanted) | _stopped(session, member, found)
    template = "staff/campaign_run.html" if found.state in RUNNING else "staff/campaign.html"
    address = f"/staff/campaigns/{found.id}"
    status = error.status if error else 200
    return render.page(request, template, status=status, address=address, member=member, **context)


def _reminding(
    found: Campaign, language: str, error: InterviewError | None, typed: Mapping[str, str] | None
) -> dict[str, Any]:
    """The form of when and how often people are reminded, with what is wrong in it; none where nobody is any more."""
    now = {"remind_after_days": found.remind_after_days or "", "most_reminders": found.most_reminders}
    over = found.state == "cancelled" or found.channel == "file"
    wrong = {error.code: error.text(language)} if error and typed else {}
    return {"reminding": None if over else typed or now, "wrong_reminders": wrong, **campaign_form.options()}


def _refused(found: Campaign) -> list[tuple[str, str]]:
    """The columns that were refused, each with its ground."""
    return [(head["name"], head["refused"]) for head in found.heads if head["refused"]]


def _preview(session: Session, member: Member, found: Campaign, wanted: Wanted) -> dict[str, Any]:
    counts = campaign_rows.counted(session, found.id)
    ready = counts.get("ready", 0)
    refusal, room = campaigns.refusal(session, member, found)
    left_out = campaign_views.listed(session, found, Wanted(campaign_views.LEFT_OUT), size=MOST_FAULTY)
    return {
        "left_out": left_out,
        "firsts": campaign_views.firsts(session, found, left_out.rows),
        "counts": counts,
        "ready": ready,
        "refusal": refusal,
        "room": room,
        "expected": campaigns.expected(session, found, ready),
        "columns": campaign_views.columns_of(found),
        "faulty": campaign_views.listed(session, found, Wanted("faulty", part=wanted.part), size=MOST_FAULTY),
        "sample": campaign_views.listed(session, found, Wanted("ready"), size=SAMPLE),
    }


def _running(session: Session, found: Campaign, wanted: Wanted) -> dict[str, Any]:
    counts = campaign_rows.counted(session, found.id)
    funnel = campaign_views.funnel(session, found)
    left = max(0, funnel.ready - funnel.invited)
    return {
        "counts": counts | {"sent": funnel.invited, "ready": left},
        "funnel": funnel,
        "left": left,
        "waits": 0 if settings().smtp_url else messages.counts(session, found.id)["pending"],
        "expected": campaigns.expected(session, found, left),
        "sleeps": found.state == "sending" and dispatch.sleeps(found, database.now(session)),
        "no_links": campaign_links.refusal(session, found),
        "linked": campaign_links.count(session, found),
        "locked_out": link_help.locked_out(session, found),
        "files_left": campaign_links.MOST_FILES - found.files_taken,
        "columns": campaign_views.columns_of(found),
        "listed": campaign_views.listed(session, found, wanted),
        "outcomes": campaign_views.OUTCOMES,
    }


def _stopped(session: Session, member: Member, found: Campaign) -> dict[str, Any]:
    """Of a campaign that stopped by itself: whether what stopped it is over, and how many more may be invited."""
    if found.state != "paused" or not found.fault:
        return {"may_go_on": False, "room": None}
    refusal, room = campaigns.refusal(session, member, found, whole=False)
    return {"may_go_on": refusal is None, "room": room.left}


@router.get("/staff/campaigns/{campaign_id}/progress")
def progress(request: Request, campaign_id: str, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """The part of the page that changes by itself; the whole page is asked for anew when the state has moved on."""
    found = campaigns.own(session, member, campaign_id)
    if found.state == "reading":
        return render.page(request, "staff/campaign_reading.html", campaign=found)
    if found.state == "sending":
        return render.page(
            request, "staff/campaign_funnel.html", campaign=found, funnel=campaign_views.funnel(session, found)
        )
    return Response(headers={"hx-refresh": "true"})


@router.post("/staff/campaigns/{campaign_id}/reminders")
def remind(request: Request, campaign_id: str, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """When and how often people are reminded, from now on."""
    after_days, most = campaign_form.reminders(typed)
    try:
        with database.transaction(database.EVERYWHERE) as session:
            campaign_reminders.change(session, member, campaign_id, after_days=after_days, most=most)
    except (Invalid, Conflict) as error:
        with database.reading(database.EVERYWHERE) as session:
            found = campaigns.own(session, member, campaign_id)
            return show(
                request, session, member, found, wanted=Wanted(), error=error, reminders=campaign_form.typed(typed)
            )
    return render.go(request, f"/staff/campaigns/{campaign_id}", said="campaign.said.reminders")


@router.post("/staff/campaigns/{campaign_id}/columns")
def match(request: Request, campaign_id: str, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Which column holds what."""
    return _act(request, member, campaign_id, "matched", columns=campaign_form.columns(typed))


@router.post("/staff/campaigns/{campaign_id}/confirm")
def confirm(request: Request, *, campaign_id: str, member: deps.SignedIn, ready: Text = "") -> Response:
    """From now on messages leave."""
    number = int(ready) if ready.isascii() and ready.isdigit() and len(ready) < 9 else -1
    return _act(request, member, campaign_id, "confirmed", ready=number)


@router.post("/staff/campaigns/{campaign_id}/pause")
def pause(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """Nothing more leaves."""
    return _act(request, member, campaign_id, "paused")


@router.post("/staff/campaigns/{campaign_id}/resume")
def resume(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """Messages leave again."""
    return _act(request, member, campaign_id, "resumed")


@router.post("/staff/campaigns/{campaign_id}/cancel")
def cancel(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """The end of it."""
    return _act(request, member, campaign_id, "cancelled")


ACTS: dict[str, Callable[..., object]] = {
    "matched": campaigns.match,
    "confirmed": campaigns.confirm,
    "paused": campaigns.pause,
    "resumed": campaigns.resume,
    "cancelled": campaigns.cancel,
}


MAKES_LINKS = ("confirmed", "resumed")


def _act(request: Request, member: Member, campaign_id: str, act: str, **given: Any) -> Response:
    """Does it and shows the campaign; what it refuses stands on the campaign's page as it is now."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            ACTS[act](session, member, campaign_id, **given)
            links = campaign_drafts.nothing_leaves(campaigns.own(session, member, campaign_id).channel)
    except (Invalid, Conflict) as error:
        with database.reading(database.EVERYWHERE) as session:
            found = campaigns.own(session, member, campaign_id)
            return show(request, session, member, found, wanted=Wanted(), error=error)
    return render.go(
        request,
        f"/staff/campaigns/{campaign_id}",
        said=f"campaign.said.{act}{'_links' if links and act in MAKES_LINKS else ''}",
    )


@router.get("/staff/campaigns/{campaign_id}/faults.csv")
def faults(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """The faulty rows to mend in a spreadsheet: with their numbers, so that they find their places again."""
    with database.reading(database.EVERYWHERE) as session:
        found = campaigns.own(session, member, campaign_id)
    lines = _faulty(found, render.language_of(request))
    headers = {"content-disposition": f'attachment; filename="onterview-{found.id[:8]}-to-mend.csv"'}
    return StreamingResponse(sheets.csv_blocks(lines), media_type=sheets.CSV_TYPE, headers=headers)


def _faulty(found: Campaign, language: str) -> Iterator[list[Cell]]:
    t = words.speaker(language)
    columns = campaign_views.columns_of(found)
    yield [t(f"campaign.columns.{name}") for name in ("row", *columns, "to_mend")]
    with database.reading(found.organisation_id) as session:
        for row in campaign_views.faulty(session, found):
            said = [f"{t('campaign.columns.' + fault['column'])}: {fault[language]}" for fault in row.faults or []]
            yield [row.row, *(_cell(row, name, language) for name in columns), " / ".join(said)]


def _cell(row: CampaignRow, name: str, language: str) -> str:
    if name == "birth_year":
        return roster.YEAR_KEPT.text(language) if row.proof_hash else ""
    return getattr(row, name) or ""
