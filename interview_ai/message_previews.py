"""A message as its receiver will see it, with made-up values, and a test message: a mail to oneself, or a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, mail, mail_frames, message_links, message_texts, messages, opt_outs, tokens
from interview_ai.errors import Invalid, NotFound, TooMuch
from interview_ai.mail_frames import Dressed
from interview_ai.message_texts import Which, Words
from interview_ai.organisations import Member
from interview_ai.rules import message_words, roster
from interview_ai.settings import settings
from interview_ai.tables import Mail, Organisation

TITLES = {"ko": "품질관리 신입", "en": "Quality control, entry level"}
EMPLOYERS = {"ko": "(기업 이름)", "en": "(the employer)"}
TESTS = {"ko": "[시험] ", "en": "[Test] "}
MINUTES = "12"
MOST_TEXTS, TEXTS_WITHIN = 5, timedelta(hours=1)  # test text messages of one organisation
NO_LINK = "example"  # what the link of an example ends with: it opens nothing


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
    if which.channel == "sms":
        text = _short(session, member, which, words)
        real = text.replace(message_links.link(NO_LINK), message_links.added(which.language).link)
        return Preview("", text, size=message_words.size(real), carried_as=message_words.carried_as(real))
    dressed = _dressed(session, member, which, words)
    return Preview(dressed["subject"], dressed["body"], dressed["html"])


def _short(session: Session, member: Member, which: Which, words: Words) -> str:
    organisation = session.get_one(Organisation, member.organisation_id)
    stop = _stop(member, message_links.NO_NUMBER)
    frame = mail_frames.of_organisation(organisation, which.language, stop=stop)
    return mail_frames.short(message_words.filled(words.body, _values(session, member, which)), frame)


def _dressed(session: Session, member: Member, which: Which, words: Words, *, before: str = "") -> Dressed:
    organisation = session.get_one(Organisation, member.organisation_id)
    values = _values(session, member, which)
    letter = (before + message_words.filled(words.subject, values), message_words.filled(words.body, values))
    button = messages.BUTTONS[which.kind][which.language]
    return mail_frames.dressed(
        organisation, which.language, letter, link=values["link"], button=button, stop=_stop(member)
    )


def _stop(member: Member, *number: str) -> str:
    """A link that ends nobody's messages, as long as a real one."""
    return opt_outs.address(opt_outs.token(member.organisation_id, message_links.NOBODY, *number))


def _values(session: Session, member: Member, which: Which) -> dict[str, str]:
    until = (database.now(session) + timedelta(days=7)).replace(hour=9, minute=0)  # 18:00 in Korea
    return {
        "name": member.name,
        "title": TITLES[which.language],
        "organisation": _employer(member, which.language),
        "until": mail.moment(until, which.language),
        "link": message_links.link(NO_LINK),
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


def send_test_text(session: Session, member: Member, which: Which, typed: str) -> None:
    """Sends the text message as it is kept to the number that somebody typed; refused by the gateway, it is mailed to
    the member, as every text message is.

    Raises NotFound where no gateway is set, Invalid (code phone) for what is no number or wants none, TooMuch.
    """
    message_texts.must_write(member)
    if not which.exists or which.channel != "sms" or not settings().sms_url:
        raise NotFound
    number = _number(session, member, typed)
    _must_not_be_many(session, member)
    words = message_texts.of(session, member.organisation_id, which)
    by_mail = Which(which.kind, which.language)
    other = message_texts.of(session, member.organisation_id, by_mail)
    mail.queue(
        session,
        cause=f"{_cause(member)}{tokens.new_token()}",
        recipient=member.email,
        **_dressed(session, member, by_mail, other, before=TESTS[which.language]),
        organisation_id=member.organisation_id,
        channel="sms",
        phone=number,
        short=TESTS[which.language] + _short(session, member, which, words),
    )
    details = {"kind": which.kind, "language": which.language, "channel": "sms"}
    subject = f"organisation:{member.organisation_id}"
    audit.append(session, member.actor, "test message sent", subject, details=details)


def _number(session: Session, member: Member, typed: str) -> str:
    number = roster.phone(typed.strip())
    if number is None:
        raise Invalid(roster.PHONE.en, roster.PHONE.ko, code="phone")
    if opt_outs.wants_none(session, member.organisation_id, number):
        raise Invalid(
            "Whoever has this number asked for no more messages. Type another one.",
            "안내를 더 받지 않겠다고 한 번호입니다. 다른 번호를 적어 주십시오.",
            code="phone",
        )
    return number


def _cause(member: Member) -> str:
    return f"test-text:{member.organisation_id}:"


def _must_not_be_many(session: Session, member: Member) -> None:
    """Each costs somebody money, and the number may be anybody's."""
    since = database.now(session) - TEXTS_WITHIN
    lately = (Mail.cause.startswith(_cause(member)), Mail.created_at > since)
    if session.scalars(select(func.count(Mail.id)).where(*lately)).one() >= MOST_TEXTS:
        raise TooMuch(
            f"At most {MOST_TEXTS} test text messages an hour leave for your organisation. Try again later.",
            f"시험 문자는 기관마다 한 시간에 {MOST_TEXTS}번까지 보낼 수 있습니다. 잠시 뒤 다시 시도해 주십시오.",
            status=429,
        )
