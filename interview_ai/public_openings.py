"""What everybody may read without an account: published openings, and the pages of organisations.

An opening is there only while it is published, open, before its deadline and no demonstration; whatever else exists
answers like nothing at all, and nobody is counted. All of it needs a session for EVERYWHERE.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from interview_ai import database, memoranda, openings, programmes
from interview_ai.errors import Conflict, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Opening, Organisation, Programme, ProgrammePartner

A_PAGE = 20
MOST_WORDS, LONGEST_WORDS = 8, 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: words in the title or the employer's name, one employer by id, which page."""

    words: str = ""
    employer: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what was found. `employers`: all who publish anything, to choose from."""

    wanted: Wanted
    openings: tuple[Opening, ...]
    found: int
    employers: tuple[Organisation, ...]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.found // A_PAGE))


@dataclass(frozen=True, slots=True)
class ProgrammeShown:
    """An agency's programme on its page."""

    programme: Programme
    partners: tuple[Organisation, ...]
    openings: tuple[Opening, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An organisation's page. `universities`: those through which people are invited to what it lists."""

    organisation: Organisation
    openings: tuple[Opening, ...] = ()
    programmes: tuple[ProgrammeShown, ...] = ()
    universities: tuple[Organisation, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """One opening as everybody may read it, and the universities through which people are invited to it."""

    opening: Opening
    universities: tuple[Organisation, ...]


def _public(session: Session) -> tuple[ColumnElement[bool], ...]:
    return (
        Opening.published_at.is_not(None),
        Opening.state == "open",
        Opening.demonstration.is_(False),
        Opening.deadline > database.now(session),
        programmes.goes_on(),
    )


def _with_employer(session: Session) -> Select[Opening]:
    joined = select(Opening).join(Opening.organisation).options(contains_eager(Opening.organisation))
    return joined.where(*_public(session))


def listed(session: Session, wanted: Wanted) -> Listed:
    """The openings that hold all the words, the next deadline first."""
    which = [_holds(word) for word in wanted.words[:LONGEST_WORDS].split()[:MOST_WORDS]]
    if wanted.employer:
        which.append(Opening.organisation_id == wanted.employer)
    counted = select(func.count(Opening.id)).join(Opening.organisation).where(*_public(session), *which)
    found = session.scalars(counted).one()
    page = min(max(1, wanted.page), max(1, -(-found // A_PAGE)))
    drawn = _with_employer(session).where(*which).order_by(Opening.deadline, Opening.id)
    rows = session.scalars(drawn.limit(A_PAGE).offset((page - 1) * A_PAGE)).all()
    return Listed(Wanted(wanted.words, wanted.employer, page), tuple(rows), found, _employers(session))


def _holds(word: str) -> ColumnElement[bool]:
    columns = (Opening.title_ko, Opening.title_en, Organisation.name_ko, Organisation.name_en)
    typed = unicodedata.normalize("NFC", word.lower())  # what is pasted on a Mac comes in pieces
    return or_(*(func.lower(column).contains(typed, autoescape=True) for column in columns))


def _employers(session: Session) -> tuple[Organisation, ...]:
    publish = select(Opening.organisation_id).where(*_public(session))
    wanted = select(Organisation).where(Organisation.id.in_(publish)).order_by(Organisation.name_ko, Organisation.id)
    return tuple(session.scalars(wanted))


def described(session: Session, opening_id: str) -> Described:
    """One opening. Raises NotFound alike for what is not there and what is not public."""
    loaded = (selectinload(Opening.questions), selectinload(Opening.rubric))
    opening = session.scalars(_with_employer(session).where(Opening.id == opening_id).options(*loaded)).one_or_none()
    if opening is None:
        raise NotFound
    return Described(opening, _universities(session, [opening]))


def _universities(session: Session, some: Sequence[Opening]) -> tuple[Organisation, ...]:
    found = memoranda.universities_of(session, some).values()
    unique = {university.id: university for universities in found for university in universities}
    return tuple(sorted(unique.values(), key=lambda one: (one.name_ko, one.id)))


def page(session: Session, slug: str) -> Page:
    """The page of an organisation that gave itself a name. Raises NotFound for every other name."""
    organisation = session.scalars(select(Organisation).where(Organisation.slug == slug)).one_or_none()
    if organisation is None:
        raise NotFound
    if organisation.kind == "agency":
        return Page(organisation, programmes=_programmes(session, organisation))
    if organisation.kind == "university":
        return Page(organisation, _of_university(session, organisation))
    own = _some(session, Opening.organisation_id == organisation.id)
    return Page(organisation, own, universities=_universities(session, own))


def _some(session: Session, *which: ColumnElement[bool]) -> tuple[Opening, ...]:
    return tuple(session.scalars(_with_employer(session).where(*which).order_by(Opening.deadline, Opening.id)))


def _of_university(session: Session, university: Organisation) -> tuple[Opening, ...]:
    """What its students may be invited to: agreed, in a programme that takes people in."""
    going_on = select(Programme.id).where(Programme.closed_at.is_(None))
    return tuple(memoranda.agreed_with(session, university.id, _some(session, Opening.programme_id.in_(going_on))))


def _programmes(session: Session, agency: Organisation) -> tuple[ProgrammeShown, ...]:
    wanted = select(Programme).where(Programme.organisation_id == agency.id, Programme.closed_at.is_(None))
    running = session.scalars(wanted.order_by(Programme.created_at.desc(), Programme.id)).all()
    return tuple(
        ProgrammeShown(one, _partners(session, one.id), _some(session, Opening.programme_id == one.id))
        for one in running
    )


def _partners(session: Session, programme_id: str) -> tuple[Organisation, ...]:
    joined = select(Organisation).join(ProgrammePartner, ProgrammePartner.partner_id == Organisation.id)
    wanted = joined.where(ProgrammePartner.programme_id == programme_id, ProgrammePartner.left_at.is_(None))
    return tuple(session.scalars(wanted.order_by(Organisation.kind, Organisation.name_ko, Organisation.id)))


def publish(session: Session, member: Member, opening_id: str) -> None:
    """From now on everybody may read what the opening is. Raises Conflict (code demonstration). Safe to run twice."""
    openings.must_write_openings(member)
    opening = openings.own(session, opening_id)
    if opening.demonstration:
        raise Conflict("A demonstration is never published.", "시연용 공고는 공개하지 않습니다.", code="demonstration")
    if opening.published_at is None:
        opening.published_at = database.now(session)
        openings.changed(session, member, opening, "opening published")


def withdraw(session: Session, member: Member, opening_id: str) -> None:
    """Takes the public page back; invitations stay as they are. Safe to run twice."""
    openings.must_write_openings(member)
    opening = openings.own(session, opening_id)
    if opening.published_at is not None:
        opening.published_at = None
        openings.changed(session, member, opening, "opening unpublished")
