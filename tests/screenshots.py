"""`make screenshots`: every page in Korean and English at 390 and 1280 px, over both demonstrations, into a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from sqlalchemy import select

from interview_ai import demo_region, openings, organisations
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Answer, Interview, Opening
from tests import region_pages, sizes
from tests.conftest import CHROMIUM, forget
from tests.house import eventually, free_port, running

FLAGS = (
    "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --no-sandbox --disable-gpu --disable-quic "
    "--no-first-run --disable-background-networking --disable-component-update --disable-sync"
).split()
WIDTHS = (390, 1280)
LANGUAGES = ("ko", "en")
KAKAOTALK = (
    "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/142.0.0.0 Mobile Safari/537.36 KAKAOTALK 25.10.0"
)
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
    return {
        "employer": [
            ("openings", "/staff/openings"),
            ("new-opening", "/staff/openings/new"),
            ("new-opening-template", "/staff/openings/new?start=quality"),
            ("opening", f"/staff/openings/{quality.id}"),
            ("letters", f"/staff/openings/{quality.id}/letters"),
            ("letters-send", f"/staff/openings/{quality.id}/letters/send"),
            ("messages", "/staff/messages"),
            ("keys", "/staff/keys"),
            ("webhooks", "/staff/webhooks"),
            ("letter-texts", f"/staff/openings/{quality.id}/letters/texts"),
            ("decide-together", f"/staff/openings/{quality.id}/decide-together"),
            ("opening-edit", f"/staff/openings/{quality.id}/edit"),
            ("opening-preview", f"/staff/openings/{quality.id}/preview"),
            ("recordings", f"/staff/openings/{quality.id}/recordings"),
            ("shortlist", f"/staff/openings/{quality.id}/candidates"),
            ("shortlist-korean", f"/staff/openings/{office.id}/candidates"),
            ("compare", f"/staff/openings/{quality.id}/compare?chosen={first}&chosen={silent}"),
            ("overview", f"/staff/openings/{quality.id}/overview"),
            ("shares", f"/staff/interviews/{first}/shares"),
            ("candidate", f"/staff/interviews/{first}"),
            ("candidate-silent", f"/staff/interviews/{silent}"),
            ("candidate-korean", f"/staff/interviews/{korean}"),
            ("people", "/staff/people"),
            ("account", "/staff/account"),
            ("missing", "/staff/nothing-here"),
        ],
    }


def _context(browser: Browser, language: str, width: int) -> BrowserContext:
    return browser.new_context(locale=language, viewport={"width": width, "height": 844})


def _keep(page: Page, folder: Path, name: str, *, whole: bool = True) -> None:
    page.screenshot(path=str(folder / f"{name}.png"), full_page=whole)


def staff(browser: Browser, url: str, sign_ins: SignIns, folder: Path) -> None:
    """Every page behind a sign-in, and the sign-in itself."""
    for kind, pages in staff_pages().items():
        signed_in(browser, url, sign_ins[kind], pages, folder)
    who, pages = sizes.made()
    signed_in(browser, url, who, pages, folder)


def signed_in(browser: Browser, url: str, who: dict[str, str], pages: list[tuple[str, str]], folder: Path) -> None:
    """The pages of one member of staff in each language and width."""
    for language in LANGUAGES:
        for width in WIDTHS:
            page = _context(browser, language, width).new_page()
            page.goto(f"{url}/sign-in?lang={language}")
            _keep(page, folder, f"sign-in-{language}-{width}")
            page.locator('input[name="email"]').fill(who["email"])
            page.locator('input[name="password"]').fill(who["password"])
            page.locator('main button[type="submit"]').first.click()
            page.wait_for_url("**/staff/**")
            for name, address in pages:
                page.goto(f"{url}{address}{'&' if '?' in address else '?'}lang={language}")
                _keep(page, folder, f"{name}-{language}-{width}")
            page.context.close()


def region(browser: Browser, home: Path, folder: Path) -> None:
    """The pages of universities, agencies and everybody, over a second home with the demonstration's region."""
    os.environ["INTERVIEW_HOME"] = str(home)
    forget()
    subprocess.run([sys.executable, "-m", "interview_ai.cli", "demo", "--region"], check=True)
    shown = region_pages.shown(json.loads((home / demo_region.FILE).read_text()))
    with running(home, "web") as house:
        for email, password, pages in shown.staff:
            signed_in(browser, house.url, {"email": email, "password": password}, pages, folder)
        for language in LANGUAGES:
            for width in WIDTHS:
                everybody(browser, house.url, shown, folder, language=language, width=width)


def everybody(
    browser: Browser, url: str, shown: region_pages.Shown, folder: Path, *, language: str, width: int
) -> None:
    """The pages that need no account, and what a student is asked about their result."""
    page = _context(browser, language, width).new_page()
    for name, address in shown.public:
        page.goto(f"{url}{address}{'&' if '?' in address else '?'}lang={language}")
        _keep(page, folder, f"{name}-{language}-{width}")
    page.goto(f"{url}{shown.sharing}?lang={language}")
    page.locator('form button[type="submit"]').last.click()
    page.wait_for_url("**/interview/done")
    _keep(page, folder, f"sharing-{language}-{width}")
    page.context.close()


