"""What came back: bounces (RFC 3464) and complaints (RFC 5965) are read and tied to the mail that they are about.

Anybody can send such a mail, so nothing in it is believed but the random id of a mail of ours, and the worst that it
does is to mark that one mail or to end messages to its receiver.
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, opt_outs, webhook_events
from interview_ai.database import EVERYWHERE, transaction
from interview_ai.errors import NotFound
from interview_ai.settings import settings
from interview_ai.tables import CampaignRow, Invitation, Mail, Returned

MOST_BYTES = 1_000_000  # of one returned mail; what stands behind is not looked at
MOST_PARTS = 50
A_ROUND = 200  # files of the Maildir in one call
LONGEST_NAME = 240  # characters of a file's name that are kept: a mark follows, and file systems take 255 bytes
OUR_ID = re.compile(r"<?\s*([0-9a-f]{32})(?:@[^<>\s]*)?\s*>?")
STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
WANTED = ("abuse", "fraud", "opt-out", "opt-out-list", "complaint", "virus")
# what the email package raises for what is no mail at all, its bugs among them
UNREADABLE = (
    *(MessageError, ValueError, LookupError, AttributeError, TypeError, AssertionError),
    RecursionError,
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What a returned mail says of one of ours. `kind`: bounce or complaint; `code`: 5.1.1, or the complaint's type."""

    mail_id: str
    kind: str
    code: str
    permanent: bool


def read(content: bytes) -> Report | None:
    """The report in a mail; None for anything else, whatever it holds."""
    try:
        message = message_from_bytes(content[:MOST_BYTES])
        return _report(message)
    except UNREADABLE as error:
        log.info("a returned mail cannot be read: %s", type(error).__name__)
        return None


def _report(message: Message) -> Report | None:
    parts = list(_parts(message))
    # behind the first: the report's own Message-ID is its sender's, and may look like one of ours
    mail_id = next(filter(None, map(_id_in, parts[1:])), None)
    if message.get_content_type() != "multipart/report" or mail_id is None:
        return None
    complaint = next((_field(part, "feedback-type") for part in parts if part.get("feedback-type")), None)
    if complaint is not None:
        kind = complaint.strip().lower()
        return Report(mail_id, "complaint", kind[:16], permanent=True) if kind in WANTED else None
    return next(filter(None, (_bounce(part, mail_id) for part in parts)), None)


def _parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """The mail, its parts and theirs: the first MOST_PARTS of each, four levels down; reports hold no more."""
    yield message
    content = message.get_payload()
    if isinstance(content, list) and depth < 4:
        for part in content[:MOST_PARTS]:
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)
    elif message.get_content_type() == "text/rfc822-headers" and isinstance(content, str):
        yield message_from_bytes(content.encode("ascii", "replace"))


def _id_in(part: Message) -> str | None:
    """The id of a mail of ours that a part names: the envelope's, or the Message-ID of what was returned."""
    for name in ("original-envelope-id", "message-id"):
        found = OUR_ID.fullmatch(_field(part, name).strip())
        if found:
            return found[1]
    return None


def _field(part: Message, name: str) -> str:
    return str(part.get(name) or "")


def _bounce(part: Message, mail_id: str) -> Report | None:
    """One receiver's block of a delivery status; what is only late or has been delivered is no bounce."""
    if _field(part, "action").strip().lower() != "failed":
        return None
    found = STATUS.search(_field(part, "status")) or STATUS.search(_field(part, "diagnostic-code"))
    code = found[0] if found else "5.0.0"
    return Report(mail_id, "bounce", code, permanent=not code.startswith("4"))


def take(session: Session, report: Report) -> bool:
    """Keeps what came back with its mail; False for a mail that is not ours or a report that was kept before.

    A complaint ends further messages to the receiver. Needs a session for EVERYWHERE.
    """
    mail = session.get(Mail, report.mail_id, with_for_update=True)
    if mail is None or not mail.attempts:
        log.info("a returned mail names none of ours")
        return False
    same = (Returned.mail_id == mail.id, Returned.kind == report.kind, Returned.code == report.code)
    if session.scalars(select(Returned.id).where(*same)).first():
        return False
    at = database.now(session)
    row = Returned(mail_id=mail.id, kind=report.kind, code=report.code, permanent=report.permanent, created_at=at)
    session.add(row)
    if report.kind == "bounce":
        mail.returned_at = mail.returned_at or at
        _tell(session, mail)
    elif mail.unsubscribe:
        _end(session, mail.unsubscribe)
    audit.append(
        session,
        audit.SERVICE,
        f"mail returned: {report.kind}",
        f"mail:{mail.id}",
        organisation_id=mail.organisation_id,
        details={"code": report.code},
    )
    return True


def _tell(session: Session, mail: Mail) -> None:
    """Whoever invited by a campaign learns that its mail came back."""
    rows = (CampaignRow.campaign_id == mail.campaign_id, CampaignRow.email == mail.recipient)
    wanted = select(Invitation).join(CampaignRow, CampaignRow.invitation_id == Invitation.id).where(*rows)
    for invitation in session.scalars(wanted):
        webhook_events.invitation(session, "bounced", invitation, cause=mail.id)


def _end(session: Session, stop_token: str) -> None:
    try:
        opt_outs.end(session, opt_outs.read(stop_token), source="complaint")
    except NotFound:
        log.warning("a complaint is about a mail of another secret; nothing was ended")


def note(content: bytes) -> bool:
    """Reads one returned mail and keeps what it says; False where it says nothing new of a mail of ours."""
    report = read(content)
    if report is None:
        log.info("a mail came back that is no report about one of ours")
        return False
    with transaction(EVERYWHERE) as session:
        return take(session, report)


def empty_maildir() -> int:
    """Reads what lies in `new` of the settings' Maildir and moves it to `cur`; returns how many told something."""
    folder = settings().bounces_dir
    if folder is None or not (folder / "new").is_dir():
        return 0
    told = 0
    try:
        (folder / "cur").mkdir(exist_ok=True)
        waiting = (path for path in sorted((folder / "new").iterdir()) if path.is_file() and not path.is_symlink())
        for path in islice(waiting, A_ROUND):
            told += _note_file(path, folder / "cur")
    except OSError as error:
        log.warning("the folder of returned mails cannot be emptied: %s", type(error).__name__)
    return told


def _note_file(path: Path, seen: Path) -> bool:
    try:
        told = note(_beginning(path))
        path.rename(seen / f"{path.name.split(':')[0][:LONGEST_NAME]}:2,S")
    except FileNotFoundError:  # another timetable was first
        return False
    return told


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES)


def _named(path: Path) -> bytes:
    """Raises NotFound for a file that cannot be read."""
    try:
        return _beginning(path)
    except OSError as error:
        raise NotFound(f"{path} cannot be read.", f"{path} 파일을 읽을 수 없습니다.") from error


def command(given: argparse.Namespace) -> int:
    """`interview-ai bounces`: reads one mail from standard input, or the named files. A mail server pipes into it.

    Exits 0 whatever was in it: anything else would make the mail server return the returned mail.
    """
    contents = [_named(Path(name)) for name in given.files] or [sys.stdin.buffer.read(MOST_BYTES)]
    told = sum(note(content) for content in contents)
    sys.stdout.write(f"{told} of {len(contents)} said something new about a mail of ours.\n")
    return 0
