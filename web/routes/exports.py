"""The list of an opening as a file: CSV or XLSX, each on the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from interview_ai import database, exports
from interview_ai.exports import Export
from interview_ai.organisations import Member
from interview_ai.sight import Wanted
from web import deps, export_table, render, sheets, words
from web.list_asked import Chosen
from web.sheets import Cell

router = APIRouter()


@router.get("/staff/openings/{opening_id}/candidates.csv")
def as_csv(request: Request, opening_id: str, member: deps.SignedIn, wanted: Chosen) -> Response:
    """What the list gives this member with these filters, as CSV: its first rows leave before its last are read."""
    found = _begin(member, opening_id, "csv", wanted)
    language = render.language_of(request)
    blocks = sheets.csv_blocks(_lines(member, found, language))
    return StreamingResponse(blocks, media_type=sheets.CSV_TYPE, headers=_named(found, "csv", language))


@router.get("/staff/openings/{opening_id}/candidates.xlsx")
def as_xlsx(request: Request, opening_id: str, member: deps.SignedIn, wanted: Chosen) -> Response:
    """The same as XLSX."""
    found = _begin(member, opening_id, "xlsx", wanted)
    language = render.language_of(request)
    file = sheets.xlsx_file(_lines(member, found, language), title=words.say(language, "export.sheet"))
    blocks = sheets.read_in_blocks(file)
    return StreamingResponse(blocks, media_type=sheets.XLSX_TYPE, headers=_named(found, "xlsx", language))


def _begin(member: Member, opening_id: str, form: str, wanted: Wanted) -> Export:
    with database.transaction(member.organisation_id) as session:
        return exports.begin(session, member, opening_id, form=form, wanted=wanted)


def _named(found: Export, form: str, language: str) -> dict[str, str]:
    """A file name with the opening's title; of a blind one with neither the job nor a person: files get passed on."""
    at = datetime.now(UTC).astimezone(words.KOREAN_TIME)
    opening = found.opening
    title = "" if opening.blind else opening.title_ko if language == "ko" else opening.title_en
    tail = f"{at:%Y%m%d-%H%M}.{form}"
    plain = f"onterview-{opening.id[:8]}-{tail}"
    return {"content-disposition": sheets.attachment(plain, title, f"-{tail}")}


def _lines(member: Member, found: Export, language: str) -> Iterator[list[Cell]]:
    """Head and rows, read in a session of their own: the answer begins before the last row is read."""
    t = words.speaker(language)
    yield export_table.head(found, t, language)
    with database.reading(member.organisation_id) as session:
        for row in exports.rows(session, member, found):
            yield export_table.cells(found, row, t)
