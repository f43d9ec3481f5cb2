"""A file of people to invite: CSV as Korean and other spreadsheets write it, or XLSX; faults by row, nothing sent."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import invitees, openings
from interview_ai.drafts import tidy
from interview_ai.errors import Invalid
from interview_ai.invitees import Person
from interview_ai.organisations import Member, address_of
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Candidate, Invitation

MOST_ROWS = 2000
MOST_COLUMNS = 30
MOST_CELL = 500  # characters; longer ones are cut before anything looks at them
MOST_UNPACKED = 30_000_000  # bytes of an XLSX once unpacked: 2,000 people need some 500,000
ZIP = b"PK\x03\x04"
SEPARATORS = ",;\t"
LANGUAGES = {"ko": "ko", "kor": "ko", "한국어": "ko", "korean": "ko", "en": "en", "eng": "en", "영어": "en"}
LANGUAGES |= {"english": "en", "국문": "ko", "영문": "en"}
HEADS = {
    "name": re.compile(r"이름|성명|성함|지원자(?:명)?|name|full name|candidate", re.I),
    "email": re.compile(r"(?:전자\s*)?(?:이\s*)?메일(?:\s*주소)?|전자\s*우편|e-?mail(?: address)?|mail", re.I),
    "language": re.compile(r"(?:메일\s*)?언어|language|lang", re.I),
}

Outcome = Literal["ready", "already", "twice", "faulty"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the file: its number as a spreadsheet counts, who it is, and what is wrong by column.

    `spoken`: the language as a faulty row has it.
    """

    row: int
    person: Person
    language: str
    outcome: Outcome
    faults: tuple[tuple[str, Bilingual], ...] = ()
    spoken: str = ""

    def fault(self, column: str) -> Bilingual | None:
        """What is wrong in a column, if anything."""
        return dict(self.faults).get(column)


@dataclass(frozen=True, slots=True)
class Linked:
    """Somebody who was just invited, with the link that nobody can be shown again."""

    name: str
    email: str
    link: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A file that was read and checked against who is invited already.

    `sent`: how many of it were invited since; `links`: theirs, where no mail takes them to anybody.
    """

    opening_id: str
    file: str
    entries: tuple[Entry, ...]
    sent: int = 0
    links: tuple[Linked, ...] = ()

    def those(self, outcome: Outcome) -> list[Entry]:
        """The rows with this outcome."""
        return [entry for entry in self.entries if entry.outcome == outcome]

    def without(self, sent: Sequence[Entry], links: Sequence[Linked] = ()) -> Roster:
        """What is left of it once these were invited, with the links so far."""
        gone = {entry.row for entry in sent}
        left = tuple(entry for entry in self.entries if entry.row not in gone)
        return Roster(self.opening_id, self.file, left, self.sent + len(sent), tuple(links))


def read(session: Session, member: Member, opening_id: str, *, file: str, content: bytes, language: str) -> Roster:
    """Reads a file and says of each row what would become of it; nobody is invited.

    `language`: of the mails where the file names none. Raises Invalid for what is no such file, with what to do.
    """
    member.must_be("owner", "recruiter")
    openings.open_to_invite(session, member, opening_id)
    rows = list(_rows(content))
    columns, people = _columns(rows)
    if not 1 <= len(people) <= MOST_ROWS:
        raise Invalid(
            f"The file must hold 1 to {MOST_ROWS:,} people, one a row; this one holds {len(people):,}.",
            f"파일에는 한 줄에 한 명씩 1명에서 {MOST_ROWS:,}명까지 있어야 합니다. "
            f"이 파일에는 {len(people):,}명이 있습니다.",
            code="file",
        )
    entries = tuple(_checked(people, columns, _invited(session, opening_id), language))
    return Roster(opening_id, file[:120], entries)


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with its number from 1."""
    cells = _sheet(content) if content.startswith(ZIP) else _text_rows(content)
    for number, row in enumerate(cells, 1):
        values = [str(value or "").strip("\ufeff ")[:MOST_CELL] for value in row[:MOST_COLUMNS]]
        if any(values):
            yield number, values
        if number > 4 * MOST_ROWS:
            return  # empty rows without end


def _sheet(content: bytes) -> Iterator[Sequence[object]]:
    """The first sheet of a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise _unreadable()
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True)
    except (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, OSError) as error:
        raise _unreadable() from error


def _unreadable() -> Invalid:
    return Invalid(
        "This file cannot be read. Save it as XLSX or as CSV (UTF-8) and try again.",
        "읽을 수 없는 파일입니다. XLSX나 CSV(UTF-8)로 저장해 다시 올려 주십시오.",
        code="file",
    )


def _text_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with one, or CP949 as Korean Excel writes it. Raises Invalid."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _unreadable()


def _columns(rows: Sequence[tuple[int, list[str]]]) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """Which column holds what, and the rows of people. Without a row of heads it is told by the @ of an address."""
    if not rows:
        return {}, []
    heads = rows[0][1]
    named = {
        what: place for what, head in HEADS.items() for place, cell in enumerate(heads) if head.fullmatch(cell.strip())
    }
    if "email" in named or "name" in named:
        if {"name", "email"} - named.keys():
            raise Invalid(
                "The first row needs a column “name” and a column “email”.",
                "첫 줄에 ‘이름’ 칸과 ‘이메일’ 칸이 모두 있어야 합니다.",
                code="file",
            )
        return named, list(rows[1:])
    email = next((place for _, cells in rows for place, cell in enumerate(cells) if "@" in cell), 1)
    name = next((place for place, cell in enumerate(rows[0][1]) if place != email and cell), 1 - min(email, 1))
    return {"name": name, "email": email}, list(rows)


def _invited(session: Session, opening_id: str) -> set[str]:
    wanted = select(Candidate.email).join(Invitation, Invitation.candidate_id == Candidate.id)
    return set(session.scalars(wanted.where(Invitation.opening_id == opening_id)))


def _checked(
    people: Iterable[tuple[int, list[str]]], columns: dict[str, int], invited: set[str], language: str
) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for row, cells in people:
        name, email, spoken = (_cell(cells, columns.get(what)) for what in ("name", "email", "language"))
        person = Person(name, email)
        of_mails = LANGUAGES.get(spoken.casefold(), language)
        faults = tuple((fault.code, Bilingual(fault.ko, fault.en)) for fault in invitees.faults(person))
        if spoken and spoken.casefold() not in LANGUAGES:
            faults += (("language", Bilingual("언어는 ko나 en으로 적어 주십시오.", "Write the language as ko or en.")),)
        if faults:
            yield Entry(row, person, of_mails, "faulty", faults, spoken)
            continue
        address = address_of(email)
        outcome: Outcome = "already" if address in invited else "twice" if address in seen else "ready"
        seen.setdefault(address, row)
        yield Entry(row, Person(tidy(name), email), of_mails, outcome)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""


def invite(session: Session, member: Member, opening_id: str, entries: Iterable[Entry]) -> list[Linked]:
    """Invites those of these rows who are not invited yet; returns their links. Safe to run twice."""
    sent = []
    for entry in entries:
        if not invitees.is_invited(session, opening_id, entry.person.email):
            person = {"name": entry.person.name, "email": entry.person.email, "language": entry.language}
            token = openings.invite(session, member, opening_id, **person)
            sent.append(Linked(entry.person.name, entry.person.email, openings.link(token)))
    return sent
