"""A row of the outbox as the mail that travels: its headers, its parts, and the Message-ID that it keeps for ever."""

from __future__ import annotations

import json
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from interview_ai import opt_outs
from interview_ai.addresses import deliverable
from interview_ai.errors import InterviewError, Invalid, Misconfigured
from interview_ai.settings import settings
from interview_ai.tables import Mail

# what the email package raises for a header or a text that it cannot write; AttributeError and IndexError are its bugs
UNWRITABLE = (InterviewError, MessageError, ValueError, LookupError, AttributeError)


def sender() -> Address:
    """Who every mail is from. Raises Misconfigured."""
    name, address = parseaddr(settings().mail_from)
    try:
        return Address(name, addr_spec=deliverable(address))
    except (Invalid, ValueError) as error:
        raise Misconfigured(
            "INTERVIEW_MAIL_FROM must be one address, for example: Onterview <no-reply@example.org>",
            "INTERVIEW_MAIL_FROM 설정은 주소 하나여야 합니다. 예: Onterview <no-reply@example.org>",
        ) from error


def message_id(mail: Mail) -> str:
    """The mail's own Message-ID, the same at each attempt, so that a mail sent twice is shown once."""
    return f"<{mail.id}@{sender().domain}>"


def written(mail: Mail, by: Address) -> EmailMessage:
    """The whole mail. Raises one of UNWRITABLE for what no mail can hold."""
    message = EmailMessage(policy=SMTP)
    message["From"] = by
    message["To"] = Address(addr_spec=deliverable(mail.recipient))
    # the email package decodes =?…?= in what it is given, and a line break in there would end the header
    message["Subject"] = mail.subject.replace("=?", "= ?")
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(mail)
    message["Auto-Submitted"] = "auto-generated"
    if mail.campaign_id:
        message["Precedence"] = "bulk"
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=deliverable(mail.reply_to))
    if mail.unsubscribe:
        _may_be_ended(message, opt_outs.address(mail.unsubscribe))
    message.set_content(mail.body)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    for name, document in (mail.attachments or {}).items():
        content = json.dumps(document, ensure_ascii=False, indent=2).encode()
        message.add_attachment(content, maintype="application", subtype="json", filename=name)
    return message


def _may_be_ended(message: EmailMessage, address: str) -> None:
    """Where further ones are ended. The one click of RFC 8058 is only offered over https, as the RFC asks."""
    message["List-Unsubscribe"] = f"<{address}>"
    if address.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
