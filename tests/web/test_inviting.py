"""Inviting, accounts and the front door as a browser without script walks them: nothing sent twice, nothing lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai import openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Invitation, Mail, Opening, Staff
from tests import desk
from tests.browser import Browser, link_on
from tests.cast import PASSWORD


def signed_in(email: str, language: str = "en") -> Browser:
    browser = Browser(language)
    assert browser.sign_in(email).status_code == 200
    browser.get(f"/staff/account?lang={language}")
    return browser


def sent(browser: Browser, page: Response, **fields: str) -> Response:
    """Sends the form for inviting, which goes to the address of its own page."""
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    return browser.client.post(str(page.url), data={"csrf": token[1], "language": "en"} | fields)


def invitation_hashes() -> list[str]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Invitation.token_hash)))


def read_file(browser: Browser, opening_id: str, content: str) -> Response:
    """The page that shows how a file was read."""
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get(f"/staff/openings/{opening_id}").text)
    assert token
    address, file = f"/staff/openings/{opening_id}/roster", ("people.csv", content, "text/csv")
    return browser.client.post(address, data={"csrf": token[1], "language": "ko"}, files={"file": file})


def test_a_new_link_outlives_reloading_and_another_language_and_is_in_no_address(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{desk.opening(jun)}")
    made = sent(browser, page, name="Minji", email="minji@example.org")
    link = link_on(made, "invitation-link")
    kept = invitation_hashes()
    assert "No mail server is set here" in made.text
    assert link_on(browser.get(str(made.url)), "invitation-link") == link
    korean = re.search(r'href="([^"]+lang=ko)"', made.text)
    assert korean
    other = browser.get(korean[1].replace("&amp;", "&"))
    assert (link_on(other, "invitation-link"), invitation_hashes()) == (link, kept)
    assert all(link.rpartition("/")[2] not in str(answer.headers) for answer in (made, *made.history))
    assert "invitation-link" not in browser.get(str(page.url)).text


def test_another_member_does_not_see_what_was_shown_to_the_first(home: Path) -> None:
    jun = desk.jun()
    colleague = desk.colleague(jun, "recruiter@example.com", "recruiter")
    browser = signed_in(jun.email)
    made = sent(browser, browser.get(f"/staff/openings/{desk.opening(jun)}"), name="Minji", email="minji@example.org")
    assert "invitation-link" not in signed_in(colleague.email).get(str(made.url)).text


def test_inviting_somebody_again_asks_first_and_the_old_link_says_so(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    first = desk.invite(jun, opening_id, "Minji")
    browser = signed_in(jun.email)
    asked = sent(browser, browser.get(f"/staff/openings/{opening_id}"), name="Minji", email="Minji@example.org")
    assert "@example.org is invited already" in asked.text
    assert Browser().get(f"/i/{first}").status_code == 200
    again = browser.send(asked, "/invitations")
    assert "/i/" in link_on(again, "invitation-link")
    old = Browser().get(f"/i/{first}")
    assert old.status_code == 409
    assert "A newer invitation replaced this link" in old.text


def test_a_faulty_entry_keeps_what_was_typed_and_marks_its_field(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in(jun.email)
    refused = sent(browser, browser.get(f"/staff/openings/{desk.opening(jun)}"), name="Minji", email="minji@")
    assert 'value="Minji"' in refused.text
    assert re.search(r'id="email"[^>]*value="minji@"[^>]*aria-invalid="true"', refused.text, re.DOTALL)
    assert "Check the mail address" in refused.text


def test_faulty_lines_stay_in_their_box_and_the_others_are_invited(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{desk.opening(jun)}")
    answer = sent(browser, page, many="yes", lines="Minji, minji@example.org\nDoyun\nSora <sora@example.org>")
    assert "2 invited · 0 invited before · 1 to mend" in answer.text
    assert re.search(r"<textarea[^>]*>\s*Doyun</textarea>", answer.text)
    assert len(invitation_hashes()) == 2
    assert link_on(answer, "link-3").startswith("http")


def test_what_cannot_be_undone_lies_behind_its_consequence(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    desk.invite(jun, opening_id, "Sora")
    desk.candidate(jun, opening_id, "Minji", 3)
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}").text
    for action in ("/first-pass", "/scoring", "/state", "/revoke"):
        form = re.search(rf"<details[^>]*>(?:(?!</details>).)*action=\"[^\"]*{action}\"", page, re.DOTALL)
        assert form, action
    assert page.count("/revoke") == 1
    assert "Finished" in page


def test_a_blind_opening_shows_progress_by_name_only_when_it_is_asked_for(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{opening_id}")
    assert "tag-done" not in page.text
    assert "tag-done" in browser.send(page, "/progress").text


def test_an_opening_is_edited_closed_and_reopened(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    place = f"/staff/openings/{opening_id}"
    page = browser.send(browser.get(f"{place}/edit"), "/edit", title_en="Metrology", deadline="2099-01-01T18:00")
    assert "Saved." in page.text
    assert "Metrology" in page.text
    closed = browser.send(page, "/state")
    assert "Closed. Invitation links do not open." in closed.text
    assert "open again" in browser.send(closed, "/state").text
    desk.applicant(jun, opening_id)
    frozen = browser.get(f"{place}/edit")
    assert 'name="question_ko"' not in frozen.text
    assert "the questions stay as they are" in frozen.text


def test_the_front_door_leads_everybody_on(home: Path) -> None:
    jun = desk.jun()
    assert "Open the link in your invitation" in Browser().get("/").text
    assert "초대 메일의 링크를 여세요" in Browser("ko").get("/").text
    assert signed_in(jun.email).get("/").url.path == "/staff/openings"


def test_a_signed_out_page_leads_through_sign_in_back_to_itself(home: Path) -> None:
    jun = desk.jun()
    browser = Browser()
    page = browser.get("/staff/people")
    assert page.url.path == "/sign-in"
    assert browser.send(page, "/sign-in", email=jun.email, password=PASSWORD).url.path == "/staff/people"
    part = Browser().get("/staff/openings", **{"hx-request": "true"})
    assert part.status_code == 401


def test_a_university_meets_no_form_that_it_may_not_send(home: Path) -> None:
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    browser = signed_in(seoyeon.email)
    assert browser.get("/staff/openings").status_code == 403
    assert browser.get("/staff/openings/new").status_code == 403
    assert "watches answers" not in browser.get("/staff/people").text


def test_a_university_follows_its_students_and_takes_an_invitation_back(home: Path) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    opening_id = desk.opening(jun, programme_id=desk.programme(doyun, seoyeon, jun))
    with transaction(EVERYWHERE) as session:
        openings.invite(session, seoyeon, opening_id, name="Minji", email="m@example.ac.kr", language="en")
    browser = signed_in(seoyeon.email)
    page = browser.get("/staff/university")
    assert "Minji" in page.text
    again = browser.send(page, "/university/invitations")
    assert "/i/" in link_on(again, "invitation-link")
    assert 'role="status" tabindex="-1" autofocus' in again.text and "mail has not left yet" in again.text
    with transaction(EVERYWHERE) as session:
        opening = session.get_one(Opening, opening_id)
        deadline, opening.deadline = opening.deadline, datetime.now(UTC) - timedelta(days=1)
    late = browser.get("/staff/university").text
    assert "past the deadline" in late and "/revoke" not in late and "/staff/university/invitations" not in late
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).deadline = deadline
    assert "invitation withdrawn" in browser.send(page, "/revoke").text
    overview = signed_in(doyun.email).get("/staff/programmes").text
    assert "Quality control" in overview
    assert "Minji" not in overview


def test_a_university_reads_its_students_in_parts_and_finds_one_by_name_or_address(home: Path) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    programme = desk.programme(desk.organisation("agency", "Doyun", "doyun@example.go.kr"), seoyeon, jun)
    opening_id = desk.opening(jun, programme_id=programme)
    with transaction(EVERYWHERE) as session:
        for n in range(15):
            person = {"name": f"Student {n:02}", "email": f"s{n:02}@example.org", "language": "en"}
            openings.invite(session, seoyeon, opening_id, **person)
    browser = Browser("en")
    browser.sign_in(seoyeon.email)
    first, second = (browser.get(f"/staff/university?part={part}").text for part in (1, 2))
    names = [re.findall(r"<strong>(Student \d\d)</strong>", page) for page in (first, second)]
    assert [len(some) for some in names] == [12, 3] and not set(names[0]) & set(names[1])
    for words in ("student 14", "S14@"):
        page = browser.get(f"/staff/university?who={quote(words)}").text
        assert re.findall(r"<strong>(Student \d\d)</strong>", page) == ["Student 14"]
    assert "<strong>Student" not in browser.get("/staff/university?who=%25").text


def test_an_agency_is_told_at_the_field_what_a_name_needs(home: Path) -> None:
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    browser = signed_in(doyun.email)
    refused = browser.send(browser.get("/staff/programmes"), "/staff/programmes", name_ko=" ", name_en="Talent")
    assert refused.status_code == 422
    assert re.search(r'id="name_ko"[^>]*aria-invalid="true"', refused.text, re.DOTALL)
    assert 'value="Talent"' in refused.text


def test_inviting_a_colleague_again_says_so_and_ends_the_earlier_link(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in(jun.email)
    page = browser.send(browser.get("/staff/people"), "/staff/people", email="new@example.com", name="New")
    with reading(EVERYWHERE) as session:
        first = re.search(r"/set-password/\S+", session.scalars(select(Mail.body)).one())
    assert first
    page = browser.send(page, "/staff/people")
    assert "was invited before" in page.text
    assert Browser().get(first.group()).status_code == 404
    with reading(EVERYWHERE) as session:
        newcomer = session.scalars(select(Staff.id).where(Staff.email == "new@example.com")).one()
    assert "The invitation is withdrawn" in browser.send(page, f"/{newcomer}/leave").text


def test_one_changes_ones_own_name_and_password(home: Path) -> None:
    jun = desk.jun()
    browser, elsewhere = signed_in(jun.email), signed_in(jun.email)
    named = browser.send(browser.get("/staff/account"), "/staff/account", name="Jun Park", language="en")
    assert "Jun Park" in named.text
    new = "four other words entirely"
    refused = browser.send(named, "/password", current="wrong", password="short", again="differs")
    assert refused.status_code == 422
    assert refused.text.count('aria-invalid="true"') == 3
    changed = browser.send(refused, "/password", current=PASSWORD, password=new, again=new)
    assert "The password is changed" in changed.text
    assert elsewhere.get("/staff/account").url.path == "/sign-in"
    assert Browser().sign_in(jun.email, new).url.path == "/staff/openings"


@pytest.mark.parametrize(("language", "said"), [("en", "must lie ahead"), ("ko", "지금보다 뒤여야 합니다")])
def test_a_moment_in_the_past_is_refused_at_its_field_and_stays_as_it_was_typed(
    home: Path, language: str, said: str
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.invite(jun, opening_id, "Minji")
    browser = Browser(language)
    browser.sign_in(jun.email)
    place = f"/staff/openings/{opening_id}"
    for action in (f"{place}/deadline", "/deadline"):
        page = browser.send(browser.get(f"{place}?lang={language}"), action, until="2020-01-02T18:00")
        field = re.search(r'<input[^>]*name="until" value="2020-01-02T18:00"[^>]*>', page.text)
        assert field
        assert "aria-describedby" in field.group()
        assert said in page.text


def test_a_bad_row_of_a_file_names_its_language_in_words(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    sent = read_file(signed_in(jun.email, "ko"), opening_id, "name,email,language\nMinji,none,ko\nSora,neither,en\n")
    assert "<span>한국어</span>" in sent.text
    assert "<span>English</span>" in sent.text


@pytest.mark.parametrize(
    ("language", "head", "said"),
    [("en", "photo", "Fair Hiring Procedure Act, article 4-3"), ("ko", "가족관계", "채용절차법 제4조의3")],
)
def test_a_column_that_may_not_be_asked_for_is_named_with_its_law_and_nothing_of_it_is_kept(
    home: Path, language: str, head: str, said: str
) -> None:
    jun = desk.jun()
    content = f"name,email,{head}\nMinji,minji@example.org,https://example.org/face\n"
    page = read_file(signed_in(jun.email, language), desk.opening(jun), content).text
    assert f"<strong>{head}</strong>" in page
    assert said in page
    assert "minji@example.org" in page
    assert "example.org/face" not in page


def test_a_mail_is_proposed_in_the_language_of_the_opening_whatever_the_page_speaks(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email, "ko")
    page = browser.get(f"/staff/openings/{opening_id}")
    assert re.findall(r'<option value="(\w+)" selected>', page.text) == ["en", "en", "en"]


def test_a_universitys_mail_speaks_the_language_of_the_opening_that_it_chose(home: Path) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    programme = desk.programme(desk.organisation("agency", "Doyun", "doyun@example.go.kr"), seoyeon, jun)
    opening_id = desk.opening(jun, programme_id=programme)
    browser = signed_in(seoyeon.email, "ko")
    page = browser.get("/staff/university")
    assert "채용공고의 언어" in page.text
    sent(browser, page, opening_id=opening_id, name="Minji", email="minji@example.org", language="")
    with reading(EVERYWHERE) as session:
        assert "invites you to a recorded interview" in session.scalars(select(Mail.body)).one()


def test_where_no_mail_leaves_one_notice_says_so_and_speaks_of_as_many_links_as_there_are(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{desk.opening(jun)}")
    assert page.text.count("No mail server is set here") == 1
    several = sent(browser, page, many="yes", lines="Minji, minji@example.org\nSora, sora@example.org").text
    assert several.count("No mail server is set here") == 1
    assert "Please copy the links and pass them on" in several
    reminded = browser.send(browser.get(str(page.url)), "/reminders").text
    assert reminded.lower().count("no mail server is set here") == 1
    assert "Reminders for 2 people wait in the outbox" in reminded


def test_who_is_signed_in_meets_no_sign_in_form(home: Path) -> None:
    jun = desk.jun()
    browser = signed_in(jun.email)
    assert browser.get("/sign-in").url.path == "/staff/openings"
    assert browser.get("/sign-in?next=/staff/people").url.path == "/staff/people"
    assert browser.get("/sign-in?next=//elsewhere.example").url.path == "/staff/openings"


def test_who_was_only_invited_is_said_so_once(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    desk.invite(jun, opening_id, "Sora")
    row = re.search(
        r'<li class="invited">.*?</li>', signed_in(jun.email).get(f"/staff/openings/{opening_id}").text, re.S
    )
    assert row
    assert row[0].count(">Invited<") + len(re.findall(r"Invited \d", row[0])) == 1
