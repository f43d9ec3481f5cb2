"""What leaves the page: EU-5 (own rating first) and KR-13 (blind hiring) hold for files, comparisons and pictures too."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl

from interview_ai import exports, openings, pictures, reviews
from interview_ai.database import reading, transaction
from interview_ai.organisations import Member
from tests import desk
from tests.browser import Browser


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def exported(member: Member, opening_id: str) -> list[dict[str, str]]:
    """The rows of the CSV as this member gets it, by the names of the columns."""
    answer = signed_in(member.email).get(f"/staff/openings/{opening_id}/candidates.csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def rated(member: Member, interview_id: str, level: int) -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, "transcript")
        reviews.rate(session, member, interview_id, {"problem_solving": level})


def test_eu_5_an_export_gives_what_the_list_gives_this_member_and_not_more(home: Path) -> None:
    jun = desk.jun()
    sora = desk.colleague(jun, "sora@example.com", "recruiter")
    opening_id = desk.opening(jun, blind=False)
    one, other, silent = (
        desk.candidate(jun, opening_id, name, points, width=1)
        for name, points in (("Minji", 4), ("Other", 2), ("Silent", None))
    )
    rated(sora, one.interview_id, 3)
    rated(sora, other.interview_id, 2)
    rated(jun, one.interview_id, 5)
    first, second, third = exported(jun, opening_id)
    assert (first["My rating: Problem solving"], first["Mean: Problem solving"]) == ("5", "4.0")
    assert (first["Points"], first["Range from"], first["Range to"]) == ("4.0", "3.0", "5.0")
    assert (second["Mean: Problem solving"], second["Points"], second["Band"]) == ("", "", "")
    assert second["Why no points"] == "Shown after your own rating"
    assert third["Why no points"] == "no speech"
    assert [row["Name"] for row in (first, second, third)] == ["Minji", "Other", "Silent"]
    assert "example.org" not in str([first, second, third])
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    assert exported(jun, opening_id)[1]["Points"] == "2.0"
    assert silent.interview_id


def test_kr_13_an_export_of_a_blind_opening_names_nobody_even_where_the_reader_knows_the_name(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    who = desk.candidate(jun, opening_id, "Minji", 4)
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, who.interview_id, "reveal")
    browser = signed_in(jun.email)
    for form in ("csv", "xlsx"):
        answer = browser.get(f"/staff/openings/{opening_id}/candidates.{form}")
        assert answer.status_code == 200
        assert b"Minji" not in answer.content
        assert "Minji" not in answer.headers["content-disposition"]
        assert "Quality" not in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    head, row = book.active.iter_rows(values_only=True)
    assert "Name" not in head
    assert row[0] == 1
    with transaction(jun.organisation_id) as session:
        begun = exports.begin(session, jun, opening_id, form="csv")
        assert [line.name for line in exports.rows(session, jun, begun)] == [None]


def test_eu_5_a_comparison_shows_neither_points_nor_colleagues_before_the_own_rating(home: Path) -> None:
    jun = desk.jun()
    sora = desk.colleague(jun, "sora@example.com", "recruiter")
    opening_id = desk.opening(jun)
    ids = [desk.candidate(jun, opening_id, name, 4, width=1).interview_id for name in ("Minji", "Other")]
    rated(sora, ids[0], 2)
    where = f"/staff/openings/{opening_id}/compare?chosen={ids[0]}&chosen={ids[1]}"
    before = signed_in(jun.email).get(where).text
    assert "Shown after your own rating" in before
    assert "points, range" not in before
    assert "Colleagues" not in before and "2 to 5" not in before
    rated(jun, ids[0], 5)
    after = signed_in(jun.email).get(where).text
    assert "4 points, range 3 to 5" in after
    assert "2 to 5" in after


def test_eu_5_the_picture_of_the_bands_counts_only_whom_the_reader_has_rated(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    ids = [desk.candidate(jun, opening_id, name, points).interview_id for name, points in (("A", 5), ("B", 1))]
    with reading(jun.organisation_id) as session:
        before = pictures.pictures(session, jun, opening_id).bands
    assert (before.letters, before.hidden) == ({}, 2)
    rated(jun, ids[0], 5)
    with reading(jun.organisation_id) as session:
        after = pictures.pictures(session, jun, opening_id).bands
    assert (after.letters, after.hidden) == ({"A": 1}, 1)
