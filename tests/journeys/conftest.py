"""One house with Jun signed in for all journeys of the package, one browser for a module, a fresh window for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from interview_ai.organisations import Member
from tests import conftest, desk, house
from tests.journeys import office
from tests.journeys.office import Walk


@dataclass(frozen=True)
class Office:
    """Where the house stands, who works there, and where his cookies are kept once he has signed in."""

    url: str
    jun: Member
    kept: Path


@pytest.fixture(scope="package")
def jun_at_work(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Office]:
    """A house of its own: starting one takes longer than most journeys."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        home = conftest.installed(folder / "home", sqlite_template, patch)
        jun = desk.jun()
        with house.running(home, "web") as running:
            yield Office(running.url, jun, folder / "kept.json")
    conftest.forget()


@pytest.fixture(scope="module")
def window_maker() -> Iterator[Browser]:
    """Chromium with a false camera; one at a time, as other modules start their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=conftest.CHROMIUM, args=office.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium for staff, who need no camera."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=conftest.CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(params=[f"{language}-{device}" for language in ("ko", "en") for device in office.DEVICES])
def walk(request: pytest.FixtureRequest, jun_at_work: Office, window_maker: Browser) -> Iterator[Walk]:
    """Jun's window in one language on one device."""
    language, device = request.param.split("-")
    if not jun_at_work.kept.exists():
        office.sign_in(window_maker, jun_at_work.url, jun_at_work.kept)
    with office.opened(window_maker, language, device, str(jun_at_work.kept)) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield Walk(page, jun_at_work.url, language, jun_at_work.jun, device, window_maker)
