"""One house, one browser and Jun's sign-in for all journeys of a module; a fresh window for each."""

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
    """Where the house stands, who works there, and his cookies."""

    url: str
    jun: Member
    browser: Browser
    kept: Path


@pytest.fixture(scope="module")
def jun_at_work(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Office]:
    """The house with Jun signed in."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        home = conftest.installed(folder / "home", sqlite_template, patch)
        jun = desk.jun()
        with house.running(home, "web") as running, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=conftest.CHROMIUM, args=office.FLAGS)
            office.sign_in(browser, running.url, folder / "kept.json")
            yield Office(running.url, jun, browser, folder / "kept.json")
            browser.close()
    conftest.forget()


@pytest.fixture(params=[f"{language}-{device}" for language in ("ko", "en") for device in office.DEVICES])
def walk(request: pytest.FixtureRequest, jun_at_work: Office) -> Iterator[Walk]:
    """Jun's window in one language on one device."""
    language, device = request.param.split("-")
    with office.opened(jun_at_work.browser, language, device, str(jun_at_work.kept)) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield Walk(page, jun_at_work.url, language, jun_at_work.jun, device, jun_at_work.browser)
