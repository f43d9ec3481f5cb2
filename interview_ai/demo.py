"""Plays the demonstration over HTTP against a running server, as employer and candidates would; knows nothing else.

It may be interrupted anywhere and run again: what the pages show as done is not done twice.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import ipaddress
import json
import re
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from interview_ai import demo_region
from interview_ai.demonstration import DemonstrationOpening, DemonstrationRecording, load
from interview_ai.errors import Conflict, InterviewError, Invalid, Misconfigured

OPEN_DAYS = 60
PART_BYTES = 128 * 1024
KOREAN_TIME = timezone(timedelta(hours=9))
DONE = "/interview/done"
CONSENT = 'name="consent"'  # on a link's page until the interview has begun
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')
LINK = re.compile(r'id="invitation-link">([^<]+)<')
OPENING = re.compile(r'href="(/staff/openings/[0-9a-f]{32})[^"]*">([^<]+)<')
QUESTION = re.compile(r'data-question="([0-9a-f]{32})"')
PROGRAMME = re.compile(r'name="programme_id">.*?<option value="([0-9a-f]{32})"', re.DOTALL)
NAMES = {"en": "English", "ko": "한국어"}

SignIns = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is; `trusted` says which certificate it may show, `here` that it is this very machine."""

    url: str
    trusted: bool | ssl.SSLContext
    here: bool

    def browser(self) -> httpx.Client:
        """A browser of its own, with no cookies yet."""
        settings: dict[str, Any] = {"base_url": self.url, "follow_redirects": True, "timeout": 60}
        headers = {"Accept": "text/html", "Accept-Language": "ko"}
        # no proxy stands between this machine and itself
        return httpx.Client(headers=headers, verify=self.trusted, trust_env=not self.here, **settings)


def command(given: argparse.Namespace) -> int:
    """`interview-ai demo`: prints one JSON object, a visitor's link for each opening; `--region`: demo_region.py."""
    if given.region:
        return demo_region.command()
    if not given.sign_ins:
        raise Invalid("Say --sign-ins FILE, or --region.", "--sign-ins FILE이나 --region을 붙여 주십시오.")
    sign_ins = json.loads(Path(given.sign_ins).read_text(encoding="utf-8"))
    links = {name: given.url.rstrip("/") + path for name, path in play(given.url, sign_ins)}
    sys.stdout.write(json.dumps(links, ensure_ascii=False) + "\n")
    return 0


def play(url: str, sign_ins: SignIns, *, certificate: str = "") -> Iterator[tuple[str, str]]:
    """Plays what is missing; of each opening gives the name and the path of a visitor's link that can be used.

    `sign_ins["links"]` are those of an earlier run: one of an unfinished interview stays. `certificate`: the file of
    the server's own, where it is ours. Raises InterviewError with a sentence that says what stood in the way.
    """
    server = _server(url, certificate)
    kept = sign_ins.get("links", {})
    try:
        for opening in load().openings:
            name = NAMES[opening.language]
            path = urlsplit(kept.get(name, "")).path  # older installations kept the whole address
            yield name, path if path and _can_be_used(server, path) else _play(server, sign_ins["employer"], opening)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        why = str(error) or type(error).__name__
        raise Misconfigured(
            f"{url} does not answer as it should: {why}.", f"{url} 서버가 제대로 응답하지 않습니다: {why}."
        ) from error


def _server(url: str, certificate: str) -> Server:
    host = urlsplit(url).hostname or ""
    return Server(url, trusted(host, certificate), here=is_loopback(host) or bool(certificate))


def is_loopback(host: str) -> bool:
    """Whether nothing that is sent to `host` leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def trusted(host: str, certificate: str = "") -> bool | ssl.SSLContext:
    """Which certificate a server may show before it gets a password, as httpx's `verify`.

    This machine asks itself whatever name it shows; another has a genuine one, or the very one in `certificate`.
    """
    if is_loopback(host):
        return False
    if not certificate:
        return True
    context = ssl.create_default_context(cafile=certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _page(answer: httpx.Response) -> str:
    if answer.is_error:
        path = answer.request.url.path
        asked = f"{answer.request.method} {'/i/…' if path.startswith('/i/') else path}"  # a link is a key
        raise Misconfigured(f"{asked} answered {answer.status_code}.", f"{asked} 응답: {answer.status_code}.")
    return answer.text


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise InterviewError(f"the page lacks {pattern.pattern}", f"페이지에 {pattern.pattern}가 없습니다")
    return html.unescape(match.group(1))


def _send(browser: httpx.Client, shown: str, action: str, **fields: str | list[str]) -> httpx.Response:
    """Fills in the form of page `shown` that goes to `action`."""
    page = _page(browser.get(shown))
    return browser.post(action, data={**_drawn(page, action), **fields})


def _drawn(page: str, action: str) -> dict[str, str]:
    """What a form holds before anybody types; one without an action goes to its own page."""
    for attributes, inside in FORM.findall(page):
        if f'action="{action}"' in attributes or "action=" not in attributes:
            return {name: html.unescape(value) for name, value in HIDDEN.findall(inside)}
    raise InterviewError(f"the page has no form to {action}", f"페이지에 {action} 양식이 없습니다")


def _sign_in(browser: httpx.Client, who: dict[str, str]) -> None:
    answer = _send(browser, "/sign-in", "/sign-in", email=who["email"], password=who["password"])
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise Misconfigured(
            f"{who['email']} cannot sign in with the password that was kept. Invite visitors on the openings' pages.",
            f"{who['email']} 계정이 보관된 비밀번호로 로그인되지 않습니다. 방문자는 공고 화면에서 초대해 주십시오.",
        )
    _page(answer)


def _can_be_used(server: Server, link: str) -> bool:
    """Whether a visitor's link opens and its interview is not over. Begins nothing."""
    with server.browser() as visitor:
        answer = visitor.get(link)
        if answer.is_error or CONSENT in answer.text:
            return answer.is_success
        return _send(visitor, link, link).url.path != DONE


