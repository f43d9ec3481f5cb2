"""Rosters as they come in: who sends one is known and its length is, before a byte of it is read."""

from __future__ import annotations

import io
from typing import BinaryIO

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from interview_ai import campaign_choices, campaign_drafts, campaigns, database, roster_uploads
from interview_ai.campaign_views import Wanted
from interview_ai.errors import Conflict, InterviewError, Invalid, TooMuch
from interview_ai.organisations import Member
from web import campaign_form, deps, render, security
from web.routes.campaigns import form as form_page
from web.routes.campaigns import show

router = APIRouter()
FORM_BYTES = 3_000_000  # around the file in a form: what was pasted
MOST_FIELDS = 40
PASTED = ""


@router.post("/staff/campaign-files")
async def add(request: Request, member: deps.SignedIn) -> Response:
    """A new campaign with its roster, as a file or pasted."""
    campaign_choices.may_invite(member)
    typed = campaign_form.blank(member.language)
    try:
        _fits(request)
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=FORM_BYTES) as sent:
            security.check_token(request, str(sent.get("csrf") or ""))
            typed = campaign_form.typed(sent)
            campaign_id = await run_in_threadpool(_add, member, typed, sent)
    except (Invalid, TooMuch, Conflict) as error:
        return await run_in_threadpool(_again, request, member, typed, error)
    return render.go(request, f"/staff/campaigns/{campaign_id}")


@router.post("/staff/campaign-files/{campaign_id}")
async def mend(request: Request, campaign_id: str, member: deps.SignedIn) -> Response:
    """Mended rows of a campaign that nobody has confirmed yet."""
    await run_in_threadpool(_ours, member, campaign_id)
    try:
        _fits(request)
        async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=FORM_BYTES) as sent:
            security.check_token(request, str(sent.get("csrf") or ""))
            await run_in_threadpool(_mend, member, campaign_id, sent)
    except (Invalid, TooMuch, Conflict) as error:
        return await run_in_threadpool(_shown, request, member, campaign_id, error)
    return render.go(request, f"/staff/campaigns/{campaign_id}", said="campaign.said.mending")


def _fits(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length[:18]) > campaign_drafts.MOST_BYTES + FORM_BYTES:
        most = campaign_drafts.MOST_BYTES // 1_000_000
        raise TooMuch(
            f"A roster may hold {most} MB. Divide it, or save it as CSV, which is smaller.",
            f"명단 파일은 {most}MB까지 올릴 수 있습니다. 나누거나, 더 작은 CSV로 저장해 올려 주십시오.",
        )


def _ours(member: Member, campaign_id: str) -> None:
    with database.reading(database.EVERYWHERE) as session:
        campaigns.own(session, member, campaign_id)


def _again(request: Request, member: Member, typed: dict[str, str], error: InterviewError) -> Response:
    """The form with everything that is wrong with it at once."""
    others = [fault for fault in campaign_drafts.faults(campaign_form.read(typed)) if fault.code != error.code]
    with database.reading(database.EVERYWHERE) as session:
        return form_page(request, session, member, typed=typed, faults=[error, *others])


def _shown(request: Request, member: Member, campaign_id: str, error: InterviewError) -> Response:
    with database.reading(database.EVERYWHERE) as session:
        found = campaigns.own(session, member, campaign_id)
        return show(request, session, member, found, wanted=Wanted(), error=error)


def _given(sent: FormData) -> tuple[str, BinaryIO]:
    """The roster's name and bytes: the file where one was chosen, else what was pasted. Raises Invalid for neither."""
    file = sent.get("file")
    if isinstance(file, UploadFile) and file.filename:
        return file.filename, file.file
    pasted = str(sent.get("pasted", ""))
    if pasted.strip():
        return PASTED, io.BytesIO(pasted.encode("utf-8", errors="replace"))
    raise Invalid(
        "Choose the roster's file, or paste its rows.", "명단 파일을 고르거나 내용을 붙여 넣어 주십시오.", code="file"
    )


def _add(member: Member, typed: dict[str, str], sent: FormData) -> str:
    campaign_drafts.must_fit(campaign_form.read(typed))
    name, file = _given(sent)
    with (
        roster_uploads.stored(member.organisation_id, file) as (upload_id, length),
        database.transaction(database.EVERYWHERE) as session,
    ):
        new = campaign_form.read(typed, upload_id=upload_id, file_name=name, file_bytes=length)
        return campaigns.add(session, member, new).id


def _mend(member: Member, campaign_id: str, sent: FormData) -> None:
    name, file = _given(sent)
    with (
        roster_uploads.stored(member.organisation_id, file) as (upload_id, length),
        database.transaction(database.EVERYWHERE) as session,
    ):
        campaigns.mend(session, member, campaign_id, upload_id=upload_id, file_name=name, length=length)
