"""KR-10: a roster may not hold what nobody may be asked; such a column is refused and its values are kept nowhere."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from openpyxl import Workbook

from interview_ai import database, rosters
from interview_ai.database import reading
from interview_ai.rules import roster
from tests import campaigning as made
from tests import desk
from tests.web.test_inviting import signed_in
from worker import campaigning

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