def _play(server: Server, who: dict[str, str], opening: DemonstrationOpening) -> str:
    """Brings one opening to where its candidates have answered and its first pass is over; invites a visitor."""
    with server.browser() as employer:
        _sign_in(employer, who)
        place = _opening(employer, opening) or _create(employer, opening)
        page = _page(employer.get(place))
        visitors = len(set(re.findall(rf"\b{opening.key}-visitor[-\d]*@example\.com", page)))
        if not visitors:
            _let_answer(server, employer, place, opening, page=page)
        if f'action="{place}/first-pass"' in page:
            _page(_send(employer, place, f"{place}/first-pass"))
        number = visitors + 1
        called = "방문자" if opening.language == "ko" else "Visitor"
        return _invite(employer, place, f"{called} {number}", f"{opening.key}-visitor-{number}@example.com")


def _opening(employer: httpx.Client, opening: DemonstrationOpening) -> str | None:
    """The opening that an earlier run created."""
    titles = {opening.title_ko, opening.title_en}
    listed = OPENING.findall(_page(employer.get("/staff/openings")))
    return next((place for place, title in listed if html.unescape(title).strip() in titles), None)


def _create(employer: httpx.Client, opening: DemonstrationOpening) -> str:
    form = _page(employer.get("/staff/openings/new"))
    programme = PROGRAMME.search(form)
    many = len(opening.library)
    deadline = datetime.now(KOREAN_TIME) + timedelta(days=OPEN_DAYS)
    answer = _send(
        employer,
        "/staff/openings/new",
        "/staff/openings",
        title_ko=opening.title_ko,
        title_en=opening.title_en,
        language=opening.language,
        deadline=deadline.strftime("%Y-%m-%dT18:00"),
        programme_id=programme.group(1) if programme else "",
        competency=["problem_solving"],
        add=list(opening.library),
        question_ko=[""] * many,
        question_en=[""] * many,
        think_s=[str(opening.think_s)] * many,
        answer_s=[str(opening.answer_s)] * many,
        takes=["2"] * many,
        blind="on",
        demonstration="on",
    )
    _page(answer)
    return answer.url.path


def _let_answer(
    server: Server, employer: httpx.Client, place: str, opening: DemonstrationOpening, *, page: str
) -> None:
    """Invites the candidates who are not through, and lets each answer. `page`: the opening's, with who is invited."""
    recordings = [item for item in load().recordings if item.opening == opening.key]
    names = list(dict.fromkeys(item.candidate for item in recordings))
    # each is invited only after the one before has finished: all but the last are through
    invited = [at for at, name in enumerate(names) if _address(opening.key, name) in page]
    for name in names[max(invited, default=0) :]:
        link = _invite(employer, place, name, _address(opening.key, name))
        _apply(server, link, [item for item in recordings if item.candidate == name])


def _address(key: str, name: str) -> str:
    """An address of the demonstration's own. A number in it would tell who is who in a blind opening (KR-13)."""
    return f"{hashlib.sha256(f'{key}:{name}'.encode()).hexdigest()[:8]}@example.com"


def _invite(employer: httpx.Client, place: str, name: str, email: str) -> str:
    """Sends a link to somebody, also to whom an earlier run sent one that it did not get; returns its path."""
    token = _found(TOKEN, _page(employer.get(place)))
    answer = employer.post(f"{place}/invitations", data={"csrf": token, "name": name, "email": email, "language": "ko"})
    if answer.status_code == httpx.codes.CONFLICT:
        raise Conflict(
            "The demonstration's opening is closed. Open it again on its page, or start over: make demo-reset",
            "시연 공고가 마감되었습니다. 공고 화면에서 다시 열거나 처음부터 다시 시작해 주십시오: make demo-reset",
        )
    return urlsplit(_found(LINK, _page(answer))).path


def _apply(server: Server, link: str, recordings: list[DemonstrationRecording]) -> None:
    """A candidate's whole way, from wherever they are: consent, each answer in parts, the end."""
    with server.browser() as candidate:
        chosen = {"mode": "ai", "consent": "yes"} if CONSENT in _page(candidate.get(link)) else {}
        begun = _send(candidate, link, link, **chosen)
        _page(begun)
        if begun.url.path == DONE:
            return
        for item in recordings:
            _answer(candidate, item)
        _page(_send(candidate, f"/interview/questions/{recordings[-1].question}", "/interview/finish"))


def _answer(candidate: httpx.Client, item: DemonstrationRecording) -> None:
    shown = f"/interview/questions/{item.question}"
    page = _page(candidate.get(shown))
    if QUESTION.search(page):  # otherwise it was received before
        _upload(candidate, _found(QUESTION, page), item)
        _page(candidate.post(f"{shown}/finish", headers={"X-CSRF-Token": _found(TOKEN, page)}))


def _upload(candidate: httpx.Client, question: str, item: DemonstrationRecording) -> None:
    """tus 1.0.0, a part at a time. The same `run` is the same upload: it goes on behind what the server holds."""
    content = item.path.read_bytes()
    described = {"question": question, "filetype": item.media_type, "run": item.file}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
    speaks = {"Tus-Resumable": "1.0.0"}
    begun = candidate.post(
        "/uploads", headers={**speaks, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    )
    _page(begun)
    for offset in range(int(begun.headers["upload-offset"]), len(content), PART_BYTES):
        headers = {**speaks, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        _page(
            candidate.patch(begun.headers["location"], headers=headers, content=content[offset : offset + PART_BYTES])
        )
