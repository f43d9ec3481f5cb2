"""The file of links as a browser takes it: CSV and XLSX, formulas as text, and pages that say plainly what leaves."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from interview_ai import dispatch, interviews, settings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Campaign, CampaignRow
from tests import campaigning as made
from tests import desk
from tests.mailed import campaign, change
from tests.web.test_campaign_pages import campaign_of, send
from tests.web.test_inviting import signed_in
from tests.web.test_messages import token_on
from web import words
from worker import campaigning

ROSTER = "이름,이메일,학번,학과\n김민지,minji@example.org,20231234,기계\n박소라,sora@example.org,20235678,경영\n"


@pytest.fixture
def region(home: Path) -> made.Region:
    return made.region()


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")
    settings.settings.cache_clear()


def invited(campaign_id: str) -> None:
    """Everybody is, as dispatching does it."""
    for _ in range(2):
        with transaction(EVERYWHERE) as session:
            session.get_one(Campaign, campaign_id).next_at = datetime.now(UTC) - timedelta(minutes=5)
        dispatch.step()


def said(page: str, language: str, key: str, **values: object) -> bool:
    return words.say(language, key, **values) in unescape(page)


def opened(link: str) -> str:
    with reading(EVERYWHERE) as session:
        return interviews.invited(session, link.rpartition("/")[2]).candidate.name


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_without_a_mail_server_seoyeon_is_told_so_and_takes_the_links_instead(
    region: made.Region, language: str
) -> None:
    browser = signed_in(region.seoyeon.email, language)
    form = browser.get("/staff/campaigns/new").text
    assert said(form, language, "campaign.form.no_mail") and '<option value="file" selected' in form
    assert 'value="code"' not in form
    campaign_id = campaign_of(send(browser, region.opening_id, ROSTER.encode(), channel="file"))
    campaigning.read(campaign_id)
    place = f"/staff/campaigns/{campaign_id}"
    preview = browser.get(place)
    assert said(preview.text, language, "campaign.preview.send.file", n=2)
    run = browser.send(preview, f"{place}/confirm")
    assert said(run.text, language, "campaign.states.linking") and said(run.text, language, "campaign.links.soon")
    invited(campaign_id)
    run = browser.get(place)
    assert said(run.text, language, "campaign.states.linked")
    assert said(run.text, language, "campaign.links.xlsx", n=2)
    file = browser.send(run, f"{place}/links.csv")
    assert "attachment" in file.headers["content-disposition"] and file.headers["cache-control"] == "no-store"
    head, *people = csv.reader(io.StringIO(file.content.decode("utf-8-sig")))
    columns = ("name", "email", "student_number")
    last = ("link", "deadline", "stop")
    assert head == [words.say(language, f"campaign.columns.{name}") for name in columns] + [
        words.say(language, f"campaign.links.{name}") for name in last
    ]
    assert [len(person[4]) for person in people] == [len("2026-01-01 18:00")] * 2
    assert (
        browser.get(people[0][5].partition("//")[2].partition("/")[1] + people[0][5].split("/", 3)[3]).status_code
        == 200
    )
    assert all(f'id="letter-{other}"' in run.text for other in words.LANGUAGES)
    assert not said(run.text, language, "campaign.run.messages")
    assert [person[:3] for person in people] == [
        ["김민지", "minji@example.org", "20231234"],
        ["박소라", "sora@example.org", "20235678"],
    ]
    assert [opened(person[3]) for person in people] == ["김민지", "박소라"]
    listed = browser.get("/staff/campaigns").text
    assert said(listed, language, "campaign.states.linked") and not said(listed, language, "campaign.states.sent")


def test_both_files_show_as_text_what_a_spreadsheet_would_run(region: made.Region) -> None:
    which = campaign(region.seoyeon, region.opening_id, ["Minji"], consent_basis="applied")
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, which).columns = {"columns": {"name": 0, "email": 1, "student_number": 2}}
        session.scalars(select(CampaignRow)).one().student_number = "=cmd|'/c calc'!A1"
    browser = signed_in(region.seoyeon.email)
    page = browser.get(f"/staff/campaigns/{which}")
    as_csv = browser.send(page, f"/staff/campaigns/{which}/links.csv").content.decode("utf-8-sig")
    (_, row) = csv.reader(io.StringIO(as_csv))
    assert row[2] == "'=cmd|'/c calc'!A1"
    as_xlsx = browser.send(page, f"/staff/campaigns/{which}/links.xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx)).worksheets[0]
    head, cells = sheet.iter_rows()
    assert [cell.value for cell in head][:4] == ["Name", "Email", "Student number", "Link"]
    letter = openpyxl.load_workbook(io.BytesIO(as_xlsx)).worksheets[1]
    lines = [str(row[0].value) for row in letter.iter_rows()]
    assert any("[Link]" in line for line in lines) and any("[그만 받기 링크]" in line for line in lines)
    assert (cells[2].value, cells[2].data_type) == ("'=cmd|'/c calc'!A1", "s")
    assert opened(str(cells[3].value)) == "Minji"


def test_nobody_else_gets_a_file_and_without_the_pages_own_token_nobody(region: made.Region) -> None:
    which = campaign(region.seoyeon, region.opening_id, ["Minji"], consent_basis="applied")
    reviewer = desk.colleague(region.seoyeon, "reviewer@example.edu", "reviewer")
    for member, status in ((desk.hana(), 404), (region.jun, 404), (region.doyun, 404), (reviewer, 403)):
        browser = signed_in(member.email)
        for form in ("csv", "xlsx"):
            fields = {"csrf": token_on(browser.get("/staff/account"))}
            answer = browser.client.post(f"/staff/campaigns/{which}/links.{form}", data=fields)
            assert answer.status_code == status, (member.name, form)
            assert "/i/" not in answer.text
    own = signed_in(region.seoyeon.email)
    assert own.client.post(f"/staff/campaigns/{which}/links.csv").status_code == 403


def test_a_refused_file_is_said_on_the_campaigns_page(region: made.Region) -> None:
    which = campaign(region.seoyeon, region.opening_id, ["Minji"], consent_basis="applied")
    browser = signed_in(region.seoyeon.email)
    page = browser.get(f"/staff/campaigns/{which}")
    change(which, state="cancelled", finished_at=datetime.now(UTC))
    answer = browser.send(page, f"/staff/campaigns/{which}/links.csv")
    assert answer.status_code == 409 and "a cancelled one gives none out" in answer.text


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_code_by_mail_cannot_be_chosen_where_no_mail_leaves(region: made.Region, language: str) -> None:
    browser = signed_in(region.seoyeon.email, language)
    refused = send(browser, region.opening_id, ROSTER.encode(), proof="code")
    assert refused.status_code == 422
    assert ("출생연도’나" if language == "ko" else "Choose the year of birth") in unescape(refused.text)
    assert said(refused.text, language, "campaign.form.proof_no_mail")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_mail_server_that_went_away_is_said_before_the_confirmation(
    region: made.Region, mails: None, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    found = made.read(region.seoyeon, region.opening_id, proof="code")
    browser = signed_in(region.seoyeon.email, language)
    cannot = "campaign.preview.cannot"
    assert not said(browser.get(f"/staff/campaigns/{found.id}").text, language, cannot)
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "")
    settings.settings.cache_clear()
    page = browser.get(f"/staff/campaigns/{found.id}")
    assert said(page.text, language, cannot) and ("취소하고" if language == "ko" else "Cancel this") in page.text
    assert browser.send(page, f"/staff/campaigns/{found.id}/confirm").status_code == 409


def test_where_mails_leave_the_file_is_there_too_for_who_wants_it(region: made.Region, mails: None) -> None:
    browser = signed_in(region.seoyeon.email)
    form = browser.get("/staff/campaigns/new").text
    assert '<option value="mail" selected' in form and 'value="code"' in form
    which = campaign(region.seoyeon, region.opening_id, ["Minji"], consent_basis="applied")
    page = browser.get(f"/staff/campaigns/{which}")
    assert "wait in the outbox" not in page.text
    assert browser.send(page, f"/staff/campaigns/{which}/links.csv").status_code == 200


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_campaign_that_reminds_nobody_offers_no_reminder_and_says_why(
    region: made.Region, language: str, state: str
) -> None:
    which = campaign(region.seoyeon, region.opening_id, ["Minji"], consent_basis="applied")
    browser = signed_in(region.seoyeon.email, language)
    place = f"/staff/campaigns/{which}/messages"
    kinds = words.say(language, "messages.kinds.not_opened")
    assert kinds in browser.get(place).text
    change(which, state=state, finished_at=datetime.now(UTC))
    page = browser.get(place).text
    assert said(page, language, f"campaign_messages.why_nobody.{state}")
    assert kinds not in page and f"{place}/not_opened" not in page


def test_how_often_people_are_reminded_is_chosen_and_changed_on_its_page(region: made.Region) -> None:
    browser = signed_in(region.seoyeon.email)
    sent = send(browser, region.opening_id, ROSTER.encode(), remind_after_days="3", most_reminders="4")
    campaign_id = campaign_of(sent)
    campaigning.read(campaign_id)
    made.confirmed(region.seoyeon, campaign_id)
    place = f"/staff/campaigns/{campaign_id}"
    page = browser.get(place)
    assert "up to 4 a person" in page.text and '<option value="4" selected' in page.text
    changed = browser.send(page, f"{place}/reminders", remind_after_days="", most_reminders="1")
    assert "The reminders are changed" in changed.text and "up to 1 a person" in changed.text
    refused = browser.send(changed, f"{place}/reminders", remind_after_days="90", most_reminders="9")
    assert refused.status_code == 422
    assert "Remind after 1 to 30 days" in refused.text and 'value="90"' in refused.text
    kept = made.campaign(campaign_id)
    assert (kept.remind_after_days, kept.most_reminders) == (None, 1)
    wrong = send(browser, region.opening_id, ROSTER.encode(), most_reminders="9")
    assert wrong.status_code == 422 and "1 to 5 reminders" in wrong.text