def invitations(sign_in: dict[str, str]) -> Iterator[str]:
    """A fresh link to the English opening, as often as one is asked for."""
    attempt = organisations.check(sign_in["email"], sign_in["password"])
    with transaction(EVERYWHERE) as session:
        token = organisations.sign_in(session, attempt)
    assert token is not None
    with reading(EVERYWHERE) as session:
        member = organisations.member_of(session, token)
        assert member is not None
        mine = Opening.organisation_id == member.organisation_id
        opening_id = session.scalars(select(Opening.id).where(mine, Opening.language == "en")).one()
    for number in count():
        with transaction(member.organisation_id) as session:
            email = f"minji-{number}@example.com"
            token = openings.invite(session, member, opening_id, name="Minji", email=email, language="ko")
        yield token


def candidate(browser: Browser, url: str, links: Iterator[str], folder: Path) -> None:
    """Every page of a candidate's way, in a journey of its own for each language and width."""
    for language in LANGUAGES:
        for width in WIDTHS:
            page = _context(browser, language, width).new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            _begin(page, f"{url}/i/{next(links)}?lang={language}", folder, f"{language}-{width}")
            _answer(page, url, folder, f"{language}-{width}")
            _beside(page, url, folder, f"{language}-{width}")
            page.context.close()


def _begin(page: Page, link: str, folder: Path, kind: str) -> None:
    page.goto(link)
    _keep(page, folder, f"welcome-{kind}")
    for choice in page.locator("label.choice").all()[1:]:
        choice.click()
    page.locator('form button[type="submit"]').last.click()
    page.wait_for_url("**/interview/check")
    page.locator('[data-part="sound"] .mark', has_text="✓").wait_for()
    _keep(page, folder, f"check-{kind}")


def _answer(page: Page, url: str, folder: Path, kind: str) -> None:
    """Thinking, recording, the network away, a reload, the receipt, another take, the end."""
    page.goto(f"{url}/interview/questions/1")
    page.locator("#start:not([disabled])").wait_for()
    _keep(page, folder, f"question-{kind}", whole=False)
    page.locator("#start").click()
    page.locator("#safe", has_text="✓").wait_for(timeout=30_000)
    _keep(page, folder, f"recording-{kind}", whole=False)
    page.context.set_offline(True)
    page.locator("#problem:not([hidden])").wait_for(timeout=60_000)
    _keep(page, folder, f"offline-{kind}", whole=False)
    page.context.set_offline(False)
    page.locator("#problem[hidden]").wait_for(state="attached", timeout=60_000)
    page.reload()
    page.locator("#here:not([hidden])").wait_for()
    _keep(page, folder, f"resumed-{kind}", whole=False)
    other = page.context.new_page()
    other.goto(f"{url}/interview/questions/1")
    other.locator("#taken:not([hidden])").wait_for()
    _keep(other, folder, f"second-window-{kind}", whole=False)
    other.close()
    page.locator("#start").click()
    page.locator("#finish").click()
    page.locator("#receipt-code-1").wait_for(timeout=60_000)
    _keep(page, folder, f"received-{kind}")
    page.goto(f"{url}/interview/questions/1?again=1")
    page.locator("#start:not([disabled])").wait_for()
    _keep(page, folder, f"again-{kind}", whole=False)
    page.goto(f"{url}/interview/questions/1")
    page.locator("#finish-interview").click()
    page.wait_for_url("**/interview/done")
    _keep(page, folder, f"done-{kind}")


def _beside(page: Page, url: str, folder: Path, kind: str) -> None:
    """What stands beside the way: errors, other browsers, the receipt's page."""
    language = kind.split("-")[0]
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    page.goto(f"{url}/receipts")
    page.locator("#file").set_input_files(download.value.path())
    page.locator('main button[type="submit"]').click()
    page.locator("#verdict").wait_for()
    _keep(page, folder, f"verify-{kind}")
    page.goto(f"{url}/i/no-such-link?lang={language}")
    _keep(page, folder, f"unknown-link-{kind}")


def without_camera(playwright: Playwright, url: str, links: Iterator[str], folder: Path) -> None:
    """Where the camera is refused, and inside an app's browser without script."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
    for language in LANGUAGES:
        for width in WIDTHS:
            kind = f"{language}-{width}"
            page = _context(browser, language, width).new_page()
            _enter(page, f"{url}/i/{next(links)}?lang={language}")
            page.locator(".with-file:not([hidden])").first.wait_for()
            _keep(page, folder, f"check-refused-{kind}")
            page.goto(f"{url}/interview/questions/1")
            page.locator("#problem:not([hidden])").wait_for()
            _keep(page, folder, f"question-refused-{kind}")
            page.context.close()
            viewport = {"width": width, "height": 844}
            context = browser.new_context(
                locale=language, viewport=viewport, java_script_enabled=False, user_agent=KAKAOTALK
            )
            page = context.new_page()
            link = f"{url}/i/{next(links)}?lang={language}"
            page.goto(link)
            _keep(page, folder, f"welcome-kakaotalk-{kind}")
            _enter(page, link)
            page.goto(f"{url}/interview/questions/1")
            _keep(page, folder, f"question-no-script-{kind}")
            page.context.close()
    browser.close()


def _enter(page: Page, link: str) -> None:
    page.goto(link)
    for choice in page.locator("label.choice").all()[1:]:
        choice.click()
    page.locator('form button[type="submit"]').last.click()
    page.wait_for_url("**/interview/check")


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
        links = invitations(sign_ins["employer"])
        candidate(browser, url, links, folder)
        browser.close()
        without_camera(playwright, url, links, folder)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        region(browser, Path(home), folder)
        browser.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
