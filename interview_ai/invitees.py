"""Who is invited to an opening and how far they are, by name; and inviting many people from pasted lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from interview_ai import audit, message_links, openings, proofs
from interview_ai.drafts import tidy
from interview_ai.errors import Conflict, InterviewError, Invalid
from interview_ai.names import candidate_name
from interview_ai.organisations import Member, address_of
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Candidate, Interview, Invitation, Opening

MOST_LINES = 200
ADDRESSED = re.compile(r"(?P<name>.*?)\s*<(?P<email>[^<>]*)>")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to invite, as typed."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one line: `link` where somebody was invited, `fault` where the line is to be mended."""

    number: int
    text: str
    person: Person
    outcome: Literal["invited", "already", "faulty"]
    link: str = ""
    fault: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """One invitation by name. What tells progress is None where it is blind and nobody asked to see it.

    `failures`: how often the check whose the link is failed; `stuck`: its holder cannot go on alone.
    """

    id: str
    opening_id: str
    name: str
    email: str
    language: str
    at: datetime
    until: datetime
    state: str | None
    ours: bool
    reminded_at: datetime | None
    opened_at: datetime | None = None
    failures: int = 0
    stuck: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing can be taken back any more."""
        return self.state in openings.OVER


def faults(person: Person) -> list[Invalid]:
    """What is wrong with a name and an address, each under the name of its field."""
    checks = {"name": partial(candidate_name, person.name), "email": partial(address_of, person.email)}
    found = []
    for field, check in checks.items():
        try:
            check()
        except Invalid as error:
            found.append(Invalid(error.en, error.ko, code=field))
    return found


def read(text: str) -> Person:
    """A pasted line: `name, address`, with a tab or a blank between them, or `name <address>`; either order."""
    addressed = ADDRESSED.fullmatch(text.strip().rstrip(","))
    if addressed:
        return Person(tidy(addressed["name"]).strip('"'), addressed["email"].strip())
    parts = [part.strip() for part in re.split(r"[\t,;]", text) if part.strip()]
    if len(parts) == 1 and sum("@" in word for word in text.split()) == 1:
        parts = parts[0].split()
    email = next((part for part in parts if "@" in part), "")
    return Person(" ".join(part for part in parts if part != email), email)


def is_invited(session: Session, opening_id: str, email: str) -> bool:
    """Whether somebody with this address has an invitation to the opening, from whomever."""
    employer = select(Opening.organisation_id).where(Opening.id == opening_id).scalar_subquery()
    wanted = select(Invitation.id).join(Candidate, Candidate.id == Invitation.candidate_id)
    who = (Candidate.organisation_id == employer, Candidate.email == address_of(email))  # as the index has it
    there = wanted.where(Invitation.opening_id == opening_id, *who)
    return session.scalars(there).first() is not None


def invite_once(session: Session, member: Member, opening_id: str, person: Person, *, language: str) -> str:
    """Invites somebody who is not invited yet; returns the link. Raises Conflict (code invited) for who is."""
    if is_invited(session, opening_id, person.email):
        raise Conflict("This person is invited already.", "이미 초대한 분입니다.", code="invited")
    token = openings.invite(session, member, opening_id, name=person.name, email=person.email, language=language)
    return message_links.link(token)


def invite_many(session: Session, member: Member, opening_id: str, pasted: str, *, language: str) -> list[Line]:
    """Invites whoever can be, line by line; nobody gets a second link, so sending the same lines again is harmless.

    Raises Invalid for more than MOST_LINES lines and for none, Conflict for a closed opening.
    """
    lines = [(number, text.strip()) for number, text in enumerate(pasted.splitlines(), 1) if text.strip()]
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(
            f"Write 1 to {MOST_LINES} lines, one person each.",
            f"한 줄에 한 명씩, 1줄에서 {MOST_LINES}줄까지 적어 주십시오.",
            code="lines",
        )
    return [_line(session, member, opening_id, number=number, text=text, language=language) for number, text in lines]


def _line(session: Session, member: Member, opening_id: str, *, number: int, text: str, language: str) -> Line:
    person = read(text)
    wrong = faults(person)
    if wrong:
        fault = Bilingual(" ".join(one.ko for one in wrong), " ".join(one.en for one in wrong))
        return Line(number, text, person, "faulty", fault=fault)
    try:
        return Line(
            number, text, person, "invited", link=invite_once(session, member, opening_id, person, language=language)
        )
    except InterviewError as error:
        if error.code == "opted_out":
            return Line(number, text, person, "faulty", fault=Bilingual(error.ko, error.en))
        if error.code != "invited":
            raise
        return Line(number, text, person, "already")


def of_opening(session: Session, member: Member, found: Opening, *, with_progress: bool) -> list[Invited]:
    """Who is invited to the member's own opening.

    KR-13: numbers are given in the order in which people begin, so in a blind opening a name that turns to "started"
    between two looks is the newest number of the list. Who invites does need to know who is still to be reminded:
    `with_progress` is the logged act (`look`) by which an owner or a recruiter sees it.
    """
    shown = not found.blind or with_progress
    return _invited(session, member, Invitation.opening_id == found.id, shown=shown)


def of_university(session: Session, member: Member, *, who: str, start: int, most: int) -> list[Invited]:
    """Whom the member's university invited, in all openings: `most` of those whose name or address holds the words.

    It rates nobody, so that progress tells it no number.
    """
    return _invited(session, member, _of_university(member, who), shown=True, start=start, most=most)


def count_of_university(session: Session, member: Member, who: str = "") -> int:
    """How many those are, whatever part of them is asked for."""
    joined = select(func.count(Invitation.id)).join(Candidate, Candidate.id == Invitation.candidate_id)
    return session.scalars(joined.where(_of_university(member, who))).one()


def _of_university(member: Member, who: str) -> ColumnElement[bool]:
    holds = [
        or_(Candidate.name.icontains(word, autoescape=True), Candidate.email.icontains(word, autoescape=True))
        for word in who.split()
    ]
    return and_(Invitation.inviting_organisation_id == member.organisation_id, *holds)


def look(session: Session, member: Member, opening_id: str) -> None:
    """Keeps on the record that somebody looked at who has begun and finished in a blind opening (KR-13)."""
    member.must_be("owner", "recruiter")
    openings.own(session, opening_id)
    audit.append(session, member.actor, "progress by name seen", f"opening:{opening_id}")


def _invited(
    session: Session,
    member: Member,
    which: ColumnElement[bool],
    *,
    shown: bool,
    start: int = 0,
    most: int | None = None,
) -> list[Invited]:
    wanted = (
        select(Invitation, Candidate, Interview.state)
        .join(Candidate, Candidate.id == Invitation.candidate_id)
        .outerjoin(Interview, Interview.invitation_id == Invitation.id)
        .where(which)
        .order_by(Candidate.name, Invitation.id)
        .offset(start)
        .limit(most)
    )
    return [
        Invited(
            invitation.id,
            opening_id=invitation.opening_id,
            name=candidate.name,
            email=candidate.email,
            language=candidate.language,
            at=invitation.created_at,
            until=invitation.expires_at,
            state=_state(invitation, state, shown=shown),
            ours=invitation.inviting_organisation_id == member.organisation_id,
            reminded_at=invitation.reminded_at if shown else None,
            opened_at=invitation.opened_at if shown else None,
            failures=invitation.proof_failures,
            stuck=proofs.is_stuck(invitation),
        )
        for invitation, candidate, state in session.execute(wanted)
    ]


def _state(invitation: Invitation, interview: str | None, *, shown: bool) -> str | None:
    if shown and interview in openings.OVER:
        return interview
    if invitation.revoked_at is not None:
        return "revoked"
    return (interview or "invited") if shown else None


def to_mend(lines: Iterable[Line]) -> str:
    """The faulty lines, as they were."""
    return "\n".join(line.text for line in lines if line.outcome == "faulty")
