"""Pages from templates: the environment, what every page knows, and the one error page."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from interview_ai import database, measured
from interview_ai.errors import InterviewError, Misconfigured
from interview_ai.organisations import Member, member_of
from interview_ai.settings import settings
from web import security, words

HERE = Path(__file__).parent
BUILT = HERE / "static" / "built"
LANGUAGE_COOKIE, SAID_COOKIE = "lang", "said"
YEAR_S = 365 * 24 * 3600
SAID_S = 60


@cache
def environment() -> Environment:
    """The one Jinja environment: everything is escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(asset=asset, clock=words.clock, size=words.size, share=words.share, measured=measured)
    return made


@cache
def manifest() -> dict[str, str]:
    """The built files by their plain names. Raises Misconfigured when nothing was built."""
    path = BUILT / "manifest.json"
    if not path.exists():
        raise Misconfigured("The web assets are not built: make setup.", "웹 자산이 빌드되지 않았습니다: make setup.")
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def asset(name: str) -> str:
    """The address of a built file; it carries the content's hash and may be kept for ever."""
    return f"/static/{manifest()[name]}"


def language_of(request: Request) -> str:
    """The reader's language: ?lang=, then the cookie, then the browser's own order."""
    asked = request.query_params.get("lang")
    kept = request.cookies.get(LANGUAGE_COOKIE)
    return words.preferred(asked, kept, request.headers.get("accept-language", ""))


def page(
    request: Request, template: str, *, status: int = 200, address: str | None = None, **context: Any
) -> HTMLResponse:
    """One page in the reader's language, with what every page knows.

    `address`: where the same page may be asked for with GET, when it is shown as the answer to a form.
    """
    language = language_of(request)
    known = _known(request, language, address or request.url.path)
    content = environment().get_template(template).render(**known, **context)
    response = HTMLResponse(content, status_code=status, headers={"vary": "Cookie, Accept-Language"})
    if request.query_params.get("lang") == language:
        remember_language(request, response, language)
    if SAID_COOKIE in request.cookies:
        response.delete_cookie(SAID_COOKIE, path="/")
    return response


def _known(request: Request, language: str, address: str) -> dict[str, Any]:
    said = request.cookies.get(SAID_COOKIE, "")
    return {
        "t": words.speaker(language),
        "lang": language,
        "when": lambda moment, short=False: words.when(language, moment, short=short),
        "on_day": lambda moment: words.day(language, moment),
        "nonce": request.state.nonce,
        "csrf": security.form_token(request),
        "path": request.url.path,
        "switches": [(other, _with_language(request, address, other)) for other in words.LANGUAGES],
        "said": words.say(language, said) if ".said." in said and said in words.catalogue(language) else None,
        "masthead": settings().government_masthead,
    }


def _with_language(request: Request, address: str, language: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return f"{address}?{urlencode([*kept, ('lang', language)])}"


def remember_language(request: Request, response: Response, language: str) -> None:
    """Keeps the reader's choice for the next pages."""
    secure = request.url.scheme == "https"
    response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_S, path="/", secure=secure, samesite="lax")


def go(request: Request, address: str, *, said: str | None = None) -> RedirectResponse:
    """After a POST: 303 to a page that may be reloaded, with a sentence (a key `….said.…`) shown there once."""
    response = RedirectResponse(address, status_code=303)
    if said:
        secure = request.url.scheme == "https"
        response.set_cookie(SAID_COOKIE, said, max_age=SAID_S, path="/", secure=secure, httponly=True, samesite="lax")
    return response


def wants_page(request: Request) -> bool:
    """Whether a person reads the answer; programs and our islands get JSON."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(("/uploads", "/api/"))


def _is_opened(request: Request) -> bool:
    """Whether a person opens a page here, rather than htmx a part of one."""
    return request.method == "GET" and "hx-request" not in request.headers


def failure(request: Request, error: InterviewError) -> Response:
    """The error page, or the same as JSON for fetch: what happened, what is safe, what to do next."""
    language = language_of(request)
    if not wants_page(request):
        body = {"code": error.code or type(error).__name__, "text": {"ko": error.ko, "en": error.en}}
        return JSONResponse({"error": body}, status_code=error.status)
    if error.code == "sign_in" and _is_opened(request):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?{urlencode({'next': here})}", status_code=303)
    who = security.audience(request.url.path)
    context: dict[str, Any] = {
        "sentence": error.text(language),
        "failure_code": error.code,
        "audience": who,
        "is_missing": error.status == HTTPStatus.NOT_FOUND,
        "member": _member(request, error) if who == security.STAFF else None,
    }
    return page(request, "error.html", status=error.status, address=_came_from(request), **context)


def _member(request: Request, error: InterviewError) -> Member | None:
    """Who is signed in, also where no route has asked; nobody after a bug of ours, which may be the database's."""
    known: Member | None = getattr(request.state, "member", None)
    cookie = security.session_cookie(request, security.STAFF)
    if known is not None or not cookie or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return known
    with database.reading(database.EVERYWHERE) as session:
        return member_of(session, cookie)


def _came_from(request: Request) -> str | None:
    """The page whose form failed, which can be asked for again; None: this very address."""
    referer = urlsplit(request.headers.get("referer", ""))
    ours = referer.netloc == request.url.netloc and referer.path
    return referer.path if request.method != "GET" and ours else None
