"""For programs: campaigns, made and filled row by row, confirmed, paused, followed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from interview_ai import campaign_drafts, campaigns, program_campaigns, program_lists
from interview_ai.api_keys import Caller
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.idempotency import Answered
from interview_ai.program_campaigns import A_CALL, LONGEST_VALUE
from interview_ai.program_lists import After, RowState
from interview_ai.tables import Campaign
from web import callers, deps
from web.callers import LISTED, Limit
from web.problems import Fault, Unusable
from web.routes.api.openings import listed

router = APIRouter(prefix="/api/v1/campaigns")
Value = Annotated[str, Field(max_length=LONGEST_VALUE)]
FIELDS = {"opening_id": "opening"}
"""What fields are called here whose faults bear another name inside."""


class CampaignBody(BaseModel):
    """A campaign to make."""

    model_config = ConfigDict(extra="forbid")
    opening: Annotated[str, Field(min_length=1, max_length=64)]
    name: Value
    consent_basis: Literal["this_programme", "career_services", "applied", "written"]
    consent_note: Annotated[str, Field(max_length=2000)] = ""
    language: Literal["ko", "en"] = "ko"
    proof: Literal["none", "code", "birth_year"] = "none"
    channel: Literal["mail", "sms", "file"] = "mail"
    per_minute: int = 300
    quiet_from: int | None = 21
    quiet_until: int | None = 8
    reply_to: Value = ""
    remind_after_days: int | None = None
    most_reminders: int = 2

    def campaign(self) -> NewCampaign:
        """What the use case takes; there is no file."""
        whole = self.model_dump(exclude={"opening"})
        return NewCampaign(self.opening, upload_id="", file_name="", file_bytes=0, **whole)


class RowBody(BaseModel):
    """One person to invite."""

    model_config = ConfigDict(extra="forbid")
    name: Value
    email: Value
    student_number: Value = ""
    department: Value = ""
    cohort: Value = ""
    phone: Value = ""
    language: Value = ""
    birth_year: Value = ""


Rows = Annotated[list[RowBody], Field(min_length=1, max_length=A_CALL)]


class ConfirmBody(BaseModel):
    """To how many people the caller means to send."""

    model_config = ConfigDict(extra="forbid")
    ready: int


@router.get("")
def every(
    caller: callers.ReadsCampaigns, session: deps.EverywhereReading, limit: Limit = LISTED, cursor: str = ""
) -> Response:
    """The organisation's campaigns."""
    after = After.read(callers.place(cursor, int, str))
    found = program_lists.campaigns_of(session, caller, after=after, limit=limit + 1)
    return listed([_told(one) for one in found], [After(one.created_at, one.id).place for one in found], limit)


@router.post("", status_code=201)
def make(request: Request, caller: callers.WritesCampaigns, body: callers.Body) -> Response:
    """A campaign that waits for rows."""
    new = callers.read(CampaignBody, body).campaign()
    faults = list(campaign_drafts.faults(new))
    if faults:
        raise Unusable([Fault(FIELDS.get(one.code, one.code), one.en, one.ko) for one in faults])

    def act(session: Session) -> Answered:
        return Answered(201, _told(program_campaigns.add(session, caller, new)))

    return callers.once(request, caller, body, act)


@router.get("/{campaign_id}")
def one(campaign_id: str, caller: callers.ReadsCampaigns, session: deps.EverywhereReading) -> Response:
    """One campaign."""
    return JSONResponse(_told(campaigns.own(session, caller, campaign_id)))


@router.post("/{campaign_id}/rows")
def add_rows(request: Request, campaign_id: str, caller: callers.WritesCampaigns, body: callers.Body) -> Response:
    """Adds people to a campaign that is not confirmed yet; says of each what would become of it."""
    sent = [row.model_dump() for row in callers.read(Rows, body)]

    def act(session: Session) -> Answered:
        added = program_campaigns.add_rows(session, caller, campaign_id, sent)
        rows = [{"row": one.row, "outcome": one.outcome, "faults": _faults(one.faults)} for one in added]
        return Answered(200, {"rows": rows, "counts": program_lists.outcomes(session, campaign_id)})

    return callers.once(request, caller, body, act)


