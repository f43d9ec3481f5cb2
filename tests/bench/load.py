"""`make load`: many candidates who record at once, in real time, against the embedded default on this machine.

Traffic goes to this machine only and ends by itself. A run that was broken off goes on with `--home`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import func, select

from interview_ai import organisations, passwords, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.demonstration import load as demonstration
from interview_ai.interviews import begin
from interview_ai.migrate import migrate
from interview_ai.tables import Answer, Interview, Invitation, Opening, Question, Staff, Work
from tests import cast, house
from tests.bench.recorder import forget

EVERY_S = 4.0  # a part leaves so often, as the recorder sends
TUS = {"Tus-Resumable": "1.0.0"}
PAGE_EVERY_S = 0.5
SEED = 7
BAR_MS = 200


def recording(size: int) -> bytes:
    """A playable recording of `size` bytes: a shipped answer, filled up with elements that no player looks at."""
    whole = demonstration().recordings[0].path.read_bytes()
    left = size - len(whole)
    assert left > 16, "the recording is larger than asked for"
    return whole + b"\xec" + (0x0100000000000000 | (left - 9)).to_bytes(8, "big") + bytes(left - 9)


@dataclass
class Figures:
    """What was measured."""

    parts: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    resumed: int = 0
    receipts: int = 0
    wrong: list[str] = field(default_factory=list)


def people(count: int, seconds: int) -> tuple[cast.Firm, dict[str, str]]:
    """An opening of one question with `count` candidates who have begun: their sessions' cookies by interview."""
    with reading(EVERYWHERE) as session:
        there = session.scalars(select(Opening)).first()
    employer = cast.jun() if there is None else _employer(there)
    with transaction(EVERYWHERE) as session:
        opening = session.get_one(Opening, employer.opening_id)
        opening.demonstration = True
        if there is None:
            session.delete(session.get_one(Question, employer.question_ids[1]))
            session.get_one(Question, employer.question_ids[0]).answer_s = seconds
            staff = session.get_one(Staff, employer.staff_id)
            staff.password_hash, staff.state = passwords.hashed(cast.PASSWORD), "active"
        held = session.scalars(select(func.count(Invitation.id))).one()
        links = [cast.invite(session, employer, f"Candidate {number}") for number in range(held, count)]
    cookies = {}
    for link in links:
        with transaction(EVERYWHERE) as session:
            cookie = begin(session, link, cast.chosen(), language="en")
            cookies[session.scalars(select(Interview.id).order_by(Interview.number.desc()).limit(1)).one()] = cookie
    return employer, cookies


def _employer(opening: Opening) -> cast.Firm:
    with reading(EVERYWHERE) as session:
        question = session.scalars(select(Question.id).where(Question.opening_id == opening.id)).one()
        staff = session.scalars(select(Staff.id).where(Staff.organisation_id == opening.organisation_id)).one()
    return cast.Firm(opening.organisation_id, staff, opening.id, (question, ""))


async def candidate(
    url: str, cookie: str, question: str, data: bytes, *, starts_s: float, step: int, to: Figures
) -> None:
    """One candidate: an upload whose parts leave as they are recorded, then the receipt.

    `starts_s`: the moment on the event loop's clock at which the recording begins.
    """
    # no certificates: loading them for each of two hundred clients would stop everybody's clock for seconds
    async with httpx.AsyncClient(base_url=url, cookies={"candidate": cookie}, timeout=60, verify=False) as client:
        await asyncio.sleep(starts_s - asyncio.get_running_loop().time())
        described = {"question": question, "filetype": "video/webm", "run": hashlib.sha256(cookie.encode()).hexdigest()}
        metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in described.items())
        place = ""
        while not place:
            try:
                made = await client.post(
                    "/uploads", headers={**TUS, "Upload-Defer-Length": "1", "Upload-Metadata": metadata}
                )
                place = made.headers.get("location", "")
            except httpx.TransportError:
                to.resumed += 1
                await asyncio.sleep(1)
        offset = 0
        while offset < len(data):
            due = starts_s + (offset / step + 1) * EVERY_S
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            offset = await part(client, place, data, offset, step, to)
        await receipt(client, cookie, data, to)


async def part(client: httpx.AsyncClient, place: str, data: bytes, offset: int, step: int, to: Figures) -> int:
    """Sends the next part; after a failure asks how much is there and goes on from it."""
    end = min(offset + step, len(data))
    headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    if end == len(data):
        headers["Upload-Length"] = str(len(data))
    sent = time.monotonic()
    try:
        answer = await client.patch(place, headers=headers, content=data[offset:end])
        if answer.status_code == 204:
            to.parts.append((time.monotonic() - sent) * 1000)
            return int(answer.headers["upload-offset"])
    except httpx.TransportError:
        pass
    to.resumed += 1
    await asyncio.sleep(1)
    try:
        return int((await client.head(place, headers=TUS)).headers.get("upload-offset", offset))
    except httpx.TransportError:
        return offset


