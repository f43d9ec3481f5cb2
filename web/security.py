"""What guards every request: headers, where a form may come from, cookies, how often somebody may try."""

from __future__ import annotations

import math
import re
import secrets
import time
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interview_ai import tokens, tries
from interview_ai.errors import Forbidden, InterviewError, NotFound, TooMuch
from interview_ai.rules.tries import Rate
from interview_ai.tries import Counted
from web import problems

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CANDIDATE_PATHS = ("/i/", "/interview", "/uploads", "/stop/")
CANDIDATE, STAFF = "candidate", "staff"
TOKEN_FIELD, TOKEN_HEADER = "csrf", "x-csrf-token"
STREAMED = ("/uploads", "/interview/file/", "/staff/prompt-files/", "/staff/campaign-files")
"""Paths whose body is read only after the asker is known; they check the form's token themselves or need a header
that no foreign form can send."""

LINKED = ("/i/", "/stop/", "/shared/", "/openings", "/o/")
"""Paths that stand in mails: programs that check links ask for the head alone, and a link that refuses looks dead."""

ONE_CLICK = re.compile(r"/stop/[^/]+")
"""What mail programs post to without having seen the page (RFC 8058): the token in the address is the authority."""

TOLD = "told"
"""Where a request keeps headers of its own that its answer has, whatever becomes of it."""

MOST_FORM_BYTES = 2_000_000
TOO_LARGE = "이 양식은 2MB까지 보낼 수 있어요. · This form may hold 2 MB at most."

_limiter = MovingWindowRateLimiter(MemoryStorage())  # of this process


def policy(nonce: str) -> str:
    """The content security policy: nothing but our own, scripts and style elements by nonce."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; media-src 'self' blob: mediastream:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def headers(nonce: str, *, secure: bool) -> dict[str, str]:
    """The headers of every answer."""
    always = {
        "content-security-policy": policy(nonce),
        "x-content-type-options": "nosniff",
        # not no-referrer: with it browsers send "Origin: null" with our own forms
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return always | ({"strict-transport-security": "max-age=31536000"} if secure else {})


class Guard:
    """ASGI middleware: refuses what other sites send, gives each request a nonce and each answer its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection; everything but http passes through.

        A body is only read up to what a form needs, except where a recording comes in, whose route counts itself.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        scope["state"]["foreign"] = scope["method"] not in SAFE and comes_from_elsewhere(Headers(scope=scope))

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = headers(nonce, secure=scope["scheme"] == "https") | scope["state"].get(TOLD, {})
                _add(MutableHeaders(scope=message), told)
            await send(message)

        streamed = scope["path"].startswith(STREAMED)
        refused = None if streamed else _refused(scope)
        if refused is not None:
            await refused(scope, receive, guarded)
            return
        bounded = receive if streamed else _bounded(receive)
        asked_like_get = scope["method"] == "HEAD" and scope["path"].startswith(LINKED)
        await self.app({**scope, "method": "GET"} if asked_like_get else scope, bounded, guarded)


def _refused(scope: Scope) -> Response | None:
    """What no route needs to look at: a body that says it is too large, an address with U+0000, which no database
    takes; for programs, an address that ends in a stroke, which the framework would send on and is another one."""
    asked, program = Headers(scope=scope), problems.is_asked_by_program(scope["path"])
    if _announced(asked) > MOST_FORM_BYTES:
        refusal: InterviewError = problems.of_status(413)
    elif "\0" in scope["path"] or (program and scope["path"].endswith("/")):
        refusal = NotFound()
    elif b"%00" in scope["query_string"]:
        refusal = problems.unkept_sign()
    else:
        return None
    if program:
        return problems.answer(refusal, asked.get("accept-language", ""))
    said = TOO_LARGE if refusal.status == 413 else f"{refusal.ko} · {refusal.en}"
    return PlainTextResponse(said, status_code=refusal.status)


def _announced(asked: Headers) -> int:
    length = asked.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


def _bounded(receive: Receive) -> Receive:
    """Lets so many bytes of a body through. Raises TooMuch (413) for more, whoever asks."""
    count = 0

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > MOST_FORM_BYTES:
            raise TooMuch(TOO_LARGE, TOO_LARGE)
        return message

    return counted


def _add(answer: MutableHeaders, wanted: dict[str, str]) -> None:
    for name, value in wanted.items():
        answer.setdefault(name, value)
    answer.setdefault("cache-control", "no-store")


def comes_from_elsewhere(asked: Headers) -> bool:
    """Whether a browser says that another site sent this. Programs say nothing and carry no cookie by accident."""
    fetched = asked.get("sec-fetch-site")
    if fetched is not None:
        return fetched not in ("same-origin", "none")
    origin = asked.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != asked.get("host")
    except ValueError:
        return True  # no address at all: none of ours


