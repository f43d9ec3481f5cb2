"""Links and partners in a real browser: what counts as opened, the check by keyboard, axe on the partners' pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from interview_ai import branding, partner_requests, programmes, proofs, public_openings
from interview_ai.branding import NewFace
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.partner_requests import NewPartner
from interview_ai.tables import Invitation, Mail
from tests import desk
from tests.house import eventually, running
from tests.journeys.staffed import sign_in
from tests.journeys.test_axe import Complaint, browser, complaints

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]


def invitation() -> Invitation:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Invitation)).one()


def ask_for(kind: str) -> None:
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Invitation)).one().proof = kind


def mailed_code() -> str:
    with reading(EVERYWHERE) as session:
        body = session.scalars(select(Mail.body).where(Mail.cause.startswith("link-code:"))).one()
    found = re.search(r"^(\d{6})$", body, re.MULTILINE)
    assert found
    return found.group(1)


def test_a_page_that_somebody_has_before_them_counts_as_opened_and_the_code_is_typed_by_keyboard(
    home: Path, browser: Browser
) -> None:
    jun = desk.jun()
    link = f"/i/{desk.invite(jun, desk.opening(jun), 'Minji')}"
    ask_for("code")
    with running(home, "web") as house:
        page = browser.new_context(locale="ko").new_page()
        page.goto(f"{house.url}{link}")
        eventually(lambda: invitation().opened_at, within_s=60)
        page.get_by_role("button", name="확인 번호 받기").press("Enter")
        page.locator("#value:focus").wait_for()
        page.keyboard.type(mailed_code())
        page.keyboard.press("Enter")
        page.get_by_text("Minji님").wait_for()
        page.reload()
        page.get_by_text("Minji님").wait_for()
    assert invitation().proof_failures == 0


def as_staff(browser: Browser, url: str, email: str, language: str) -> Page:
    page = browser.new_context(locale=language, viewport={"width": 390, "height": 844}).new_page()
    sign_in(page, f"{url}/sign-in?lang={language}", email)
    return page


def test_axe_finds_nothing_grave_on_the_partners_and_the_public_pages(home: Path, browser: Browser) -> None:
    doyun = desk.organisation("agency", "Doyun", "doyun@example.org")
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    jun = desk.jun()
    programme_id = desk.programme(doyun, seoyeon, jun)
    with transaction(EVERYWHERE) as session:
        further = programmes.add_programme(session, doyun, "다음 사업", "Next")
        for email in (seoyeon.email, "nobody@example.ac.kr"):
            new = NewPartner("university", "대학", "University", owner_name="Seoyeon", owner_email=email)
            partner_requests.ask(session, doyun, further.id, new)
    opening_id = desk.opening(jun, programme_id=programme_id)
    for member, slug in ((doyun, "agency-gb"), (seoyeon, "andong"), (jun, "precision")):
        with transaction(member.organisation_id) as session:
            new = NewFace(slug, slug, "소개", accent="#a01050", slug=slug, careers_url="https://job.example.ac.kr/")
            branding.save(session, member, new)
    with transaction(jun.organisation_id) as session:
        public_openings.publish(session, jun, opening_id)
    links = [f"/i/{desk.invite(jun, opening_id, name)}" for name in ("Minji", "Mina", "Mira")]
    with transaction(EVERYWHERE) as session:
        for row, kind in zip(session.scalars(select(Invitation)), ("code", "birth_year", "code"), strict=True):
            row.proof, row.proof_hash = kind, "0" * 64
            row.proof_failures = 0 if kind == "birth_year" else proofs.MOST_FAILURES * (row.proof == "code")
    public = ("/openings", "/openings?words=x", f"/openings/{opening_id}", "/o/agency-gb", "/o/andong", "/o/precision")
    staff = {
        "doyun@example.org": (
            "/staff/programmes",
            f"/staff/programmes/{programme_id}/memoranda",
            f"/staff/programmes/{further.id}/memoranda",
        ),
        "seoyeon@example.ac.kr": ("/staff/university", "/staff/organisation", "/staff/partnerships", "/nowhere"),
        "jun@example.com": (f"/staff/openings/{opening_id}", "/staff/organisation"),
    }
    found: list[Complaint] = []
    with running(home, "web") as house:
        for language in ("ko", "en"):
            page = browser.new_context(locale=language, reduced_motion="reduce").new_page()
            for address in (*public, *links):
                page.goto(f"{house.url}{address}{'&' if '?' in address else '?'}lang={language}")
                found += complaints(page, address)
            for email, addresses in staff.items():
                signed_in = as_staff(browser, house.url, email, language)
                for address in addresses:
                    signed_in.goto(f"{house.url}{address}")
                    signed_in.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                    found += complaints(signed_in, address)
    assert found == [], "\n".join(map(str, found))
