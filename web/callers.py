"""What a program's request brings: its key, its body as JSON, its place in a list, and its Idempotency-Key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.orm import Session

from interview_ai import api_keys, database, idempotency, tries
from interview_ai.api_keys import Caller, Scope
from interview_ai.errors import SignInNeeded, TooMuch
from interview_ai.idempotency import Answered, Asked
from interview_ai.rules.tries import Rate
from interview_ai.tries import Counted
from web import problems, security
from web.problems import Fault, Unusable

A_KEY = Rate(600, 60)  # each; the longest campaign, 100,000 rows by thousands, asks 100 times
A_KEYS_TRIES = 20  # put down in one go: one request in twenty waits for the database's pen
WITHOUT = Rate(60, 60)  # from one address with no key or a wrong one
MOST_LISTED, LISTED = 200, 50
LONGEST_CURSOR = 200
LAST_PLACE = 253_402_300_799 * 1_000_000  # the end of the year 9999, in microseconds since 1970
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
Parsed = TypeVar("Parsed")


def asked(request: Request) -> Caller:
    """The organisation's program that asks: 401 alike for no key and for a wrong, expired or revoked one."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    caller = _caller(request, key.strip()) if scheme.lower() == "bearer" and key.strip() else None
    if caller is None:
        security.count(WITHOUT, "no key", security.asker(request))
        raise SignInNeeded(
            "Send a key that works: Authorization: Bearer onv_…",
            "유효한 키를 보내 주십시오: Authorization: Bearer onv_…",
            code="key",
        )
    counted = tries.count(A_KEY, "key", caller.key_id, at_once=A_KEYS_TRIES)
    setattr(request.state, security.TOLD, _told(A_KEY, counted))
    if not counted.allowed:
        raise TooMuch(
            f"This key may ask {A_KEY.most} times a minute. Ask again after Retry-After seconds.",
            f"이 키로는 1분에 {A_KEY.most}번까지 요청할 수 있습니다. Retry-After초 뒤에 다시 보내 주십시오.",
            status=429,
            wait_s=counted.wait_s,
        )
    return caller


def _told(rate: Rate, counted: Counted) -> dict[str, str]:
    """What is left, as draft-ietf-httpapi-ratelimit-headers-07 writes it: most programs know these three."""
    return {
        "ratelimit-limit": str(rate.most),
        "ratelimit-remaining": str(counted.left),
        "ratelimit-reset": str(counted.resets_s),
    }


def _caller(request: Request, key: str) -> Caller | None:
    with database.reading(database.EVERYWHERE) as session:
        caller = api_keys.caller_of(session, key)
        seen = timedelta(seconds=api_keys.TOUCH_S)
        stale = caller is not None and (caller.used_at is None or caller.used_at < database.now(session) - seen)
    if caller is not None and stale:
        with database.transaction(caller.organisation_id) as session:
            api_keys.touch(session, caller, security.network(request, v4=24, v6=48))
    return caller


def needs(scope: Scope) -> Callable[[Request], Caller]:
    """A dependency: the caller, whose key has the scope. Raises Forbidden, naming it."""

    def check(request: Request) -> Caller:
        caller = asked(request)
        caller.must_have(scope)
        return caller

    return check


ReadsOpenings = Annotated[Caller, Depends(needs("openings:read"))]
"""A program that may see to which openings its organisation invites."""
ReadsCampaigns = Annotated[Caller, Depends(needs("campaigns:read"))]
"""A program that may see campaigns and their rows."""
WritesCampaigns = Annotated[Caller, Depends(needs("campaigns:write"))]
"""A program that may invite."""
ReadsInvitations = Annotated[Caller, Depends(needs("invitations:read"))]
"""A program that may see how far the invited are."""
WritesWebhooks = Annotated[Caller, Depends(needs("webhooks:write"))]
"""A program that may say where news goes."""


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise problems.of_status(415)
    return await request.body()


Body = Annotated[bytes, Depends(_body)]
"""The body of a request, which must be JSON; named after the caller, so that nobody unknown sends one."""


async def _no_body(request: Request) -> bytes:
    return await request.body()


NoBody = Annotated[bytes, Depends(_no_body)]
"""The body of a request that needs none: what comes anyway only tells one request from another."""


def read(kind: type[Parsed], body: bytes) -> Parsed:
    """The body in its shape. Raises Unusable with every fault by row and field."""
    if NUL.search(body):
        raise problems.unkept_sign()
    try:
        return TypeAdapter(kind).validate_json(body, strict=True)
    except ValidationError as error:
        raise problems.unusable([dict(one) for one in error.errors(include_url=False, include_input=False)]) from error


Limit = Annotated[int, Query(ge=1, le=MOST_LISTED)]
"""How many of a list are wanted at a time."""


def pack(*place: str | int) -> str:
    """Where a list goes on, as its readers pass it back unread."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(cursor: str | None, *kinds: type) -> list[Any] | None:
    """What `pack` wrote; None at the beginning. Raises Unusable for anything else."""
    if not cursor:
        return None
    found = _unpacked(cursor) if len(cursor) <= LONGEST_CURSOR else None
    if not isinstance(found, list) or [type(part) for part in found] != list(kinds) or not all(map(_is_place, found)):
        raise Unusable(
            [Fault("cursor", "Pass on what an answer gave as next.", "응답의 next 값을 그대로 보내 주십시오.")]
        )
    return found


def _unpacked(cursor: str) -> Any:
    try:
        return json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None


def _is_place(part: Any) -> bool:
    """Whether it could be a number that a row or a moment has, or an id."""
    return 0 <= part <= LAST_PLACE if isinstance(part, int) else part.isascii() and part.isalnum()


def once(request: Request, caller: Caller, body: bytes, act: Callable[[Session], Answered]) -> JSONResponse:
    """Does an act that must not happen twice; the same request again brings the same answer."""
    key = idempotency.checked(request.headers.get("idempotency-key"))
    digest = hashlib.sha256(b"\n".join([request.method.encode(), request.url.path.encode(), body])).hexdigest()
    answered = idempotency.once(Asked(caller.organisation_id, key, digest), act)
    headers = {"idempotent-replayed": "true"} if answered.again else None
    return JSONResponse(answered.body, status_code=answered.status, headers=headers)


def instant(at: datetime) -> str:
    """A moment as programs read it: RFC 3339, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
