"""The university's progress, the student's own choice about their result, and the agency's region, as pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interview_ai import openings, outcome_figures, reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Campaign, CampaignRow, Decision
from tests import campaigning, desk
from tests.bench import region
from tests.browser import Browser
from tests.mailed import left
from tests.test_outcomes import send
from web import words

WHY = "The best answer by far."


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    browser.sign_in(email)
    browser.get(f"/staff/account?lang={language}")
    return browser


@pytest.mark.parametrize(
    ("language", "words"), [("ko", "아직 초대한 학생이 없습니다."), ("en", "No student has been invited yet.")]
)
def test_a_university_without_students_is_told_what_comes(home: Path, language: str, words: str) -> None:
    desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    page = signed_in("seoyeon@example.ac.kr", language).get("/staff/progress")
    assert page.status_code == 200
    assert words in page.text
    assert "<svg" not in page.text


@pytest.mark.parametrize(("language", "words"), [("ko", "아직 사업이 없습니다."), ("en", "No programme yet.")])
def test_an_agency_without_a_programme_is_told_what_comes(home: Path, language: str, words: str) -> None:
    desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    page = signed_in("doyun@example.go.kr", language).get("/staff")
    assert page.url.path == "/staff/region"
    assert words in page.text


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_pages_over_a_whole_region(home: Path, language: str) -> None:
    made = region.make(250, employers=4, universities=2)
    with transaction(EVERYWHERE) as session:
        outcome_figures.publish(session, made.universities[0].organisation_id)
    seoyeon = signed_in("seoyeon@example.ac.kr", language)
    page = seoyeon.get("/staff/progress").text
    mine = [row for row in made.rows if row["university"] == made.universities[0].organisation_id]
    assert f'<td class="number">{len(mine)}</td>' in page
    assert page.count("example.invalid") == 12
    assert "example.invalid" not in seoyeon.get("/staff/progress", **{"hx-request": "true"}).text
    found = seoyeon.get("/staff/progress?at=finished&cohort=2025").text
    assert str(sum(row["far"] >= 4 and row["cohort"] == "2025" for row in mine)) in found
    agency = signed_in("doyun@example.go.kr", language).get("/staff/region?sort=hired").text
    assert 'aria-sort="descending"' in agency
    assert "example.invalid" not in agency
    assert 'id="stuck"' in agency


def in_many_departments(made: region.Made, departments: int, cohorts: int) -> None:
    """The students of the region's rosters, spread over so many departments and cohorts."""
    with transaction(EVERYWHERE) as session:
        for n, row in enumerate(session.query(CampaignRow).order_by(CampaignRow.id)):
            row.department = f"학과 {n % departments + 1:02d}"
            row.cohort = f"{2020 + n // departments % cohorts}"


def rows_of(page: str) -> list[str]:
    """What heads the rows of the departments' table."""
    table = page.split('id="departments-title"')[1].split("</table>")[0]
    return [
        re.sub(r"<[^>]+>|\s+", " ", head).strip()
        for head in re.findall(r'<th scope="row">(.*?)</th>', table, re.DOTALL)
    ]


def test_a_university_with_sixty_departments_sees_the_largest_and_opens_the_others(home: Path) -> None:
    in_many_departments(region.make(900, employers=2, universities=1), 60, 6)
    seoyeon = signed_in("seoyeon@example.ac.kr")
    page = seoyeon.get("/staff/progress").text
    assert len(rows_of(page)) == 12 + 1  # and the total
    assert "Unfold all 61 departments and their cohorts" in page
    whole = seoyeon.get("/staff/progress?all=yes").text
    assert len(rows_of(whole)) > 60 * 6
    assert seoyeon.get("/staff/progress?all=yes", **{"hx-request": "true"}).text.count("<tr") > 60 * 6


def test_a_department_that_is_chosen_shows_its_cohorts_and_its_students(home: Path) -> None:
    in_many_departments(region.make(900, employers=2, universities=1), 60, 3)
    seoyeon = signed_in("seoyeon@example.ac.kr")
    folded = rows_of(seoyeon.get("/staff/progress").text)
    last = "학과 60" if not any("학과 60" in row for row in folded) else "학과 59"
    page = seoyeon.get(f"/staff/progress?department={last}").text
    found = rows_of(page)
    assert sum(row.startswith(last) for row in found) == 1 + 3
    students = page.split('id="students"')[1]
    assert students.count(f'data-label="Department">{last}<') == page.count("example.invalid") > 0


def test_a_small_university_sees_all_of_it_at_once(home: Path) -> None:
    in_many_departments(region.make(200, employers=2, universities=1), 2, 2)
    page = signed_in("seoyeon@example.ac.kr").get("/staff/progress").text
    assert sum("학과 01" in row for row in rows_of(page)) == 3
    assert "Unfold" not in page


@pytest.mark.parametrize(
    ("email", "address"), [("seoyeon@example.ac.kr", "progress"), ("doyun@example.go.kr", "region")]
)
def test_pictures_of_one_group_share_a_scale_that_the_page_names(home: Path, email: str, address: str) -> None:
    region.make(300, employers=4, universities=3)
    browser = signed_in(email)
    people, shares = (browser.get(f"/staff/{address}{asked}").text for asked in ("", "?bars=share"))
    for drawn in pictures(people):
        most = max(bars[0][0] for bars in drawn)
        assert f"the longest stands for {most} people" in people
        for bars in drawn:
            assert all(width == pytest.approx(max(2, 110 * count / most), abs=0.1) for count, width in bars if count)
    for drawn in pictures(shares):
        assert {bars[0][1] for bars in drawn} == {110}
        for bars in drawn:
            assert all(width == pytest.approx(max(2, 110 * n / bars[0][0]), abs=0.1) for n, width in bars if n)
    assert "Each bar is a share of those invited there" in shares


