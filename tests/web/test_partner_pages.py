"""The agency's page of a programme, the organisation's page, first steps, and joining, over the whole application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai import organisations
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import AuditEntry, Mail, Memorandum, Organisation, Programme, Staff
from tests import desk
from tests.browser import Browser
from tests.cast import PASSWORD


class Region:
    """Doyun's programme with Seoyeon's university and Jun's firm with one opening; Doyun is signed in."""

    def __init__(self) -> None:
        self.doyun = desk.organisation("agency", "Doyun", "doyun@example.org")
        self.seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
        self.jun = desk.jun()
        self.programme_id = desk.programme(self.doyun, self.seoyeon, self.jun)
        self.opening_id = desk.opening(self.jun, programme_id=self.programme_id)
        self.place = f"/staff/programmes/{self.programme_id}/memoranda"
        self.browser = signed_in("doyun@example.org")


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def mailed_link(recipient: str) -> str:
    with reading(EVERYWHERE) as session:
        wanted = select(Mail.body).where(Mail.recipient == recipient).order_by(Mail.created_at.desc())
        found = re.search(r"/set-password/(\S+)", session.scalars(wanted).first() or "")
    assert found
    return f"/set-password/{found.group(1)}"


def invite(browser: Browser, page: Response, name: str, opening_id: str) -> Response:
    """Sends the short form, which has no action of its own, also where it offers the opening no more."""
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    fields = {"csrf": token, "opening_id": opening_id, "name": name, "email": f"{name.lower()}@example.ac.kr"}
    return browser.client.post("/staff/university", data=fields)


@pytest.fixture
def region(home: Path) -> Region:
    return Region()


def test_the_agency_agrees_on_a_number_and_the_university_sees_what_is_left(region: Region) -> None:
    page = region.browser.get(region.place)
    assert "0 people invited" in page.text
    chosen = {"which": "chosen", "opening_ids": region.opening_id, "quota": "2", "until": "2030-03-01T18:00"}
    page = region.browser.send(page, f"{region.place}", note="2026-17", **chosen)
    assert "The memorandum is made" in page.text and "0 of 2 people invited" in page.text
    seoyeon = signed_in("seoyeon@example.ac.kr")
    home = seoyeon.get("/staff/university")
    assert "2 more people can be invited" in home.text and "2026-17" not in home.text
    sent = invite(seoyeon, home, "Minji", region.opening_id)
    assert "1 more person can be invited" in sent.text
    full = invite(seoyeon, sent, "Sora", region.opening_id)
    assert "all agreed people are invited" in full.text
    assert "2 of 2 people invited" in region.browser.get(region.place).text
    late = invite(seoyeon, full, "Yuna", region.opening_id)
    assert "nobody more can be invited" in late.text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"quota": "many"}, "Write a whole number"),
        ({"quota": "0"}, "from 1 to"),
        ({"until": "soon"}, "date and a time"),
        ({"until": "2020-01-01T10:00"}, "lie ahead"),
        ({"which": "chosen"}, "at least one opening"),
    ],
    ids=["word", "nobody", "no moment", "past", "none chosen"],
)
def test_what_cannot_be_agreed_comes_back_as_it_was_typed(region: Region, fields: dict[str, str], says: str) -> None:
    page = region.browser.send(region.browser.get(region.place), region.place, note="my note", **fields)
    assert page.status_code == 422
    assert says in page.text and 'value="my note"' in page.text


def test_ending_a_memorandum_says_first_what_ends_and_what_stays(region: Region) -> None:
    page = region.browser.get(region.place)
    assert "Invitations sent already (0) and interviews going on stay as they are" in page.text
    page = region.browser.send(page, "/end")
    assert "The memorandum has ended" in page.text
    assert "no invitations now" in signed_in("seoyeon@example.ac.kr").get("/staff/university").text


