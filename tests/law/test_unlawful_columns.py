"""KR-10: a roster may not hold what nobody may be asked; such a column is refused and its values are kept nowhere."""

from __future__ import annotations

import csv
import io
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from interview_ai import campaigns, database, roster_files, roster_rewriting, roster_uploads, rosters
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.rules import roster
from interview_ai.storage import storage
from tests import campaigning as made
from tests import desk
from tests.web.test_inviting import signed_in
from worker import campaigning, timetable

UNLAWFUL = {
    "사진": "appearance",
    "증명사진 (파일명)": "appearance",
    "Photo": "appearance",
    "키(cm)": "appearance",
    "체중": "appearance",
    "몸무게": "appearance",
    "Height": "appearance",
    "혈액형": "appearance",
    "주민등록번호": "resident_number",
    "주민번호 뒷자리": "resident_number",
    "외국인등록번호": "resident_number",
    "Resident registration number": "resident_number",
    "고향": "region",
    "출신 지역": "region",
    "본적": "region",
    "Birthplace": "region",
    "Place of birth": "region",
    "종교": "religion",
    "Religion": "religion",
    "혼인 여부": "marriage",
    "결혼여부": "marriage",
    "Marital status": "marriage",
    "재산": "property",
    "가족관계": "family",
    "부모님 직업": "family",
    "Family": "family",
    "성별": "sex",
    "정당": "politics",
}
LAWFUL = [
    "이름",
    "이메일",
    "학번",
    "학과",
    "학년",
    "입학연도",
    "휴대전화",
    "언어",
    "비고",
    "생년월일",
    "Department",
    "지도교수",
    "희망 직무",
    "자격증",
    "키워드",
    "사진학과 부전공",
]
CANARY = "카나리아새"
NUMBER = "010203-3234567"


@pytest.mark.parametrize("head", UNLAWFUL)
def test_an_unlawful_column_is_known_by_its_head_in_both_languages(head: str) -> None:
    assert roster.ground_of(head) == UNLAWFUL[head]


def test_lawful_columns_stay() -> None:
    assert [head for head in LAWFUL if roster.ground_of(head)] == []


def everything(home: Path) -> bytes:
    """Every byte that the installation keeps: its database with its log, its storage."""
    with database.engine().connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    return b"".join(path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file())