async def receipt(client: httpx.AsyncClient, cookie: str, data: bytes, to: Figures) -> None:
    """Asks for the receipt and compares its digest with what was sent."""
    headers = {"X-CSRF-Token": tokens.authenticate("form", f"candidate:{cookie}"), "Accept": "application/json"}
    for _ in range(60):
        try:
            answer = await client.post("/interview/questions/1/finish", headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(1)
            continue
        if answer.status_code == 200:
            given = answer.json()["receipt"]
            true = tokens.is_signed(given) and given["segments"][0]["sha256"] == hashlib.sha256(data).hexdigest()
            to.receipts += true
            if not true:
                to.wrong.append(str(given))
            return
        await asyncio.sleep(1)
    to.wrong.append("no receipt")


async def staff(url: str, cookie: str, opening: str, to: Figures, until: asyncio.Event) -> None:
    """A recruiter who looks at the list again and again."""
    async with httpx.AsyncClient(base_url=url, cookies={"staff": cookie}, timeout=60) as client:
        while not until.is_set():
            began = time.monotonic()
            answer = await client.get(f"/staff/openings/{opening}/candidates", headers={"Accept": "text/html"})
            assert answer.status_code == 200, answer.status_code
            to.pages.append((time.monotonic() - began) * 1000)
            await asyncio.sleep(PAGE_EVERY_S)


async def storm(url: str, employer: cast.Firm, cookies: dict[str, str], data: bytes, step: int, look: str) -> Figures:
    """Everybody at once; nobody's recorder keeps step with another's, so their parts leave at random moments."""
    figures, over = Figures(), asyncio.Event()
    watching = asyncio.create_task(staff(url, look, employer.opening_id, figures, over))
    question = employer.question_ids[0]
    start, chance = asyncio.get_running_loop().time() + EVERY_S, random.Random(SEED)
    moments = {cookie: start + chance.uniform(0, EVERY_S) for cookie in cookies.values()}
    await asyncio.gather(
        *(
            candidate(url, cookie, question, data, starts_s=begins, step=step, to=figures)
            for cookie, begins in moments.items()
        )
    )
    over.set()
    await watching
    return figures


def signed_in() -> str:
    """The recruiter's session."""
    attempt = organisations.check("jun@example.com", cast.PASSWORD)
    with transaction(EVERYWHERE) as session:
        cookie = organisations.sign_in(session, attempt)
    assert cookie is not None
    return cookie


def drained() -> tuple[int, int]:
    """Pieces of work that are done, and all of them."""
    with reading(EVERYWHERE) as session:
        whole = session.scalars(select(func.count(Work.id))).one()
        return session.scalars(select(func.count(Work.id)).where(Work.state == "done")).one(), whole


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> int:
    """Prints the figures; exit 1 when an answer was lost, a receipt was wrong or a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=60, help="length of each answer")
    parser.add_argument("--kbits", type=int, default=600, help="of each recording, a second")
    parser.add_argument("--drain", type=int, default=300, help="seconds to wait for the workers afterwards")
    parser.add_argument("--home", type=Path, help="goes on with a run that was broken off")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    home = given.home or Path(tempfile.mkdtemp(prefix="onterview-load-"))
    home.mkdir(exist_ok=True)
    os.environ["INTERVIEW_HOME"] = str(home)
    forget()
    tokens.make_secret(home / "secret")
    migrate()
    print(f"home: {home}", flush=True)
    employer, cookies = people(given.candidates, given.seconds)
    data, step = recording(given.kbits * 125 * given.seconds), int(given.kbits * 125 * EVERY_S)
    port = house.free_port()
    command = [
        sys.executable,
        "-m",
        "interview_ai.cli",
        "serve",
        "--port",
        str(port),
        *os.environ.get("XW", "").split(),
    ]
    with (home / "serve.log").open("ab") as log:
        service = subprocess.Popen(command, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        house.eventually(lambda: _ready(url), within_s=60)
        began, own = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
        figures = asyncio.run(storm(url, employer, cookies, data, step, signed_in()))
        lasted = time.monotonic() - began
        share = (resource.getrusage(resource.RUSAGE_SELF).ru_utime - own) / lasted / (os.cpu_count() or 1)
        done, whole = _drain(given.drain)
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(timeout=60)
    return report(given, figures, lasted_s=lasted, share=share, done=done, whole=whole, began=began)


def _drain(seconds: int) -> tuple[int, int]:
    until = time.monotonic() + seconds
    done, whole = drained()
    while done < whole and time.monotonic() < until:
        time.sleep(2)
        done, whole = drained()
    return done, whole


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def report(
    given: argparse.Namespace, found: Figures, *, lasted_s: float, share: float, done: int, whole: int, began: float
) -> int:
    """Prints and keeps the figures."""
    with reading(EVERYWHERE) as session:
        lost = given.candidates - session.scalars(select(func.count(Answer.id)).where(Answer.bytes > 0)).one()
    content = {
        "candidates": given.candidates,
        "answers_lost": lost,
        "receipts_true": found.receipts,
        "wrong": found.wrong[:5],
        "parts": len(found.parts),
        "parts_resumed": found.resumed,
        "patch_p50_ms": round(statistics.median(found.parts or [0.0])),
        "patch_p95_ms": round(percentile(found.parts, 0.95)),
        "patch_max_ms": round(max(found.parts, default=0.0)),
        "staff_page_p95_ms": round(percentile(found.pages, 0.95)),
        "staff_pages": len(found.pages),
        "lasted_s": round(lasted_s, 1),
        "load_script_cpu_share": round(share, 2),
        "work_done": f"{done} of {whole} {time.monotonic() - began - lasted_s:.0f} s after the last receipt",
    }
    print(json.dumps(content, indent=2))
    if given.out:
        given.out.write_text(json.dumps(content, indent=2))
    kept = lost == 0 and not found.wrong
    return 0 if kept and content["patch_p95_ms"] <= BAR_MS and content["staff_page_p95_ms"] <= BAR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
