"""Pages over a whole region stay short enough to use on a phone, without script, and slide by themselves nowhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from interview_ai import outcome_figures
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.tables import CampaignRow, Opening
from tests.bench import region
from tests.house import running
from tests.journeys.staffed import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONGEST = 4_000  # px at 390
DEPARTMENTS, COHORTS = 60, 6


def large() -> None:
    """A region of thirty employers with three openings over, and four universities, of sixty departments in six cohorts each."""
    made = region.make(2500, employers=30, universities=4)
    with transaction(EVERYWHERE) as session:
        for n, row in enumerate(session.query(CampaignRow).order_by(CampaignRow.id)):
            row.department, row.cohort = f"{n % DEPARTMENTS + 1}번째 학과", str(2020 + n // DEPARTMENTS % COHORTS)
        for opening in session.query(Opening).order_by(Opening.id).offset(3):
            opening.deadline = region.NOW + timedelta(days=9)
        session.flush()
        outcome_figures.publish(session, made.universities[0].organisation_id)


def signed_in(browser: Browser, url: str, email: str, language: str) -> Page:
    phone = {"width": 390, "height": 844}
    page = browser.new_context(locale=language, viewport=phone, java_script_enabled=False).new_page()
    sign_in(page, f"{url}/sign-in?lang={language}", email)
    return page


def height(page: Page) -> int:
    box = page.locator("body").bounding_box()
    assert box and box["width"] == 390
    return round(box["height"])


def test_the_pages_of_a_large_university_are_short_on_a_phone_and_all_of_it_is_a_link_away(
    home: Path, browser: Browser
) -> None:
    large()
    with running(home, "web") as house:
        for language in ("ko", "en"):
            page = signed_in(browser, house.url, "seoyeon@example.ac.kr", language)
            for address in ("/staff/progress", "/staff/university"):
                page.goto(f"{house.url}{address}")
                assert height(page) <= LONGEST, (address, language, height(page))
            page.goto(f"{house.url}/staff/progress")
            folded = page.locator(".progress-table").first.locator("tbody tr").count()
            page.locator('a[href*="all=yes"]').first.click()
            page.wait_for_url("**all=yes**")
            unfolded = page.locator(".progress-table").first.locator("tbody tr").count()
            assert folded <= 12 + 1  # and those who are told together
            assert unfolded > DEPARTMENTS * (COHORTS - 2)
            page.context.close()
