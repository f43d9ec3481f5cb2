"""`interview-ai invite`: a roster becomes a campaign from the command line; killed at any place, it is gone on with."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from sqlalchemy.orm import Session

from interview_ai import (
    acting,
    bars,
    campaign_choices,
    campaign_drafts,
    campaign_reading,
    campaign_rows,
    campaign_views,
    campaigns,
    invite_links,
    mail,
    openings,
    roster_uploads,
)
from interview_ai.campaign_drafts import NewCampaign
from interview_ai.campaign_views import Listed, Wanted
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import Campaign

LOOK_S = 0.5
MOST_SHOWN = 10  # openings, and rows to mend
OPTIONS = {
    "consent_basis": "--consent",
    "consent_note": "--consent-note",
    "name": "--name",
    "per_minute": "--per-minute",
    "proof": "--proof",
    "remind_after_days": "--remind-after-days",
    "most_reminders": "--most-reminders",
}
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
        channel = campaigns.own(session, member, given.campaign).channel if given.campaign else _channel(given)
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


def _channel(given: argparse.Namespace) -> str:
    return given.channel or campaign_drafts.usual_channel()


def _begun(member: Member, given: argparse.Namespace) -> str:
    """A new campaign whose file lies in the storage; without the campaign the file goes again."""
    path = Path(given.roster)
    _must_fit(member, given)
    if not given.channel and _channel(given) == "file":
        sys.stderr.write("No mail server is set (INTERVIEW_SMTP_URL), so --channel file is taken: nothing is sent.\n")
    with path.open("rb") as file, roster_uploads.stored(member.organisation_id, file) as (upload_id, length):
        new = replace(_typed(given), upload_id=upload_id, file_bytes=length)
        with transaction(EVERYWHERE) as session:
            return campaigns.add(session, member, new, rings=False).id


def _typed(given: argparse.Namespace) -> NewCampaign:
    """The campaign of the options, before its file lies anywhere."""
    path = Path(given.roster)
    return NewCampaign(
        opening_id=given.opening,
        name=given.name or path.stem[: campaign_drafts.LONGEST_NAME],
        upload_id="",
        file_name=path.name,
        file_bytes=0,
        consent_basis=given.consent,
        consent_note=given.consent_note,
        language=given.language,
        proof=given.proof,
        channel=_channel(given),
        per_minute=given.per_minute,
        remind_after_days=given.remind_after_days,
        most_reminders=given.most_reminders,
    )


def _must_fit(member: Member, given: argparse.Namespace) -> None:
    """Raises Invalid with all that is wrong at once, each under its option."""
    wrong = [] if Path(given.roster).is_file() else [f"ROSTER: there is no file {given.roster or '(none given)'}."]
    for fault in campaign_drafts.faults(_typed(given)):
        if fault.code in OPTIONS and (fault.code != "name" or given.roster):
            wrong.append(f"{OPTIONS[fault.code]}: {fault.en}")
    if any(line.startswith("--consent:") for line in wrong):
        wrong.append(f"  one of {', '.join(campaign_drafts.CONSENTS)}; --help says what each means")
    with reading(EVERYWHERE) as session:
        wrong += _wrong_opening(session, member, given.opening)
    if wrong:
        raise Invalid("\n".join(wrong), "\n".join(wrong))


def _wrong_opening(session: Session, member: Member, opening_id: str) -> list[str]:
    """What is wrong with the opening, and those to which one may invite; nothing where it can be found."""
    if opening_id:
        try:
            openings.open_to_invite(session, member, opening_id)
        except NotFound:
            missing = f"--opening: there is no opening {opening_id} to which you may invite."
        except Conflict as error:
            missing = f"--opening: {error.en}"
        else:
            return []
    else:
        missing = "--opening: name one of these."
    return [
        missing,
        "  The id is the end of the address of an opening's page. You may invite to:",
        *_choices(session, member),
    ]


def _choices(session: Session, member: Member) -> list[str]:
    there = campaign_choices.choices(session, member)
    shown = [
        f"  {one.id}  {one.title.en} ({one.employer.en}), until {mail.moment(one.deadline, 'en')}"
        for one in there[:MOST_SHOWN]
    ]
    return shown or ["  (none now)"]


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
        faulty = campaign_views.listed(session, found, Wanted("faulty"), size=MOST_SHOWN)
    sys.stdout.write(_summary(found, counts) + _to_mend(faulty))
    sys.stdout.write(f"Its page: {_page(found)}\n")
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
    goes_on = "Links are made" if campaign_drafts.nothing_leaves(found.channel) else "People are invited"
    sys.stdout.write(f"Confirmed. {goes_on} one after the other. {_page(found)}\n")
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


def _to_mend(faulty: Listed) -> str:
    """The first rows to mend, each with what is wrong in it."""
    lines = [
        f"  row {row.row:,}: "
        + " / ".join(f"{fault['column'].replace('_', ' ')}: {fault['en']}" for fault in row.faults or [])
        for row in faulty.rows
    ]
    if faulty.found > len(faulty.rows):
        lines.append(f"  and {faulty.found - len(faulty.rows):,} more, on its page")
    return "".join(f"{line}\n" for line in lines)


def _summary(found: Campaign, counts: Mapping[str, int]) -> str:
    parts = [f"{counts[outcome]:,} {said}" for outcome, said in OUTCOMES.items() if counts.get(outcome)]
    refused = [head["name"] for head in found.heads if head.get("refused")]
    lines = [f"{found.name}: {' · '.join(parts) or 'nobody'}"]
    if refused:
        lines.append(f"Refused columns, of which nothing was stored: {', '.join(refused)}")
    return "".join(f"{line}\n" for line in lines)
