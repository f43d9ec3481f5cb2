"""Every page as axe reads it: nothing serious or critical stands between a page and who uses it with a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select

from interview_ai import demo_programmes, openings, outcome_figures, reviews, shares
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.organisations import Member
from interview_ai.shares import NewShare
from interview_ai.tables import Opening, Question
from tests import desk, region_pages
from tests.bench import region
from tests.cast import PASSWORD
from tests.conftest import CHROMIUM
from tests.house import running

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = "--use-fake-ui-for-media-stream --use-fake-device-for-media-stream --no-sandbox --disable-gpu".split()
GRAVE = {"serious", "critical"}
LOOK = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]});
  return found.violations.map((one) => [one.impact, one.id, one.nodes.map((node) => node.html.slice(0, 160))]);
}"""
SMALL = demo_programmes.Size(universities=3, employers=6, roster=8, campaigns=2, direct=1, applicants=6, hired=2)
Complaint = tuple[str, str, str, list[str]]


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Chromium with a false camera."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


def written(jun: Member) -> tuple[dict[str, str], str]:
    """An opening with three candidates, one rated and shared: the staff's pages by name, and the shared link's path."""
    opening_id = desk.opening(jun, blind=False)
    rated, second, _ = (
        desk.candidate(jun, opening_id, name, points) for name, points in zip("ABC", (5, 2, None), strict=True)
    )
    desk.opening(jun)
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, rated.interview_id, "transcript")
        reviews.rate(session, jun, rated.interview_id, {"problem_solving": 4})
        asked = tuple(session.scalars(select(Question.id).where(Question.opening_id == opening_id)))
        token = shares.create(session, jun, rated.interview_id, NewShare("Ara Kim", asked, covered=True))
    place, interview = f"/staff/openings/{opening_id}", f"/staff/interviews/{rated.interview_id}"
    pages = {
        "openings": "/staff/openings",
        "new opening": "/staff/openings/new",
        "opening": place,
        "list": f"{place}/candidates",
        "compare": f"{place}/compare?chosen={rated.interview_id}&chosen={second.interview_id}",
        "compare nothing": f"{place}/compare",
        "overview": f"{place}/overview",
        "calibration": f"{place}/calibration",
        "candidate": interview,
        "candidate not rated": f"/staff/interviews/{second.interview_id}",
        "shares": f"{interview}/shares",
        "people": "/staff/people",
        "messages": "/staff/messages",
        "account": "/staff/account",
        "keys": "/staff/keys",
        "webhooks": "/staff/webhooks",
        "api": "/api/v1/docs",
    }
    return pages, f"/shared/{token}"


