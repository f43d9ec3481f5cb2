"""Inviting from a page: one person or many pasted lines, and what came of it as the page then shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form
from pydantic import BaseModel
from sqlalchemy.orm import Session

from interview_ai import database, invitees, message_links, openings
from interview_ai.errors import InterviewError, NotFound
from interview_ai.invitees import Invited, Line, Person
from interview_ai.organisations import Member
from interview_ai.rosters import Linked
from interview_ai.settings import settings
from interview_ai.tables import Opening

A_PART = 50  # people in one part of an opening's list
A_PART_OF_ALL = 12  # of a university's, whose page holds its openings too


class InvitationForm(BaseModel):
    """The fields of both forms; `many` says which one was sent. Without a language it is the opening's."""

    opening_id: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    lines: str = ""
    many: str = ""

    @property
    def person(self) -> Person:
        """The one person of the short form."""
        return Person(self.name.strip(), self.email.strip())


Sent = Annotated[InvitationForm, Form()]


@dataclass(frozen=True, slots=True)
class Said:
    """What an error says, to be shown on a later page."""

    code: str
    en: str
    ko: str

    def text(self, language: str) -> str:
        """The sentence in the reader's language."""
        return self.ko if language == "ko" else self.en


def said(error: InterviewError) -> Said:
    """The sentence of an error."""
    return Said(error.code, error.en, error.ko)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a link, or lines, or what is to be mended or asked, with all that was typed."""

    sent: InvitationForm
    link: str = ""
    lines: tuple[Line, ...] = ()
    faults: tuple[Said, ...] = ()
    error: Said | None = None
    asks: bool = False

    @property
    def typed(self) -> InvitationForm:
        """What stands in the forms now: what is still to be sent."""
        done = bool(self.link)
        left = invitees.to_mend(self.lines) if self.lines else self.sent.lines
        name, email = ("", "") if done else (self.sent.name, self.sent.email)
        return self.sent.model_copy(update={"name": name, "email": email, "lines": left})


def _in_language(session: Session, opening_id: str, sent: InvitationForm) -> InvitationForm:
    """With the language of the mails; raises NotFound where there is no such opening."""
    opening = session.get(Opening, opening_id)
    if opening is None:
        raise NotFound
    return sent if sent.language else sent.model_copy(update={"language": opening.language})


def outcome(tenant: str, member: Member, opening_id: str, sent: InvitationForm) -> Outcome:
    """Invites whoever is not invited yet; asks first where somebody is. Raises only what hides the opening."""
    faults = tuple(said(fault) for fault in invitees.faults(sent.person)) if not sent.many else ()
    if faults:
        return Outcome(sent, faults=faults)
    try:
        with database.transaction(tenant) as session:
            sent = _in_language(session, opening_id, sent)
            if sent.many:
                found = invitees.invite_many(session, member, opening_id, sent.lines, language=sent.language)
                return Outcome(sent, lines=tuple(found))
            link = invitees.invite_once(session, member, opening_id, sent.person, language=sent.language)
    except InterviewError as error:
        if error.status in (403, 404):
            raise
        asks = error.code == "invited"
        return Outcome(sent, error=None if asks else said(error), asks=asks)
    return Outcome(sent, link=link)


def again(tenant: str, member: Member, opening_id: str, sent: InvitationForm) -> Outcome:
    """Sends a link whether or not somebody is invited already; an earlier one of theirs ends. Raises InterviewError."""
    person = sent.person
    with database.transaction(tenant) as session:
        sent = _in_language(session, opening_id, sent)
        token = openings.invite(
            session, member, opening_id, name=person.name, email=person.email, language=sent.language
        )
    return Outcome(sent, link=message_links.link(token))


def context(found: Outcome | None, language: str, *, spoken: str = "") -> dict[str, Any]:
    """What the templates need; `spoken`: the language of mails that the forms propose, empty for the opening's."""
    faults = found.faults if found else ()
    return {
        "outcome": found,
        "typed": found.typed if found else InvitationForm(language=spoken),
        "wrong": {fault.code: fault.text(language) for fault in faults},
        "sentence": found.error.text(language) if found and found.error else None,
        "mails_leave": bool(settings().smtp_url),
        "most_lines": invitees.MOST_LINES,
    }


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a round over many people: `what` is invited or reminded, `count` how many.

    `links`: of those invited, for the file that hands them over where no mail leaves.
    """

    what: str
    count: int
    links: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be taken, or a moment that is none, as `typed`, with the sentences of both languages."""

    form: str
    code: str
    en: str
    ko: str
    typed: str = ""

    def text(self, language: str) -> str:
        """The sentence in the reader's language."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the invited a page shows: those whose name or address holds `who`, and which part of them."""

    who: str = ""
    part: int = 1


@dataclass(frozen=True, slots=True)
class View:
    """What the page of an opening shows beside the opening: what came of the last form, and whom it lists."""

    outcome: Outcome | None = None
    came: Came | None = None
    unread: Unread | None = None
    with_progress: bool = False
    wanted: Wanted = Wanted()


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of the invited: `people` are drawn, `found` hold the words, `total` are invited."""

    wanted: Wanted
    people: tuple[Invited, ...]
    found: int
    total: int
    a_part: int

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return max(1, -(-self.found // self.a_part))


def of_university(session: Session, member: Member, wanted: Wanted) -> Listed:
    """A part of whom the member's university invited, read as a part: it may be all its students."""
    found = invitees.count_of_university(session, member, wanted.who)
    part = min(max(1, wanted.part), max(1, -(-found // A_PART_OF_ALL)))
    start = (part - 1) * A_PART_OF_ALL
    people = tuple(invitees.of_university(session, member, who=wanted.who, start=start, most=A_PART_OF_ALL))
    total = invitees.count_of_university(session, member)
    return Listed(Wanted(wanted.who, part), people, found, total, a_part=A_PART_OF_ALL)


def listed(invited: Sequence[Invited], wanted: Wanted) -> Listed:
    """The part of the invited that is asked for; one behind the last is the last."""
    words = wanted.who.casefold().split()
    holding = [one for one in invited if all(word in f"{one.name} {one.email}".casefold() for word in words)]
    part = min(max(1, wanted.part), max(1, -(-len(holding) // A_PART)))
    drawn = holding[(part - 1) * A_PART : part * A_PART]
    return Listed(Wanted(wanted.who, part), tuple(drawn), len(holding), len(invited), a_part=A_PART)
