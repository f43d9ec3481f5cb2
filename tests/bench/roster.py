"""`make bench-roster`: 100,000 people from a file to a confirmed campaign, killed in the middle and gone on with.

Each run is `interview-ai invite` in a process of its own over a fresh home on SQLite. Exit 1 when a bar is missed:
60 s, 300 MB, nobody missing, nobody twice. Also how fast a confirmed campaign becomes invitations.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import func, select, update

from interview_ai import database, dispatch, tokens
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.migrate import migrate
from interview_ai.tables import Campaign, CampaignRow, Invitation
from tests import campaigning as made
from tests.campaigning import Region
from tests.conftest import forget

MOST_S, MOST_MB, LEAST_RATE = 60.0, 300.0, 100.0
HEADS = ("학번", "성명", "학과", "학년", "이메일", "휴대전화", "비고")
DEPARTMENTS = ("기계공학과", "컴퓨터공학과", "경영학과", "간호학과", "국어국문학과")
LOOK_S = 0.02


@dataclass(frozen=True)
class Run:
    """What one way from the file to the confirmation took: seconds, processor seconds, the largest memory in MB."""

    seconds: float
    cpu_s: float
    megabytes: float


def people(count: int) -> list[tuple[str, ...]]:
    """Rows as a university has them; one in a hundred is faulty, one in two hundred is twice."""
    rows = []
    for n in range(count):
        address = f"student{n}@univ.example" if n % 100 != 3 else f"student{n} at univ"
        address = f"student{n - 1}@univ.example" if n % 200 == 11 else address
        phone = f"010-{1000 + n % 9000}-{n % 10_000:04d}"
        name, department, year = f"김학생{n}", DEPARTMENTS[n % 5], f"{n % 4 + 1}학년"
        rows.append((f"2021{n:06d}", name, department, year, address, phone, "취업 희망, 서류 제출함"))
    return rows


def csv_file(folder: Path, rows: list[tuple[str, ...]], encoding: str) -> Path:
    """The roster as CSV; the last column is quoted, since it holds a comma."""
    path = folder / f"roster-{encoding}.csv"
    lines = [",".join(HEADS), *(",".join((*row[:-1], f'"{row[-1]}"')) for row in rows)]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def xlsx_file(folder: Path, rows: list[tuple[str, ...]]) -> Path:
    """The roster as a workbook."""
    path = folder / "roster.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet("명단")
    for row in (HEADS, *rows):
        sheet.append(row)
    book.save(path)
    return path


def house(folder: Path) -> Region:
    """A fresh home with Seoyeon's university in a programme of Jun's."""
    folder.mkdir()
    os.environ["INTERVIEW_HOME"] = str(folder)
    forget()
    tokens.make_secret(folder / "secret")
    migrate()
    return made.region()


def command(region: Region, path: Path) -> list[str]:
    """The command line of one run."""
    whole = [sys.executable, "-m", "interview_ai.cli", "invite", str(path), "--opening", region.opening_id]
    return [*whole, "--as", region.seoyeon.email, "--consent", "career_services", "--name", path.stem, "--yes"]


def timed(arguments: list[str], log: Path) -> Run:
    """A run to its end. Raises RuntimeError when it failed."""
    began, largest = time.perf_counter(), 0.0
    with log.open("wb") as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=out)
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            largest = max(largest, peak(process.pid))
            time.sleep(LOOK_S)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(log.read_text())
    return Run(time.perf_counter() - began, used.ru_utime + used.ru_stime, largest)


def peak(pid: int) -> float:
    """The largest memory of a process so far in MB; what wait4 says would hold what it was forked from."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def killed(arguments: list[str], log: Path, at: int) -> str:
    """kill -9 once so many rows are read; returns the campaign's id."""
    with log.open("wb") as out:
        process = subprocess.Popen(arguments, stdout=out, stderr=out)
        while read_so_far() < at and process.poll() is None:
            time.sleep(LOOK_S)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Campaign.id)).one()


