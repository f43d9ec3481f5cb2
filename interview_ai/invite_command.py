"""`interview-ai invite`: a roster becomes a campaign from the command line; killed at any place, it is gone on with."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from interview_ai import (
    acting,
    bars,
    campaign_drafts,
    campaign_reading,
    campaign_rows,
    campaigns,
    invite_links,
    mail,
    roster_uploads,
)
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Invalid
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import Campaign

LOOK_S = 0.5
WAYS = {"mail": "mail", "sms": "text message (mail where none can go)"}
OUTCOMES = {
    "ready": "ready",
    "faulty": "to mend",
    "already": "already invited",
    "twice": "twice in the roster",
    "opted_out": "want no messages",
}


def command(given: argparse.Namespace) -> int:
    """Reads the roster, says what would be sent to how many, asks, and confirms; writes the links where asked to."""
    links = Path(given.links) if given.links else None
    with reading(EVERYWHERE) as session:
        member = acting.by_address(session, given.member)
        channel = campaigns.own(session, member, given.campaign).channel if given.campaign else given.channel
    if links is not None:
        invite_links.must_hand_over(channel)
        invite_links.must_be_free(links)
    campaign_id = given.campaign or _begun(member, given)
    sys.stderr.write(f"Campaign {campaign_id}. If this is cut off, go on with: --campaign {campaign_id}\n")
    found = _read(member, campaign_id)
    if found.state in ("matching", "refused"):
        raise Invalid(*_left(found))
    outcome = _confirm(member, found, asks=not given.yes, links=links)
    return _write(member, found, links) if links and not outcome else outcome


def _begun(member: Member, given: argparse.Namespace) -> str:
    """A new campaign whose file lies in the storage; without the campaign the file goes again."""
    path = Path(given.roster)
    if not given.roster or not path.is_file():
        raise Invalid(f"There is no file {given.roster or '(none given)'}.", "명단 파일이 없습니다.")
    with path.open("rb") as file, roster_uploads.stored(member.organisation_id, file) as (upload_id, length):
        new = NewCampaign(
            opening_id=given.opening,
            name=given.name or path.stem[: campaign_drafts.LONGEST_NAME],
            upload_id=upload_id,
            file_name=path.name,
            file_bytes=length,
            consent_basis=given.consent,
            consent_note=given.consent_note,
            language=given.language,
            proof=given.proof,
            channel=given.channel,
            per_minute=given.per_minute,
            remind_after_days=given.remind_after_days,
            most_reminders=given.most_reminders,
        )
        with transaction(EVERYWHERE) as session:
            return campaigns.add(session, member, new, rings=False).id


def _read(member: Member, campaign_id: str) -> Campaign:
    """Reads it here unless a worker does so already, and then looks on; returns it once it is read."""
    while True:
        with reading(EVERYWHERE) as session:
            found = campaigns.own(session, member, campaign_id)
        if found.state != "reading":
            bars.draw(found.rows_read, found.rows_total, "rows", last=True)
            return found
        with transaction(EVERYWHERE) as session:
            claimed = campaign_reading.claim(session, campaign_id)
        if claimed is not None:
            campaign_reading.read(claimed, lambda read, total: bars.draw(read, total, "rows"))
        else:
            bars.draw(found.rows_read, found.rows_total, "rows")
            time.sleep(LOOK_S)


def _left(found: Campaign) -> tuple[str, str]:
    """Why a campaign waits for somebody at its page."""
    if found.fault:
        return str(found.fault["en"]), str(found.fault["ko"])
    page = _page(found)
    return (
        f"The columns cannot be told for certain. Choose them here, then go on with --campaign {found.id}: {page}",
        f"열을 확실히 알아보지 못했습니다. 여기에서 고른 다음 --campaign {found.id}(으)로 이어 가십시오: {page}",
    )


def _write(member: Member, found: Campaign, links: Path) -> int:
    count = invite_links.write(member, found.id, links)
    sys.stdout.write(f"{count:,} links are in {links}, which only you may read. Hand each to its owner alone.\n")
    return 0


def _confirm(member: Member, found: Campaign, *, asks: bool, links: Path | None) -> int:
    with reading(EVERYWHERE) as session:
        counts = campaign_rows.counted(session, found.id)
        opening = campaigns.opening_of(session, found)
        first, last = campaigns.expected(session, found, counts.get("ready", 0))
    sys.stdout.write(_summary(found, counts))
    ready = counts.get("ready", 0)
    if found.state != "preview" or not ready:
        sys.stdout.write(f"Nothing to confirm: the campaign is {found.state}, {ready:,} ready.\n")
        return 0 if found.state != "preview" else 1
    sys.stdout.write(f"{ready:,} people are invited to “{opening.title.en}” ({opening.employer.en}) ")
    sys.stdout.write(_way(found, mail.moment(first, "en"), mail.moment(last, "en"), links))
    if asks and not _agreed():
        sys.stdout.write(f"Nobody was invited. Confirm later with: --campaign {found.id}\n")
        return 1
    with transaction(EVERYWHERE) as session:
        campaigns.confirm(session, member, found.id, ready=ready)
    sys.stdout.write(f"Confirmed. People are invited one after the other. {_page(found)}\n")
    return 0


def _way(found: Campaign, first: str, last: str, links: Path | None) -> str:
    """How and when they hear of it, and what to do where nothing leaves."""
    if links:
        return f"and nothing is sent: their links are written into {links}, for you to hand over.\n"
    if found.channel == "file":
        return "and nothing is sent: download the file of links on the campaign's page and hand them over.\n"
    told = f"by {WAYS[found.channel]}, the first {first}, the last about {last}.\n"
    if settings().smtp_url:
        return told
    return (
        f"{told}No mail server is set (INTERVIEW_SMTP_URL), so mails wait: the campaign's page gives a file of links.\n"
    )


def _page(found: Campaign) -> str:
    return f"{settings().public_url.rstrip('/')}/staff/campaigns/{found.id}"


def _agreed() -> bool:
    sys.stdout.write("Invite them? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes", "예", "네")


def _summary(found: Campaign, counts: Mapping[str, int]) -> str:
    parts = [f"{counts[outcome]:,} {said}" for outcome, said in OUTCOMES.items() if counts.get(outcome)]
    refused = [head["name"] for head in found.heads if head.get("refused")]
    lines = [f"{found.name}: {' · '.join(parts) or 'nobody'}"]
    if refused:
        lines.append(f"Refused columns, of which nothing was stored: {', '.join(refused)}")
    return "".join(f"{line}\n" for line in lines)