def pictures(page: str) -> list[list[list[tuple[int, float]]]]:
    """The groups of small pictures: of each picture its counts and the widths of their bars."""
    found = []
    for group in page.split('class="small-pictures"')[1:]:
        group = group.split('class="scrolls"')[0]
        bars = [re.findall(r'width="([\d.]+)".*?>([\d,]+)[ <]', one, re.DOTALL) for one in group.split("<figure")[1:]]
        found.append([[(int(count.replace(",", "")), float(width)) for width, count in one] for one in bars])
    assert found and all(found)
    return found


@pytest.mark.parametrize(
    "state", ["reading", "matching", "refused", "preview", "sending", "paused", "sent", "cancelled"]
)
def test_a_campaign_in_any_state_has_its_word_there(home: Path, state: str) -> None:
    here = campaigning.region()
    found = campaigning.read(here.seoyeon, here.opening_id)
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, found.id).state = state
    for language in ("ko", "en"):
        browser = Browser(language)
        browser.sign_in(here.seoyeon.email)
        page = browser.get("/staff/progress")
        assert page.status_code == 200
        assert words.say(language, f"campaign.states.{state}") in page.text


def test_a_reviewer_of_a_university_reads_counts_and_no_names(home: Path) -> None:
    made = region.make(20, employers=2, universities=1)
    reviewer = desk.colleague(made.universities[0], "reviewer@example.ac.kr", "reviewer")
    page = signed_in(reviewer.email).get("/staff/progress")
    assert page.status_code == 200
    assert "example.invalid" not in page.text


def test_without_a_mail_server_sent_is_not_known_rather_than_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    opening_id = desk.opening(jun, programme_id=desk.programme(doyun, seoyeon, jun))
    with transaction(EVERYWHERE) as session:
        openings.invite(session, seoyeon, opening_id, name="Minji", email="m@example.ac.kr", language="en")
    page = signed_in(seoyeon.email).get("/staff/progress").text
    assert "No mail server is set up" in page
    assert re.search(r'data-label="Sent"><span aria-hidden="true">–', page)


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("jun@example.com", "/staff/progress"),
        ("jun@example.com", "/staff/region"),
        ("seoyeon@example.ac.kr", "/staff/region"),
        ("doyun@example.go.kr", "/staff/progress"),
    ],
)
def test_each_page_belongs_to_one_kind_of_organisation(home: Path, email: str, address: str) -> None:
    desk.jun()
    desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    assert signed_in(email).get(address).status_code == 403


def test_a_page_that_nobody_can_mean_is_refused_in_words(home: Path) -> None:
    desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    browser = signed_in("seoyeon@example.ac.kr")
    assert browser.get("/staff/progress?page=0").status_code == 422
    assert browser.get("/staff/progress?opening=nobodys&at=nowhere&page=99").status_code == 200


def test_a_student_shows_their_result_to_the_university_and_takes_it_back(home: Path) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    opening_id = desk.opening(jun, blind=False, programme_id=desk.programme(doyun, seoyeon, jun))
    with transaction(EVERYWHERE) as session:
        token = openings.invite(session, seoyeon, opening_id, name="Minji", email="m@example.ac.kr", language="en")
    minji = Browser()
    form = minji.get(f"/i/{token}")
    assert "Seoyeon invited you" in form.text
    minji.send(form, "", mode="ai", consent="yes")
    with reading(EVERYWHERE) as session:
        who = desk.applicants.applicant_of(session, session.query(desk.interviews.Interview.id).scalar())
    desk.answered(who)
    desk.finished(who)
    page = minji.get("/interview/done")
    assert "Seoyeon invited you" in page.text and "only as numbers of many people" in page.text
    with transaction(jun.organisation_id) as session:
        reviews.decide(session, jun, who.interview_id, "hired", reason=WHY)
    with reading(EVERYWHERE) as session:
        send(jun, opening_id, session.query(Decision.id).scalar())
    office = signed_in(seoyeon.email)
    assert ">not shown<" in office.get("/staff/progress").text
    shared = minji.send(page, "/share-result", shared="yes")
    assert "Stop showing it" in shared.text and "only as numbers" not in shared.text
    assert "because you agreed" in minji.get(f"/i/{token}").text
    assert not re.search(r'data-label="Result">\s*hired', office.get("/staff/progress").text), "the letter still waits"
    left(days_ago=0)
    assert re.search(r'data-label="Result">\s*hired', office.get("/staff/progress").text)
    minji.send(shared, "/share-result", shared="no")
    assert ">not shown<" in office.get("/staff/progress").text
    assert "hired</td>" not in office.get("/staff/progress").text


def test_whom_the_employer_invited_is_asked_nothing_about_a_university(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = Browser()
    form = minji.get(f"/i/{desk.invite(jun, opening_id, 'Minji')}")
    assert "invited you to this interview" not in form.text
    minji.send(form, "", mode="ai", consent="yes")
    with reading(EVERYWHERE) as session:
        who = desk.applicants.applicant_of(session, session.query(desk.interviews.Interview.id).scalar())
    desk.answered(who)
    desk.finished(who)
    page = minji.get("/interview/done")
    assert page.status_code == 200
    assert "share-result" not in page.text
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert csrf
    refused = minji.client.post("/interview/share-result", data={"csrf": csrf[1], "shared": "yes"})
    assert refused.status_code == 404
