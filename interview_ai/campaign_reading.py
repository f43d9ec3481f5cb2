"""A roster is read in the background: claimed, gone through in small steps, and after a kill at any place gone on with.

Each step keeps its rows and how far it came in one transaction, so that no row is there twice and none is missing.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from kombu.exceptions import OperationalError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from interview_ai import (
    audit,
    campaign_rows,
    database,
    roster_files,
    roster_rewriting,
    roster_rows,
    roster_uploads,
    webhook_events,
)
from interview_ai.campaign_rows import Claimed
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.errors import Invalid, LeaseLost
from interview_ai.jobs import QUEUE, celery_app
from interview_ai.roster_files import Form, Row
from interview_ai.roster_rows import Asks, Checked
from interview_ai.rules import roster
from interview_ai.rules.roster import Matching
from interview_ai.tables import Campaign, CampaignRow

TASK = "roster"
MOST_ROWS = 200_000
STEP = 500  # rows of one transaction: on SQLite some 50 ms, the longest that anybody who records waits for them
LEASE_S = 120  # a worker that has kept nothing for so long is counted as dead
RETRY_S = 15
MOST_ATTEMPTS = 3
SAMPLES = 3  # values shown of a column that a person is to match
FIRST_ROWS = 30  # among these the heads and the samples are looked for
Told = Callable[[int, int | None], None]
log = logging.getLogger(__name__)


def ring(campaign_id: str) -> None:
    """Tells a worker. A broker that is away is no error: the timetable rings again."""
    try:
        celery_app().send_task(TASK, args=[campaign_id], queue=QUEUE, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("broker away, the timetable will ring again: %s", type(error).__name__)


def ring_due(session: Session) -> int:
    """Rings for every roster that waits, or whose reader is dead or has not been heard of; returns for how many."""
    late = database.now(session) - timedelta(seconds=RETRY_S)
    waiting = session.scalars(select(Campaign).where(Campaign.state == "reading")).all()
    due = [one for one in waiting if one.next_at <= late or _is_dead(one.lease_token)]
    for one in due:
        database.after_commit(session, partial(ring, one.id))
    return len(due)


def _new_token() -> str:
    """A fence that also says whose it is: 8 hex digits for the machine, 8 for the process, 16 of chance."""
    return f"{_machine()}{os.getpid():08x}{secrets.token_hex(8)}"


def _machine() -> str:
    """This machine, or this container of it, where a process number means one process."""
    space = Path("/proc/self/ns/pid")
    inside = space.stat().st_ino if space.exists() else 0
    return hashlib.sha256(f"{socket.gethostname()}:{inside}".encode()).hexdigest()[:8]


def _is_dead(token: str | None) -> bool:
    """Whether the reader with this token was a process of this machine that is no more: nobody waits for its lease."""
    if token is None or token[:8] != _machine():
        return False
    try:
        os.kill(int(token[8:16], 16), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def claim(session: Session, campaign_id: str) -> Claimed | None:
    """Takes a roster to read with one conditional UPDATE; None: somebody else has it, or there is nothing to read.

    One that was taken up MOST_ATTEMPTS times without a row kept is refused: it kills whoever reads it.
    """
    at, token = database.now(session), _new_token()
    before = session.scalars(select(Campaign.lease_token).where(Campaign.id == campaign_id)).one_or_none()
    free = (Campaign.next_at <= at) | (Campaign.lease_token == before) if _is_dead(before) else Campaign.next_at <= at
    values = {"lease_token": token, "next_at": at + timedelta(seconds=LEASE_S), "attempts": Campaign.attempts + 1}
    due = (Campaign.id == campaign_id, Campaign.state == "reading", free)
    if not database.changed(session, update(Campaign).where(*due).values(**values)):
        return None
    row = session.get_one(Campaign, campaign_id, populate_existing=True)
    asks = Asks(row.language, phone=row.channel == "sms", birth_year=row.proof == "birth_year")
    claimed = Claimed(
        row.id,
        row.organisation_id,
        row.opening_id,
        row.file_key or "",
        file_bytes=row.file_bytes,
        token=token,
        asks=asks,
        columns=row.columns,
        rows_read=row.rows_read,
        base=row.row_base,
        at=database.moment_of(session),
    )
    if row.attempts > MOST_ATTEMPTS:
        refuse(session, claimed, roster_files.unreadable())
        return None
    return claimed


def read(claimed: Claimed, told: Told | None = None) -> None:
    """Reads what is left of a claimed roster. Raises LeaseLost when it is no longer ours.

    `told` hears after each step how many rows are read, and of how many where that is known.
    """
    try:
        with roster_uploads.opened(claimed.file_key, claimed.file_bytes) as file:
            _read(claimed, file, told or _untold)
    except FileNotFoundError:
        _refuse(claimed, roster_files.unreadable())
    except Invalid as error:
        _refuse(claimed, error)


def _untold(_: int, __: int | None) -> None:
    return


def _refuse(claimed: Claimed, error: Invalid) -> None:
    with transaction(EVERYWHERE, at=claimed.at) as session:
        refuse(session, claimed, error)


def _read(claimed: Claimed, file: BinaryIO, told: Told) -> None:
    form = roster_files.form_of(file)
    matching = _matching(claimed, file, form)
    if matching is None:
        return
    total = None if form.workbook else _count(roster_files.rows(file, form), matching)
    people = _people(roster_files.rows(file, form), matching)
    read_already, kept = claimed.rows_read, campaign_rows.count(claimed)
    for some in _steps(islice(people, read_already, None)):
        found = _checked(claimed, some, matching)
        with transaction(EVERYWHERE, at=claimed.at) as session:
            _hold(session, claimed, rows_read=read_already + len(some), rows_total=total, attempts=0)
            kept += campaign_rows.keep(session, claimed, found)
            if kept > MOST_ROWS:
                raise _too_many()
        read_already += len(some)
        told(read_already, total)
    with transaction(EVERYWHERE, at=claimed.at) as session:
        _finish(session, claimed, matching, read_already)


def _checked(claimed: Claimed, some: Sequence[Row], matching: Matching) -> list[Checked]:
    """The rows of one step; a mended one that leaves the year of birth open has that of the row it mends."""
    mended = [roster_rows.mends(row, matching) or 0 for row in some]  # no row has the number 0
    years = campaign_rows.given_years(claimed, mended)
    return [
        roster_rows.checked(row, matching, claimed.asks, years.pop(number, None))
        for row, number in zip(some, mended, strict=True)
    ]


def _people(rows: Iterable[Row], matching: Matching) -> Iterator[Row]:
    return (row for row in rows if row[0] > matching.head_row)


def _count(rows: Iterable[Row], matching: Matching) -> int:
    count = sum(1 for _ in islice(_people(rows, matching), MOST_ROWS + 1))
    if count > MOST_ROWS:
        raise _too_many()
    return count


def _too_many() -> Invalid:
    return Invalid(
        f"A roster may hold {MOST_ROWS:,} people at most. Divide the file and make a campaign of each part.",
        f"명단 하나에는 {MOST_ROWS:,}명까지 담을 수 있습니다. 파일을 나누어 회차를 따로 만들어 주십시오.",
        code="file",
    )


def _steps(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, STEP)):
        yield some


def _matching(claimed: Claimed, file: BinaryIO, form: Form) -> Matching | None:
    """Which column holds what; None where a person is asked first."""
    first = list(islice(roster_files.rows(file, form), FIRST_ROWS))
    if not first:
        raise Invalid("There is nobody in this file.", "파일에 사람이 한 명도 없습니다.", code="file")
    chosen = claimed.columns.get("columns")
    head_row = claimed.columns.get("head_row", 0)
    if chosen is not None:
        heads = next((cells for number, cells in first if number == head_row), [])
        return roster.of_heads(heads, head_row, chosen)
    found = roster.guess(first)
    columns = {"columns": dict(found.columns), "head_row": found.head_row}
    if found.certain:
        with transaction(EVERYWHERE, at=claimed.at) as session:
            _hold(session, claimed, columns=columns, heads=_kept_heads(session, claimed, _heads(found, ())))
        return found
    samples = [cells for number, cells in first if number > found.head_row]
    with _lawful(claimed, roster_files.rows(file, form), found) as kept:
        _ask(claimed, kept, columns=columns, heads=_heads(found, samples))
    return None


@contextmanager
def _lawful(claimed: Claimed, rows: Iterable[Row], found: Matching) -> Iterator[tuple[str, int]]:
    """The file without what may not be kept, stored beside the one that came; it goes again if it is not needed."""

    def beat(count: int) -> None:
        if count > MOST_ROWS:
            raise _too_many()
        with transaction(EVERYWHERE, at=claimed.at) as session:
            _hold(session, claimed)

    with tempfile.TemporaryFile() as file:
        roster_rewriting.write(rows, found, file, beat)
        file.seek(0)
        with roster_uploads.stored(claimed.organisation_id, file) as kept:
            yield kept


def _ask(claimed: Claimed, kept: tuple[str, int], *, columns: dict[str, Any], heads: list[dict[str, Any]]) -> None:
    """A person is to say which column holds what; until then the file `kept` waits, and the one that came is gone."""
    with transaction(EVERYWHERE, at=claimed.at) as session:
        shown = _kept_heads(session, claimed, heads)
        file = {"file_key": kept[0], "file_bytes": kept[1]}
        _release(session, claimed, state="matching", columns=columns, heads=shown, **file)
        roster_uploads.end(session, claimed.file_key)


def _heads(found: Matching, samples: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The columns as a page shows them; samples only while somebody is to match, and never of a refused one."""
    width = max((len(found.heads), *(len(cells) for cells in samples)))
    refused = dict(found.refused)
    return [
        {
            "name": found.heads[place] if place < len(found.heads) else "",
            "refused": refused.get(place),
            "samples": [] if place in refused else _samples(samples, place),
        }
        for place in range(width)
    ]