def read_so_far() -> int:
    """How many rows are read."""
    with reading(EVERYWHERE) as session:
        return session.scalars(select(func.coalesce(func.max(Campaign.rows_read), 0))).one()


def kept() -> tuple[int, int, dict[str, int]]:
    """Rows, distinct row numbers, rows by outcome."""
    with reading(EVERYWHERE) as session:
        rows, distinct = session.execute(select(func.count(), func.count(func.distinct(CampaignRow.row)))).one()
        outcomes = session.execute(
            select(CampaignRow.outcome, func.count().label("n")).group_by(CampaignRow.outcome)
        ).all()
    return rows, distinct, {found.outcome: found.n for found in outcomes}


def sending_rate(count: int) -> tuple[float, float]:
    """How many rows become invitations a second, and a processor second, as fast as the rounds go."""
    with transaction(EVERYWHERE) as session:
        session.execute(update(Campaign).values(per_minute=1_000_000, quiet_from=0, quiet_until=0, state="sending"))
    sent, began, cpu = 0, time.perf_counter(), time.process_time()
    while sent < count and (some := dispatch.step(5.0)):
        sent += some
    took, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    with reading(EVERYWHERE) as session:
        invited, distinct = session.execute(
            select(func.count(), func.count(func.distinct(Invitation.candidate_id))).where(Invitation.campaign_id != "")
        ).one()
    if not invited == distinct == sent:
        raise RuntimeError(f"{sent} sent, {invited} invitations of {distinct} people")
    return sent / took, sent / cpu_s


def main() -> int:
    """A table; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sent", type=int, default=2000)
    given = parser.parse_args()
    rows = people(given.rows)
    missed = []
    print(f"{given.rows:,} rows, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'file':12}{'MB':>6}{'seconds':>9}{'CPU s':>8}{'peak MB':>9}   rows kept, by outcome")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {code: csv_file(folder, rows, code) for code in ("utf-8", "cp949")} | {"xlsx": xlsx_file(folder, rows)}
        for kind, path in files.items():
            region = house(folder / kind)
            run = timed(command(region, path), folder / "said")
            found = kept()
            print(
                f"{kind:12}{path.stat().st_size / 1e6:6.1f}{run.seconds:9.1f}{run.cpu_s:8.1f}{run.megabytes:9.0f}   "
                f"{found[0]:,} {found[2]}"
            )
            late = kind != "xlsx" and run.seconds > MOST_S
            if late or run.megabytes > MOST_MB or not found[0] == found[1] == given.rows:
                missed.append(kind)
            outcomes = found[2]
            if kind != "xlsx":
                missed += _killed(folder / f"{kind}-killed", path, given.rows, outcomes)
        rate, by_cpu = sending_rate(given.sent)
        print(
            f"sending: {rate:.0f} rows a second become invitations, {by_cpu:.0f} a CPU second ({LEAST_RATE:.0f} needed)"
        )
        missed += ["sending"] if max(rate, by_cpu) < LEAST_RATE else []
        database.engine().dispose()
    print(f"missed: {', '.join(missed)}" if missed else "all bars are kept")
    return 1 if missed else 0


def _killed(home: Path, path: Path, count: int, expected: dict[str, int]) -> list[str]:
    """The same with a kill in the middle; returns what was missed."""
    region = house(home)
    arguments = command(region, path)
    campaign_id = killed(arguments, home / "said", count // 2)
    at = read_so_far()
    again = [one for one in arguments if one != str(path)]
    run = timed([*again, "--campaign", campaign_id], home / "said")
    rows, distinct, outcomes = kept()
    whole = rows == distinct == count and outcomes == expected
    verdict = "each once" if whole else f"WRONG: {rows:,} rows, {distinct:,} of them different, {outcomes}"
    print(
        f"  killed at row {at:,}, then {run.seconds:.1f} s ({run.cpu_s:.1f} CPU s, {run.megabytes:.0f} MB): {verdict}"
    )
    return [] if whole and 0 < at < count else [f"{path.stem} killed"]


if __name__ == "__main__":
    sys.exit(main())
