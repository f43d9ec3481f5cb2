"""Campaigns as Seoyeon's browser walks them: the roster is sent, mended, confirmed; Hana sees nothing of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import update

from interview_ai import dispatch
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.tables import Campaign, Memorandum, Opening
from tests import campaigning as made
from tests import desk
from tests.browser import Browser
from tests.web.test_inviting import signed_in
from worker import campaigning

FAULTY = "이름,이메일,학과,사진\n김민지,minji@example.org,기계,a.jpg\n=1+1,sora@example.org,경영,b.jpg\n이하늘,하늘,전자,c.jpg\n"


def send(browser: Browser, opening_id: str, content: bytes, **more: str) -> Response:
    """The form of a new campaign with a file, as a browser sends it."""
    page = browser.get("/staff/campaigns/new")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    about = {
        "name": "가을",
        "consent_basis": "career_services",
        "per_minute": "300",
        "proof": "none",
        "channel": "mail",
    }
    fields = {"csrf": token[1], "opening_id": opening_id, "quiet_from": "", "quiet_until": ""} | about | more
    files = {"file": ("명단.csv", content, "text/csv")} if content else {"file": ("", b"", "application/octet-stream")}
    return browser.client.post("/staff/campaign-files", data=fields, files=files, follow_redirects=True)


def campaign_of(answer: Response) -> str:
    """The id in the address of its page."""
    return str(answer.url).rpartition("/")[2]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_seoyeon_sends_a_roster_mends_it_confirms_and_watches(home: Path, language: str) -> None:
    region = made.region()
    browser = signed_in(region.seoyeon.email, language)
    words = {
        "ko": ("읽고 있습니다", "고칠 줄 2개", "받지 않은 열", "1명 초대하기"),
        "en": ("is being read", "2 to mend", "refused", "Invite 1 person"),
    }
    reading, to_mend, refused, one = words[language]
    assert ("아직 초대 회차가 없습니다" if language == "ko" else "no campaign yet") in browser.get(
        "/staff/campaigns"
    ).text
    sent = send(browser, region.opening_id, FAULTY.encode("cp949"))
    campaign_id = campaign_of(sent)
    assert reading in sent.text
    assert 'hx-trigger="every 1s"' in browser.get(f"/staff/campaigns/{campaign_id}/progress").text
    campaigning.read(campaign_id)
    assert browser.get(f"/staff/campaigns/{campaign_id}/progress").headers["hx-refresh"] == "true"
    preview = browser.get(f"/staff/campaigns/{campaign_id}")
    assert to_mend in preview.text and refused in preview.text and one in preview.text
    assert "cell-wrong" in preview.text and "a.jpg" not in preview.text
    faults = browser.get(f"/staff/campaigns/{campaign_id}/faults.csv")
    assert faults.content.startswith(b"\xef\xbb\xbf") and "3,'=1+1,sora@example.org,경영" in faults.text
    mended = faults.text.replace("'=1+1", "박소라").replace("하늘,전자", "haneul@example.org,전자")
    token = re.search(r'name="csrf" value="([^"]+)"', preview.text)
    assert token
    file = {"file": ("mended.csv", mended.encode(), "text/csv")}
    browser.client.post(f"/staff/campaign-files/{campaign_id}", data={"csrf": token[1]}, files=file)
    campaigning.read(campaign_id)
    assert made.outcomes(campaign_id) == [(2, "ready"), (3, "ready"), (4, "ready")]
    again = browser.send(browser.get(f"/staff/campaigns/{campaign_id}"), f"/staff/campaigns/{campaign_id}/confirm")
    assert ("확정했습니다" if language == "ko" else "Confirmed") in again.text
    dispatch.step()
    run = browser.get(f"/staff/campaigns/{campaign_id}?words=박소라")
    assert "박소라" in run.text and "minji@example.org" not in run.text
    paused = browser.send(run, f"/staff/campaigns/{campaign_id}/pause")
    assert ("멈췄습니다" if language == "ko" else "Paused") in paused.text
    assert "가을" in browser.get("/staff/campaigns").text


def test_a_number_that_has_changed_since_is_asked_again(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    browser = signed_in(region.seoyeon.email)
    page = browser.get(f"/staff/campaigns/{found.id}")
    refused = browser.send(page, f"/staff/campaigns/{found.id}/confirm", ready="7")
    assert refused.status_code == 409 and "Look at the numbers again" in refused.text
    assert made.campaign(found.id).state == "preview"


def test_a_form_that_lacks_something_comes_back_with_all_that_was_typed(home: Path) -> None:
    region = made.region()
    browser = signed_in(region.seoyeon.email)
    refused = send(
        browser,
        region.opening_id,
        b"",
        consent_basis="",
        pasted="name,email\nMinji,minji@example.org",
        reply_to="nobody",
    )
    assert refused.status_code == 422
    assert "Choose what the people in the roster agreed to" in refused.text and "Check the mail address" in refused.text
    assert "Minji,minji@example.org" in refused.text and 'value="가을"' in refused.text
    pasted = send(browser, region.opening_id, b"", pasted="name,email\nMinji,minji@example.org")
    campaigning.read(campaign_of(pasted))
    assert made.outcomes(campaign_of(pasted)) == [(2, "ready")]
    nothing = send(browser, region.opening_id, b"")
    assert nothing.status_code == 422 and "paste its rows" in nothing.text


def test_columns_are_chosen_on_a_page_and_a_file_that_is_none_is_refused_in_words(home: Path) -> None:
    region = made.region()
    browser = signed_in(region.seoyeon.email)
    sent = send(browser, region.opening_id, "갑,을\n김민지,minji@example.org\n".encode())
    campaign_id = campaign_of(sent)
    campaigning.read(campaign_id)
    page = browser.get(f"/staff/campaigns/{campaign_id}")
    assert "minji@example.org)" in page.text
    browser.send(page, "/columns", **{"column-name": "0", "column-email": "1"})
    campaigning.read(campaign_id)
    assert made.campaign(campaign_id).state == "preview"
    broken = campaign_of(send(browser, region.opening_id, b"\x00\x01\x02\x03" * 40))
    campaigning.read(broken)
    assert "cannot be read" in browser.get(f"/staff/campaigns/{broken}").text


def test_hana_jun_and_a_reviewer_find_no_campaign_of_seoyeons(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    reviewer = desk.colleague(region.seoyeon, "reviewer@example.edu", "reviewer")
    place = f"/staff/campaigns/{found.id}"
    for member, status in ((desk.hana(), 404), (region.jun, 404), (region.doyun, 404), (reviewer, 403)):
        browser = signed_in(member.email)
        for address in (place, f"{place}/progress", f"{place}/faults.csv"):
            assert browser.get(address).status_code == status, (member.name, address)
        assert "minji" not in browser.get("/staff/campaigns").text


def test_too_large_a_roster_is_refused_before_it_is_read(home: Path) -> None:
    region = made.region()
    browser = signed_in(region.seoyeon.email)
    headers = {"content-length": str(70_000_000), "content-type": "multipart/form-data; boundary=x"}
    refused = browser.client.post("/staff/campaign-files", content=b"--x--", headers=headers)
    assert refused.status_code == 413 and "60 MB" in refused.text


def test_a_paused_campaign_whose_opening_closed_says_why(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    with transaction(EVERYWHERE) as session:
        kept = session.get_one(Campaign, found.id)
        kept.state, kept.fault = "paused", {"ko": "마감되었습니다.", "en": "It is closed."}
        session.get_one(Opening, region.opening_id).state = "closed"
    assert "마감되었습니다." in signed_in(region.seoyeon.email, "ko").get(f"/staff/campaigns/{found.id}").text


def test_a_campaign_that_stopped_in_the_middle_says_who_can_act_and_goes_on_after_it(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    place = f"/staff/campaigns/{found.id}"
    browser = signed_in(region.seoyeon.email, "ko")

    def agreed(quota: int) -> str:
        with transaction(EVERYWHERE) as session:
            session.execute(update(Memorandum).values(quota=quota))
        return browser.get(place).text

    agreed(1)
    for count in (1, 0):
        with transaction(EVERYWHERE) as session:
            session.get_one(Campaign, found.id).next_at = datetime.now(UTC) - timedelta(minutes=5)
        assert dispatch.step() == count
    stopped = agreed(1)
    assert "협약 인원을 늘려 달라고" in stopped and "남은 1명에게는" in stopped and "풀렸습니다" not in stopped
    enlarged = agreed(2)
    assert "멈춘 이유가 풀렸습니다" in enlarged and "협약 인원을 늘려 달라고" not in enlarged
    browser.send(browser.get(place), f"{place}/resume")
    assert made.campaign(found.id).state == "sending"


@pytest.mark.parametrize(
    ("language", "waits", "state", "gone"),
    [
        ("ko", "메시지 2건이 보낼 편지함에서 기다립니다", "보낼 편지함에 있음", "모두 보냈습니다"),
        ("en", "2 messages wait in the outbox", "in the outbox", "All was sent"),
    ],
)
def test_without_a_mail_server_a_campaign_says_that_nothing_has_left(
    home: Path, language: str, waits: str, state: str, gone: str
) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id)
    made.confirmed(region.seoyeon, found.id)
    for count in (2, 0):
        with transaction(EVERYWHERE) as session:
            session.get_one(Campaign, found.id).next_at = datetime.now(UTC) - timedelta(minutes=5)
        assert dispatch.step() == count
    assert made.campaign(found.id).state == "sent"
    browser = signed_in(region.seoyeon.email, language)
    page = browser.get(f"/staff/campaigns/{found.id}").text
    assert waits in page and state in page and "interview-ai mails" in page and gone not in page
    assert waits in browser.get(f"/staff/campaigns/{found.id}/messages").text
    listed = browser.get("/staff/campaigns").text
    people = "초대 대상" if language == "ko" else "To be invited"
    assert state in listed and f'data-label="{people}">2</td>' in listed


@pytest.mark.parametrize(
    ("language", "employers", "universities"), [("ko", "지원자", "취업지원센터"), ("en", "applicants", "career centre")]
)
def test_an_employer_reads_of_applicants_and_a_university_of_students(
    home: Path, language: str, employers: str, universities: str
) -> None:
    region = made.region()
    of_jun = signed_in(region.jun.email, language).get("/staff/campaigns/new").text
    of_seoyeon = signed_in(region.seoyeon.email, language).get("/staff/campaigns/new").text
    assert employers in of_jun and universities not in of_jun
    assert universities in of_seoyeon and 'value="career_services"' in of_jun


def test_the_preview_says_that_numbers_are_kept_for_text_messages_alone(home: Path) -> None:
    region = made.region()
    roster = "이름,이메일,기수,휴대전화\n김민지,minji,12기,모름\n"
    browser = signed_in(region.seoyeon.email, "ko")
    by_mail = made.read(region.seoyeon, region.opening_id, roster)
    page = browser.get(f"/staff/campaigns/{by_mail.id}").text
    assert "번호를 저장합니다" in page and "학년·기수" in page and "나머지만" not in page
    assert [row.phone for row in made.rows(by_mail.id)] == [None]
    by_text = made.read(region.seoyeon, region.opening_id, roster, channel="sms")
    page = browser.get(f"/staff/campaigns/{by_text.id}").text
    assert "번호를 저장합니다" not in page
    assert [fault["column"] for fault in made.rows(by_text.id)[0].faults or []] == ["email", "phone"]
