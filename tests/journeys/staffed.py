"""Staff in a real browser: on a phone in Korean or at a desk in English, signed in to a running house."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from interview_ai import organisations
from interview_ai.database import transaction
from interview_ai.organisations import Member
from tests.cast import PASSWORD

SCREENS = {"ko": (390, 844), "en": (1280, 800)}


def at_work(browser: Browser, url: str, member: Member, language: str) -> Page:
    """A page of somebody who is signed in."""
    with transaction(member.organisation_id) as session:
        organisations.choose_language(session, member, language)
    width, height = SCREENS[language]
    context = browser.new_context(locale=language, viewport={"width": width, "height": height})
    page = context.new_page()
    sign_in(page, f"{url}/sign-in", member.email)
    return page


def sign_in(page: Page, address: str, email: str) -> None:
    """Fills the form at `address` as one of the cast."""
    page.goto(address)
    page.locator('input[name="email"]').fill(email)
    page.locator('input[name="password"]').fill(PASSWORD)
    page.locator('main button[type="submit"]').first.click()
    page.wait_for_url("**/staff/**")


def fits(page: Page) -> bool:
    """Whether nothing of the page lies beside the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def agree(page: Page, action: str) -> None:
    """Opens the question before an act and says yes."""
    form = page.locator(f'form[action$="{action}"]')
    page.locator("details", has=form).locator("summary").first.click()
    form.locator('button[type="submit"]').click()
