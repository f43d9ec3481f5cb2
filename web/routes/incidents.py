"""What a recorder tells beside the recording: what went wrong, and a measured stretch of bytes to know the network."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from interview_ai import database, incidents
from interview_ai.errors import Invalid, TooMuch
from interview_ai.incidents import Told
from web import deps

router = APIRouter()
PROBE_BYTES = 256 * 1024
LATEST_MS = 4e12  # of the year 2096
MOST_AT_ONCE = 200


class Noticed(BaseModel):
    """One incident as the browser writes it; moments in ms since 1970 by its own clock."""

    key: str = Field(min_length=1, max_length=64)
    position: int = Field(ge=1, le=100)
    kind: str
    began: float = Field(ge=0, le=LATEST_MS)
    ended: float = Field(ge=0, le=LATEST_MS)
    seconds: float = Field(ge=0, le=24 * 3600)


class Report(BaseModel):
    """What a browser tells at once, with its own time, so that its clock can be compared with ours."""

    now: float = Field(ge=0, le=LATEST_MS)
    incidents: list[Noticed] = Field(max_length=MOST_AT_ONCE)


def _moment(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


@router.post("/interview/incidents")
async def report(request: Request) -> Response:
    """Keeps what a browser noticed; what is told twice is kept once."""
    applicant = await run_in_threadpool(deps.applicant_of, request)
    try:
        told = Report.model_validate_json(await request.body())
    except ValidationError as error:
        raise Invalid("This report cannot be read.", "보고를 읽을 수 없어요.", code="report") from error
    found = [
        Told(item.key, item.position, item.kind, _moment(item.began), _moment(item.ended), item.seconds)
        for item in told.incidents
    ]

    def keep() -> int:
        with database.transaction(applicant.organisation_id) as session:
            return incidents.report(session, applicant, found, browsers_now=_moment(told.now))

    return JSONResponse({"kept": await run_in_threadpool(keep)})


@router.post("/interview/network")
async def network(request: Request) -> Response:
    """Reads some bytes and forgets them: the check measures how fast this network sends."""
    await run_in_threadpool(deps.applicant_of, request)
    count = 0
    async for block in request.stream():
        count += len(block)
        if count > PROBE_BYTES:
            raise TooMuch("This is more than the check sends.", "확인에 필요한 것보다 많아요.")
    return JSONResponse({"bytes": count})
