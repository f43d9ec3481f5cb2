"""Writes tables row by row as CSV and as XLSX, so that memory does not grow with their length."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import IO
from unicodedata import east_asian_width

import openpyxl.cell
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from interview_ai.mail import KOREA
from interview_ai.rules.cells import plain

Cell = str | int | float | datetime | None
BOM = "\ufeff"  # with it Excel reads UTF-8 and not the system's own code page
BLOCK = 64 * 1024
CSV_TIME = "%Y-%m-%d %H:%M"
HEAD = Font(bold=True)
NARROW, WIDE = 8, 48  # of a column, in signs of half an em: a Korean one takes two
TIME_WIDTH = 17
MEASURED = 200  # rows that say how wide a column is: it has to be written before the others are read


def csv_blocks(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as CSV in blocks of about 64 kB: UTF-8 with a byte order mark, lines end as in RFC 4180."""
    buffer = io.StringIO(BOM)
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        if buffer.tell() >= BLOCK:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _csv_cell(cell: Cell) -> str | int | float | None:
    if isinstance(cell, datetime):
        return cell.astimezone(KOREA).strftime(CSV_TIME)
    return plain(cell) if isinstance(cell, str) else cell


def xlsx_file(
    rows: Iterable[Sequence[Cell]], *, title: str, beside: tuple[str, Sequence[str]] | None = None
) -> IO[bytes]:
    """The table as an XLSX file, at its beginning; the caller closes it and with that it is gone.

    The first row is the head, which stays in sight. Rows are written to disk as they come. `beside`: a second sheet,
    its title and its lines.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    left = iter(rows)
    first = list(islice(left, 1 + MEASURED))
    for place, cells in enumerate(zip(*first, strict=True)):
        sheet.column_dimensions[_letters(place)].width = _width(cells)
    sheet.append([_head_cell(sheet, cell) for cell in first[0]])
    for row in chain(first[1:], left):
        sheet.append([_xlsx_cell(cell) for cell in row])
    if beside:
        words = book.create_sheet(beside[0][:31])
        words.column_dimensions["A"].width = 2 * WIDE
        for line in beside[1]:
            words.append([_xlsx_cell(line)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 (open until it is sent)
    book.save(file)
    file.seek(0)
    return file


def _width(cells: Iterable[Cell]) -> int:
    """Wide enough for what stands in a column, and not so wide that one long sentence hides the others."""
    return max(NARROW, min(WIDE, 2 + max(_signs(cell) for cell in cells)))


def _signs(cell: Cell) -> int:
    if isinstance(cell, datetime):
        return TIME_WIDTH
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in str("" if cell is None else cell))


def _letters(place: int) -> str:
    """A column's name by its place from 0: 0 is A, 26 is AA."""
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _head_cell(sheet: WriteOnlyWorksheet, cell: Cell) -> openpyxl.cell.Cell:
    made = WriteOnlyCell(sheet, value=_xlsx_cell(cell))
    made.font = HEAD
    return made


def _xlsx_cell(cell: Cell) -> str | int | float | datetime | None:
    """Text that could be a formula comes out of `plain` as none, so that openpyxl too writes it as text."""
    if isinstance(cell, datetime):
        return cell.astimezone(KOREA).replace(tzinfo=None, microsecond=0)
    return plain(cell) if isinstance(cell, str) else cell
