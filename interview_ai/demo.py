"""Plays the demonstration over HTTP against a running server, as employer and candidates would; knows nothing else."""

from __future__ import annotations

import argparse
import base64
import html
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from interview_ai.demonstration import DemonstrationOpening, DemonstrationRecording, load
from interview_ai.errors import InterviewError, Misconfigured

OPEN_DAYS = 60
OWN_CERTIFICATE = False
PART_BYTES = 128 * 1024
KOREAN_TIME = timezone(timedelta(hours=9))
TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')
LINK = re.compile(r'id="invitation-link">([^<]+)<')
QUESTION = re.compile(r'data-question="([0-9a-f]{32})"')
PROGRAMME = re.compile(r'<option value="([0-9a-f]{32})"')
NAMES = {"en": "English", "ko": "한국어"}


def command(given: argparse.Namespace) -> int:
    """`interview-ai demo`: prints one JSON object, a visitor's link for each opening."""
    sign_ins = json.loads(Path(given.sign_ins).read_text(encoding="utf-8"))
    with _browser(given.url) as employer:
        _sign_in(employer, sign_ins["employer"])
        links = {NAMES[opening.language]: _play(employer, given.url, opening) for opening in load().openings}
    sys.stdout.write(json.dumps(links, ensure_ascii=False) + "\n")
    return 0


def _browser(url: str) -> httpx.Client:
    # this machine asks itself, whatever name its certificate carries
    headers = {"Accept": "text/html", "Accept-Language": "ko"}
    return httpx.Client(base_url=url, headers=headers, follow_redirects=True, timeout=60, verify=OWN_CERTIFICATE)


def _page(answer: httpx.Response) -> str:
    if answer.is_error:
        raise Misconfigured(
            f"{answer.request.method} {answer.request.url.path} answered {answer.status_code}.",
            f"{answer.request.method} {answer.request.url.path} 응답: {answer.status_code}.",
        )
    return answer.text


def _found(pattern: re.Pattern[str], page: str) -> str:
    match = pattern.search(page)
    if match is None:
        raise InterviewError(f"the page lacks {pattern.pattern}", f"페이지에 {pattern.pattern}가 없습니다")
    return html.unescape(match.group(1))


def _send(browser: httpx.Client, shown: str, action: str, **fields: str | list[str]) -> httpx.Response:
    """Fills in the form of page `shown` that goes to `action`."""
    token = _found(TOKEN, _page(browser.get(shown)))
    answer = browser.post(action, data={"csrf": token, **fields})
    _page(answer)
    return answer


def _sign_in(browser: httpx.Client, who: dict[str, str]) -> None:
    _send(browser, "/sign-in", "/sign-in", email=who["email"], password=who["password"])


def _play(employer: httpx.Client, url: str, opening: DemonstrationOpening) -> str:
    """Creates one opening, lets its candidates answer, ends its first pass; returns a visitor's link."""
    place = _create(employer, opening)
    recordings = [item for item in load().recordings if item.opening == opening.key]
    for number, name in enumerate(dict.fromkeys(item.candidate for item in recordings), 1):
        link = _invite(employer, place, name, f"{opening.key}-{number}@example.com")
        _apply(url, link, [item for item in recordings if item.candidate == name])
    _send(employer, place, f"{place}/first-pass")
    visitor = _invite(employer, place, "방문자 Visitor", f"{opening.key}-visitor@example.com")
    return url + visitor


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
        library=list(opening.library),
        question_ko=[""] * many,
        question_en=[""] * many,
        think_s=[str(opening.think_s)] * many,
        answer_s=[str(opening.answer_s)] * many,
        takes=["2"] * many,
        blind="on",
        demonstration="on",
    )
    return answer.url.path


def _invite(employer: httpx.Client, place: str, name: str, email: str) -> str:
    answer = _send(employer, place, f"{place}/invitations", name=name, email=email, language="ko")
    return urlsplit(_found(LINK, answer.text)).path


def _apply(url: str, link: str, recordings: list[DemonstrationRecording]) -> None:
    """A candidate's whole way: consent, each answer in parts, the end."""
    with _browser(url) as candidate:
        _send(candidate, link, link, mode="ai", consent="yes")
        for item in recordings:
            shown = f"/interview/questions/{item.question}"
            page = _page(candidate.get(shown))
            _upload(candidate, _found(QUESTION, page), item)
            done = candidate.post(f"{shown}/finish", headers={"X-CSRF-Token": _found(TOKEN, page)})
            _page(done)
        _send(candidate, f"/interview/questions/{recordings[-1].question}", "/interview/finish")


def _upload(candidate: httpx.Client, question: str, item: DemonstrationRecording) -> None:
    """tus 1.0.0, a part at a time."""
    content = item.path.read_bytes()
    described = {"question": question, "filetype": item.media_type}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
    speaks = {"Tus-Resumable": "1.0.0"}
    begun = candidate.post(
        "/uploads", headers={**speaks, "Upload-Length": str(len(content)), "Upload-Metadata": metadata}
    )
    _page(begun)
    for offset in range(0, len(content), PART_BYTES):
        headers = {**speaks, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        _page(
            candidate.patch(begun.headers["location"], headers=headers, content=content[offset : offset + PART_BYTES])
        )
