"""What everybody may read: published openings and organisations' pages, and nothing that is not public."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interview_ai import branding, memoranda, programmes, public_openings
from interview_ai.branding import NewFace
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.memoranda import NewMemorandum
from interview_ai.organisations import Member
from interview_ai.tables import Memorandum, Opening
from tests import desk
from tests.browser import Browser
from tests.test_branding import png


def change(opening_id: str, **fields: object) -> None:
    with transaction(EVERYWHERE) as session:
        for name, value in fields.items():
            setattr(session.get_one(Opening, opening_id), name, value)


def published(member: Member, title: str, *, programme_id: str | None = None) -> str:
    opening_id = desk.opening(member, questions=2, programme_id=programme_id)
    change(opening_id, title_ko=title, title_en=title)
    with transaction(member.organisation_id) as session:
        public_openings.publish(session, member, opening_id)
    return opening_id


def face(member: Member, name: str, slug: str, **fields: str) -> None:
    with transaction(member.organisation_id) as session:
        branding.save(session, member, NewFace(name, name, accent="#1d5bbf", slug=slug, **fields))


def test_an_opening_is_public_only_once_somebody_published_it_and_until_they_take_it_back(home: Path) -> None:
    jun, browser = desk.jun(), Browser()
    opening_id = desk.opening(jun)
    staff = Browser()
    staff.sign_in("jun@example.com")
    assert browser.get(f"/openings/{opening_id}").status_code == 404
    page = staff.send(staff.get(f"/staff/openings/{opening_id}"), "/publication")
    assert "The opening is public" in page.text
    assert browser.get(f"/openings/{opening_id}").status_code == 200
    assert "Quality control" in browser.get("/openings").text
    staff.send(page, "/publication")
    assert browser.get(f"/openings/{opening_id}").status_code == 404
    assert "No opening is public" in browser.get("/openings").text


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "closed"},
        {"demonstration": True},
        {"deadline": datetime(2026, 1, 1, tzinfo=UTC)},
        {"published_at": None},
    ],
    ids=["closed", "demonstration", "past", "not published"],
)
def test_whatever_else_there_is_answers_like_nothing_at_all(home: Path, fields: dict[str, object]) -> None:
    jun, browser = desk.jun(), Browser()
    face(jun, "Precision", "precision")
    opening_id = published(jun, "Hidden gem")
    change(opening_id, **fields)
    hidden, random = browser.get(f"/openings/{opening_id}"), browser.get(f"/openings/{'0' * 32}")
    assert (hidden.status_code, random.status_code) == (404, 404)
    for address in ("/openings", "/openings?words=gem", f"/openings?employer={jun.organisation_id}", "/o/precision"):
        assert "Hidden gem" not in browser.get(address).text, address


def test_a_demonstration_cannot_be_published(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    change(opening_id, demonstration=True)
    staff = Browser()
    staff.sign_in("jun@example.com")
    page = staff.get(f"/staff/openings/{opening_id}")
    assert "A demonstration is never published" in page.text and "/publication" not in page.text


def test_hana_can_neither_publish_nor_withdraw_an_opening_of_juns(home: Path) -> None:
    opening_id = published(desk.jun(), "Quality")
    desk.hana()
    staff = Browser()
    staff.sign_in("hana@example.net")
    token = staff.get("/staff/people").text.split('name="csrf" value="')[1].split('"')[0]
    answer = staff.client.post(f"/staff/openings/{opening_id}/publication", data={"csrf": token, "switch": "withdraw"})
    assert answer.status_code == 404
    assert Browser().get(f"/openings/{opening_id}").status_code == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_description_says_what_is_assessed_and_counts_and_asks_nobody(home: Path, language: str) -> None:
    jun = desk.jun()
    opening_id = published(jun, "Quality")
    for name in ("Minji", "Sora", "Yuna"):
        desk.invite(jun, opening_id, name)
    page = Browser(language).get(f"/openings/{opening_id}").text
    assert ("문제해결" if language == "ko" else "Problem solving") in page
    assert ("질문 2개" if language == "ko" else "2 questions") in page
    assert "solved a problem at work" not in page and "해결한 경험을" not in page, "the questions stay untold"
    assert "Minji" not in page and "jun@example.com" not in page
    assert "<form" not in page


def test_words_and_an_employer_narrow_the_list_and_signs_of_sql_are_only_signs(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    published(jun, "품질관리 100% 신입")
    published(jun, "Welder")
    published(hana, "Nurse")
    browser = Browser()

    def titles(query: str) -> list[str]:
        page = browser.get(f"/openings?{query}").text
        return [title for title in ("품질관리 100% 신입", "Welder", "Nurse") if f">{title}</a>" in page]

    assert len(titles("")) == 3
    assert titles("words=품질 신입") == ["품질관리 100% 신입"]
    assert titles("words=WELD") == ["Welder"]
    assert titles("words=Hana") == ["Nurse"]
    assert titles("words=%25") == ["품질관리 100% 신입"]
    assert titles("words=_") == []
    assert titles(f"employer={jun.organisation_id}") == ["품질관리 100% 신입", "Welder"]
    assert titles("employer=' OR 1=1") == []
    assert "No opening matches" in browser.get("/openings?words=pilot").text


def test_a_long_list_comes_in_pages_that_keep_what_was_looked_for(home: Path) -> None:
    jun, browser = desk.jun(), Browser()
    for number in range(public_openings.A_PAGE + 1):
        published(jun, f"Opening {number:02}")
    first = browser.get("/openings?words=opening&lang=en").text
    assert first.count('class="opening-link"') == public_openings.A_PAGE
    assert "words=opening&amp;employer=&amp;lang=en&amp;page=2" in first
    for page in ("2", "99", "-1", "one"):
        assert browser.get(f"/openings?words=opening&page={page}").status_code == 200
    assert browser.get("/openings?page=2").text.count('class="opening-link"') == 1


class Region:
    """Doyun's programme with Seoyeon's university and Jun's firm, all with pages, and one published opening."""

    def __init__(self) -> None:
        self.doyun = desk.organisation("agency", "Doyun", "doyun@example.org")
        self.seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
        self.jun = desk.jun()
        self.programme_id = desk.programme(self.doyun, self.seoyeon, self.jun)
        self.opening_id = published(self.jun, "Welder", programme_id=self.programme_id)
        face(self.doyun, "Agency", "agency-gb")
        face(self.seoyeon, "Andong University", "andong", careers_url="https://job.andong.example.ac.kr/")
        face(self.jun, "Precision", "precision", about_en="We make <b>gears</b>.")


