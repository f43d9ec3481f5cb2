"""The list as a file: not more than the page shows, safe to open, the same for a hundred thousand rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, Candidate
from tests import desk
from tests.browser import Browser
from web import sheets


def signed_in(email: str) -> Browser:
    browser = Browser()
    browser.sign_in(email)
    return browser


def crowd(member: Member, opening_id: str, count: int) -> None:
    """So many candidates who have begun."""
    for number in range(count):
        desk.applicant(member, opening_id, f"Candidate{number}")


def exported(member: Member, opening_id: str) -> list[dict[str, str]]:
    """The rows of the CSV as this member gets it, by the names of the columns."""
    answer = signed_in(member.email).get(f"/staff/openings/{opening_id}/candidates.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_export_is_on_the_record_and_reviewers_and_hana_get_none(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 4)
    his, hers, theirs = (signed_in(member.email) for member in (jun, hana, reviewer))
    for form in ("csv", "xlsx"):
        where = f"/staff/openings/{opening_id}/candidates.{form}"
        assert [browser.get(where).status_code for browser in (his, hers, theirs)] == [200, 404, 403]
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported")).all()
    assert [(entry.actor, entry.details) for entry in kept] == [
        (f"staff:{jun.id}", {"form": form, "rows": 1}) for form in ("csv", "xlsx")
    ]


def test_a_name_that_looks_like_a_formula_stays_a_name_in_both_files(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    desk.candidate(jun, opening_id, "Minji", 4)
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Candidate)).one().name = '=HYPERLINK("http://evil.example","x")'
    assert exported(jun, opening_id)[0]["Name"].startswith("'=HYPERLINK")
    answer = signed_in(jun.email).get(f"/staff/openings/{opening_id}/candidates.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cell = next(cell for cell in sheet[2] if "HYPERLINK" in str(cell.value))
    assert (cell.data_type, cell.value[0]) == ("s", "'")


def test_korean_numbers_and_moments_open_right_in_a_spreadsheet() -> None:
    at = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    text = b"".join(sheets.csv_blocks([["이름", "점수", "때"], ["김민지", 3.5, at], [None, 4, None]])).decode()
    assert text == "\ufeff이름,점수,때\r\n김민지,3.5,2026-11-27 00:30\r\n,4,\r\n"
    with sheets.xlsx_file([["이름", "점수", "때"], ["김민지", 3.5, at]], title="지원자") as file:
        rows = list(openpyxl.load_workbook(file)["지원자"].iter_rows(values_only=True))
    assert rows[1] == ("김민지", 3.5, datetime.fromisoformat("2026-11-27T00:30"))


def test_the_first_rows_leave_before_the_last_are_read() -> None:
    read = 0

    def rows() -> Iterator[list[str | int]]:
        nonlocal read
        for read in range(100_000):
            yield [read, "김민지", "x" * 40]

    blocks = sheets.csv_blocks(rows())
    first = next(blocks)
    assert len(first) < 3 * sheets.BLOCK
    assert read < 3_000


def test_every_candidate_of_a_long_list_is_exported_once_and_drawn_once(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    crowd(jun, opening_id, 53)  # more than one page of the list
    assert [row["Number"] for row in exported(jun, opening_id)] == [str(number) for number in range(1, 54)]
    page = signed_in(jun.email).get(f"/staff/openings/{opening_id}/overview").text
    assert "53 invited, 53 started, 0 finished" in page
