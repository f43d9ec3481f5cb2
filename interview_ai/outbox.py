"""`interview-ai mails`: what waits in the outbox, so that links reach people where no mail server is set."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import campaigns, typed
from interview_ai.database import EVERYWHERE, reading
from interview_ai.errors import NotFound
from interview_ai.mail import moment
from interview_ai.tables import Campaign, CampaignRow, Mail


def command(given: argparse.Namespace) -> int:
    """Lists the mails that have not left, one a line; with an id prints that one whole, the links in it too.

    What is no mail yet, and how to read one, is said on standard error: the list is for programs too.
    """
    wanted = given.show or given.mail
    if wanted:
        sys.stdout.write(_whole(wanted))
        return 0
    with reading(EVERYWHERE) as session:
        waiting, to_come = _waiting(session), list(_to_come(session))
    sys.stdout.write("".join(_written(waiting)) or "No mail waits in the outbox.\n")
    hint = [typed.here("One of them whole, with its links: interview-ai mails ID")] if waiting else []
    sys.stderr.write("".join(_written([*to_come, *hint])))
    return 0


def _written(lines: Iterable[str]) -> Iterator[str]:
    return (f"{_plain(line).rstrip()}\n" for line in lines)


def _waiting(session: Session) -> list[str]:
    found = session.scalars(select(Mail).where(Mail.state != "sent").order_by(Mail.created_at)).all()
    return [f"{mail.id}  {mail.state:8}{mail.recipient}  {mail.subject}  {_error(mail)}" for mail in found]


def _to_come(session: Session) -> Iterator[str]:
    """Whom campaigns will still write to and when: their mails are made only as they leave."""
    running = select(Campaign).where(Campaign.state.in_(("sending", "paused")), Campaign.channel != "file")
    for one in session.scalars(running.order_by(Campaign.created_at)):
        left = _left(session, one)
        if left and one.state == "paused":
            yield f"The campaign {one.name} is paused; {left:,} of its people were not written to yet."
        elif left:
            begins, ends = campaigns.expected(session, one, left)
            yield (
                f"The campaign {one.name} will write to {left:,} more: "
                f"from {moment(begins, 'en')}, the last about {moment(ends, 'en')}."
            )


def _left(session: Session, campaign: Campaign) -> int:
    behind = (CampaignRow.campaign_id == campaign.id, CampaignRow.row > campaign.sent_row)
    return session.scalar(select(func.count()).where(*behind, CampaignRow.outcome == "ready")) or 0


def _error(mail: Mail) -> str:
    return f"[{mail.error}]" if mail.error else ""


def _whole(mail_id: str) -> str:
    with reading(EVERYWHERE) as session:
        mail = session.get(Mail, mail_id)
        if mail is None or mail.state == "sent":
            raise NotFound(
                f"No mail {mail_id} waits in the outbox; what has left is not kept.",
                f"보낼 편지함에 {mail_id} 메일이 없습니다. 이미 보낸 메일은 남겨 두지 않습니다.",
            )
        head = [f"To: {mail.recipient}", f"Subject: {mail.subject}", f"State: {mail.state} {_error(mail)}".rstrip()]
        attached = [
            f"{name}: {json.dumps(item, ensure_ascii=False)}" for name, item in (mail.attachments or {}).items()
        ]
        by_phone = [f"To phone: {mail.phone}", *mail.short.splitlines(), ""] if mail.short else []
        lines = [*head, "", *by_phone, *mail.body.splitlines(), *attached]
    return "".join(f"{_plain(line)}\n" for line in lines)


def _plain(line: str) -> str:
    """Without signs that would steer the terminal: names and titles are what somebody typed."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
