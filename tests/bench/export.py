"""Writes a list of 100,000 candidates as CSV and as XLSX and says how long it takes and how much memory it needs."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from web import sheets
from web.sheets import Cell

ROWS = 100_000
COLUMNS = 18  # of an opening with two criteria
KIB = 1024


def made(count: int) -> Iterator[list[Cell]]:
    """Rows as an export has them: numbers, short Korean words, moments."""
    at = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
    yield [f"열 {n}" for n in range(COLUMNS)]
    for number in range(count):
        words: list[Cell] = [
            "김민지",
            "완료",
            "기계 제안과 사람",
            4,
            3.5,
            5,
            None,
            2,
            "B",
            3.7,
            2.9,
            4.4,
            "사람 평가",
            "아니요",
        ]
        yield [number, *words, at, at, at]


def csv(count: int) -> int:
    """How many bytes the CSV has."""
    return sum(len(block) for block in sheets.csv_blocks(made(count)))


def xlsx(count: int) -> int:
    """How many bytes the XLSX has."""
    with sheets.xlsx_file(made(count), title="지원자") as file:
        return sum(len(block) for block in sheets.read_in_blocks(file))


def measured(write: Callable[[int], int], count: int) -> tuple[int, float, float]:
    """Bytes, seconds and the largest memory (MiB) of a process of its own that writes one file."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measure, (write, count))


def _measure(write: Callable[[int], int], count: int) -> tuple[int, float, float]:
    began = time.perf_counter()
    size = write(count)
    return size, time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB


def main(count: int) -> None:
    """A table: each form with a thousand rows and with `count`."""
    print(
        f"{'form':6}{'rows':>9}{'MB':>8}{'seconds':>9}{'peak MiB':>10}   (temporary files in {tempfile.gettempdir()})"
    )
    for write in (csv, xlsx):
        for rows in (1000, count):
            size, seconds, memory = measured(write, rows)
            print(f"{write.__name__:6}{rows:>9}{size / 1e6:>8.2f}{seconds:>9.2f}{memory:>10.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
