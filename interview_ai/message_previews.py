"""A message as its receiver will see it, with made-up values, and a test message to oneself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from interview_ai import audit, database, mail, mail_frames, message_texts, messages, opt_outs, tokens
from interview_ai.errors import NotFound
from interview_ai.mail_frames import Dressed
from interview_ai.message_texts import Which, Words
from interview_ai.organisations import Member
from interview_ai.rules import message_words
from interview_ai.tables import Organisation

TITLES = {"ko": "품질관리 신입", "en": "Quality control, entry level"}
EMPLOYERS = {"ko": "(기업 이름)", "en": "(the employer)"}
TESTS = {"ko": "[시험] ", "en": "[Test] "}
MINUTES = "12"
NO_LINK = "example"  # what the link of an example ends with: it opens nothing
NOBODY = "nobody@example.invalid"  # whose messages the link to stop in an example ends


@dataclass(frozen=True, slots=True)
class Preview:
    """What arrives: subject and text, for a text message with its size in bytes and what operators carry it as."""

    subject: str
    text: str
    html: str = ""
    size: int = 0
    carried_as: str = ""


def of(session: Session, member: Member, which: Which, words: Words | None = None) -> Preview:
    """The message as it would arrive. `words`: as typed, not yet kept; without them those that are in use.

    Raises NotFound for a message that there is not.
    """
    message_texts.must_write(member)
    if not which.exists:
        raise NotFound
    words = words or message_texts.of(session, member.organisation_id, which)
    organisation = session.get_one(Organisation, member.organisation_id)
    if which.channel == "sms":
        frame = mail_frames.of_organisation(organisation, which.language, stop=_stop(member))
        text = mail_frames.short(message_words.filled(words.body, _values(session, member, which)), frame)
        return Preview("", text, size=message_words.size(text), carried_as=message_words.carried_as(text))
    dressed = _dressed(session, member, which, words)
    return Preview(dressed["subject"], dressed["body"], dressed["html"])


def _dressed(session: Session, member: Member, which: Which, words: Words, *, before: str = "") -> Dressed:
    organisation = session.get_one(Organisation, member.organisation_id)
    values = _values(session, member, which)
    letter = (before + message_words.filled(words.subject, values), message_words.filled(words.body, values))
    button = messages.BUTTONS[which.kind][which.language]
    return mail_frames.dressed(
        organisation, which.language, letter, link=values["link"], button=button, stop=_stop(member)
    )


def _stop(member: Member) -> str:
    return opt_outs.address(opt_outs.token(member.organisation_id, NOBODY))


def _values(session: Session, member: Member, which: Which) -> dict[str, str]:
    until = (database.now(session) + timedelta(days=7)).replace(hour=9, minute=0)  # 18:00 in Korea
    return {
        "name": member.name,
        "title": TITLES[which.language],
        "organisation": _employer(member, which.language),
        "until": mail.moment(until, which.language),
        "link": messages.link(NO_LINK),
        "minutes": MINUTES,
    }


def _employer(member: Member, language: str) -> str:
    """Who would be interviewing: a university invites to the openings of others."""
    return EMPLOYERS[language] if member.organisation_kind == "university" else member.organisation_name.text(language)


def send_test(session: Session, member: Member, which: Which) -> None:
    """Sends the mail as it is kept to the member's own address. Raises NotFound for what is no mail."""
    message_texts.must_write(member)
    if not which.exists or which.channel != "mail":
        raise NotFound
    words = message_texts.of(session, member.organisation_id, which)
    mail.queue(
        session,
        cause=f"test:{tokens.new_token()}",
        recipient=member.email,
        **_dressed(session, member, which, words, before=TESTS[which.language]),
        organisation_id=member.organisation_id,
    )
    details = {"kind": which.kind, "language": which.language}
    subject = f"organisation:{member.organisation_id}"
    audit.append(session, member.actor, "test message sent", subject, details=details)
