"""How soon a candidate's page is there on a weak phone: 400 kbit/s, 400 ms there and back, a CPU four times slower."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from interview_ai import interviews, tokens
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.migrate import migrate
from tests import cast, house
from tests.bench.line import Line, Weather
from tests.bench.recorder import FLAGS, forget
from tests.conftest import CHROMIUM

WEAK = Weather(bits=400_000, delay_s=0.2)
SLOWER = 4
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
PAINT_BAR_MS, READY_BAR_MS = 3000, 6000


def measured(browser: Browser, url: str, cookie: str, path: str, ready: str) -> tuple[float, float]:
    """First contentful paint, and when `ready` is there, in ms from the first byte asked for; nothing is cached."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko")
    context.add_cookies([{"name": "candidate", "value": cookie, "url": url}])
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.monotonic()
    page.goto(f"{url}{path}", wait_until="commit")
    page.locator(ready).wait_for(timeout=60_000)
    done = (time.monotonic() - began) * 1000
    paint = house.eventually(lambda: page.evaluate(PAINTED), within_s=30)
    context.close()
    return float(paint), done


def main() -> int:
    """Prints each page's two figures; exit 1 when a bar is missed."""
    home = Path(tempfile.mkdtemp(prefix="onterview-pages-"))
    os.environ["INTERVIEW_HOME"] = str(home)
    forget()
    tokens.make_secret(home / "secret")
    migrate()
    jun = cast.jun()
    with transaction(EVERYWHERE) as session:
        link = cast.invite(session, jun)
    with transaction(EVERYWHERE) as session:
        cookie = interviews.begin(session, link, cast.chosen(), language="ko")
    kept = True
    with house.running(home, "web") as running, sync_playwright() as playwright:
        line = Line(int(running.url.rsplit(":", 1)[1]), WEAK)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, path, ready in (
            ("welcome", f"/i/{link}", "main button"),
            ("check", "/interview/check", '[data-part="camera"].is-well'),
            ("question", "/interview/questions/1", "#start:not([disabled])"),
        ):
            runs = [measured(browser, f"http://localhost:{line.port}", cookie, path, ready) for _ in range(3)]
            paint, done = (sorted(values)[1] for values in zip(*runs, strict=True))
            kept &= 0 < paint <= PAINT_BAR_MS and done <= READY_BAR_MS
            print(f"{name:10} first paint {paint:5.0f} ms, ready {done:5.0f} ms", flush=True)
        browser.close()
        line.close()
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