def test_pages_lead_from_the_agency_to_the_opening_to_the_career_centre(home: Path) -> None:
    region, browser = Region(), Browser()
    agency = browser.get("/o/agency-gb").text
    assert "Regional talent" in agency and f"/openings/{region.opening_id}" in agency and "/o/andong" in agency
    for address in (f"/openings/{region.opening_id}", "/o/precision", "/o/andong", "/o/agency-gb"):
        assert 'href="https://job.andong.example.ac.kr/"' in browser.get(address).text, address
    assert f"/openings/{region.opening_id}" in browser.get("/o/andong").text


def test_what_an_organisation_says_of_itself_is_only_text(home: Path) -> None:
    Region()
    assert "We make &lt;b&gt;gears&lt;/b&gt;." in Browser().get("/o/precision").text


def test_a_university_shows_an_opening_only_while_it_may_invite_to_it(home: Path) -> None:
    region, browser = Region(), Browser()
    with transaction(EVERYWHERE) as session:
        (one,) = memoranda.of_programme(session, region.programme_id)
        memoranda.end(session, region.doyun, one.id)
    assert "Welder" not in browser.get("/o/andong").text
    assert "andong" not in browser.get(f"/openings/{region.opening_id}").text
    with transaction(EVERYWHERE) as session:
        new = NewMemorandum(region.seoyeon.organisation_id, (region.opening_id,))
        memoranda.add(session, region.doyun, region.programme_id, new)
    assert "Welder" in browser.get("/o/andong").text
    with transaction(EVERYWHERE) as session:
        session.get_one(Memorandum, memoranda.of_programme(session, region.programme_id)[0].id).until = datetime.now(
            UTC
        ) - timedelta(seconds=1)
    assert "Welder" not in browser.get("/o/andong").text


