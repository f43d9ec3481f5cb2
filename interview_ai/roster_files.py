"""Reads a roster row by row, CSV as any spreadsheet writes it or XLSX; memory does not grow with the file."""

from __future__ import annotations

import codecs
import csv
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, TextIO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from interview_ai.errors import Invalid

Row = tuple[int, list[str]]
"""A row that holds anything: its number as a spreadsheet counts, from 1, and its cells."""

MOST_COLUMNS = 200
MOST_CELL = 500  # characters; longer ones are cut before anything looks at them
MOST_EMPTY = 10_000  # empty rows one after the other; behind them nobody looks further
MOST_LINE = 1_000_000  # characters of one row: a quote that is never closed would take in the rest of the file
BLOCK = 1024 * 1024
HEAD = 4096
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x7fELF",
    b"BM\xf6",
)
"""How files begin that people take for a table: a PDF, pictures, archives, a text document."""
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
FEW_CONTROLS = 3  # a stray one or two come with what people copy into a cell
SEPARATORS = ",;\t|"
SAMPLE_LINES = 20
LEGACY = "cp949"  # as Korean Excel writes; EUC-KR is a part of it

MOST_PART = 2_000_000  # bytes of a part of a workbook that is read as a whole: its list of sheets, its styles
MOST_STRINGS, MOST_SHEET = 80_000_000, 600_000_000  # bytes unpacked: 100,000 people need some 15 and 60 MB
MOST_STRING_COUNT = 1_500_000
MOST_ELEMENT = 2_000_000  # bytes of one row or one string in a workbook
DECLARED = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
# openpyxl warns of styles, dates and links that it leaves out; none of them is a person
warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
# what the zip file and openpyxl raise for a workbook that is none
_SHAPES = (zipfile.BadZipFile, InvalidFileException, SyntaxError, LookupError, ValueError, TypeError, AttributeError)
BROKEN = (*_SHAPES, ArithmeticError, EOFError, OSError, RuntimeError, zlib.error, struct.error, AssertionError)


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written: a workbook, or text in an encoding with a separator."""

    encoding: str = ""
    separator: str = ""

    @property
    def workbook(self) -> bool:
        """Whether it is XLSX."""
        return not self.encoding


def unreadable() -> Invalid:
    """The refusal of what is no table."""
    return Invalid(
        "This file cannot be read. Save it as XLSX or as CSV (UTF-8) and try again.",
        "읽을 수 없는 파일입니다. XLSX나 CSV(UTF-8)로 저장해 다시 올려 주십시오.",
        code="file",
    )


def form_of(file: BinaryIO) -> Form:
    """Looks through the whole file once. Raises Invalid for one that cannot be read, with what to do."""
    file.seek(0)
    begins = file.read(8)
    if begins.startswith(ZIP):
        _check_workbook(file)
        return Form()
    if begins.startswith(OLE):
        raise Invalid(
            "This is an old XLS file or one with a password. Save it as XLSX without a password and try again.",
            "예전 형식(XLS)이거나 암호가 걸린 파일입니다. 암호 없이 XLSX로 저장해 다시 올려 주십시오.",
            code="file",
        )
    if begins.startswith(OTHERS):
        raise unreadable()
    encoding = _encoding(file)
    _must_be_text(file, encoding)
    return Form(encoding, _separator(file, encoding))


def rows(file: BinaryIO, form: Form) -> Iterator[Row]:
    """The rows that hold anything. Raises Invalid where the file turns out to be none."""
    cells = _sheet(file) if form.workbook else _text_rows(file, form)
    empty = 0
    for number, row in enumerate(cells, 1):
        values = [_text(value) for value in row[:MOST_COLUMNS]]
        if any(values):
            empty = 0
            yield number, values
            continue
        empty += 1
        if empty > MOST_EMPTY:
            return


def _text(value: object) -> str:
    """A cell as people read it: whole numbers without a point, dates as they are written in Korea."""
    if isinstance(value, str):
        return value.strip("\ufeff ")[:MOST_CELL]
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value)[:MOST_CELL]


def _encoding(file: BinaryIO) -> str:
    """UTF-8 with or without its mark, UTF-16, or CP949; the first that reads the whole file. Raises Invalid."""
    file.seek(0)
    likely = _likely(file.read(HEAD))
    reached = 0
    for encoding in likely:
        at = _unread_line(file, encoding)
        if at is None:
            return encoding
        reached = max(reached, at)
    raise _no_text(reached) if reached > 1 else unreadable()


def _must_be_text(file: BinaryIO, encoding: str) -> None:
    """Raises Invalid where the first lines hold signs that no spreadsheet writes."""
    with _as_text(file, encoding) as text:
        head = text.read(HEAD)
    if len(CONTROLS.findall(head)) > FEW_CONTROLS:
        raise unreadable()


def _likely(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    if head.count(0) * 8 > len(head):  # a table in UTF-16 without its mark: separators have a zero byte on one side
        guess = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return () if CONTROLS.search(head.decode(guess, errors="ignore")) else (guess,)
    return ("utf-8-sig", LEGACY)


def _unread_line(file: BinaryIO, encoding: str) -> int | None:
    """The first line that this encoding cannot read, from 1; None where it reads the whole file."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, zeros, size = 1, 0, 0
    while True:
        block = file.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            return lines + (error.object[: error.start].count(b"\n") if isinstance(error, UnicodeDecodeError) else 0)
        if not block:
            return None
        lines, zeros, size = lines + text.count("\n"), zeros + text.count("\0"), size + len(text)
        if zeros * 100 > size + 1000:
            return 1  # no text at all