def test_number_and_end_can_be_changed_and_a_wrong_one_stays_in_its_field(region: Region) -> None:
    page = region.browser.get(region.place)
    with reading(EVERYWHERE) as session:
        memorandum_id = session.scalars(select(Memorandum.id)).one()
    page = region.browser.send(page, f"/staff/memoranda/{memorandum_id}", quota="7")
    assert "0 of 7 people invited" in page.text
    page = region.browser.send(page, f"/staff/memoranda/{memorandum_id}", quota="seven")
    assert page.status_code == 422 and 'value="seven"' in page.text


def test_aims_are_kept_and_a_closed_programme_opens_again(region: Region) -> None:
    page = region.browser.send(region.browser.get(region.place), "/aims", places="10", deadline="2030-12-31T18:00")
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(Programme)).one()
    assert kept.places == 10 and kept.deadline is not None
    assert 'value="10"' in page.text and "2030-12-31T18:00" in page.text
    page = region.browser.send(page, "/state")
    assert "closed programme" in page.text and "New memorandum" not in page.text
    page = region.browser.send(page, "/state")
    assert "open again" in page.text


def test_the_agency_sees_who_has_not_joined_and_sends_the_link_to_another_address(region: Region) -> None:
    programmes_page = region.browser.get("/staff/programmes")
    new = {"kind": "university", "name_ko": "동해대", "name_en": "Donghae", "owner_name": "Seoyeon"}
    region.browser.send(programmes_page, "/partners", owner_email="wrong@example.ac.kr", **new)
    first = mailed_link("wrong@example.ac.kr")
    page = region.browser.get(region.place)
    assert "has not joined yet · invitation mailed to Seoyeon (wrong@example.ac.kr)" in page.text
    assert page.text.count("has joined") == 2
    page = region.browser.send(page, "/invite", name="Seoyeon", email="not an address")
    assert page.status_code == 422 and 'value="not an address"' in page.text
    page = region.browser.send(page, "/invite", name="Seoyeon", email="jun@example.com")
    assert page.status_code == 409
    page = region.browser.send(page, "/invite", name="Seoyeon", email="right@example.ac.kr")
    assert "right@example.ac.kr" in page.text and "wrong@example.ac.kr" not in page.text
    newcomer = Browser()
    assert newcomer.get(first).status_code == 404, "the link to the wrong address is dead"
    joined = newcomer.send(newcomer.get(mailed_link("right@example.ac.kr")), "", password=PASSWORD, again=PASSWORD)
    assert "password is saved" in joined.text
    assert "/invite" not in region.browser.get(region.place).text.replace("invited", "")
    with reading(EVERYWHERE) as session:
        said = select(AuditEntry.details).where(AuditEntry.action == "partner invited again")
        assert session.scalars(said).one()["address_changed"] is True


def test_whoever_has_joined_is_out_of_the_agencys_reach(region: Region) -> None:
    token = region.browser.get(region.place).text.split('name="csrf" value="')[1].split('"')[0]
    address = f"/staff/programmes/{region.programme_id}/partners/{region.seoyeon.organisation_id}/invite"
    fields = {"csrf": token, "name": "Doyun", "email": "doyun2@example.org"}
    assert region.browser.client.post(address, data=fields).status_code == 409
    with reading(EVERYWHERE) as session:
        assert session.get_one(Staff, region.seoyeon.id).email == "seoyeon@example.ac.kr"