def files() -> dict[str, bytes]:
    """The same roster as CSV in CP949 and as a workbook."""
    rows = [
        ["이름", "이메일", "고향", "주민등록번호", "사진", "학과"],
        ["김민지", "minji@example.org", CANARY, NUMBER, f"{CANARY}.jpg", "기계"],
        ["박소라", "sora@example", CANARY, NUMBER, f"{CANARY}.jpg", "경영"],
    ]
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return {"csv": "\n".join(map(",".join, rows)).encode("cp949"), "xlsx": out.getvalue()}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_values_of_a_refused_column_are_kept_nowhere(home: Path, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    region = made.region()
    with caplog.at_level(logging.DEBUG):
        found = made.read(region.seoyeon, region.opening_id, files()[kind])
    assert [(head["name"], head["refused"]) for head in found.heads if head["refused"]] == [
        ("고향", "region"),
        ("주민등록번호", "resident_number"),
        ("사진", "appearance"),
    ]
    assert [(row.outcome, row.department) for row in made.rows(found.id)] == [("ready", "기계"), ("faulty", "경영")]
    browser = signed_in(region.seoyeon.email, "ko")
    page = browser.get(f"/staff/campaigns/{found.id}")
    faults = browser.get(f"/staff/campaigns/{found.id}/faults.csv")
    assert "받지 않은 열" in page.text and "제4조의3" in page.text
    for text in (page.text, faults.text, caplog.text):
        assert CANARY not in text and NUMBER not in text
    kept = everything(home)
    for encoding in ("utf-8", "cp949"):
        assert CANARY.encode(encoding) not in kept
    assert NUMBER.encode() not in kept and b"3234567" not in kept
    assert "김민지".encode() in kept, "the search does look where rows are kept"


def packed(rows: list[list[str]], *, behind: str = "") -> bytes:
    """A workbook of these rows; `behind`: what a second, hidden sheet holds."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if behind:
        book.create_sheet("둘째").append([behind])
        book.worksheets[1].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WAITING = [
    [],
    ["2026 명단"],
    ["갑", "을", "고향", "병"],
    ["김민지", "minji@example.org", CANARY, "기계"],
    [],
    ["박소라", "sora@example.org", CANARY, NUMBER],
    ["이하늘", "h@example.org", "", '기"계, 금속'],
]


def waiting(kind: str, rows: list[list[str]]) -> bytes:
    """Rows as a file of this kind."""
    if kind == "xlsx":
        return packed(rows, behind=CANARY)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("cp949")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_while_a_person_is_asked_for_the_columns_nothing_unlawful_lies_in_the_storage(home: Path, kind: str) -> None:
    region = made.region()
    data = waiting(kind, WAITING)
    with roster_uploads.stored(region.seoyeon.organisation_id, io.BytesIO(data)) as (sent, length):
        campaign_id = made.added(region.seoyeon, region.opening_id, upload_id=sent, file_bytes=length)
    campaigning.read(campaign_id)
    found = made.campaign(campaign_id)
    assert found.state == "matching" and [head["name"] for head in found.heads] == ["갑", "을", "고향", "병"]
    assert found.file_key and storage().size(found.file_key) == found.file_bytes and storage().size(sent) == 0
    kept = everything(home)
    for text in (CANARY, NUMBER):
        assert text.encode() not in kept and text.encode("cp949") not in kept
    assert "기계".encode() in kept, "the search does look where the file lies"
    with transaction(EVERYWHERE) as session:
        campaigns.match(session, region.seoyeon, campaign_id, {"name": 0, "email": 1, "department": 3})
    campaigning.read(campaign_id)
    seen = [(row.row, row.name, row.outcome) for row in made.rows(campaign_id)]
    assert seen == [(4, "김민지", "ready"), (6, "박소라", "faulty"), (7, "이하늘", "ready")]
    assert made.rows(campaign_id)[2].department == '기"계, 금속'
    assert [head["name"] for head in made.campaign(campaign_id).heads if head["refused"]] == ["고향"]
    assert storage().size(found.file_key) == 0 and NUMBER.encode() not in everything(home)


def test_an_unlawful_head_is_known_where_nothing_else_of_a_roster_is(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, f"2026 명단\n갑,을,고향\n김민지,minji,{CANARY}\n")
    assert (found.state, [head["refused"] for head in found.heads]) == ("matching", [None, None, "region"])
    assert CANARY.encode() not in everything(home)


STOPPED = """
import os, signal, sys
from interview_ai import storage
from worker import campaigning, timetable
place, verb = storage.storage(), sys.argv[2]
before, done = sys.argv[3] == "before", getattr(place, verb)

def stopped(*given):
    if not before:
        done(*given)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(place, verb, stopped)
campaigning.read(sys.argv[1])
"""


@pytest.mark.parametrize(("verb", "when"), [("append", "before"), ("append", "after"), ("drop", "before")])
def test_a_reader_killed_while_it_replaces_a_file_leaves_one_of_the_two(home: Path, verb: str, when: str) -> None:
    region = made.region()
    data = waiting("csv", WAITING)
    with roster_uploads.stored(region.seoyeon.organisation_id, io.BytesIO(data)) as (sent, length):
        campaign_id = made.added(region.seoyeon, region.opening_id, upload_id=sent, file_bytes=length)
    killed = subprocess.run([sys.executable, "-c", STOPPED, campaign_id, verb, when], check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    found = made.campaign(campaign_id)
    assert found.file_key and storage().size(found.file_key) == found.file_bytes > 0
    assert (found.state, found.file_key == sent) == (("matching", False) if verb == "drop" else ("reading", True))
    campaigning.read(campaign_id)
    timetable.sweep()
    found = made.campaign(campaign_id)
    assert found.state == "matching" and found.file_key and storage().size(found.file_key) == found.file_bytes
    assert NUMBER.encode() not in everything(home) and CANARY.encode("cp949") not in everything(home)


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=4), min_size=1, max_size=8))
@example([["sep="], ["a;b", "c;d"]])
@example([["김\n민지", "\x00", "\ud800", "\u2028"], [""], ["%PDF"], ["'", '"', '"";', "\t"]])
def test_a_rewritten_file_says_the_same_people_under_the_same_numbers(rows: list[list[str]]) -> None:
    there = [(number, cells) for number, cells in enumerate(rows, 2) if any(cells)]
    file = io.BytesIO()
    roster_rewriting.write(there, roster.Matching({}, 0), file, lambda _: None)
    if there:
        again = list(roster_files.rows(file, roster_files.form_of(file)))
        assert [(number, list(map(plain, cells))) for number, cells in again] == [
            (number, list(map(plain, cells))) for number, cells in there if any(map(plain, cells))
        ]


def plain(cell: str) -> str:
    """A cell as reading sees it, with one sign for all that may not be there."""
    return "".join("\u2028" if roster.unseen(sign) else sign for sign in cell.strip("\ufeff "))


def test_a_hidden_number_in_a_mended_row_is_still_a_fault(home: Path) -> None:
    region = made.region()
    found = made.read(
        region.seoyeon, region.opening_id, f"이름,이메일,학번\n김민지,minji@example.org,{roster.HIDDEN}\n"
    )
    assert [row.outcome for row in made.rows(found.id)] == ["faulty"]


def test_a_refused_column_cannot_be_chosen_and_shows_no_sample(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, f"갑,을,고향\n김민지,minji@example.org,{CANARY}\n")
    assert found.state == "matching"
    assert [head["samples"] for head in found.heads] == [["김민지"], ["minji@example.org"], []]
    browser = signed_in(region.seoyeon.email)
    page = browser.get(f"/staff/campaigns/{found.id}")
    refused = browser.send(page, "/columns", **{"column-name": "0", "column-email": "1", "column-department": "2"})
    assert refused.status_code == 422
    browser.send(page, "/columns", **{"column-name": "0", "column-email": "1"})
    campaigning.read(found.id)
    assert CANARY.encode() not in everything(home)


@pytest.mark.parametrize(
    "number",
    [
        NUMBER,
        "0102033234567",
        "010203 – 3234567",
        "０１０２０３－３２３４５６７",
        "990101-1234567 (본인)",
        "030512-7123456",
        "010203\u200b-3234567",
        "010203\u00ad3234567",
        "010203 -  3234567",
        "010203--3234567",
        "0 1 0 2 0 3 - 3 2 3 4 5 6 7",
        "0 1 0 2 0 3 3 2 3 4 5 6 7",
        "0-1-0-2-0-3-3-2-3-4-5-6-7",
        "01 02 03 - 3234567",
        "010203-3 234567",
        "010203 - 3 2 3 4 5 6 7",
        "٠١٠٢٠٣-٣٢٣٤٥٦٧",
        "０ １ ０ ２ ０ ３ － ３ ２ ３ ４ ５ ６ ７",
        "20211234 010203-3234567",
        "20211234 0 1 0 2 0 3 - 3 2 3 4 5 6 7 010-1234-5678",
        "❶❶❶❷❶❸-3234567",
    ],
)
def test_a_resident_number_in_any_cell_is_a_fault_and_is_not_kept(home: Path, number: str) -> None:
    region = made.region()
    lines = [
        "이름,이메일,학번,비고",
        f"김민지,minji@example.org,{number},",
        f"박소라,sora@example.org,1,메모 {number}",
        "이하늘,h@example.org,2,",
    ]
    found = made.read(region.seoyeon, region.opening_id, "\n".join(lines))
    assert [(row.outcome, {fault["column"] for fault in row.faults or []}) for row in made.rows(found.id)] == [
        ("faulty", {"student_number"}),
        ("faulty", {"elsewhere"}),
        ("ready", set()),
    ]
    kept = everything(home)
    assert number.encode() not in kept and b"3234567" not in kept and b"1234567" not in kept


@pytest.mark.parametrize(
    "number",
    [
        "20211234567",
        "010-1234-5678",
        "2021-12-3456789",
        "991301-1234567",
        "1234567890123",
        "2001 02 03 3234567",
        "2001-02-03 3234567",
        "20121234 12345",
        "010 1234 5678 12",
        "3 0 1 0 2 0 3 3 2 3 4 5 6 7",
        "0 1 0 2 0 3 3 2 3 4 5 6 7 8",
        "2001 0203 4345678",
    ],
)
def test_other_numbers_are_no_resident_numbers(number: str) -> None:
    assert not roster.holds_resident_number([number])


def test_a_birthday_beside_a_student_number_is_no_resident_number() -> None:
    assert not roster.holds_resident_number(["김민지", "010203", "3234567"])


def test_the_small_list_of_an_opening_refuses_a_resident_number_too(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    content = f"이름,이메일,비고\n김민지,minji@example.org,{NUMBER}\n".encode("cp949")
    with reading(jun.organisation_id) as session:
        found = rosters.read(session, jun, opening_id, file="people.csv", content=content, language="ko")
    assert [entry.outcome for entry in found.entries] == ["faulty"]


def test_a_file_that_was_refused_is_deleted_too(home: Path) -> None:
    region = made.region()
    campaign_id = made.added(
        region.seoyeon, region.opening_id, f"{CANARY},고향\n{CANARY},{CANARY}\n" + '"' + "x" * 2_000_000
    )
    assert CANARY.encode() in everything(home)
    campaigning.read(campaign_id)
    assert made.campaign(campaign_id).state == "refused"
    assert CANARY.encode() not in everything(home)


def test_samples_go_once_the_columns_are_chosen(home: Path) -> None:
    region = made.region()
    found = made.read(region.seoyeon, region.opening_id, f"갑,을\n{CANARY},minji@example.org\n")
    assert CANARY in str(found.heads)
    browser = signed_in(region.seoyeon.email)
    page = browser.get(f"/staff/campaigns/{found.id}")
    browser.send(page, "/columns", **{"column-name": "0", "column-email": "1"})
    assert CANARY not in str(made.campaign(found.id).heads)
