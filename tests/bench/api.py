"""What a program's request costs: p50 and p95 of `GET /api/v1/openings` over a real port, on both databases, with and
without somebody who writes beside it. `python -m tests.bench.api`"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from interview_ai import audit
from interview_ai.database import EVERYWHERE, transaction
from tests import house
from tests.bench.ranked import database
from tests.conftest import _postgresql_runs
from tests.web.programs import key_of, member

KEYS, EACH = 4, 400  # fewer than a key may ask in a minute
WARM = 50


@contextmanager
def writing(wanted: bool) -> Iterator[None]:
    """Somebody who writes a record some twenty times a second, in another process than the web's."""
    over = threading.Event()

    def write() -> None:
        while wanted and not over.wait(0.05):
            with transaction(EVERYWHERE) as session:
                audit.append(session, audit.SERVICE, "measured", "bench:api")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def asked(url: str, keys: list[str]) -> list[float]:
    """Milliseconds of each request, one after the other on one connection."""
    took = []
    with httpx.Client(base_url=url) as client:
        for number in range(KEYS * EACH):
            began = time.perf_counter()
            answer = client.get("/api/v1/openings", headers={"authorization": f"Bearer {keys[number % KEYS]}"})
            took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.text
    return took[WARM:]


def measure(kind: str) -> None:
    """One line a database and state."""
    for busy in (False, True):
        with database(kind) as home:
            jun = member("employer", "Jun", "jun@example.com")
            keys = [key_of(jun) for _ in range(KEYS)]
            with house.running(home, "web") as running, writing(busy):
                took = asked(running.url, keys)
        p50, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        beside = "beside a writer" if busy else "alone"
        print(f"{kind:11}{beside:17}p50 {p50:6.2f} ms   p95 {p95:6.2f} ms   ({len(took)} requests)", flush=True)


if __name__ == "__main__":
    for one in sys.argv[1:] or (["sqlite", "postgresql"] if _postgresql_runs() else ["sqlite"]):
        measure(one)
