"""Jun invites: typed, pasted, from a file with faulty rows; more time, a new link, a reminder, and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.tables import Mail
from tests import desk
from tests.journeys import office
from tests.journeys.office import Walk
from web import words

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TYPED = "%Y-%m-%dT%H:%M"
PEOPLE = """name,email,language
Yuna,yuna@example.org,ko
,nobody@example.org,ko
Bora,bora.example.org,en
Sora,sora@example.org,en
Yuna,yuna@example.org,ko
"""


def opening(walk: Walk) -> str:
    """The page of a new opening that is not blind is open; returns its path."""
    place = f"/staff/openings/{desk.opening(walk.jun, blind=False)}"
    walk.go(place)
    return place


def invited(walk: Walk, name: str) -> Locator:
    """The entry of somebody in the list of the invited."""
    return walk.page.get_by_role("listitem").filter(has=walk.page.get_by_text(name, exact=True))


@office.ONE_TURN
def test_somebody_is_invited_by_typing_and_several_by_pasting_and_faulty_lines_stay_to_be_mended(walk: Walk) -> None:
    opening(walk)
    walk.sees("openings.nobody_invited")
    walk.field("openings.name").fill("Minji")
    walk.field("openings.email").fill("minji@")
    walk.button("openings.invite").click()
    expect(walk.field("openings.email")).to_have_attribute("aria-invalid", "true")
    expect(walk.field("openings.name")).to_have_value("Minji")
    walk.field("openings.email").fill("minji@example.org")
    walk.button("openings.invite").click()
    walk.said("openings.link_title", name="Minji")
    link = walk.page.locator("#invitation-link").inner_text()
    with walk.another() as minji:
        minji.go(urlsplit(link).path)
        minji.sees("candidate.welcome.hello", name="Minji")
    walk.fold("openings.many.title").click()
    lines = walk.field("openings.many.lines")
    lines.fill("Yuna, yuna@example.org\nSora <sora@example.org>\nBora bora.example.org\nMinji\tminji@example.org")
    walk.button("openings.many.invite").click()
    walk.sees("openings.lines.title", invited=2, already=1, faulty=1)
    expect(walk.page.get_by_role("row").filter(has_text="Yuna")).to_contain_text("/i/")
    expect(walk.page.get_by_role("row").filter(has_text="Bora")).to_contain_text(
        walk.t("openings.lines.outcomes.faulty")
    )
    expect(lines).to_have_value("Bora bora.example.org")
    lines.fill("Bora, bora@example.org")
    walk.button("openings.many.invite").click()
    walk.sees("openings.lines.title", invited=1, already=0, faulty=0)
    for name in ("Minji", "Yuna", "Sora", "Bora"):
        expect(invited(walk, name)).to_be_visible()


def test_a_file_is_read_before_anything_is_sent_and_its_faulty_rows_stand_beside_their_reasons(walk: Walk) -> None:
    place = opening(walk)
    walk.fold("inviting.file.title").click()
    walk.field("inviting.file.file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("utf-8-sig")}
    )
    walk.button("inviting.file.check").click()
    walk.sees("inviting.roster.lead", file="people.csv")
    walk.sees("inviting.roster.ready", n="2")
    walk.sees("inviting.roster.faulty", n="2")
    walk.sees("inviting.roster.twice", n="1")
    faulty = walk.page.get_by_role("table", name=walk.t("inviting.roster.faults_title"))
    for cell in ("nobody@example.org", "bora.example.org"):
        expect(faulty.get_by_role("row").filter(has_text=cell)).to_be_visible()
    expect(faulty.locator(".form-wrong")).to_have_count(2)
    with reading(EVERYWHERE) as session:
        before = len(session.scalars(select(Mail)).all())
    walk.fits()
    walk.button("inviting.roster.send", n=2).click()
    walk.said("inviting.came.invited", n=2)
    assert urlsplit(walk.page.url).path == place
    for name in ("Yuna", "Sora"):
        expect(invited(walk, name)).to_be_visible()
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Mail)).all()) == before + 2


@office.OTHER_TURN
def test_more_time_a_new_link_a_reminder_and_taking_an_invitation_back_reach_the_candidate(walk: Walk) -> None:
    place = opening(walk)
    old = desk.invite(walk.jun, place.rsplit("/", 1)[1], "Minji")
    desk.invite(walk.jun, place.rsplit("/", 1)[1], "Yuna")
    walk.go(place)
    walk.fold("inviting.more.extend").first.click()
    until = walk.field("inviting.more.until").filter(visible=True)
    later = datetime.fromisoformat(until.input_value()).replace(hour=18, minute=0, tzinfo=words.KOREAN_TIME)
    later += timedelta(days=9)
    until.fill(later.strftime(TYPED))
    walk.button("inviting.more.extend_confirm").click()
    walk.said("inviting.said.extended")
    walk.page.get_by_label(walk.t("inviting.more.one_of", name="Minji")).click()
    until.fill((later + timedelta(days=1)).strftime(TYPED))
    walk.button("inviting.more.extend_confirm").click()
    walk.said("inviting.said.more_time")
    for name, moment in (("Minji", later + timedelta(days=1)), ("Yuna", later)):
        until_then = walk.t("inviting.more.until_of", when=words.when(walk.language, moment, short=True))
        expect(invited(walk, name)).to_contain_text(until_then)
    walk.fold("inviting.more.remind").click()
    walk.button("inviting.more.remind_confirm").click()
    walk.said("inviting.came.reminded_waits", n=2)
    expect(invited(walk, "Yuna")).to_contain_text(walk.t("inviting.more.reminded_at", when="").strip())
    link = another_link(walk, old)
    walk.go(place)
    walk.page.get_by_label(walk.t("openings.revoke_of", name="Minji")).click()
    walk.button("openings.revoke_confirm").click()
    walk.said("openings.said.revoked")
    expect(invited(walk, "Minji")).to_contain_text(walk.t("openings.states.revoked"))
    with walk.another() as minji:
        minji.go(link)
        withdrawn = "이 초대는 철회되었어요." if walk.language == "ko" else "This invitation was withdrawn."
        expect(minji.page.get_by_role("alert")).to_contain_text(withdrawn)


def another_link(walk: Walk, old: str) -> str:
    """Minji gets a new link, the old one says so; returns the path of the new one."""
    walk.page.get_by_label(walk.t("openings.again_of", name="Minji")).click()
    walk.button("openings.again_send").click()
    walk.said("openings.link_title", name="Minji")
    link = urlsplit(walk.page.locator("#invitation-link").inner_text()).path
    with walk.another() as minji:
        minji.go(f"/i/{old}")
        replaced = "더 새로운 초대가 있어서" if walk.language == "ko" else "A newer invitation replaced this link."
        expect(minji.page.get_by_role("alert")).to_contain_text(replaced)
        minji.go(link)
        minji.sees("candidate.welcome.hello", name="Minji")
    return link
