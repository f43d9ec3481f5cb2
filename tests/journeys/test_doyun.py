"""Doyun's way in a real browser: a partner invited, places set, a memorandum limited, used up and ended, what is stuck."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Memorandum, PartnerRequest, Programme, ProgrammePartner
from tests import campaigning, desk, house
from tests.journeys.staffed import agree, at_work, fits

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_from_a_partners_invitation_to_what_is_stuck_in_the_region(home: Path, browser: Browser, language: str) -> None:
    region = campaigning.region()
    with reading(EVERYWHERE) as session:
        programme = session.scalars(select(Programme.id)).one()
    with house.running(home, "web") as running:
        page = at_work(browser, running.url, region.doyun, language)
        invite_partner(page, running.url, programme)
        set_places(page, running.url, programme)
        agree_on_one(page)
        with transaction(EVERYWHERE) as session:
            person = {"name": "Minji", "email": "minji@example.org", "language": language}
            openings.invite(session, region.seoyeon, region.opening_id, **person)
            session.scalars(select(PartnerRequest)).one().created_at -= timedelta(days=4)
        page.goto(f"{running.url}/staff/region")
        stuck = page.locator("#stuck li").all_inner_texts()
        assert any("Miru" in one for one in stuck) and any("Seoyeon" in one for one in stuck), stuck
        assert "12" in page.locator("#programmes").inner_text()
        assert fits(page)
        page.goto(f"{running.url}/staff/programmes/{programme}/memoranda")
        agree(page, f"/staff/memoranda/{of_one()}/end")
        page.goto(f"{running.url}/staff/region")
        left = page.locator("#stuck li").all_inner_texts()
        assert any("Miru" in one for one in left) and not any("Seoyeon" in one for one in left), left
    with reading(EVERYWHERE) as session:
        agreed = {one.quota: one.ended_at is not None for one in session.scalars(select(Memorandum))}
    assert agreed == {1: True}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_employer_that_is_here_already_is_asked_declines_is_asked_again_accepts_and_leaves(
    home: Path, browser: Browser, language: str
) -> None:
    region = campaigning.region()
    hana = desk.hana()
    with reading(EVERYWHERE) as session:
        programme = session.scalars(select(Programme.id)).one()
    with house.running(home, "web") as running:
        doyun = at_work(browser, running.url, region.doyun, language)
        invite_partner(doyun, running.url, programme, email="hana@example.net")
        page = at_work(browser, running.url, hana, language)
        page.locator("#asked a").click()
        page.wait_for_url("**/staff/partnerships")
        assert fits(page)
        decline = page.locator('form[action$="/decline"]')
        page.locator("details", has=decline).locator("summary").click()
        decline.locator("textarea").fill("No places this year.")
        assert fits(page)
        decline.locator("button").click()
        page.locator('[role="status"]').first.wait_for()
        doyun.goto(f"{running.url}/staff/programmes/{programme}/memoranda#requests")
        assert "No places this year." in doyun.locator("#requests").inner_text()
        agree(doyun, "/again")
        doyun.locator('[role="status"]').first.wait_for()
        assert fits(doyun)
        page.goto(f"{running.url}/staff")
        page.locator("#asked a").click()
        page.locator('form[action$="/accept"] button').focus()
        page.keyboard.press("Enter")
        page.locator('form[action$="/leave"]').wait_for(state="attached")
        doyun.reload()
        assert doyun.locator("#requests").count() == 0
        assert doyun.locator(f'form[action$="/partners/{hana.organisation_id}/end"]').count() == 1
        agree(page, "/leave")
        page.locator('[role="status"]').first.wait_for()
        assert fits(page)
    with reading(EVERYWHERE) as session:
        left = select(ProgrammePartner.left_at).where(ProgrammePartner.partner_id == hana.organisation_id)
        assert session.scalars(left).one() is not None


def invite_partner(page: Page, url: str, programme: str, email: str = "miru@example.net") -> None:
    page.goto(f"{url}/staff/programmes")
    form = page.locator(f'form[action="/staff/programmes/{programme}/partners"]')
    page.locator("details", has=form).locator("summary").first.click()
    for name, value in (("name_ko", "Miru"), ("owner_name", "Miru"), ("owner_email", email)):
        form.locator(f'[name="{name}"]').fill(value)
    form.locator('button[type="submit"]').click()
    page.locator("#partner-added").wait_for()
    assert fits(page)


def set_places(page: Page, url: str, programme: str) -> None:
    page.goto(f"{url}/staff/programmes/{programme}/memoranda")
    form = page.locator('form[action$="/aims"]')
    form.locator('[name="places"]').fill("12")
    form.locator('button[type="submit"]').click()
    page.locator('[role="status"]').first.wait_for()


def agree_on_one(page: Page) -> None:
    """The memorandum of the whole programme now holds for one person."""
    one = page.locator('details.confirm:has([name="quota"])').first
    one.locator("summary").click()
    form = one.locator("form")
    form.locator('[name="quota"]').fill("1")
    form.locator('button[type="submit"]').click()
    page.locator('[role="status"]').first.wait_for()
    assert fits(page)


def of_one() -> str:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Memorandum.id).where(Memorandum.quota == 1)).one()
