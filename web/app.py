"""The web application: its routers, its guards, its error page, and whether it is well."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from anyio import to_thread
from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles
from sqlalchemy import text
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.types import Scope

from interview_ai import database
from interview_ai.errors import InterviewError, Invalid, NotFound, TooMuch
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.supervisor import crash_loops
from web import lanes, problems, render, security
from web.routes import (
    accounts,
    branding,
    calibration,
    campaign_files,
    campaign_links,
    campaign_messages,
    campaigns,
    candidate,
    comparing,
    decide,
    exports,
    incidents,
    invitations,
    keys,
    letter_texts,
    letters,
    masking,
    memoranda,
    messages,
    openings,
    opting_out,
    overview,
    partnerships,
    programme,
    progress,
    prompts,
    proofs,
    public,
    ranked,
    receipts,
    region,
    reviewing,
    shared,
    shares,
    shortlist,
    uploads,
    webhooks,
    writing,
)
from web.routes.api import campaigns as api_campaigns
from web.routes.api import contract as api_contract
from web.routes.api import openings as api_openings
from web.routes.api import webhooks as api_webhooks

SWITCH_S = 0.0005
"""How long one thread may keep the others waiting, seconds. A statement gives the interpreter away and wants it back
several times: beside one thread that works out a long list, each time costs this much, by default ten times more."""
FOR_EVER = "public, max-age=31536000, immutable"  # the names carry the content's hash


class Assets(StaticFiles):
    """The built files, which never change under their names."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file, to be kept for ever."""
        response = await super().get_response(path, scope)
        if response.status_code < 300:
            response.headers["cache-control"] = FOR_EVER
        return response


@asynccontextmanager
async def _few_threads(_: FastAPI) -> AsyncIterator[None]:
    to_thread.current_default_thread_limiter().total_tokens = lanes.THREADS
    yield


def create() -> FastAPI:
    """The application, for `uvicorn web.app:create --factory`."""
    sys.setswitchinterval(SWITCH_S)
    app = FastAPI(
        title="Onterview",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_few_threads,
        dependencies=[Depends(security.from_our_pages)],
    )
    app.add_middleware(security.Guard)
    for_candidates = (candidate, proofs, uploads, incidents, receipts, shared, opting_out)
    writing_openings = (writing, openings, invitations, prompts)
    one_by_one = (calibration, ranked, shortlist, reviewing, masking, decide, letters, letter_texts)
    many = (comparing, shares, exports, overview)
    partners = (public, branding, memoranda, partnerships)
    campaigning = (campaign_files, campaigns, campaign_links, campaign_messages, programme, progress, region, messages)
    for_programs = (api_contract, api_openings, api_campaigns, api_webhooks, keys, webhooks)
    for_staff = (accounts, *partners, *writing_openings, *one_by_one, *many, *campaigning)
    for routes in (*for_candidates, *for_staff, *for_programs):
        app.include_router(routes.router)
    app.add_api_route("/healthz", healthz, methods=["GET"])
    app.add_api_route("/readyz", readyz, methods=["GET"])
    app.mount("/static", Assets(directory=render.BUILT, check_dir=False), name="static")
    app.add_exception_handler(InterviewError, expected)
    app.add_exception_handler(RequestValidationError, unusable)
    app.add_exception_handler(HTTPException, no_such_route)
    app.add_exception_handler(DataError, unkeepable)
    app.add_exception_handler(Exception, unexpected)
    return app


def healthz() -> Response:
    """The process lives."""
    return PlainTextResponse("ok")


def readyz() -> Response:
    """Whether requests can be answered and the children live: 503 names what is missing or dies again and again."""
    checks = {
        "children": not crash_loops(settings().home / "supervisor.json"),
        "database": _database_answers(),
        "storage": storage().has_room(),
        "assets": (render.BUILT / "manifest.json").exists(),
    }
    return JSONResponse(checks, status_code=200 if all(checks.values()) else 503)


def _database_answers() -> bool:
    try:
        with database.reading(database.EVERYWHERE) as session:
            session.execute(text("SELECT 1 FROM organisations"))
    except SQLAlchemyError:
        return False
    return True


def expected(request: Request, error: Exception) -> Response:
    """Every failure that we foresaw."""
    if not isinstance(error, InterviewError):
        raise error
    return _failure(request, error)


def _failure(request: Request, error: InterviewError, headers: Mapping[str, str] | None = None) -> Response:
    told = dict(headers or {})
    if isinstance(error, TooMuch) and error.wait_s is not None:
        told["retry-after"] = str(error.wait_s)
    if not problems.is_asked_by_program(request.url.path):
        page = render.failure(request, error)
        page.headers.update(told)
        return page
    if error.status == 401:
        told["www-authenticate"] = "Bearer"
    return problems.answer(error, request.headers.get("accept-language", ""), headers=told)


def unusable(request: Request, error: Exception) -> Response:
    """A form or an address with the wrong fields."""
    if problems.is_asked_by_program(request.url.path) and isinstance(error, RequestValidationError):
        return _failure(request, problems.unusable(error.errors()))
    refusal = Invalid("Something in the form is missing.", "양식에서 빠진 것이 있습니다. 확인하고 다시 보내 주십시오.")
    return render.failure(request, refusal)


def unkeepable(request: Request, error: Exception) -> Response:
    """A zero byte, which PostgreSQL keeps in no text: nobody types one, so no address holds it and no form is right."""
    if "NUL" not in str(error):
        raise error
    if request.method in security.SAFE:
        return _failure(request, NotFound())
    return _failure(request, Invalid("It holds a sign that cannot be kept.", "저장할 수 없는 글자가 있습니다."))


def no_such_route(request: Request, error: Exception) -> Response:
    """An address or a method that is not there; other statuses of the framework in the same shape."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if problems.is_asked_by_program(request.url.path):
        told = error.headers if isinstance(error, HTTPException) else None  # 405 says what is allowed
        return _failure(request, problems.of_status(status), told)
    if status == 404:
        return render.failure(request, NotFound())
    refusal = Invalid(
        "This page cannot be opened directly. Please go back and use the button there.",
        "이 주소는 바로 열 수 없어요. 이전 화면으로 돌아가 그곳의 버튼을 눌러 주세요.",
    )
    refusal.status = status
    return render.failure(request, refusal)


def unexpected(request: Request, _: Exception) -> Response:
    """A bug: a calm page; the traceback goes to the log. Outside of the guard, so the headers are put on here."""
    failure = InterviewError(
        "Something broke on our side. What you sent before is safe; please try again in a minute.",
        "저희 쪽에서 문제가 생겼어요. 그 전에 보낸 것은 안전해요. 1분 뒤에 다시 시도해 주세요.",
        code="failed",
    )
    failure.status = 500
    programs = problems.is_asked_by_program(request.url.path)
    response = _failure(request, problems.of_status(500)) if programs else render.failure(request, failure)
    response.headers.update(security.headers(request.state.nonce, secure=request.url.scheme == "https"))
    response.headers["cache-control"] = "no-store"
    return response
