"""The list as a file: not more than the page shows, safe to open, the same for a hundred thousand rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import openpyxl
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, Candidate, Opening
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


def test_a_file_takes_whom_the_filters_let_through_and_the_button_says_whom(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name, points in (("Minji", 4), ("Sora", None), ("Yuna", 3)):
        desk.candidate(jun, opening_id, name, points)
    browser = signed_in(jun.email)
    base = f"/staff/openings/{opening_id}/candidates"
    everybody = browser.get(f"{base}?lang=en").text
    assert f'href="{base}.csv"' in everybody
    assert "All 3 as CSV" in everybody
    page = browser.get(f"{base}?show=unscored&page=1").text
    assert f'href="{base}.xlsx?show=unscored"' in page
    assert "This 1 for Excel" in page
    assert "이 1명만 엑셀로" in browser.get(f"{base}?show=unscored&lang=ko").text
    browser.get(f"{base}?lang=en")
    taken = browser.get(f"{base}.csv?show=unscored").content.decode("utf-8-sig")
    assert [row["Number"] for row in csv.DictReader(io.StringIO(taken))] == ["2"]
    said = browser.get(f"{base}.csv?words=valve&sort=newest").content.decode("utf-8-sig")
    assert [row["Number"] for row in csv.DictReader(io.StringIO(said))] == ["1", "2", "3"]
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.action == "list exported")).all()
    assert [entry.details for entry in kept] == [
        {"form": "csv", "rows": 1, "filtered": True},
        {"form": "csv", "rows": 3, "filtered": True},
    ]


def test_eu_5_a_filter_by_points_lets_nobody_into_a_file_whom_the_reader_has_not_rated(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 5)
    browser = signed_in(jun.email)
    base = f"/staff/openings/{opening_id}/candidates.csv"
    taken = browser.get(f"{base}?least=problem_solving:2").content.decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(taken))) == []


def test_a_file_is_named_after_the_opening_unless_that_is_blind_and_no_title_breaks_the_name(home: Path) -> None:
    jun = desk.jun()
    blind, open_ = desk.opening(jun), desk.opening(jun, blind=False)
    for opening_id in (blind, open_):
        desk.candidate(jun, opening_id, "Minji", 4)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, open_).title_ko = '품질/관리 "신입"\r\n'
    browser = signed_in(jun.email)
    name = browser.get(f"/staff/openings/{open_}/candidates.csv?lang=ko").headers["content-disposition"]
    assert name.startswith(f'attachment; filename="onterview-{open_[:8]}-')
    assert unquote(name.partition("filename*=UTF-8''")[2]).startswith("품질 관리 신입-20")
    assert name.isascii()
    hidden = browser.get(f"/staff/openings/{blind}/candidates.xlsx").headers["content-disposition"]
    assert hidden.startswith(f'attachment; filename="onterview-{blind[:8]}-')
    assert "filename*" not in hidden


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    at = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    rows = [
        ["번호", "점수가 없는 이유", "때", "x"],
        [1, "말소리가 너무 작습니다", at, "y" * 300],
        [2, None, None, None],
    ]
    with sheets.xlsx_file(rows, title="지원자") as file:
        widths = openpyxl.load_workbook(file)["지원자"].column_dimensions
    assert [widths[name].width for name in "ABCD"] == [8, 24, 19, 48]