@router.get("/{campaign_id}/rows")
def rows(
    campaign_id: str,
    caller: callers.ReadsCampaigns,
    session: deps.EverywhereReading,
    limit: Limit = LISTED,
    cursor: str = "",
) -> Response:
    """The rows of a campaign: what is wrong with them, and what became of them."""
    campaign = campaigns.own(session, caller, campaign_id)
    (after,) = callers.place(cursor, int) or (0,)
    found = program_lists.rows(session, caller, campaign, after=after, limit=limit + 1)
    return listed([_row(one) for one in found], [(one.row,) for one in found], limit)


@router.get("/{campaign_id}/progress")
def progress(campaign_id: str, caller: callers.ReadsCampaigns, session: deps.EverywhereReading) -> Response:
    """How many came how far."""
    counts = program_lists.progress(session, campaigns.own(session, caller, campaign_id))
    stages = {name: getattr(counts, name) for name in ("invited", "opened", "begun", "finished")}
    return JSONResponse({"rows": counts.rows, "stages": stages})


@router.post("/{campaign_id}/confirm")
def confirm(request: Request, campaign_id: str, caller: callers.WritesCampaigns, body: callers.Body) -> Response:
    """From now on invitations leave, to as many people as the caller says."""
    sent = callers.read(ConfirmBody, body)
    if sent.ready < 1:
        raise Unusable([Fault("ready", "At least 1.", "1 이상이어야 합니다.")])

    def act(session: Session) -> Answered:
        return Answered(200, _told(campaigns.confirm(session, caller, campaign_id, ready=sent.ready)))

    return callers.once(request, caller, body, act)


@router.post("/{campaign_id}/resume")
def resume(request: Request, campaign_id: str, caller: callers.WritesCampaigns, body: callers.NoBody) -> Response:
    """Invitations leave again."""
    return callers.once(request, caller, body, _moved(campaigns.resume, caller, campaign_id))


@router.post("/{campaign_id}/pause")
def pause(campaign_id: str, caller: callers.WritesCampaigns, session: deps.EverywhereWriting) -> Response:
    """Nothing more leaves until it is resumed."""
    return JSONResponse(_moved(campaigns.pause, caller, campaign_id)(session).body)


@router.post("/{campaign_id}/cancel")
def cancel(campaign_id: str, caller: callers.WritesCampaigns, session: deps.EverywhereWriting) -> Response:
    """Ends a campaign; who was invited stays so."""
    return JSONResponse(_moved(campaigns.cancel, caller, campaign_id)(session).body)


def _moved(
    move: Callable[[Session, Caller, str], None], caller: Caller, campaign_id: str
) -> Callable[[Session], Answered]:
    def act(session: Session) -> Answered:
        move(session, caller, campaign_id)
        return Answered(200, _told(campaigns.own(session, caller, campaign_id)))

    return act


def _told(one: Campaign) -> dict[str, Any]:
    return {
        "id": one.id,
        "opening": one.opening_id,
        "name": one.name,
        "state": one.state,
        "language": one.language,
        "consent_basis": one.consent_basis,
        "per_minute": one.per_minute,
        "created_at": callers.instant(one.created_at),
        "confirmed_at": callers.instant(one.confirmed_at) if one.confirmed_at else None,
        "finished_at": callers.instant(one.finished_at) if one.finished_at else None,
    }


def _row(one: RowState) -> dict[str, Any]:
    return {
        "row": one.row,
        "outcome": one.outcome,
        "faults": _faults(one.faults),
        "invitation": one.invitation_id,
        "state": one.state,
    }


def _faults(kept: Any) -> list[dict[str, str]]:
    return [{"field": one["column"], "ko": one["ko"], "en": one["en"]} for one in kept]
