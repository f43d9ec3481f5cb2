"""The link's check over the whole application: nothing is told before it, scanners leave no trace, guessing ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import proofs, settings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Candidate, Interview, Invitation, Mail
from tests import campaigning, cast, desk
from tests.browser import Browser
from tests.mailed import campaign
from tests.test_campaign_links import taken

CENTRE = "centre@example.edu"


def link(kind: str = "code", year: str | None = None) -> str:
    """The address of Minji's link to Jun's opening, which asks for something."""
    with transaction(EVERYWHERE) as session:
        token = cast.invite(session, cast.firm(session, "Jun", "jun@example.com"))
        row = session.scalars(select(Invitation)).one()
        email = session.get_one(Candidate, row.candidate_id).email
        row.proof, row.proof_hash = kind, proofs.birth_year_hash(email, year) if year else None
    return f"/i/{token}"


def code() -> str:
    with reading(EVERYWHERE) as session:
        newest = select(Mail.body).where(Mail.cause.startswith("link-code:")).order_by(Mail.created_at.desc())
        found = re.search(r"^(\d{6})$", session.scalars(newest).first() or "", re.MULTILINE)
    assert found
    return found.group(1)


def invitation() -> Invitation:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Invitation)).one()


def seen(browser: Browser, address: str) -> int:
    """What the page's script says once it was shown."""
    page = browser.get(address).text
    token = re.search(r'data-csrf="([0-9a-f]+)"', page)
    assert token and f'data-seen="{address}/seen"' in page
    return browser.client.post(f"{address}/seen", headers={"x-csrf-token": token.group(1)}).status_code


def test_the_page_before_the_check_tells_nobodys_name_and_offers_nothing_to_begin(home: Path) -> None:
    page = Browser().get(link())
    assert "Minji" not in page.text and "example.org" not in page.text
    assert 'name="consent"' not in page.text
    assert "Quality control" in page.text


def test_the_mailed_code_opens_the_page_in_this_browser_and_no_other(home: Path) -> None:
    address, minji = link(), Browser()
    page = minji.send(minji.get(address), "/code")
    assert "The code is made, but no mail server is set here" in page.text
    page = minji.send(page, "/proof", value=code())
    assert "Welcome, Minji" in page.text
    assert "Welcome, Minji" in minji.get(address).text
    assert minji.send(minji.get(address), "", mode="ai", consent="yes").url.path == "/interview/check"
    assert "Welcome" not in Browser().get(address).text


def test_whoever_sends_the_consent_straight_away_begins_nothing(home: Path) -> None:
    address, hana = link(), Browser()
    page = hana.get(address).text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token
    sent = hana.client.post(address, data={"csrf": token.group(1), "mode": "ai", "consent": "yes", "notice": "x"})
    assert sent.status_code == 409
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Interview)).all() == []


def test_a_browser_that_kept_the_key_of_another_link_is_asked(home: Path) -> None:
    address, hana = link(), Browser()
    row = invitation()
    hana.client.cookies.set(f"link-{row.id[:12]}", "0" * 64)
    assert "Welcome" not in hana.get(address).text


def test_five_wrong_codes_end_the_code_and_staff_see_that_the_link_was_tried(home: Path) -> None:
    address, hana = link(), Browser()
    page = hana.send(hana.get(address), "/code")
    wrong = f"{(int(code()) + 1) % 10**6:06d}"
    for left in ("4 more tries", "3 more tries", "2 more tries", "one more try"):
        page = hana.send(page, "/proof", value=wrong)
        assert page.status_code == 422 and left in page.text
    page = hana.send(page, "/proof", value=wrong)
    assert "can no longer be used" in page.text and 'name="value"' not in page.text
    assert invitation().proof_failures == 5


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_year_that_is_no_year_is_asked_for_again_without_counting(home: Path, language: str) -> None:
    address, minji = link("birth_year", "2002"), Browser(language)
    page = minji.send(minji.get(address), "/proof", value="two")
    assert page.status_code == 422
    assert ("4 digits" if language == "en" else "숫자 4자리를 적어 주세요") in page.text
    assert invitation().proof_failures == 0
    assert "Minji" in minji.send(page, "/proof", value="2002").text


def test_a_locked_link_says_whom_to_ask_and_offers_no_further_try(home: Path) -> None:
    address = link()
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Invitation)).one().proof_failures = proofs.MOST_FAILURES
    page = Browser().get(address).text
    assert "is locked" in page and "unlock" in page
    assert "<form" not in page


def test_scanners_and_previews_leave_no_trace_however_often_they_follow_the_link(home: Path) -> None:
    address = link("none")
    for agent in ("Mozilla/5.0", "facebookexternalhit/1.1", "kakaotalk-scrap/1.0", ""):
        Browser().get(address, **{"user-agent": agent})
        Browser().client.head(address)
        Browser().client.get(f"{address}/seen")
        Browser().client.options(f"{address}/seen")
    assert invitation().opened_at is None


