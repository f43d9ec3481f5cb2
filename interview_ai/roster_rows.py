"""One row of a roster, checked: what is kept of it, and what is wrong with it in words, column by column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interview_ai import tokens
from interview_ai.errors import Invalid
from interview_ai.names import candidate_name
from interview_ai.organisations import address_of
from interview_ai.roster_files import Row
from interview_ai.rules import roster
from interview_ai.rules.evidence import Bilingual

Fault = tuple[str, Bilingual]
OTHER = "elsewhere"  # where the fault lies in a column that is not read
OPTIONAL = ("student_number", "department", "cohort")


@dataclass(frozen=True, slots=True)
class Asks:
    """What a campaign asks of a row: numbers only where it sends text messages, birth years only as a proof."""

    language: str
    phone: bool = False
    birth_year: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as it may be kept. Of a faulty one every value is as `roster.kept_value` leaves it."""

    row: int
    name: str
    email: str
    language: str
    phone: str | None = None
    student_number: str | None = None
    department: str | None = None
    cohort: str | None = None
    proof_hash: str | None = None
    faults: tuple[Fault, ...] = ()
    mends: int | None = None


def checked(row: Row, matching: roster.Matching, asks: Asks, known: int | None = None) -> Checked:
    """What of a row is kept, and every fault in it. `known`: the year of birth that the row which it mends gave."""
    cells = row[1]
    values = _values(cells, matching)
    year = _year(values, known) if asks.birth_year else None
    faults = (*_faults(values, asks, year), *_residents(cells, matching))
    if faults:
        if not asks.phone:
            values.pop("phone", None)  # kept for text messages alone, of faulty rows too
        return _faulty(row[0], values, faults, year=year)
    optional: dict[str, Any] = {field: _tidy(values.get(field, "")) or None for field in OPTIONAL}
    if optional["cohort"]:
        optional["cohort"] = roster.cohort(optional["cohort"], matching.head_of("cohort"))
    email = address_of(values["email"])
    return Checked(
        row[0],
        candidate_name(values["name"]),
        email,
        roster.language(values.get("language", "")) or asks.language,
        phone=roster.phone(values.get("phone", "")) if asks.phone else None,
        proof_hash=_year_hash(email, year) if year else None,
        mends=_mended(values),
        **optional,
    )


def mends(row: Row, matching: roster.Matching) -> int | None:
    """The number of the row whose place this one takes, where it names one."""
    return _mended(_values(row[1], matching))


def given_year(email: str, proof_hash: str) -> int | None:
    """The year of birth that a faulty row gave. Its digest is bound to the address as it was kept, so that it cannot
    serve under the mended one; there are few years to try."""
    return next((year for year in roster.BORN if tokens.same(_year_hash(email, year), proof_hash)), None)


def _year_hash(email: str, year: int) -> str:
    return tokens.authenticate("birth year", f"{email}:{year}")


def _year(values: Mapping[str, str], known: int | None) -> int | None:
    typed = values.get("birth_year", "")
    return known if known and roster.keeps_year(typed) else roster.birth_year(typed)


def _values(cells: Sequence[str], matching: roster.Matching) -> dict[str, str]:
    return {field: cells[place].strip() if place < len(cells) else "" for field, place in matching.columns.items()}


def _mended(values: Mapping[str, str]) -> int | None:
    number = values.get(roster.ROW, "")
    return int(number) if _is_number(number) else None


def _tidy(text: str) -> str:
    """On one line and composed: a department that a Mac wrote in pieces is the same department."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _faulty(number: int, values: Mapping[str, str], faults: tuple[Fault, ...], *, year: int | None) -> Checked:
    kept = {field: roster.kept_value(value) for field, value in values.items()}
    optional: dict[str, Any] = {field: kept.get(field) or None for field in OPTIONAL}
    return Checked(
        number,
        kept.get("name", ""),
        kept.get("email", ""),
        roster.language(values.get("language", "")) or "ko",
        phone=kept.get("phone") or None,
        proof_hash=_year_hash(kept.get("email", ""), year) if year else None,
        faults=faults,
        mends=_mended(values),
        **optional,
    )


def _faults(values: Mapping[str, str], asks: Asks, year: int | None) -> Iterator[Fault]:
    """What is wrong, in the order of the columns; of one value only the first thing."""
    for field in ("name", "email"):
        if found := _of_person(field, values.get(field, "")):
            yield field, found
    for field in OPTIONAL:
        if found := roster.fault(field, values.get(field, "")):
            yield field, found
    spoken, number = (values.get(field, "") for field in ("language", "phone"))
    if asks.phone and number and roster.phone(number) is None:
        yield "phone", roster.PHONE
    if spoken and roster.language(spoken) is None:
        yield "language", roster.LANGUAGE
    if asks.birth_year and year is None:
        yield "birth_year", roster.BIRTH_YEAR


def _of_person(field: str, value: str) -> Bilingual | None:
    found = roster.fault(field, value)
    if found:
        return found
    try:
        candidate_name(value) if field == "name" else address_of(value)
    except Invalid as error:
        return Bilingual(error.ko, error.en)
    return None


def _residents(cells: Sequence[str], matching: roster.Matching) -> tuple[Fault, ...]:
    """Where a number of a resident stands, in columns that were not refused as a whole."""
    refused = {place for place, _ in matching.refused}
    looked = [cell for place, cell in enumerate(cells) if place not in refused]
    if not roster.had_resident_number(looked):
        return ()
    fields = {place: field for field, place in matching.columns.items()}
    found = [place for place, cell in enumerate(cells) if place not in refused and roster.had_resident_number([cell])]
    return tuple(dict.fromkeys((fields.get(place, OTHER), roster.RESIDENT_FAULT) for place in found))
