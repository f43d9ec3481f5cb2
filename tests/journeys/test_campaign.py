"""Seoyeon's campaign in a real browser, in both languages: a dropped roster, its faults, the confirmation; axe at each page."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import campaigning as made
from tests.cast import PASSWORD
from tests.house import running
from tests.journeys.test_axe import browser as browser  # the fixture
from tests.journeys.test_axe import complaints

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READ_MS = 60_000
CLICK_MS = 5_000
ROSTER = (
    "성명,이메일,학과,고향\n"
    + "".join(f"김학생{n},s{n}@example.org,기계공학과,대구\n" for n in range(700))
    + "이하늘,하늘,전자,대구\n"
)
DROP = """([zone, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (sign) => sign.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], "명단.csv", {type: "text/csv"}));
  for (const kind of ["dragover", "drop"]) {
    document.querySelector(zone).dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  }
}"""
WORDS = {
    "ko": ("700명", "고칠 줄 1개", "대구", "받지 않은 열"),
    "en": ("700 people", "1 to mend", "대구", "were refused"),
}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_seoyeon_drops_a_roster_confirms_it_and_watches_it_go(home: Path, browser: Browser, language: str) -> None:
    made.region()
    people, to_mend, secret, refused = WORDS[language]
    with running(home) as house:
        page = signed_in(browser, house.url, language)
        found = [
            look(page, house.url, "list", "/staff/campaigns"),
            look(page, house.url, "new", "/staff/campaigns/new"),
        ]
        page.fill("#name", "가을 회차")
        encoded = base64.b64encode(ROSTER.encode("cp949")).decode()
        page.evaluate(DROP, ["[data-drop]", encoded])
        expect(page.locator("[data-drop-words]")).to_contain_text("명단.csv")
        page.locator("label[for=basis-career_services]").click()
        page.locator(".more-settings > summary").click()
        expect(page.locator("#quiet_from")).to_be_hidden()  # no mail server: links for a file, which no night delays
        page.select_option("#channel", "mail")
        expect(page.locator("#quiet_from")).to_be_visible()
        page.select_option("#channel", "file")
        page.locator("form[action='/staff/campaign-files'] button[type=submit]").click()
        expect(page.locator(".roster-bar")).to_contain_text(to_mend, timeout=READ_MS)
        expect(page.locator(".notice-asks")).to_contain_text(refused)
        assert secret not in page.locator("main").inner_text()
        found.append(complaints(page, "preview"))
        page.locator(".confirm-primary > summary").click()
        expect(page.locator(".confirm-primary form")).to_contain_text(people)
        found.append(complaints(page, "confirm"))
        page.locator(".confirm-primary button[type=submit]").click()
        page.wait_for_selector("#funnel")
        expect(page.locator("#funnel tbody tr").nth(1).locator(".number")).not_to_have_text("0", timeout=READ_MS)
        found.append(complaints(page, "run"))
        expect(page.locator("h1 .tag-done")).to_be_visible(timeout=READ_MS)  # the page comes anew by itself
        with page.expect_download() as links:
            page.locator("form[action$='/links.xlsx'] button").click(timeout=CLICK_MS)
        assert links.value.suggested_filename == "가을 회차-links.xlsx"
        book = openpyxl.load_workbook(io.BytesIO(links.value.path().read_bytes()))
        assert book.worksheets[0].max_row == 701
        found.append(complaints(page, "links"))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{house.url}/staff/campaigns")
            page.locator("main .page-head a").click(trial=True, timeout=CLICK_MS)
            page.locator("header nav a[href='/staff/university']").click(timeout=CLICK_MS)
            page.wait_for_url("**/staff/university")
    assert [one for some in found for one in some] == []


def signed_in(browser: Browser, url: str, language: str) -> Page:
    page = browser.new_context(viewport={"width": 320, "height": 800}).new_page()
    page.goto(f"{url}/sign-in?lang={language}")
    page.fill("#email", "seoyeon@example.edu")
    page.fill("#password", PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/staff/**")
    return page


def look(page: Page, url: str, name: str, address: str) -> list[tuple[str, str, str, list[str]]]:
    page.goto(f"{url}{address}")
    return complaints(page, name)
