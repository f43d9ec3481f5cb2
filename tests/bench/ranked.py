"""`make bench-list`: the ranked list and the search in transcripts at 1,000 and at 100,000 candidates, on both databases.

Times are of whole pages, in the server's own process: sign-in, queries, template. Before every tenth reading a rating
is written, so that the slow tenth is the reading after a change. Each row is a fresh process with a database of its
own that holds generated load data (`tests.bench.crowd`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import select

from interview_ai import reviews, sight, tokens
from interview_ai.database import engine, transaction
from interview_ai.migrate import migrate
from interview_ai.organisations import Member
from interview_ai.tables import Opening, StandingRow
from tests.bench import crowd
from tests.bench.crowd import Crowd
from tests.bench.recorder import forget
from tests.browser import Browser
from tests.conftest import POSTGRESQL, _postgresql_runs

SMALL, LARGE = 1_000, 100_000
BARS_MS = {"sqlite": 300, "postgresql": 150}
SEARCH_BAR_MS = 300
SLOWER = 2  # times as slow as at 1,000 the list may be
READS = 200
SEARCHES = ("문제를", "회의", "교정했습니다", "자재가 납기를", "품질 데이터", "매출", "없는말", "고객이 갈등")


@contextmanager
def database(kind: str, kept: Path | None = None) -> Iterator[Path]:
    """A database of its own, migrated, and its home; one that is `kept` is there again the next time."""
    with tempfile.TemporaryDirectory(prefix="onterview-list-") as made:
        home = kept or Path(made)
        home.mkdir(parents=True, exist_ok=True)
        os.environ["INTERVIEW_HOME"] = str(home)
        name = f"onterview_bench_{kept.name if kept else uuid.uuid4().hex[:8]}"
        there = (home / "secret").exists()
        if kind == "postgresql":
            if not there:
                _administer(f'CREATE DATABASE "{name}"')
            url = sqlalchemy.make_url(POSTGRESQL).set(database=name)
            os.environ["INTERVIEW_DATABASE_URL"] = url.render_as_string(hide_password=False)
        forget()
        if not there:
            tokens.make_secret(home / "secret")
        try:
            migrate()
            yield home
        finally:
            engine().dispose()
            if kind == "postgresql" and kept is None:
                _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def crowd_of(home: Path, count: int) -> Crowd:
    """The opening of a kept database, or a new one."""
    note = home / "crowd.json"
    if note.exists():
        opening_id, email = json.loads(note.read_text(encoding="utf-8"))
        return Crowd(opening_id, crowd.signed_in(email), email)
    made = crowd.make(count)
    note.write_text(json.dumps([made.opening_id, made.email]), encoding="utf-8")
    return made


def _administer(statement: str) -> None:
    server = sqlalchemy.create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(statement)
    server.dispose()


def measure(kind: str, count: int, reads: int, keep: Path | None) -> dict[str, Any]:
    """Every figure of one size on one database, in ms."""
    with database(kind, keep / f"{kind}-{count}" if keep else None) as home:
        began = time.perf_counter()
        made = crowd_of(home, count)
        seconds = time.perf_counter() - began
        _settle(kind)
        browser = Browser("ko")
        browser.sign_in(made.email)
        found: dict[str, Any] = {"making_s": round(seconds, 1)}
        address = f"/staff/openings/{made.opening_id}/candidates"
        _forget_pages()
        found["cold"] = _timed(lambda: browser.get(address))
        for name, ended in (("first pass", False), ("bands", True)):
            with transaction(made.member.organisation_id) as session:
                opening = session.get_one(Opening, made.opening_id)
                opening.first_pass_ended_at = datetime.now(UTC) if ended else None
            found[name] = _reads(browser, made, address, count, reads)
        found["search"] = _summary([_timed(lambda w=w: browser.get(f"{address}?words={w}")) for w in SEARCHES * 4])
        found["no news"] = _news(browser, address)
        return found


def _settle(kind: str) -> None:
    """What a database does by itself over night."""
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if kind == "sqlite" else "VACUUM ANALYZE")


def _forget_pages() -> None:
    """A fresh engine, and of SQLite's file nothing in memory: what a reader meets after a start."""
    path = engine().url.database if engine().dialect.name == "sqlite" else None
    engine().dispose()
    for file in Path(path).parent.glob(f"{Path(path).name}*") if path else ():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _timed(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    answer = call()
    taken = (time.perf_counter() - began) * 1000
    assert getattr(answer, "status_code", 200) in (200, 204), answer
    return taken


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {"p50": ordered[len(ordered) // 2], "p95": ordered[int(len(ordered) * 0.95)], "n": len(ordered)}


def _reads(browser: Browser, made: Crowd, address: str, count: int, reads: int) -> dict[str, Any]:
    """`reads` pages; before each tenth a rating is kept, whose own time is told apart."""
    chance = random.Random(1)
    times: dict[str, list[float]] = {}
    writing: list[float] = []
    last = -(-count // sight.PAGE)
    for n in range(reads):
        if n % 10 == 0:
            writing.append(_timed(lambda: rate(made.member, made.opening_id, chance)))
        kind, query = _which(n, last, chance)
        times.setdefault(kind, []).append(_timed(lambda q=query: browser.get(f"{address}{q}")))
        if n % 10 == 0:
            times.setdefault("after a rating", []).append(times[kind][-1])
    every = [one for name, some in times.items() if name != "after a rating" for one in some]
    by_kind = {name: _summary(some) for name, some in times.items()}
    return {"all": _summary(every), "rating": _summary(writing), **by_kind}


def _which(n: int, last: int, chance: random.Random) -> tuple[str, str]:
    """What people ask for: mostly the first pages, and after a rating the first."""
    if n % 10 in (0, 1, 2, 3):
        return "first page", ""
    if n % 10 in (4, 5):
        return "next pages", f"?page={chance.randint(2, min(6, last))}"
    return {
        6: ("any page", f"?page={chance.randint(1, last)}"),
        7: ("to rate", "?show=rate"),
        8: ("no score", "?show=unscored"),
        9: ("by criterion", "?sort=criterion:communication"),
    }[n % 10]


def rate(member: Member, opening_id: str, chance: random.Random) -> None:
    """A rating as the page keeps it."""
    with transaction(member.organisation_id) as session:
        able = select(StandingRow.interview_id).where(
            StandingRow.opening_id == opening_id, StandingRow.stage == "ready"
        )
        ids = session.scalars(able.limit(500)).all()
        interview_id = chance.choice(ids)
        reviews.viewed(session, member, interview_id, "transcript")
        reviews.rate(
            session,
            member,
            interview_id,
            {"problem_solving": chance.randint(1, 5), "communication": chance.randint(1, 5)},
        )


def _news(browser: Browser, address: str) -> dict[str, float]:
    """What an open page asks again and again while nothing changes."""
    page = browser.get(address).text
    poll = page.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    return _summary([_timed(lambda: browser.get(poll)) for _ in range(40)])


def report(kind: str, by_size: dict[int, dict[str, Any]]) -> list[str]:
    """Prints the figures of one database; returns which bars were missed."""
    for count, found in by_size.items():
        print(f"\n{kind}, {count:,} candidates (made in {found['making_s']} s)")
        print(f"  cold {found['cold']:.0f} ms")
        for name in ("first pass", "bands"):
            for what, one in found[name].items():
                print(f"  {name:10} {what:15} p50 {one['p50']:6.1f}  p95 {one['p95']:6.1f} ms  ({one['n']})")
        for name in ("search", "no news"):
            print(f"  {name:26} p50 {found[name]['p50']:6.1f}  p95 {found[name]['p95']:6.1f} ms  ({found[name]['n']})")
    sizes = sorted(by_size)
    small, large = by_size[sizes[0]], by_size[sizes[-1]]
    missed = []
    for name in ("first pass", "bands"):
        p95, before = large[name]["all"]["p95"], small[name]["all"]["p95"]
        missed += [f"{kind}: {name} p95 {p95:.0f} ms over {BARS_MS[kind]}"] if p95 > BARS_MS[kind] else []
        for what in ("first page", "after a rating"):
            p95, before = large[name][what]["p95"], small[name][what]["p95"]
            ratio = p95 / before
            print(f"  {name}: {what} {ratio:.2f} times its time at {sizes[0]:,}")
            missed += [f"{kind}: {name}, {what}: {ratio:.2f} times as slow"] if ratio > SLOWER else []
    if large["search"]["p95"] > SEARCH_BAR_MS:
        missed.append(f"{kind}: search p95 {large['search']['p95']:.0f} ms over {SEARCH_BAR_MS}")
    return missed


def main() -> int:
    """Prints a table; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=LARGE)
    parser.add_argument("--reads", type=int, default=READS)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--one", nargs=2, metavar=("DATABASE", "COUNT"), help="one size, as JSON")
    parser.add_argument("--keep", type=Path, help="a folder in which the databases stay, to be measured again")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one[0], int(given.one[1]), given.reads, given.keep)))
        return 0
    missed: list[str] = []
    for kind in given.databases.split(","):
        if kind == "postgresql" and not _postgresql_runs():
            missed.append("postgresql: no server here")
            continue
        found = {}
        for count in sorted({min(SMALL, given.candidates), given.candidates}):
            one = ["--one", kind, str(count), "--reads", str(given.reads)]
            kept = ["--keep", str(given.keep)] if given.keep else []
            command = [sys.executable, "-m", "tests.bench.ranked", *one, *kept]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found[count] = json.loads(done.stdout.splitlines()[-1])
        missed += report(kind, found)
    print("\n" + ("every bar held" if not missed else "MISSED: " + "; ".join(missed)))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
