"""A file of people: as spreadsheets of Korea and elsewhere write it, checked row by row, and nobody invited twice."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from interview_ai import rosters
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rosters import Roster
from interview_ai.tables import Candidate, Invitation, Mail
from tests import desk

PEOPLE = "이름,이메일,언어\n김민지,minji@example.org,ko\nSora Park,sora@example.org,en\n"


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(member: Member, opening_id: str, content: bytes) -> Roster:
    with reading(member.organisation_id) as session:
        return rosters.read(session, member, opening_id, file="people.csv", content=content, language="ko")


FILES = {
    "utf-8": PEOPLE.encode(),
    "utf-8 with its mark": b"\xef\xbb\xbf" + PEOPLE.encode(),
    "cp949": PEOPLE.encode("cp949"),
    "utf-16": PEOPLE.encode("utf-16"),
    "semicolons": PEOPLE.replace(",", ";").encode(),
    "tabs": PEOPLE.replace(",", "\t").encode(),
    "no heads": PEOPLE.split("\n", 1)[1].encode("cp949"),
    "quoted": PEOPLE.replace("김민지", '"김민지"').encode(),
    "xlsx": workbook([line.split(",") for line in PEOPLE.splitlines()]),
    "xlsx, other columns": workbook(
        [
            ["No", "E-mail", "학과", "성명"],
            [1, "minji@example.org", "기계", "김민지"],
            [2, "sora@example.org", "", "Sora Park"],
        ]
    ),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_read_however_a_spreadsheet_wrote_it(home: Path, kind: str) -> None:
    jun = desk.jun()
    found = read(jun, desk.opening(jun), FILES[kind])
    people = [(entry.person.name, entry.person.email) for entry in found.those("ready")]
    assert people == [("김민지", "minji@example.org"), ("Sora Park", "sora@example.org")]
    assert found.entries[-1].row == len(found.entries) + (kind != "no heads")


def test_each_fault_stands_in_its_cell_and_nobody_is_invited_by_looking(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.invite(jun, opening_id, "Minji")
    rows = [
        "name,email,language",
        "=HYPERLINK(1),a@example.org,",
        '"Sora\nBcc: x",b@example.org,',
        "Haneul,nobody,fr",
        "Minji,MINJI@example.org,",
        "Doyun,d@example.org,",
        "Doyun again,D@example.org,",
    ]
    found = read(jun, opening_id, "\n".join(rows).encode())
    by_column = [{column for column, _ in entry.faults} for entry in found.entries]
    assert by_column == [{"name"}, {"name"}, {"email", "language"}, set(), set(), set()]
    assert [entry.outcome for entry in found.entries] == ["faulty"] * 3 + ["already", "ready", "twice"]
    assert "formula" in found.entries[0].faults[0][1].en
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Invitation)).all()) == 1


def test_a_list_is_sent_once_however_often_it_is_sent(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    found = read(jun, opening_id, PEOPLE.encode())
    for expected in (2, 0):
        with transaction(jun.organisation_id) as session:
            assert len(rosters.invite(session, jun, opening_id, found.those("ready"))) == expected
    with reading(EVERYWHERE) as session:
        assert {mail.recipient for mail in session.scalars(select(Mail))} == {"minji@example.org", "sora@example.org"}
        assert session.scalars(select(Candidate.language).where(Candidate.name == "Sora Park")).one() == "en"


def packed(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<" * size)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\1\2\3" * 50,
        packed(10),
        packed(40_000_000),
        b"PK\x03\x04 nothing",
        b"%PDF-1.7\nname,email\nA,a@example.org\n",
        b"name,email\n\x01\x02\x03\x04,a@example.org\n",
        "이름,전화\n김민지,010-0000-0000\n".encode(),
        ("a@example.org,A\n" * (rosters.MOST_ROWS + 1)).encode(),
    ],
    ids=[
        "nothing",
        "bytes",
        "no workbook",
        "a bomb",
        "half a zip",
        "a PDF",
        "control signs",
        "no addresses",
        "too many",
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(home: Path, content: bytes) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    with pytest.raises(Invalid) as refused:
        read(jun, opening_id, content)
    assert refused.value.code == "file"
    assert refused.value.ko != refused.value.en


def test_hana_cannot_check_a_list_against_juns_opening(home: Path) -> None:
    opening_id = desk.opening(desk.jun())
    with pytest.raises(NotFound):
        read(desk.hana(), opening_id, PEOPLE.encode())
