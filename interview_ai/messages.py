"""Messages to candidates: the invitation and what reminds of it, in their language and the inviting side's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from interview_ai import mail, mail_frames, message_links, message_texts, opt_outs, tokens
from interview_ai.addresses import deliverable
from interview_ai.errors import Invalid
from interview_ai.mail_frames import Dressed
from interview_ai.message_texts import Which
from interview_ai.rules import message_words, refusals
from interview_ai.settings import settings
from interview_ai.tables import Campaign, CampaignRow, Candidate, Invitation, Mail, Opening, Organisation, Returned

BUTTONS = {
    "invitation": {"ko": "면접 열기", "en": "Open the interview"},
    "not_opened": {"ko": "면접 열기", "en": "Open the interview"},
    "not_begun": {"ko": "면접 시작하기", "en": "Begin the interview"},
    "not_finished": {"ko": "이어서 하기", "en": "Go on"},
}
REFUSALS = {"failed": "refused", "dropped": "dropped"}


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody of a campaign whom a message did not reach. `kind`: refused, bounce, complaint, dropped."""

    row: int
    name: str
    email: str
    kind: str
    code: str
    at: datetime

    @property
    def reason(self) -> str:
        """Why a server did not take it, in one word; nothing where no server said so."""
        return refusals.reason(self.code) if self.kind in ("refused", "bounce") else ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one candidate. `sender`: whose words and colour they are. `phone`: for a text message."""

    kind: str
    sender: Organisation
    opening: Opening
    candidate: Candidate
    invitation: Invitation
    token: str
    campaign: Campaign | None = None
    phone: str | None = None

    @property
    def language(self) -> str:
        """The receiver's language."""
        return "ko" if self.candidate.language == "ko" else "en"

    @property
    def link(self) -> str:
        """The address that the candidate opens."""
        return message_links.link(self.token)


def invitation(
    session: Session,
    *,
    opening: Opening,
    candidate: Candidate,
    invitation: Invitation,
    token: str,
    campaign: Campaign | None = None,
    phone: str | None = None,
) -> None:
    """Writes the invitation into the outbox, in the words of whoever invites."""
    sender = session.get_one(Organisation, invitation.inviting_organisation_id)
    message = Message("invitation", sender, opening, candidate, invitation, token, campaign, phone)
    send(session, message, cause=f"invitation:{tokens.digest(token)}")


def send(session: Session, message: Message, *, cause: str) -> bool:
    """Writes a message into the outbox; False where its cause was there before.

    By text message where the campaign says so, a number is known and a gateway is set, otherwise by mail.
    """
    employer = session.get_one(Organisation, message.opening.organisation_id)
    by_phone = bool(message.phone and settings().sms_url and message.campaign and message.campaign.channel == "sms")
    addresses = [message.candidate.email, *([message.phone] if by_phone and message.phone else [])]
    stop = opt_outs.token(message.sender.id, *addresses)
    return mail.queue(
        session,
        cause=cause,
        recipient=message.candidate.email,
        **_mail(session, message, employer, stop),
        organisation_id=message.opening.organisation_id,
        reply_to=_reply_to(message),
        unsubscribe=stop,
        campaign_id=message.campaign.id if message.campaign else None,
        channel="sms" if by_phone else "mail",
        phone=message.phone if by_phone else None,
        short=_short(session, message, employer, stop) if by_phone else None,
    )


def _mail(session: Session, message: Message, employer: Organisation, stop: str) -> Dressed:
    words = message_texts.of(session, message.sender.id, Which(message.kind, message.language))
    values = _values(message, employer)
    letter = message_words.filled(words.subject, values), message_words.filled(words.body, values)
    button, address = BUTTONS[message.kind][message.language], opt_outs.address(stop)
    return mail_frames.dressed(message.sender, message.language, letter, link=message.link, button=button, stop=address)


def _short(session: Session, message: Message, employer: Organisation, stop: str) -> str:
    words = message_texts.of(session, message.sender.id, Which(message.kind, message.language, "sms"))
    frame = mail_frames.of_organisation(message.sender, message.language, stop=opt_outs.address(stop))
    return mail_frames.short(message_words.filled(words.body, _values(message, employer)), frame)


def _values(message: Message, employer: Organisation) -> dict[str, str]:
    korean = message.language == "ko"
    seconds = sum(question.think_s + question.answer_s for question in message.opening.questions)
    return {
        "name": message.candidate.name,
        "title": message.opening.title_ko if korean else message.opening.title_en,
        "organisation": employer.name_ko if korean else employer.name_en,
        "until": mail.moment(message.invitation.expires_at, message.language),
        "link": message.link,
        "minutes": str(message_words.minutes(seconds)),
    }


def _reply_to(message: Message) -> str | None:
    """Where answers go: what the campaign says, else the opening's contact where that is a mail address."""
    wanted = (message.campaign.reply_to if message.campaign else None) or message.opening.contact
    try:
        deliverable(wanted or "")
    except Invalid:
        return None
    return wanted


def counts(session: Session, campaign_id: str) -> dict[str, int]:
    """How many of a campaign's messages left, wait, were refused or dropped, and how many came back."""
    wanted = select(Mail.state, func.count()).where(Mail.campaign_id == campaign_id).group_by(Mail.state)
    found: dict[str, int] = dict(session.execute(wanted).all())
    came_back = select(func.count()).select_from(Mail).where(Mail.returned_at.is_not(None))
    return {
        "sent": found.get("sent", 0),
        "pending": found.get("pending", 0) + found.get("sending", 0),
        "failed": found.get("failed", 0),
        "dropped": found.get("dropped", 0),
        "returned": session.scalar(came_back.where(Mail.campaign_id == campaign_id)) or 0,
    }


def waiting(session: Session, organisation_id: str) -> set[str]:
    """The organisation's campaigns of which a message has not left yet."""
    wanted = select(Campaign.id).join(Mail, Mail.campaign_id == Campaign.id)
    mine = wanted.where(Campaign.organisation_id == organisation_id, Mail.state.in_(("pending", "sending")))
    return set(session.scalars(mine.distinct()))


def returned_of(session: Session, campaign_id: str) -> list[Unreached]:
    """Whom a campaign's messages did not reach, and who complained, by row: what was refused, came back, was dropped.

    Needs a session of the campaign's organisation or for EVERYWHERE; whose campaign it is, the caller has checked.
    """
    here = Mail.campaign_id == campaign_id
    never = _by_row(here, Mail.state.in_(("failed", "dropped")))
    rows = [
        Unreached(row.row, row.name, row.email, REFUSALS[mail.state], _code(mail), mail.next_at)
        for row, mail in session.execute(never)
    ]
    back = _by_row(here).add_columns(Returned).join(Returned, Returned.mail_id == Mail.id)
    for row, _, came in session.execute(back):
        rows.append(Unreached(row.row, row.name, row.email, came.kind, came.code, came.created_at))
    return sorted(rows, key=lambda one: (one.row, one.at))


def _code(mail: Mail) -> str:
    """Why it did not leave, without the name that the mail library has for it."""
    return re.sub(r"^SMTP\w+ ", "", mail.error or "")


def _by_row(*which: ColumnElement[bool]) -> Select[CampaignRow, Mail]:
    mine = and_(CampaignRow.campaign_id == Mail.campaign_id, CampaignRow.email == Mail.recipient)
    return select(CampaignRow, Mail).join(Mail, mine).where(CampaignRow.invitation_id.is_not(None), *which)
