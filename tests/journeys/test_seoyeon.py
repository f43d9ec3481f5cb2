"""Seoyeon's way in a real browser, with a real mail server: her words, a roster with faults, its campaign, the progress."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from interview_ai import opt_outs
from interview_ai.database import EVERYWHERE, reading
from tests import campaigning, house, smtp
from tests.campaigning import Region
from tests.journeys.staffed import agree, at_work, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SUBJECTS = {"ko": "{organisation} 화상면접, 서연이 알려 드립니다", "en": "An interview at {organisation}, says Seoyeon"}
ROSTER = """이름,이메일,학과,학년,사진
김민지,minji@example.org,기계공학과,4학년,minji.jpg
박소라,sora@example.org,경영학과,3학년,sora.jpg
이하나,hana at example.org,경영학과,3학년,
최다온,minji@example.org,기계공학과,4학년,
""".encode("cp949")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_from_a_roster_with_faults_to_the_progress_of_those_invited(
    home: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    region = campaigning.region()
    with smtp.postbox() as postbox:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", postbox.url)
        with house.running(home) as running:
            page = at_work(browser, running.url, region.seoyeon, language)
            write_own_words(page, running.url, language)
            mine = house.eventually(lambda: [one for one in postbox.received if one["To"] == "seoyeon@example.edu"])
            assert SUBJECTS[language].split("}")[1] in mine[0]["Subject"]
            send_roster(page, running.url, region)
            look_at_faults(page)
            agree(page, "/confirm")
            sent = house.eventually(lambda: len(invited(postbox)) == 2 and invited(postbox))
            assert {one["To"] for one in sent} == {"minji@example.org", "sora@example.org"}
            ours = next(one for one in sent if one["To"] == "sora@example.org")
            ends_messages(browser, running.url, str(ours["List-Unsubscribe"]), language)
            page.goto(f"{running.url}/staff/progress")
            shown = page.locator("main").inner_text()
            assert "기계공학과" in shown and "경영학과" in shown and "김민지" in shown
            assert fits(page)
    with reading(EVERYWHERE) as session:
        ended = opt_outs.among(session, region.seoyeon.organisation_id, ["minji@example.org", "sora@example.org"])
    assert ended == {"sora@example.org"}


def invited(postbox: smtp.Postbox) -> list[smtp.EmailMessage]:
    return [one for one in postbox.received if str(one["To"]).endswith("@example.org")]


def write_own_words(page: Page, url: str, language: str) -> None:
    """Her own subject, and a message to herself to see how it looks."""
    page.goto(f"{url}/staff/messages")
    page.locator(f"#subject-{language}").fill(SUBJECTS[language])
    page.locator('form[action="/staff/messages/invitation/mail"] button.primary').click()
    page.locator(f'form[action="/staff/messages/invitation/mail/{language}/test"] button').click()
    page.locator('[role="status"]').first.wait_for()
    assert fits(page)


def send_roster(page: Page, url: str, region: Region) -> None:
    page.goto(f"{url}/staff/campaigns/new")
    page.locator('[name="opening_id"]').select_option(region.opening_id)
    page.locator('[name="name"]').fill("2026")
    page.locator('label[for="basis-career_services"]').click()
    more = page.locator("details", has=page.locator('[name="quiet_from"]'))
    more.locator("summary").click()
    for name in ("quiet_from", "quiet_until"):
        page.locator(f'[name="{name}"]').select_option("0")  # the same hour twice: this runs at night too
    page.locator('input[type="file"]').set_input_files({"name": "명단.csv", "mimeType": "text/csv", "buffer": ROSTER})
    assert fits(page)
    page.locator('main form button[type="submit"]').last.click()
    page.locator("#to-mend-title").wait_for(timeout=60_000)


def look_at_faults(page: Page) -> None:
    """The preview says what is wrong and what is not taken; the faults come as a file to mend."""
    assert "사진" in page.locator("main").inner_text()
    assert "minji.jpg" not in page.content()
    assert fits(page)
    with page.expect_download() as download:
        page.locator('a[href$="/faults.csv"]').click()
    content = Path(download.value.path()).read_text("utf-8-sig")
    assert "hana at example.org" in content and "sora@example.org" not in content


def ends_messages(browser: Browser, url: str, header: str, language: str) -> None:
    """A student follows the link in the mail and wants no more of them."""
    place = header[header.index("/stop/") :].split(">")[0]
    student = browser.new_context(locale=language, viewport={"width": 390, "height": 844}).new_page()
    student.goto(f"{url}{place}")
    student.locator('main form button[type="submit"]').first.click()
    student.locator('form[action$="/undo"]').wait_for()
    assert fits(student)
