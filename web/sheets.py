"""Tables as downloads: what they are called and of which type they are; `interview_ai/sheets.py` writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO
from urllib.parse import quote

from interview_ai.sheets import BLOCK, BOM, Cell, csv_blocks, xlsx_file

__all__ = ["BLOCK", "BOM", "Cell", "attachment", "csv_blocks", "read_in_blocks", "xlsx_file"]
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|%]+')  # in the name of a file on some system
LONGEST_TITLE = 60
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(plain: str, title: str = "", tail: str = "") -> str:
    """What says under which name a file is saved (RFC 6266): a title in any script and a tail, as RFC 5987 writes them;
    `plain`, of ASCII, for who cannot read that, and where there is no title.
    """
    safe = " ".join(UNSAFE.sub(" ", title).split())[:LONGEST_TITLE].strip(" .")
    other = f"; filename*=UTF-8''{quote(safe + tail, safe='')}" if safe else ""
    return f'attachment; filename="{plain}"{other}'


def read_in_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The file in blocks; closed at the end."""
    with file:
        while block := file.read(BLOCK):
            yield block