def _no_text(line: int) -> Invalid:
    return Invalid(
        f"Line {line:,} holds signs that are neither UTF-8 nor Korean (CP949). Mend it, or save the file as XLSX or as "
        "CSV (UTF-8), and send it again.",
        f"{line:,}번째 줄에 UTF-8도 한글(CP949)도 아닌 글자가 있습니다. 그 줄을 고치거나 "
        "파일을 XLSX나 CSV(UTF-8)로 저장해 다시 올려 주십시오.",
        code="file",
    )


@contextmanager
def _as_text(file: BinaryIO, encoding: str) -> Iterator[TextIO]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield text
    finally:
        if not file.closed:
            text.detach()  # the file is the caller's to close


def _separator(file: BinaryIO, encoding: str) -> str:
    """What stands between the cells of the first lines, as most of them have it; what is quoted counts for nothing."""
    with _as_text(file, encoding) as text:
        lines = [line for _ in range(SAMPLE_LINES) if (line := text.readline(MOST_CELL * 10).strip("\ufeff\r\n"))]
    if lines and (told := re.fullmatch(r"sep=([,;|\t])", lines[0])):
        return told[1]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    return max(
        SEPARATORS, key=lambda sign: (sum(sign in line for line in bare), sum(line.count(sign) for line in bare))
    )


class _Lines:
    """The lines of a text, of which no row may take too much."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.taken = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(MOST_LINE)
        self.taken += len(line)
        if not line:
            raise StopIteration
        if self.taken >= MOST_LINE:
            raise OverflowError
        return line


def _text_rows(file: BinaryIO, form: Form) -> Iterator[Sequence[str]]:
    with _as_text(file, form.encoding) as text:
        lines, number = _Lines(text), 0
        reader = csv.reader(lines, delimiter=form.separator)
        while True:
            number += 1
            lines.taken = 0
            try:
                row = next(reader)
            except StopIteration:
                return
            except (csv.Error, OverflowError) as error:
                raise _endless(number) from error
            yield () if number == 1 and len(row) <= 2 and row[0:1] == ["sep="] else row


def _endless(number: int) -> Invalid:
    return Invalid(
        f"Row {number:,} is too long: a quotation mark that is opened there is never closed, or a cell holds a whole "
        "text. Mend the row and send the file again.",
        f"{number:,}번째 줄이 너무 깁니다. 따옴표가 닫히지 않았거나 칸 하나에 긴 글이 들어 있습니다. "
        "그 줄을 고쳐 다시 올려 주십시오.",
        code="file",
    )


def _check_workbook(file: BinaryIO) -> None:
    """Raises Invalid for a bomb: nothing that openpyxl holds in memory at once may be large."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if len(parts) > 10_000 or not any(part.filename == "xl/workbook.xml" for part in parts):
                raise unreadable()
            for part in parts:
                _check_part(packed, part)
    except BROKEN as error:
        raise unreadable() from error


def _check_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    name = part.filename.lower()
    if not name.endswith((".xml", ".rels")) or "/drawings/" in name or "/charts/" in name:
        return  # pictures, macros and the like are never opened
    if "/worksheets/" in name and "/_rels/" not in name:
        _check_stream(packed, part, b"row>", MOST_SHEET, MOST_SHEET)
    elif name.endswith("sharedstrings.xml"):
        _check_stream(packed, part, b"si>", MOST_STRINGS, MOST_STRING_COUNT)
    else:
        _check_stream(packed, part, b"", MOST_PART, MOST_PART)


def _check_stream(packed: zipfile.ZipFile, part: zipfile.ZipInfo, ending: bytes, most: int, most_elements: int) -> None:
    """Unpacks a part block by block: so many bytes, so many elements, and none of them without end."""
    size = count = since = 0
    with packed.open(part) as stream:
        while block := stream.read(BLOCK // 4):
            if size == 0 and any(word in block[:8192] for word in DECLARED):
                raise unreadable()
            size += len(block)
            found = block.count(ending) if ending else 1
            count += found
            since = 0 if found else since + len(block)
            if size > most or count > most_elements or since > MOST_ELEMENT:
                raise unreadable()


def _sheet(file: BinaryIO) -> Iterator[Sequence[object]]:
    """The rows of the first sheet that is shown; formulas come as the value that was last worked out."""
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        shown[0].reset_dimensions()  # what a file says of its own size is often wrong
        yield from shown[0].iter_rows(values_only=True)
    except BROKEN as error:
        raise unreadable() from error