async def from_our_pages(request: Request) -> None:
    """Dependency of every route: a state change must come from our own page and carry its token. Raises Forbidden."""
    # programs are known by a key in a header that no foreign form can send, never by a cookie
    safe = request.method in SAFE or problems.is_asked_by_program(request.url.path)
    if safe or ONE_CLICK.fullmatch(request.url.path):
        return
    if request.state.foreign:
        raise _foreign()
    if not request.url.path.startswith(STREAMED):
        sent = request.headers.get(TOKEN_HEADER) or (await request.form()).get(TOKEN_FIELD)
        check_token(request, str(sent or ""))


def check_token(request: Request, sent: str) -> None:
    """Compares a form's token with the one of this browser's session. Raises Forbidden."""
    if not tokens.same(sent, form_token(request)):
        raise _foreign()


def _foreign() -> Forbidden:
    return Forbidden(
        "This form is out of date or came from another page. Go back, reload the page and send it again.",
        "이 양식은 오래되었거나 다른 곳에서 왔어요. 뒤로 가서 페이지를 새로 고친 뒤 다시 보내 주세요.",
    )


def audience(path: str) -> str:
    """Whose pages a path belongs to: the candidates' or the staff's."""
    return CANDIDATE if path.startswith(CANDIDATE_PATHS) else STAFF


def form_token(request: Request) -> str:
    """The token that a form of this page carries: bound to the session cookie, worthless without it."""
    kind = audience(request.url.path)
    return tokens.authenticate("form", f"{kind}:{session_cookie(request, kind) or ''}")


def cookie_name(kind: str, *, secure: bool) -> str:
    """`__Host-` over https: no other host and no plain page can set it. Browsers refuse that prefix over http."""
    return f"__Host-{kind}" if secure else kind


def session_cookie(request: Request, kind: str) -> str | None:
    """The session token that this browser sent, if any."""
    return request.cookies.get(cookie_name(kind, secure=request.url.scheme == "https"))


def keep_session(request: Request, response: Response, kind: str, token: str, *, seconds: int) -> None:
    """Gives the browser its session; scripts cannot read it, other sites' forms do not send it."""
    secure = request.url.scheme == "https"
    name = cookie_name(kind, secure=secure)
    response.set_cookie(name, token, max_age=seconds, path="/", secure=secure, httponly=True, samesite="lax")


def end_session(request: Request, response: Response, kind: str) -> None:
    """Takes the session from the browser."""
    secure = request.url.scheme == "https"
    name = cookie_name(kind, secure=secure)
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="lax")


def limit(what: str, rate: str) -> Callable[[Request], None]:
    """A dependency: at most `rate` ("10/minute") of `what` from one asker, in all processes of the service together.

    Raises TooMuch (429). For what a stranger could guess or flood somebody with.
    """
    parsed = _rate(rate)

    def check(request: Request) -> None:
        count(parsed, what, asker(request))

    return check


def brake(what: str, rate: str) -> Callable[[Request], None]:
    """The same in this process alone, at no cost: for pages that are only read. Raises TooMuch (429)."""
    parsed = parse(rate)

    def check(request: Request) -> None:
        if not _limiter.hit(parsed, what, asker(request)):
            reset = _limiter.get_window_stats(parsed, what, asker(request)).reset_time
            raise _too_much(max(1, math.ceil(reset - time.time())))

    return check


def _rate(written: str) -> Rate:
    parsed = parse(written)
    return Rate(parsed.amount, parsed.get_expiry())


def count(rate: Rate, what: str, who: str) -> Counted:
    """Counts one try of `what`. Raises TooMuch (429) where `who` has had more than the rate allows."""
    counted = tries.count(rate, what, who)
    if not counted.allowed:
        raise _too_much(counted.wait_s)
    return counted


def asker(request: Request) -> str:
    """By what an asker is counted: the address, of an IPv6 one the /64, which is what one household or machine has."""
    return network(request, v4=32, v6=64)


def network(request: Request, *, v4: int, v6: int) -> str:
    """The network that a request comes from, by so many bits of its address; empty where there is none."""
    try:
        address = ip_address((request.client.host if request.client else "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(ip_network((address, v4 if isinstance(address, IPv4Address) else v6), strict=False))


def _too_much(wait_s: int) -> TooMuch:
    return TooMuch(
        "Too many tries from here. Please wait a minute and try again.",
        "여기에서 너무 여러 번 시도했어요. 1분 뒤에 다시 시도해 주세요.",
        status=429,
        wait_s=wait_s,
    )
