"""What an outsider sees with a shared link: who shared it, then the chosen answers; nothing else, and not for long.

The link's own address only says what it is: looking has no effect, whatever scanner follows it. A form moves on to an
address without the secret, which a cookie of this share alone opens; every answer is looked up anew, so that the end
of a link ends what is open.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response

from interview_ai import database, shares
from interview_ai.errors import NotFound
from web import deps, recordings, render, security

router = APIRouter()
PRIVATE = {
    # no address of ours reaches another page or a log: with `no-referrer` browsers would send "Origin: null" with
    # the form of the link's page, so the origin alone is said
    "referrer-policy": "strict-origin",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cache-control": "no-store",
}
PAGES = security.brake("shared", "120/minute")
OPENINGS = security.limit("shared-opened", "30/minute")
PLAYED = security.brake("shared-played", "600/minute")


def _cookie(share_id: str) -> str:
    return f"share-{share_id}"


def _token(request: Request, share_id: str) -> str:
    return security.session_cookie(request, _cookie(share_id)) or ""


def _answered(request: Request, page: Callable[[], tuple[str, dict[str, Any]]]) -> Response:
    """A page of a share, or for unknown, ended and revoked links one and the same that says what to do."""
    try:
        template, context = page()
        response: Response = render.page(request, template, **context)
    except NotFound:
        response = render.page(request, "shared/gone.html", status=404)
    response.headers.update(PRIVATE)
    return response


@router.get("/shared/{token}", dependencies=[Depends(PAGES)])
def link(request: Request, token: str, session: deps.EverywhereReading) -> Response:
    """Who shares what until when; nothing is counted yet."""
    return _answered(request, lambda: ("shared/welcome.html", {"share": shares.by_token(session, token)}))


@router.post("/shared/{token}", dependencies=[Depends(OPENINGS)])
def enter(request: Request, token: str) -> Response:
    """On to the address without the secret."""
    try:
        with database.reading(database.EVERYWHERE) as session:
            share = shares.by_token(session, token)
            left = share.expires_at - database.now(session)
    except NotFound:
        return _answered(request, _nothing)
    response = render.go(request, f"/shared/open/{share.id}")
    response.headers.update(PRIVATE)
    security.keep_session(request, response, _cookie(share.id), token, seconds=int(left.total_seconds()) + 1)
    return response


def _nothing() -> tuple[str, dict[str, Any]]:
    raise NotFound


@router.get("/shared/open/{share_id}", dependencies=[Depends(PAGES)])
def opened(request: Request, share_id: str) -> Response:
    """The chosen answers; each time on the record and counted."""

    def page() -> tuple[str, dict[str, Any]]:
        with database.transaction(database.EVERYWHERE) as session:
            return "shared/candidate.html", {"found": shares.opened(session, _token(request, share_id), share_id)}

    return _answered(request, page)


@router.get("/shared/open/{share_id}/answers/{answer_id}", dependencies=[Depends(PLAYED)])
def recording(
    request: Request, share_id: str, answer_id: str, range: Annotated[str | None, Header()] = None
) -> Response:
    """One shared answer in ranges; without name and picture its sound alone."""
    token = _token(request, share_id)
    with database.reading(database.EVERYWHERE) as session:
        found = shares.recording(session, token, share_id, answer_id)
    kind = recordings.media_type(found.key, with_picture=found.with_picture)
    if range is None or range.strip().startswith("bytes=0-"):
        with database.transaction(database.EVERYWHERE) as session:
            shares.played(session, token, share_id, answer_id)
    return _private(recordings.serve(found.key, kind, range))


@router.get("/shared/open/{share_id}/answers/{answer_id}/poster", dependencies=[Depends(PLAYED)])
def poster(request: Request, share_id: str, answer_id: str) -> Response:
    """The picture before an answer plays; only with name and picture."""
    with database.reading(database.EVERYWHERE) as session:
        found = shares.recording(session, _token(request, share_id), share_id, answer_id)
    if found.poster_key is None:
        raise NotFound
    return _private(recordings.serve(found.poster_key, recordings.picture_type(found.poster_key), None))


def _private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response