def test_another_agency_finds_nothing_and_a_viewer_changes_nothing(region: Region) -> None:
    desk.organisation("agency", "Hana", "hana@example.org")
    desk.colleague(region.doyun, "viewer@example.org", "reviewer")
    hana, viewer = signed_in("hana@example.org"), signed_in("viewer@example.org")
    assert hana.get(region.place).status_code == 404
    page = viewer.get(region.place)
    assert page.status_code == 200 and f'action="{region.place}"' not in page.text and "/aims" not in page.text
    with reading(EVERYWHERE) as session:
        memorandum_id = session.scalars(select(Memorandum.id)).one()
    for browser, status in ((hana, 404), (viewer, 403)):
        token = browser.get("/staff/people").text.split('name="csrf" value="')[1].split('"')[0]
        for address in (
            region.place,
            f"/staff/memoranda/{memorandum_id}",
            f"/staff/memoranda/{memorandum_id}/end",
            f"/staff/programmes/{region.programme_id}/aims",
            f"/staff/programmes/{region.programme_id}/state",
            f"/staff/programmes/{region.programme_id}/partners/{region.jun.organisation_id}/invite",
        ):
            assert browser.client.post(address, data={"csrf": token}).status_code == status, address


def test_a_new_owner_sees_the_first_steps_until_they_are_done(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in("jun@example.com")
    page = browser.get("/staff/openings")
    assert "First steps" in page.text and page.text.count('class="is-done"') == 0
    browser.send(browser.get("/staff/organisation"), "/staff/organisation", about_ko="소개", accent="#1d5bbf")
    assert browser.get("/staff/openings").text.count('class="is-done"') == 1
    desk.opening(jun)
    desk.colleague(jun, "colleague@example.com", "recruiter")
    assert "First steps" not in browser.get("/staff/openings").text


@pytest.mark.parametrize("kind", ["agency", "university", "employer"])
def test_the_list_can_be_put_away_and_only_owners_see_it(home: Path, kind: organisations.OrganisationKind) -> None:
    member = desk.organisation(kind, "Jun", "jun@example.com")
    desk.colleague(member, "colleague@example.com", "recruiter")
    assert "First steps" not in signed_in("colleague@example.com").get("/staff").text
    browser = signed_in("jun@example.com")
    page = browser.get("/staff")
    assert "First steps" in page.text
    assert "First steps" not in browser.send(page, "/first-steps/away").text


def test_a_colour_that_cannot_be_read_is_sent_back_with_one_that_can_and_nothing_typed_is_lost(home: Path) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    page = browser.get("/staff/organisation")
    page = browser.send(page, "/staff/organisation", about_ko="소개합니다", accent="#ffcc00")
    assert page.status_code == 422
    assert "소개합니다" in page.text and 'value="#ffcc00"' in page.text and "Save with #8f7300" in page.text
    page = browser.send(page, "/staff/organisation", instead="#8f7300")
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(Organisation)).one()
    assert (kept.accent, kept.about_ko) == ("#8f7300", "소개합니다")


def test_a_preview_shows_the_colour_and_keeps_nothing(home: Path) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    page = browser.send(browser.get("/staff/organisation"), "/staff/organisation", accent="#a01050", look="yes")
    assert page.status_code == 200
    assert "--on-accent: #a01050" in page.text and "Nothing is saved yet" in page.text
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Organisation.accent)).one() == "#256ef4"


def test_the_colour_stands_on_the_candidates_first_page_within_the_policy(home: Path) -> None:
    jun = desk.jun()
    with transaction(jun.organisation_id) as session:
        session.get_one(Organisation, jun.organisation_id).accent = "#a01050"
    page = Browser().get(f"/i/{desk.invite(jun, desk.opening(jun), 'Minji')}")
    nonce = re.search(r'<style nonce="([^"]+)">:root { --on-accent: #a01050; }</style>', page.text)
    assert nonce and f"'nonce-{nonce.group(1)}'" in page.headers["content-security-policy"]


def test_a_refused_logo_is_said_at_its_field(home: Path) -> None:
    desk.jun()
    browser = signed_in("jun@example.com")
    token = browser.get("/staff/organisation").text.split('name="csrf" value="')[1].split('"')[0]
    files = {"logo": ("logo.svg", b"<svg/>", "image/svg+xml")}
    page = browser.client.post("/staff/organisation/logo", data={"csrf": token}, files=files)
    assert page.status_code == 422 and "Save the logo again as PNG" in page.text
