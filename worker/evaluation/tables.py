"""Tables of answers: UTF-8, tab-separated, with a header, plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interview_ai.errors import Invalid

Row = Mapping[str, str]
"""One line by column; columns that a task does not know are left alone."""

LANGUAGES = ("ko", "en")

csv.field_size_limit(2**24)


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. `folder`: where files named in the table lie; `ratings`: the size of a drawn calibration set;
    `train`: a calibration set of its own; None and empty: the task's own choice.
    """

    language: str = "ko"
    folder: Path = field(default_factory=Path)
    seed: int = 1
    draws: int | None = None
    ratings: int | None = None
    train: Sequence[Row] = ()


def read(path: Path, columns: Sequence[str], language: str) -> list[Row]:
    """Every row, with `id` (by default its number) and `language` (by default the option's).

    Raises Invalid naming the columns that are missing, the line that is broken or the row in another language.
    """
    rows = list(_rows(path))
    missing = [name for name in columns if not rows or name not in rows[0]]
    if missing:
        names = ", ".join(missing)
        raise Invalid(
            f"{path.name} has no rows with these columns: {names}. It needs a header line and tabs between columns.",
            f"{path.name}에 다음 열이 없습니다: {names}. 첫 줄은 열 이름이고 열은 탭으로 나눕니다.",
            code="columns",
        )
    found = [_with_defaults(row, number, language) for number, row in enumerate(rows, 1)]
    unknown = next((row for row in found if row["language"] not in LANGUAGES), None)
    if unknown:
        of, known = unknown["language"], ", ".join(LANGUAGES)
        raise Invalid(
            f"{path.name}, row {unknown['id']}: the language is one of {known}, not {of!r}.",
            f"{path.name} {unknown['id']}행: 언어는 {known} 중 하나여야 합니다({of!r}).",
            code="language",
        )
    return found


def _with_defaults(row: Mapping[str, str], number: int, language: str) -> Row:
    """An empty cell is as good as none."""
    return {**row, "id": row.get("id") or str(number), "language": row.get("language") or language}


def _rows(path: Path) -> Iterator[Row]:
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise Invalid(
            f"{path} cannot be read as UTF-8 text ({error}).", f"{path} 파일을 UTF-8로 읽을 수 없습니다({error})."
        ) from error
    # quotation marks are what people said, not a way of writing fields
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    for row in reader:
        if None in row or None in row.values():
            raise Invalid(
                f"{path.name}, line {reader.line_num}: {len(reader.fieldnames or ())} columns are expected.",
                f"{path.name} {reader.line_num}번째 줄: 열이 {len(reader.fieldnames or ())}개여야 합니다.",
                code="columns",
            )
        yield row