def test_a_post_without_the_pages_own_token_is_no_person(home: Path) -> None:
    address = link("none")
    assert Browser().client.post(f"{address}/seen").status_code == 403
    assert invitation().opened_at is None


def test_a_page_that_was_shown_is_known_as_opened_once(home: Path) -> None:
    address, minji = link("none"), Browser()
    assert seen(minji, address) == 204
    first = invitation().opened_at
    assert first is not None
    assert seen(minji, address) == 204
    assert invitation().opened_at == first


def test_without_script_beginning_says_that_it_was_opened(home: Path) -> None:
    address, minji = link("none"), Browser()
    minji.send(minji.get(address), "", mode="ai", consent="yes")
    assert invitation().opened_at is not None


def test_asking_for_a_code_says_that_it_was_opened(home: Path) -> None:
    address, minji = link(), Browser()
    minji.send(minji.get(address), "/code")
    assert invitation().opened_at is not None


def test_staff_see_when_it_was_opened_how_often_it_failed_and_unlock_it(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    token = desk.invite(jun, opening_id, "Minji")
    with transaction(EVERYWHERE) as session:
        row = session.scalars(select(Invitation)).one()
        row.proof, row.proof_failures = "code", proofs.MOST_FAILURES
    assert seen_locked(token)
    staff = Browser()
    staff.sign_in("jun@example.com")
    page = staff.get(f"/staff/openings/{opening_id}")
    assert "failed the check 30 times: perhaps it was passed on" in page.text
    page = staff.send(page, "/unlock")
    assert "The link is unlocked" in page.text
    assert "failed the check" not in page.text


def seen_locked(token: str) -> bool:
    return "is locked" in Browser().get(f"/i/{token}").text


@pytest.mark.parametrize(("language", "locked"), [("ko", "링크를 잠갔어요"), ("en", "this link is locked")])
def test_where_no_mail_leaves_five_wrong_years_lock_the_link_and_say_whom_to_ask(
    home: Path, language: str, locked: str
) -> None:
    region = campaigning.region()
    which = campaign(
        region.seoyeon,
        region.opening_id,
        ["Minji"],
        channel="file",
        proof="birth_year",
        reply_to=CENTRE,
        consent_basis="written",
    )
    address, minji = f"/i/{taken(region.seoyeon, which)['Minji']}", Browser(language)
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Invitation)).one().proof_hash = proofs.birth_year_hash("minji@example.org", "2002")
    page = minji.get(address)
    for _ in range(5):
        page = minji.send(page, "/proof", value="1999")
    assert locked in page.text and "<form" not in page.text and locked in minji.get(address).text
    assert f'href="mailto:{CENTRE}"' in page.text and "Seoyeon" in page.text
    staff = Browser("en")
    staff.sign_in("seoyeon@example.edu")
    seen_by = staff.get(f"/staff/campaigns/{which}")
    assert "1 person cannot open their link" in seen_by.text
    unlocked = staff.send(seen_by, f"/staff/campaigns/{which}/unlock")
    assert "The link is unlocked" in unlocked.text and "cannot open" not in unlocked.text
    assert "Minji" in minji.send(minji.get(address), "/proof", value="2002").text


def test_where_mails_leave_a_code_is_offered_after_five_wrong_years(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")
    settings.settings.cache_clear()
    address = link("birth_year", "2002")
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Invitation)).one().proof_failures = proofs.MOST_TRIES
    page = Browser().get(address).text
    assert f'action="{address}/code"' in page and 'href="mailto:jun@example.com"' in page


def test_nobody_unlocks_in_a_campaign_that_is_not_theirs(home: Path) -> None:
    region = campaigning.region()
    which = campaign(region.seoyeon, region.opening_id, ["Minji"], proof="birth_year")
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Invitation)).one().proof_failures = proofs.MOST_TRIES
    desk.hana()
    hana = Browser()
    hana.sign_in("hana@example.net")
    page = hana.get("/staff/openings").text
    token = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
    assert token
    sent = {"csrf": token.group(1), "invitation": invitation().id}
    assert hana.client.post(f"/staff/campaigns/{which}/unlock", data=sent).status_code == 404
    assert invitation().proof_failures == proofs.MOST_TRIES


@pytest.mark.parametrize(
    ("language", "never", "instead"),
    [("en", "can no longer be used", "year was wrong too often"), ("ko", "더 쓸 수 없어요", "출생연도를 여러 번 잘못")],
)
def test_no_code_is_called_used_up_where_none_was_ever_sent(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: str, never: str, instead: str
) -> None:
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")
    settings.settings.cache_clear()
    minji = Browser(language)
    page = minji.get(link("birth_year", "2002"))
    for _ in range(proofs.MOST_TRIES):
        page = minji.send(page, "/proof", value="1999")
    assert never not in page.text
    assert instead in page.text
