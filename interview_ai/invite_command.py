"""`interview-ai invite`: a roster becomes a campaign from the command line; killed at any place, it is gone on with."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from interview_ai import acting, campaign_reading, campaign_rows, campaigns, mail
from interview_ai.campaigns import NewCampaign
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.storage import storage
from interview_ai.tables import Campaign, new_id

BLOCK = 1024 * 1024
LOOK_S = 0.5
WIDTH = 30  # signs of the bar
OUTCOMES = {
    "ready": "ready",
    "faulty": "to mend",
    "already": "already invited",
    "twice": "twice in the roster",
    "opted_out": "want no messages",
}


def command(given: argparse.Namespace) -> int:
    """Reads the roster, says what would be sent to how many, asks, and confirms."""
    with reading(EVERYWHERE) as session:
        member = acting.by_address(session, given.member)
    campaign_id = given.campaign or _begun(member, given)
    sys.stderr.write(f"Campaign {campaign_id}. If this is cut off, go on with: --campaign {campaign_id}\n")
    found = _read(member, campaign_id)
    if found.state in ("matching", "refused"):
        raise Invalid(*_left(found))
    return _confirm(member, found, asks=not given.yes)


def _begun(member: Member, given: argparse.Namespace) -> str:
    """A new campaign whose file lies in the storage; without the campaign the file goes again."""
    path = Path(given.roster)
    if not given.roster or not path.is_file():
        raise Invalid(f"There is no file {given.roster or '(none given)'}.", "명단 파일이 없습니다.")
    upload_id, length, kept = new_id(), 0, False
    try:
        with path.open("rb") as file:
            while data := file.read(BLOCK):
                length = storage().append(upload_id, length, data)
        new = NewCampaign(
            opening_id=given.opening,
            name=given.name or path.stem[: campaigns.LONGEST_NAME],
            upload_id=upload_id,
            file_name=path.name,
            file_bytes=length,
            consent_basis=given.consent,
            consent_note=given.consent_note,
            language=given.language,
            proof=given.proof,
            channel=given.channel,
            per_minute=given.per_minute,
        )
        with transaction(EVERYWHERE) as session:
            campaign_id = campaigns.add(session, member, new, rings=False).id
        kept = True
    finally:
        if not kept:
            storage().drop(upload_id)
    return campaign_id


def _read(member: Member, campaign_id: str) -> Campaign:
    """Reads it here unless a worker does so already, and then looks on; returns it once it is read."""
    while True:
        with reading(EVERYWHERE) as session:
            found = campaigns.own(session, member, campaign_id)
        if found.state != "reading":
            _bar(found.rows_read, found.rows_total, last=True)
            return found
        with transaction(EVERYWHERE) as session:
            claimed = campaign_reading.claim(session, campaign_id)
        if claimed is not None:
            campaign_reading.read(claimed, _bar)
        else:
            _bar(found.rows_read, found.rows_total)
            time.sleep(LOOK_S)


def _bar(read: int, total: int | None, *, last: bool = False) -> None:
    """How many rows are read, drawn over itself on a terminal and now and then elsewhere."""
    share = read / total if total else 0.0
    drawn = "#" * round(share * WIDTH)
    line = f"[{drawn:<{WIDTH}}] {read:,} of {total:,} rows" if total else f"{read:,} rows"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line}" + ("\n" if last else ""))
    elif last or read % (20 * campaign_reading.STEP) == 0:
        sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _left(found: Campaign) -> tuple[str, str]:
    """Why a campaign waits for somebody at its page."""
    if found.fault:
        return str(found.fault["en"]), str(found.fault["ko"])
    page = f"{settings().public_url.rstrip('/')}/staff/campaigns/{found.id}"
    return (
        f"The columns cannot be told for certain. Choose them here, then go on with --campaign {found.id}: {page}",
        f"열을 확실히 알아보지 못했습니다. 여기에서 고른 다음 --campaign {found.id}(으)로 이어 가십시오: {page}",
    )


def _confirm(member: Member, found: Campaign, *, asks: bool) -> int:
    with reading(EVERYWHERE) as session:
        counts = campaign_rows.counted(session, found.id)
        opening = campaigns.opening_of(session, found)
        first, last = campaigns.expected(session, found, counts.get("ready", 0))
    sys.stdout.write(_summary(found, counts))
    ready = counts.get("ready", 0)
    if found.state != "preview" or not ready:
        sys.stdout.write(f"Nothing to confirm: the campaign is {found.state}, {ready:,} ready.\n")
        return 0 if found.state != "preview" else 1
    sys.stdout.write(
        f"{ready:,} people are invited to “{opening.title.en}” ({opening.employer.en}) by {found.channel}, "
        f"the first {mail.moment(first, 'en')}, the last about {mail.moment(last, 'en')}.\n"
    )
    if asks and not _agreed():
        sys.stdout.write(f"Nothing was sent. Confirm later with: --campaign {found.id}\n")
        return 1
    with transaction(EVERYWHERE) as session:
        campaigns.confirm(session, member, found.id, ready=ready)
    sys.stdout.write("Confirmed. The messages leave one after the other.\n")
    return 0


def _agreed() -> bool:
    sys.stdout.write("Send? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "예", "네")


def _summary(found: Campaign, counts: Mapping[str, int]) -> str:
    parts = [f"{counts[outcome]:,} {said}" for outcome, said in OUTCOMES.items() if counts.get(outcome)]
    refused = [head["name"] for head in found.heads if head.get("refused")]
    lines = [f"{found.name}: {' · '.join(parts) or 'nobody'}"]
    if refused:
        lines.append(f"Refused columns, of which nothing was stored: {', '.join(refused)}")
    return "".join(f"{line}\n" for line in lines)
