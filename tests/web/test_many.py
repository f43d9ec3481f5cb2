"""Inviting from a file, reminding and giving time on the opening's page, and a long list of the invited."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.settings import settings
from interview_ai.tables import AuditEntry, Invitation, Mail
from tests import desk
from tests.browser import Browser
from tests.web.test_writing import signed_in
from web import inviting
from web.routes import invitations

PEOPLE = "이름,이메일\n김민지,minji@example.org\nSora,sora@example.org\n=cmd(),x@example.org\n"


def upload(browser: Browser, opening_id: str, content: bytes) -> Response:
    place = f"/staff/openings/{opening_id}"
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get(place).text)
    assert token
    files = {"file": ("people.csv", content, "text/csv")}
    return browser.client.post(f"{place}/roster", data={"csrf": token[1], "language": "ko"}, files=files)


def invited() -> int:
    with reading(EVERYWHERE) as session:
        return len(session.scalars(select(Invitation)).all())


def test_a_file_is_shown_with_its_faults_in_their_cells_before_anybody_is_invited(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    page = upload(browser, opening_id, PEOPLE.encode("cp949"))
    assert "2 can be invited" in page.text
    assert re.search(r'cell-wrong"[^>]*><span>=cmd\(\)<span class="form-wrong">A name cannot begin with =', page.text)
    assert invited() == 0
    assert "2 people are invited." in browser.send(page, "/roster/send").text
    assert "0 people are invited." in browser.send(page, "/roster/send").text
    assert invited() == 2


def test_a_long_file_is_sent_in_parts_that_say_how_many_are_left(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    monkeypatch.setattr(invitations, "A_ROUND", 1)
    monkeypatch.setattr(invitations, "LONGEST_S", 0.0)
    part = browser.send(upload(browser, opening_id, PEOPLE.encode()), "/roster/send")
    assert "1 people are invited. Press the button once more to invite the other 1." in part.text
    assert "2 people are invited." in browser.send(part, "/roster/send").text
    assert invited() == 2


def test_where_no_mail_leaves_the_links_of_a_file_are_one_download_for_who_invited_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jun = desk.jun()
    colleague = desk.colleague(jun, "other@example.com", "recruiter")
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    monkeypatch.setattr(invitations, "A_ROUND", 1)
    monkeypatch.setattr(invitations, "LONGEST_S", 0.0)
    part = browser.send(upload(browser, opening_id, PEOPLE.encode()), "/roster/send")
    done = browser.send(part, "/roster/send")
    assert "Download the links of 2 people (CSV)" in done.text
    way = re.search(r'href="([^"]+/roster/links\.csv\?shown=[^"]+)" download', done.text)
    assert way
    file = browser.get(way.group(1))
    head, first, second = file.content.decode("utf-8-sig").splitlines()
    assert head == "Name,Email,Link"
    assert first.startswith("김민지,minji@example.org,http")
    link = second.rpartition(",")[2]
    assert Browser().get(link[link.index("/", 8) :]).status_code == 200
    assert Browser().client.get(link[link.index("/", 8) :].rstrip("=")[:-3] + "abc").status_code == 404
    assert signed_in(colleague.email).get(way.group(1)).status_code == 404
    with reading(EVERYWHERE) as session:
        taken = session.scalars(select(AuditEntry).where(AuditEntry.action == "invitation links taken")).all()
    assert [(entry.actor, entry.details) for entry in taken] == [(f"staff:{jun.id}", {"rows": 2})]


def test_where_mails_leave_no_file_of_links_is_offered(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    monkeypatch.setattr(
        invitations, "settings", lambda: settings().model_copy(update={"smtp_url": "smtp://mail.example"})
    )
    done = browser.send(upload(browser, opening_id, PEOPLE.encode()), "/roster/send")
    assert "2 people are invited." in done.text
    assert "links.csv" not in done.text


def test_many_pasted_lines_give_all_links_as_one_text(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    page = browser.get(f"/staff/openings/{opening_id}")
    pasted = "Minji, minji@example.org\nSora, sora@example.org\nnobody"
    made = browser.client.post(
        f"/staff/openings/{opening_id}",
        data={"csrf": re.findall(r'name="csrf" value="([^"]+)"', page.text)[0], "many": "yes", "lines": pasted},
    )
    text = re.search(r'<pre[^>]* id="all-links"[^>]*>(.*?)</pre>', made.text, re.S)
    assert text
    rows = [row.split("\t") for row in text.group(1).strip().splitlines()]
    assert [row[:2] for row in rows] == [["Minji", "minji@example.org"], ["Sora", "sora@example.org"]]
    assert all(row[2].startswith("http") for row in rows)
    assert 'data-copy="all-links"' in made.text


def test_a_file_that_is_no_list_is_refused_at_its_field_in_words(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in(jun.email)
    for content, says in (
        (b"", "Choose a file."),
        (b"\0\1\2\3", "This file cannot be read. Save it as XLSX or as CSV"),
    ):
        page = upload(browser, opening_id, content)
        assert says in page.text
        assert re.search(r'id="file"[^>]*aria-invalid="true"', page.text)


def test_reminders_and_more_time_are_given_with_forms_and_say_what_came_of_it(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    desk.invite(jun, opening_id, "Minji")
    browser = signed_in(jun.email)
    page = browser.send(browser.get(f"/staff/openings/{opening_id}"), "/reminders")
    assert "A reminder for 1 person waits in the outbox: no mail server is set here" in page.text
    assert "There is nobody to remind now" in browser.send(page, "/reminders").text
    refused = browser.send(page, f"{opening_id}/deadline", until="2020-01-01T10:00")
    assert "The deadline must lie ahead." in refused.text
    assert "Please give a date and a time" in browser.send(refused, f"{opening_id}/deadline", until="").text
    moved = browser.send(refused, f"{opening_id}/deadline", until="2099-01-01T18:00", tell="on")
    assert "The deadline is extended." in moved.text
    with reading(EVERYWHERE) as session:
        causes = sorted(mail.cause.split(":")[0] for mail in session.scalars(select(Mail)))
        assert causes == ["deadline", "invitation", "reminder"]


def test_a_blind_page_tells_by_no_reminder_or_deadline_who_has_finished(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name in ("Minji", "Sora"):
        desk.invite(jun, opening_id, name)
    browser = signed_in(jun.email)
    before = browser.send(browser.get(f"/staff/openings/{opening_id}"), "/reminders")
    assert "reminded 2" not in before.text
    lines = re.findall(r'<li class="invited">(.*?)</li>', before.text, re.DOTALL)
    shapes = {re.sub(r"Minji|Sora|minji|sora|[0-9a-f]{32}", "", line) for line in lines}
    assert (len(lines), len(shapes)) == (2, 1)


def test_a_long_list_of_the_invited_is_searched_and_read_in_parts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name in ("Haneul", "Minji", "Sora"):
        desk.invite(jun, opening_id, name)
    monkeypatch.setattr(inviting, "A_PART", 2)
    browser = signed_in(jun.email)
    place = f"/staff/openings/{opening_id}"
    assert ["Sora</strong>" in browser.get(f"{place}?part={part}").text for part in (1, 2, 99)] == [False, True, True]
    found = browser.get(f"{place}?who=MINJI@").text
    assert "1 of 3 invited" in found
    assert "Haneul</strong>" not in found
