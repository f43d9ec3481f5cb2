"""`make screenshots`: every page in Korean and English at 390 and 1280 px, over the demonstration, into a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.tables import Answer, Interview, Opening
from tests.conftest import CHROMIUM
from tests.house import eventually, free_port

FLAGS = (
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --no-sandbox --disable-gpu --disable-quic "
    "--no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
WIDTHS = (390, 1280)
LANGUAGES = ("ko", "en")
SETTLED = {"assessed", "needs_person", "unreadable"}
SignIns = dict[str, dict[str, str]]


@contextmanager
def demonstration(home: Path) -> Iterator[tuple[str, SignIns]]:
    """A fresh `interview-ai run` whose recordings have all been processed."""
    os.environ["INTERVIEW_HOME"] = str(home)
    port = free_port()
    command = [sys.executable, "-m", "interview_ai.cli", "run", "--port", str(port)]
    with (home / "run.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    kept = home / "sign-ins.json"
    try:
        eventually(lambda: kept.exists() and "links" in kept.read_text(), within_s=120)
        eventually(_settled)
        yield f"http://localhost:{port}", json.loads(kept.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _settled() -> bool:
    with reading(EVERYWHERE) as session:
        states = set(session.scalars(select(Answer.state)))
    return bool(states) and states <= SETTLED


def staff_pages() -> dict[str, list[tuple[str, str]]]:
    """The pages of each organisation's staff by a name for the picture."""
    with reading(EVERYWHERE) as session:
        quality, office = session.scalars(select(Opening).order_by(Opening.language)).all()
        interviews = session.scalars(select(Interview).order_by(Interview.opening_id, Interview.number)).all()
    first = next(one.id for one in interviews if one.opening_id == quality.id and one.number == 1)
    silent = next(one.id for one in interviews if one.opening_id == quality.id and one.number == 8)
    korean = next(one.id for one in interviews if one.opening_id == office.id)
    common = [("people", "/staff/people"), ("account", "/staff/account"), ("missing", "/staff/nothing-here")]
    return {
        "employer": [
            ("openings", "/staff/openings"),
            ("new-opening", "/staff/openings/new"),
            ("opening", f"/staff/openings/{quality.id}"),
            ("shortlist", f"/staff/openings/{quality.id}/candidates"),
            ("shortlist-korean", f"/staff/openings/{office.id}/candidates"),
            ("candidate", f"/staff/interviews/{first}"),
            ("candidate-silent", f"/staff/interviews/{silent}"),
            ("candidate-korean", f"/staff/interviews/{korean}"),
            *common,
        ],
        "agency": [("programmes", "/staff/programmes")],
        "university": [("university", "/staff/university")],
    }


def _context(browser: Browser, language: str, width: int) -> BrowserContext:
    return browser.new_context(locale=language, viewport={"width": width, "height": 844})


def _keep(page: Page, folder: Path, name: str, *, whole: bool = True) -> None:
    page.screenshot(path=str(folder / f"{name}.png"), full_page=whole)


def staff(browser: Browser, url: str, sign_ins: SignIns, folder: Path) -> None:
    """Every page behind a sign-in, and the sign-in itself."""
    for language in LANGUAGES:
        for width in WIDTHS:
            for kind, pages in staff_pages().items():
                page = _context(browser, language, width).new_page()
                page.goto(f"{url}/sign-in?lang={language}")
                _keep(page, folder, f"sign-in-{language}-{width}")
                page.locator('input[name="email"]').fill(sign_ins[kind]["email"])
                page.locator('input[name="password"]').fill(sign_ins[kind]["password"])
                page.locator('main button[type="submit"]').first.click()
                page.wait_for_url("**/staff/**")
                for name, address in pages:
                    page.goto(f"{url}{address}?lang={language}")
                    _keep(page, folder, f"{name}-{language}-{width}")
                page.context.close()


def candidate(browser: Browser, url: str, link: str, folder: Path) -> None:
    """The candidate's pages up to the recording; the interview goes on with each width and language."""
    for language in LANGUAGES:
        for width in WIDTHS:
            page = _context(browser, language, width).new_page()
            page.goto(f"{link}?lang={language}")
            _keep(page, folder, f"welcome-{language}-{width}")
            for choice in page.locator("label.choice").all()[1:]:
                choice.click()
            page.locator('form button[type="submit"]').last.click()
            page.wait_for_url("**/interview/**")
            page.goto(f"{url}/interview/check")
            page.locator('[data-part="sound"] .mark', has_text="✓").wait_for()
            _keep(page, folder, f"check-{language}-{width}", whole=False)
            page.goto(f"{url}/interview/questions/1")
            page.locator("#start:not([disabled])").wait_for()
            _keep(page, folder, f"question-{language}-{width}", whole=False)
            page.goto(f"{url}/i/no-such-link?lang={language}")
            _keep(page, folder, f"unknown-link-{language}-{width}")
            page.context.close()


def main(folder: Path) -> None:
    """Writes all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        demonstration(Path(home)) as (url, sign_ins),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        staff(browser, url, sign_ins, folder)
        candidate(browser, url, sign_ins["links"]["English"], folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
