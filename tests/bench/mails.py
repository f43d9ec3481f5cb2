"""Ten thousand mails through a real mail server that refuses some, while their sender is killed twice.

`python -m tests.bench.mails`: prints a table; exit 1 when an address that was not refused for good has not exactly one
Message-ID, when there are more copies than kills, or when a refusal is not reported by its row.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from interview_ai import messages, settings, tokens
from interview_ai.database import EVERYWHERE, reading
from interview_ai.migrate import migrate
from interview_ai.tables import Mail
from tests import desk
from tests.conftest import forget
from tests.mailed import campaign

TEMPORARY, PERMANENT = 0.02, 0.01
KILLS = (0.3, 0.6)  # of all mails
MOST_S = 1200
LOOK_S = 0.2


@dataclass(frozen=True)
class Found:
    """What came of a run."""

    addresses: int
    taken: int
    distinct: int
    refused: int
    reported: int
    copies: int
    wrong: int
    open: int
    seconds: float
    busy_s: float


@contextmanager
def server(ledger: Path, seed: int) -> Iterator[str]:
    """The mail server, a process of its own; gives its address."""
    command = [sys.executable, "-m", "tests.smtp", str(ledger), str(TEMPORARY), str(PERMANENT), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


def sender() -> subprocess.Popen[bytes]:
    """The timetable as an installation runs it, which is who sends."""
    return subprocess.Popen([sys.executable, "-m", "worker.timetable"], stderr=subprocess.DEVNULL)


def lines(ledger: Path) -> int:
    """How many mails the server has taken."""
    return sum(1 for _ in ledger.open()) if ledger.exists() else 0


def waiting() -> int:
    """How many mails are still to leave."""
    with reading(EVERYWHERE) as session:
        wanted = select(func.count()).select_from(Mail).where(Mail.state.in_(("pending", "sending")))
        return session.scalar(wanted) or 0


def drive(ledger: Path, count: int) -> tuple[float, float]:
    """Sends everything, killing the sender on the way; returns the whole time and the time up to 95 % of them."""
    begun, busy = time.monotonic(), 0.0
    process, kills = sender(), list(KILLS)
    try:
        while waiting() and time.monotonic() - begun < MOST_S:
            time.sleep(LOOK_S)
            taken = lines(ledger)
            if not busy and taken >= 0.95 * count:
                busy = time.monotonic() - begun
            if kills and taken >= kills[0] * count:
                kills.pop(0)
                process.send_signal(signal.SIGKILL)
                process.wait()
                process = sender()
    finally:
        process.terminate()
        process.wait(timeout=60)
    return time.monotonic() - begun, busy


def judge(ledger: Path, campaign_id: str, addresses: set[str], times: tuple[float, float]) -> Found:
    """Compares what the server took with what the campaign's page says."""
    ids: dict[str, list[str]] = defaultdict(list)
    for line in ledger.read_text().splitlines():
        recipient, message_id = json.loads(line)
        ids[recipient].append(message_id)
    with reading(EVERYWHERE) as session:
        reported = {one.email for one in messages.returned_of(session, campaign_id) if "550" in one.code}
    refused = addresses - set(ids)
    return Found(
        addresses=len(addresses),
        taken=sum(len(all_of) for all_of in ids.values()),
        distinct=len({one for all_of in ids.values() for one in all_of}),
        refused=len(refused),
        reported=len(reported & refused),
        copies=sum(len(all_of) - 1 for all_of in ids.values()),
        wrong=sum(len(set(all_of)) != 1 for all_of in ids.values())
        + len(reported ^ refused)
        + len(set(ids) - addresses),
        open=waiting(),
        seconds=times[0],
        busy_s=times[1],
    )


def run(count: int, seed: int) -> Found:
    """One run in a fresh installation."""
    with tempfile.TemporaryDirectory() as folder:
        home, ledger = Path(folder), Path(folder) / "ledger"
        with server(ledger, seed) as address:
            os.environ.update(INTERVIEW_HOME=str(home), INTERVIEW_SMTP_URL=address)
            forget()
            tokens.make_secret(settings.settings().secret_path)
            migrate()
            jun = desk.jun()
            names = [f"p{number:05}" for number in range(count)]
            campaign_id = campaign(jun, desk.opening(jun), names, per_minute=1_000_000)
            print(f"{count} mails wait", flush=True)
            times = drive(ledger, count)
            return judge(ledger, campaign_id, {f"{name}@example.org" for name in names}, times)


def main() -> int:
    """Runs once and prints what was found."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--count", type=int, default=10_000)
    given.add_argument("--seed", type=int, default=1)
    asked = given.parse_args()
    found = run(asked.count, asked.seed)
    rows = {
        "addresses": found.addresses,
        "refused for good": found.refused,
        "  of them reported by row": found.reported,
        "Message-IDs at the server": found.distinct,
        f"copies (kills: {len(KILLS)})": found.copies,
        "wrong addresses or rows": found.wrong,
        "still waiting": found.open,
        "95 % had left after, s": round(found.busy_s, 1),
        "mails a second until then": round(0.95 * found.addresses / max(found.busy_s, 0.001)),
        "everything was settled after, s": round(found.seconds, 1),
    }
    for what, value in rows.items():
        print(f"{what:34}{value:>10}")
    kept = found.distinct == found.addresses - found.refused and not found.wrong and not found.open
    return 0 if kept and found.copies <= len(KILLS) and found.reported == found.refused else 1


if __name__ == "__main__":
    sys.exit(main())
