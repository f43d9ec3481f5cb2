"""The words of messages to candidates: the library's, or an organisation's own by kind, language and channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, message_links
from interview_ai.errors import Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules.message_words import CHANNELS, KINDS, LANGUAGES, faults
from interview_ai.tables import MessageText

LIBRARY = Path(__file__).parent / "library" / "messages"


@dataclass(frozen=True, slots=True)
class Which:
    """One text among an organisation's: what it is for, in which language, on which way."""

    kind: str
    language: str
    channel: str = "mail"

    @property
    def exists(self) -> bool:
        """Whether there is such a text."""
        return self.kind in KINDS and self.language in LANGUAGES and self.channel in CHANNELS


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body with their placeholders. `own`: somebody of the organisation wrote them."""

    subject: str
    body: str
    own: bool = False


@cache
def shipped(which: Which) -> Words:
    """The library's words: the first line of its file is the subject."""
    text = (LIBRARY / f"{which.kind}.{which.channel}.{which.language}.txt").read_text("utf-8")
    subject, _, body = text.partition("\n")
    return Words(subject, body.strip())


def of(session: Session, organisation_id: str, which: Which) -> Words:
    """What an organisation's message says now."""
    row = session.scalars(_rows(organisation_id, which)).one_or_none()
    return Words(row.subject, row.body, own=True) if row else shipped(which)


def _rows(organisation_id: str, which: Which) -> Select[MessageText]:
    return select(MessageText).where(
        MessageText.organisation_id == organisation_id,
        MessageText.kind == which.kind,
        MessageText.language == which.language,
        MessageText.channel == which.channel,
    )


def all_of(session: Session, organisation_id: str) -> Mapping[Which, Words]:
    """Every text of an organisation."""
    rows = session.scalars(select(MessageText).where(MessageText.organisation_id == organisation_id))
    own = {Which(row.kind, row.language, row.channel): Words(row.subject, row.body, own=True) for row in rows}
    every = (Which(kind, language, channel) for kind in KINDS for language in LANGUAGES for channel in CHANNELS)
    return {which: own.get(which) or shipped(which) for which in every}


def must_write(member: Member) -> None:
    """Raises Forbidden for whoever invites nobody."""
    if member.organisation_kind not in ("employer", "university"):
        raise Forbidden("Only employers and universities invite.", "초대는 기업과 대학만 보냅니다.")
    member.must_be("owner", "recruiter")


def write(session: Session, member: Member, new: Mapping[Which, tuple[str, str]]) -> None:
    """Keeps the words that differ from what the messages say now; all or none.

    Raises Invalid with all faults of the first text that has some; its field is the code.
    """
    must_write(member)
    for which, (subject, body) in new.items():
        words = Words(_tidy(subject), _tidy(body), own=True)
        now = of(session, member.organisation_id, which) if which.exists else None
        if now is None:
            raise NotFound
        if (now.subject, now.body) != (words.subject, words.body):
            _write(session, member, which, words)


def _write(session: Session, member: Member, which: Which, words: Words) -> None:
    wrong = faults(which.channel, words.subject, words.body, message_links.added(which.language))
    if wrong:
        ko, en = (" ".join(sentence.text(language) for sentence in wrong.values()) for language in LANGUAGES)
        raise Invalid(en, ko, code=next(iter(wrong)))
    row = session.scalars(_rows(member.organisation_id, which)).one_or_none() or MessageText(
        organisation_id=member.organisation_id, kind=which.kind, language=which.language, channel=which.channel
    )
    row.subject, row.body, row.staff_id, row.changed_at = words.subject, words.body, member.id, database.now(session)
    session.add(row)
    session.flush()
    _record(session, member, which, "message written")


def restore(session: Session, member: Member, which: Which) -> None:
    """Goes back to the library's words. Safe to run twice."""
    must_write(member)
    if not which.exists:
        raise NotFound
    same = (
        MessageText.kind == which.kind,
        MessageText.language == which.language,
        MessageText.channel == which.channel,
    )
    session.execute(delete(MessageText).where(MessageText.organisation_id == member.organisation_id, *same))
    _record(session, member, which, "message restored")


def _tidy(text: str) -> str:
    """Without blanks at the ends of lines, in which browsers and people differ."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _record(session: Session, member: Member, which: Which, action: str) -> None:
    details = {"kind": which.kind, "language": which.language, "channel": which.channel}
    audit.append(session, member.actor, action, f"organisation:{member.organisation_id}", details=details)