def complaints(page: Page, name: str) -> list[Complaint]:
    """What axe says about the page as it stands; evaluated, so that our own policy against scripts stays as it is."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[list[Any]] = page.evaluate(LOOK)
    return [(name, rule, impact, nodes) for impact, rule, nodes in found if impact in GRAVE]


def signed_in(
    browser: Browser,
    url: str,
    language: str,
    *,
    email: str = "jun@example.com",
    password: str = PASSWORD,
    width: int = 1280,
) -> tuple[Page, list[Complaint]]:
    page = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{url}/sign-in?lang={language}")
    found = complaints(page, "sign-in")
    page.locator('input[name="email"]').fill(email)
    page.locator('input[name="password"]').fill(password)
    page.locator('main button[type="submit"]').first.click()
    page.wait_for_url("**/staff/**")
    return page, found


def as_candidate(browser: Browser, url: str, token: str, language: str) -> list[Complaint]:
    """The link, the check, the question, and what stands beside the way."""
    page = browser.new_context(
        locale=language, viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    ).new_page()
    page.goto(f"{url}/i/{token}?lang={language}")
    found = complaints(page, "welcome")
    for choice in page.locator("label.choice").all()[1:]:
        choice.click()
    page.locator('form button[type="submit"]').last.click()
    page.wait_for_url("**/interview/check")
    found += complaints(page, "check")
    for name, address in (
        ("question", "/interview/questions/1"),
        ("receipts", "/receipts"),
        ("landing", "/"),
        ("unknown link", "/i/nothing"),
    ):
        page.goto(f"{url}{address}")
        if name == "question":
            page.locator("#start:not([disabled])").wait_for()
        found += complaints(page, name)
    page.context.close()
    return found


def as_outsider(page: Page, url: str, path: str) -> list[Complaint]:
    page.goto(f"{url}{path}")
    found = complaints(page, "shared")
    page.locator('main button[type="submit"]').click()
    page.wait_for_url("**/shared/open/**")
    return found + complaints(page, "shared answers")


def test_axe_finds_nothing_grave_where_a_university_and_an_agency_follow_a_region(home: Path, browser: Browser) -> None:
    made = region.make(120, employers=3, universities=2)
    with transaction(EVERYWHERE) as session:
        outcome_figures.publish(session, made.universities[0].organisation_id)
        session.get_one(Opening, made.openings[1][0]).deadline = region.NOW + timedelta(days=7)
        token = openings.invite(
            session, made.universities[0], made.openings[1][0], name="Minji", email="m@example.ac.kr", language="en"
        )
    minji = desk.begin(token)
    desk.answered(minji)
    desk.finished(minji)
    found: list[Complaint] = []
    with running(home, "web") as house:
        for language in ("ko", "en"):
            for email, address in (
                ("seoyeon@example.ac.kr", "/staff/progress"),
                ("doyun@example.go.kr", "/staff/region"),
            ):
                page, _ = signed_in(browser, house.url, language, email=email)
                page.goto(f"{house.url}{address}")
                for more in page.locator("main summary").all():
                    more.click()
                found += complaints(page, address)
                page.context.close()
            page = browser.new_context(locale=language, viewport={"width": 390, "height": 844}).new_page()
            page.goto(f"{house.url}/i/{token}?lang={language}")
            page.locator('form button[type="submit"]').last.click()
            page.wait_for_url("**/interview/done")
            found += complaints(page, "done, with a university")
            page.context.close()
    assert found == [], "\n".join(map(str, found))


def test_axe_finds_nothing_grave_on_a_phone_with_the_pages_of_a_whole_region(home: Path, browser: Browser) -> None:
    made = demo_programmes.make(datetime.now(UTC), SMALL)
    shown = region_pages.shown(made.sign_ins)
    found: list[Complaint] = []
    with running(home, "web") as house:
        for language in ("ko", "en"):
            for email, password, pages in shown.staff:
                page, _ = signed_in(browser, house.url, language, email=email, password=password, width=390)
                found += read(page, house.url, pages)
                page.context.close()
            phone = {"width": 390, "height": 844}
            page = browser.new_context(locale=language, viewport=phone, reduced_motion="reduce").new_page()
            found += read(
                page,
                house.url,
                [(name, f"{at}{'&' if '?' in at else '?'}lang={language}") for name, at in shown.public],
            )
            page.context.close()
    assert found == [], "\n".join(map(str, found))


def read(page: Page, url: str, pages: region_pages.Pages) -> list[Complaint]:
    """What axe says about these pages, with all that folds open."""
    found = []
    for name, address in pages:
        page.goto(f"{url}{address}")
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        found += complaints(page, name)
    return found


def test_axe_finds_nothing_grave_on_any_page_in_either_language(home: Path, browser: Browser) -> None:
    jun = desk.jun()
    pages, shared = written(jun)
    tokens = [desk.invite(jun, desk.opening(jun), f"Minji{n}") for n in range(2)]
    found: list[Complaint] = []
    with running(home, "web") as house:
        for language, token in zip(("ko", "en"), tokens, strict=True):
            page, there = signed_in(browser, house.url, language)
            found += there
            for name, address in pages.items():
                page.goto(f"{house.url}{address}")
                found += complaints(page, name)
            found += as_outsider(page, house.url, shared)
            found += as_candidate(browser, house.url, token, language)
            page.context.close()
    assert found == [], "\n".join(map(str, found))