def test_a_closed_programme_is_gone_from_the_agencys_and_the_universitys_page(home: Path) -> None:
    region, browser = Region(), Browser()
    with transaction(EVERYWHERE) as session:
        programmes.close(session, region.doyun, region.programme_id)
    assert "Regional talent" not in browser.get("/o/agency-gb").text
    assert "Welder" not in browser.get("/o/andong").text


def test_an_organisation_without_a_name_for_it_has_no_page(home: Path) -> None:
    jun, browser = desk.jun(), Browser()
    for name in ("none", "None", "", jun.organisation_id):
        assert browser.get(f"/o/{name}").status_code == 404


def test_public_pages_may_be_found_and_kept_for_a_minute_and_need_no_cookie(home: Path) -> None:
    region, browser = Region(), Browser()
    for address in ("/openings", f"/openings/{region.opening_id}", "/o/precision"):
        page = browser.get(address)
        assert page.headers["cache-control"] == "public, max-age=60", address
        assert "noindex" not in page.text and "set-cookie" not in page.headers
        korean = Browser("en").get(f"{address}?lang=ko")
        assert 'lang="ko"' in korean.text and korean.headers["cache-control"] == "private, max-age=60"
        assert "lang=ko" in korean.text.split("<main")[1], "the way on keeps the language without a cookie"
    assert "noindex" in browser.get("/sign-in").text


def test_a_logo_is_given_out_as_the_picture_that_it_is_and_only_under_its_own_name(home: Path) -> None:
    jun, browser = desk.jun(), Browser()
    staff = Browser()
    staff.sign_in("jun@example.com")
    page = staff.get("/staff/organisation")
    token = page.text.split('name="csrf" value="')[1].split('"')[0]
    files = {"logo": ("logo.svg", png(), "image/svg+xml")}  # what the browser calls it does not matter
    kept = staff.client.post("/staff/organisation/logo", data={"csrf": token}, files=files)
    address = kept.text.split('<img class="face-logo" src="')[1].split('"')[0]
    logo = browser.get(address)
    assert (logo.status_code, logo.headers["content-type"], logo.content) == (200, "image/png", png())
    assert logo.headers["x-content-type-options"] == "nosniff"
    assert logo.headers["content-security-policy"] == "default-src 'none'; sandbox"
    for wrong in (f"/logos/{jun.organisation_id}/other.png", f"/logos/{jun.organisation_id}/..%2F..%2Fsecret"):
        assert browser.get(wrong).status_code == 404
    opening_id = desk.opening(jun)
    assert f'src="{address}"' in browser.get(f"/i/{desk.invite(jun, opening_id, 'Minji')}").text


def test_public_pages_are_limited_for_one_address(home: Path) -> None:
    browser = Browser()
    answers = [browser.get("/openings").status_code for _ in range(121)]
    assert (answers[119], answers[120]) == (200, 429)


@pytest.mark.parametrize("address", ["/openings/%00", "/openings?words=%00", "/o/%00", "/i/%00", "/stop/%00"])
def test_an_address_with_a_zero_byte_is_nobody_s_and_no_fault_of_ours(anywhere: str, address: str) -> None:
    assert Browser().get(address).status_code in (404, 422)


def test_words_that_a_mac_wrote_in_pieces_find_the_opening(home: Path) -> None:
    published(desk.jun(), "품질관리 담당")
    words = unicodedata.normalize("NFD", "품질관리")
    assert "품질관리 담당" in Browser().get(f"/openings?words={words}&lang=ko").text