def _samples(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    values = (cells[place] for cells in rows if place < len(cells) and cells[place])
    return [roster.kept_value(value)[:40] for value in islice(values, SAMPLES)]


def _finish(session: Session, claimed: Claimed, matching: Matching, count: int) -> None:
    """The campaign can be looked at; the file is gone with the commit. Nobody in it: it is refused."""
    if not count:
        raise Invalid("There is nobody in this file.", "파일에 사람이 한 명도 없습니다.", code="file")
    heads = _kept_heads(session, claimed, _heads(matching, ()))
    _release(session, claimed, state="preview", rows_total=count, heads=heads, file_key=None)
    roster_uploads.end(session, claimed.file_key)
    counts = campaign_rows.counted(session, claimed.id) | {"refused_columns": len(matching.refused)}
    audit.append(session, audit.SERVICE, "roster read", f"campaign:{claimed.id}", **_about(claimed, counts))
    webhook_events.campaign(session, "ready", session.get_one(Campaign, claimed.id, populate_existing=True))


def _kept_heads(session: Session, claimed: Claimed, heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With what the first file had and may not have: mended rows come without it, and its notice stays."""
    if not claimed.base:
        return heads
    before = session.scalars(select(Campaign.heads).where(Campaign.id == claimed.id)).one()
    there = {head["name"] for head in heads}
    return [*heads, *(head for head in before if head["refused"] and head["name"] not in there)]


def refuse(session: Session, claimed: Claimed, error: Invalid) -> None:
    """The file cannot be used, for the reason of `error`; nothing of it is kept. Raises LeaseLost.

    Of a mended file: what was there before stays.
    """
    fault = {"ko": error.ko, "en": error.en}
    numbers = {"rows_read": 0, "rows_total": None} if not claimed.base else {}
    state = "preview" if claimed.base else "refused"
    _release(session, claimed, state=state, fault=fault, file_key=None, **numbers)
    there = (CampaignRow.campaign_id == claimed.id, CampaignRow.row > claimed.base)
    session.execute(delete(CampaignRow).where(*there))
    roster_uploads.end(session, claimed.file_key)
    audit.append(session, audit.SERVICE, "roster refused", f"campaign:{claimed.id}", **_about(claimed, {}))


def _about(claimed: Claimed, details: dict[str, int]) -> dict[str, Any]:
    return {"organisation_id": claimed.organisation_id, "details": details}


def _hold(session: Session, claimed: Claimed, **values: Any) -> None:
    """Notes how far the reading is and extends the lease. Raises LeaseLost."""
    _fenced(session, claimed, next_at=database.now(session) + timedelta(seconds=LEASE_S), **values)


def _release(session: Session, claimed: Claimed, **values: Any) -> None:
    _fenced(session, claimed, lease_token=None, attempts=0, **values)


def _fenced(session: Session, claimed: Claimed, **values: Any) -> None:
    ours = (Campaign.id == claimed.id, Campaign.lease_token == claimed.token, Campaign.state == "reading")
    if not database.changed(session, update(Campaign).where(*ours).values(**values)):
        raise LeaseLost
