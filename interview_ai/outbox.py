"""`interview-ai mails`: what waits in the outbox, so that links reach people where no mail server is set."""

from __future__ import annotations

import argparse
import json
import sys

from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading
from interview_ai.errors import NotFound
from interview_ai.tables import Mail


def command(given: argparse.Namespace) -> int:
    """Lists the mails that have not left; with `--show` prints one whole, the links in it too."""
    sys.stdout.write(_whole(given.show) if given.show else _list())
    return 0


def _list() -> str:
    with reading(EVERYWHERE) as session:
        waiting = session.scalars(select(Mail).where(Mail.state != "sent").order_by(Mail.created_at)).all()
        lines = [f"{mail.id}  {mail.state:8}{mail.recipient}  {mail.subject}  {_error(mail)}" for mail in waiting]
    return "".join(f"{_plain(line).rstrip()}\n" for line in lines) or "No mail waits in the outbox.\n"


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
