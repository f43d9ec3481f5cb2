"""A file of people to invite: CSV as Korean and other spreadsheets write it, or XLSX; faults by row, nothing sent."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import invitees, message_links, openings, roster_files
from interview_ai.drafts import tidy
from interview_ai.errors import Invalid
from interview_ai.invitees import Person
from interview_ai.organisations import Member, address_of
from interview_ai.roster_files import Row
from interview_ai.rules import roster
from interview_ai.rules.evidence import Bilingual
from interview_ai.rules.roster import Matching
from interview_ai.tables import Candidate, Invitation

MOST_ROWS = 2000

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
    `refused`: the heads of columns that may not be asked for, each with its ground; nothing of them is here.
    """

    opening_id: str
    file: str
    entries: tuple[Entry, ...]
    sent: int = 0
    links: tuple[Linked, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()

    def those(self, outcome: Outcome) -> list[Entry]:
        """The rows with this outcome."""
        return [entry for entry in self.entries if entry.outcome == outcome]

    def without(self, sent: Sequence[Entry], links: Sequence[Linked] = ()) -> Roster:
        """What is left of it once these were invited, with the links so far."""
        gone = {entry.row for entry in sent}
        left = tuple(entry for entry in self.entries if entry.row not in gone)
        return replace(self, entries=left, sent=self.sent + len(sent), links=tuple(links))


def read(session: Session, member: Member, opening_id: str, *, file: str, content: bytes, language: str) -> Roster:
    """Reads a file and says of each row what would become of it; nobody is invited.

    `language`: of the mails where the file names none. Raises Invalid for what is no such file, with what to do.
    """
    member.must_be("owner", "recruiter")
    openings.open_to_invite(session, member, opening_id)
    matching, people = _matched(_rows(content))
    if not 1 <= len(people) <= MOST_ROWS:
        raise Invalid(
            f"The file must hold 1 to {MOST_ROWS:,} people, one a row; this one holds {len(people):,}.",
            f"파일에는 한 줄에 한 명씩 1명에서 {MOST_ROWS:,}명까지 있어야 합니다. "
            f"이 파일에는 {len(people):,}명이 있습니다.",
            code="file",
        )
    entries = tuple(_checked(people, matching.columns, _invited(session, opening_id), language))
    refused = tuple((matching.heads[place].strip(), ground) for place, ground in matching.refused)
    return Roster(opening_id, file[:120], entries, refused=refused)


def _rows(content: bytes) -> list[Row]:
    """The rows that hold anything, each with its number from 1; one more than may be there."""
    file = io.BytesIO(content)
    return list(islice(roster_files.rows(file, roster_files.form_of(file)), MOST_ROWS + roster.HEAD_ROWS + 1))


def _matched(rows: Sequence[Row]) -> tuple[Matching, list[Row]]:
    """Which column holds what, and the rows of people. Without a row of heads it is told by the @ of an address."""
    found = roster.guess(rows[: roster.HEAD_ROWS])
    if found.head_row and {"name", "email"} - found.columns.keys():
        raise Invalid(
            "The first row needs a column “name” and a column “email”.",
            "첫 줄에 ‘이름’ 칸과 ‘이메일’ 칸이 모두 있어야 합니다.",
            code="file",
        )
    columns = {"name": 0, "email": 1} | dict(found.columns)
    return replace(found, columns=columns), [row for row in rows if row[0] > found.head_row]


def _invited(session: Session, opening_id: str) -> set[str]:
    wanted = select(Candidate.email).join(Invitation, Invitation.candidate_id == Candidate.id)
    return set(session.scalars(wanted.where(Invitation.opening_id == opening_id)))


def _checked(people: Iterable[Row], columns: Mapping[str, int], invited: set[str], language: str) -> Iterator[Entry]:
    seen: dict[str, int] = {}
    for row, cells in people:
        name, email, spoken = (_cell(cells, columns.get(what)) for what in ("name", "email", "language"))
        person = Person(name, email)
        of_mails = roster.language(spoken) or language
        faults = tuple((fault.code, Bilingual(fault.ko, fault.en)) for fault in invitees.faults(person))
        if spoken and roster.language(spoken) is None:
            faults += (("language", roster.LANGUAGE),)
        if roster.holds_resident_number(cells):
            person = Person(roster.kept_value(name), roster.kept_value(email))
            faults += (("name", roster.RESIDENT_FAULT),)
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
            person = entry.person
            token = openings.invite(
                session, member, opening_id, name=person.name, email=person.email, language=entry.language
            )
            sent.append(Linked(person.name, person.email, message_links.link(token)))
    return sent
