"""The agency's page of a programme, the organisation's page, first steps, and joining, over the whole application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai import organisations
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Mail, Memorandum, Organisation, Programme
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


def test_a_twin_is_refused_with_the_way_to_the_one_that_holds(region: Region) -> None:
    page = region.browser.get(region.place)
    refused = region.browser.send(page, region.place, which="all", quota="5")
    with reading(EVERYWHERE) as session:
        one = session.scalars(select(Memorandum)).one().id
    assert f'href="#memorandum-{one}"' in refused.text and f'id="memorandum-{one}"' in refused.text
    assert "the fewest people left" not in refused.text and "0 people invited, no limit" in page.text
    both = region.browser.send(page, region.place, which="chosen", opening_ids=region.opening_id)
    assert "the fewest people left" in both.text


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
    assert ">closed</span>" in page.text and "New memorandum" not in page.text
    page = region.browser.send(page, "/state")
    assert "open again" in page.text


NEW = {"kind": "university", "name_ko": "동해대", "name_en": "Donghae", "owner_name": "Seoyeon"}


def asked(region: Region, email: str) -> Response:
    """Doyun asks the address to take part; the page that he then sees."""
    return region.browser.send(region.browser.get("/staff/programmes"), "/partners", owner_email=email, **NEW)


def test_a_newcomer_is_asked_joins_by_the_mail_and_accepts_on_the_first_page(region: Region) -> None:
    page = asked(region, "wrong@example.ac.kr")
    assert "You have asked" in page.text and "wrong@example.ac.kr" in page.text and "1 request waits" in page.text
    first = mailed_link("wrong@example.ac.kr")
    page = region.browser.get(region.place)
    assert "asked Seoyeon (wrong@example.ac.kr)" in page.text and "waiting for an answer" in page.text
    page = region.browser.send(page, "/withdraw")
    assert "The request is withdrawn" in page.text and "1 withdrawn request" in page.text
    newcomer = Browser()
    assert newcomer.get(first).status_code == 404, "the link to the wrong address is dead"
    asked(region, "right@example.ac.kr")
    newcomer.send(newcomer.get(mailed_link("right@example.ac.kr")), "", password=PASSWORD, again=PASSWORD)
    home = newcomer.sign_in("right@example.ac.kr")
    assert 'id="asked"' in home.text
    page = newcomer.get("/staff/partnerships")
    assert "What the agency will see" in page.text and "Doyun asks you to take part" in page.text
    page = newcomer.send(page, "/accept")
    assert "You take part now" in page.text and "Leave" in page.text
    assert 'id="asked"' not in newcomer.get("/staff/university").text
    page = region.browser.get(region.place)
    assert page.text.count("Donghae, the whole programme") and "waiting for an answer" not in page.text


def test_what_the_agency_reads_is_the_same_for_a_known_and_for_an_unknown_address(region: Region) -> None:
    desk.organisation("university", "Hana", "hana@example.ac.kr")
    pages = [plain(asked(region, email).text, email) for email in ("hana@example.ac.kr", "nobody@example.ac.kr")]
    assert pages[0] == pages[1].replace("2 requests wait", "1 request waits")
    items = re.findall(r"<li>\s*<div><strong>Donghae.*?</li>", region.browser.get(region.place).text, re.DOTALL)
    assert len(items) == 2
    assert plain(items[0], "nobody@example.ac.kr") == plain(items[1], "hana@example.ac.kr")


def plain(text: str, email: str) -> str:
    """A page without the address and what changes each time."""
    without = re.sub(r'[0-9a-f]{32}|nonce="[^"]+"|nonce-[^\']+|value="[^"]{40,}"|shown=[\w%-]+', "", text)
    return without.replace(email, "ADDRESS")


def test_declining_with_a_reason_is_read_by_the_agency_which_may_ask_again(region: Region) -> None:
    desk.organisation("university", "Hana", "hana@example.ac.kr")
    asked(region, "hana@example.ac.kr")
    hana = signed_in("hana@example.ac.kr")
    page = hana.get("/staff/partnerships")
    assert "request names your organisation: Donghae" in page.text
    page = hana.send(page, "/decline", reason="x" * 501)
    assert page.status_code == 422 and "x" * 501 in page.text
    page = hana.send(page, "/decline", reason="No places this year.")
    assert "You have declined" in page.text
    page = region.browser.get(region.place)
    assert "declined" in page.text and "Reason: No places this year." in page.text
    page = region.browser.send(page, "/again")
    assert "You have asked again" in page.text and "waiting for an answer" in page.text


def test_what_was_answered_stays_listed_with_its_date_and_answer(region: Region) -> None:
    desk.organisation("employer", "Hana", "hana@example.com")
    asked = {"name_ko": "한나", "owner_name": "Hana", "owner_email": "hana@example.com"}
    page = region.browser.get("/staff/programmes")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    place = f"/staff/programmes/{region.programme_id}/partners"
    region.browser.client.post(place, data={"csrf": token, **asked})
    hana = signed_in("hana@example.com")
    page = hana.get("/staff/partnerships")
    assert "Requests you answered" not in page.text
    page = hana.send(page, "/decline", reason="Not this year")
    listed = page.text.split("Requests you answered")[1]
    assert "declined" in listed and "Not this year" in listed and "Regional talent" in listed


def test_whoever_answers_too_late_is_told_so_on_the_same_page(region: Region) -> None:
    desk.organisation("university", "Hana", "hana@example.ac.kr")
    asked(region, "hana@example.ac.kr")
    hana = signed_in("hana@example.ac.kr")
    page = hana.get("/staff/partnerships")
    hana.send(page, "/accept")
    late = hana.send(page, "/accept")
    assert late.status_code == 409 and "answered or withdrawn in the meantime" in late.text
    assert 'aria-current="page"' in late.text
    late = hana.send(page, "/decline")
    assert late.status_code == 409


def test_an_owner_leaves_a_programme_and_the_agency_sees_since_when(region: Region) -> None:
    seoyeon = signed_in("seoyeon@example.ac.kr")
    page = seoyeon.send(seoyeon.get("/staff/partnerships"), "/leave")
    assert "You have left the programme" in page.text and "/leave" not in page.text
    page = region.browser.get(region.place)
    assert "left " in page.text and "Seoyeon" in page.text
    page = region.browser.send(page, "/end")
    assert "It takes part no more" in page.text, "Jun's part"
    assert region.browser.get("/staff/programmes").text.count("left ") == 2
    assert region.browser.get("/staff/region").status_code == 200


def test_a_colleague_who_is_no_owner_reads_the_request_and_cannot_answer(region: Region) -> None:
    hana = desk.organisation("university", "Hana", "hana@example.ac.kr")
    desk.colleague(hana, "colleague@example.ac.kr", "recruiter")
    asked(region, "hana@example.ac.kr")
    colleague = signed_in("colleague@example.ac.kr")
    page = colleague.get("/staff/partnerships")
    assert "Only an owner of your organisation can answer" in page.text and "/accept" not in page.text
    assert 'id="asked"' not in colleague.get("/staff/university").text
    assert region.browser.get("/staff/partnerships").status_code == 403


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
            f"/staff/programmes/{region.programme_id}/partners/{region.jun.organisation_id}/end",
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
