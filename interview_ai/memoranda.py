"""Memoranda: what an agency and a university agreed, to which openings it may invite, how many people and until when.

Where openings have memoranda of their own, those say until when, whatever holds for the whole programme; of all that
cover an opening each limit holds, so the tightest one counts. All of it needs a session for EVERYWHERE
where the asker is not the agency itself: the rows are the agency's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, programmes
from interview_ai.drafts import deadline_faults
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Invitation, Memorandum, Opening, Organisation, Programme

LONGEST_NOTE = 300
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class NewMemorandum:
    """What the agency typed. No `opening_ids`: all of the programme; otherwise each gets a memorandum of its own."""

    university_id: str
    opening_ids: tuple[str, ...] = ()
    quota: int | None = None
    until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one university and one opening: whether it may invite, how many more and until when."""

    may: bool = False
    left: int | None = None
    until: datetime | None = None


def may_invite(session: Session, university_id: str, opening: Opening) -> bool:
    """Whether a memorandum in force lets the university invite to this opening."""
    return bool(_covering(session, university_id, opening))


def left(session: Session, university_id: str, opening: Opening) -> int | None:
    """How many more people the university may invite to this opening; None: as many as it likes."""
    return terms(session, university_id, opening).left


def terms(session: Session, university_id: str, opening: Opening) -> Terms:
    """What is agreed about this opening, with what is used of it."""
    covering = _covering(session, university_id, opening)
    room = [rest for _, rest in _rests(session, covering)]
    deciding = [one for one in covering if one.opening_id is not None] or covering
    ends = [one.until for one in deciding]
    last = None if None in ends else max((end for end in ends if end is not None), default=None)
    return Terms(bool(covering), min(room, default=None), last)


def rests(session: Session, university_id: str, opening: Opening) -> list[tuple[Memorandum, int]]:
    """All that is agreed about this opening with a number of people, each with how many of them are left."""
    return _rests(session, _covering(session, university_id, opening))


def _rests(session: Session, covering: Sequence[Memorandum]) -> list[tuple[Memorandum, int]]:
    return [(one, max(0, one.quota - used(session, one))) for one in covering if one.quota is not None]


def terms_of(session: Session, university_id: str, opening_ids: Iterable[str]) -> dict[str, Terms]:
    """What holds for several openings by their ids; a programme that is closed or the employer left takes nobody in."""
    wanted = select(Opening, programmes.goes_on()).where(Opening.id.in_(list(opening_ids)))
    return {
        opening.id: terms(session, university_id, opening) if goes_on else Terms()
        for opening, goes_on in session.execute(wanted)
    }


def must_have_room(session: Session, university_id: str, opening: Opening, *, people: int = 1) -> None:
    """Holds what is agreed until the transaction ends, so that two who invite at once cannot exceed it together.

    Raises Conflict (code quota) where so many more may not be invited.
    """
    _covering(session, university_id, opening, lock=True)
    rest = left(session, university_id, opening)
    if rest is not None and rest < people:
        raise Conflict(
            "The number of people agreed with the agency is reached, so nobody more can be invited. Ask the agency.",
            "진흥원과 정한 인원을 모두 초대하여 더 초대할 수 없습니다. 진흥원에 문의해 주십시오.",
            code="quota",
        )


def used(session: Session, memorandum: Memorandum) -> int:
    """How many people were invited under it; who was invited before it or taken back does not count."""
    wanted = (
        select(func.count(Invitation.id))
        .join(Opening, Opening.id == Invitation.opening_id)
        .where(
            Invitation.inviting_organisation_id == memorandum.university_id,
            Invitation.created_at >= memorandum.created_at,
            Invitation.revoked_at.is_(None),
            Opening.programme_id == memorandum.programme_id,
        )
    )
    if memorandum.opening_id is not None:
        wanted = wanted.where(Invitation.opening_id == memorandum.opening_id)
    return session.scalars(wanted).one()


def _covering(session: Session, university_id: str, opening: Opening, *, lock: bool = False) -> list[Memorandum]:
    """All that lets the university invite to the opening now; nothing where it may not."""
    if opening.programme_id is None:
        return []
    wanted = _standing().where(
        Memorandum.university_id == university_id,
        Memorandum.programme_id == opening.programme_id,
        or_(Memorandum.opening_id.is_(None), Memorandum.opening_id == opening.id),
    )
    return _holding(session.scalars(wanted.with_for_update() if lock else wanted).all(), database.now(session))


def _standing() -> Select[Memorandum]:
    """Those that nobody has ended, also those whose time is over."""
    return select(Memorandum).where(Memorandum.ended_at.is_(None)).order_by(Memorandum.id)


def _holding(standing: Sequence[Memorandum], at: datetime) -> list[Memorandum]:
    """Those of one university about one opening that hold now; none where its own ones are over."""
    holding = [one for one in standing if one.until is None or one.until > at]
    has_own = any(one.opening_id is not None for one in standing)
    return [] if has_own and not any(one.opening_id is not None for one in holding) else holding


def add(session: Session, member: Member, programme_id: str, new: NewMemorandum) -> None:
    """A new memorandum, or one for each chosen opening. Raises Invalid, NotFound for who or what is not in it.

    Raises Conflict (code twice) where one for the same holds already: two would look alike and the tighter one count.
    """
    programme = programmes.own(session, member, programme_id)
    programmes.must_be_open(programme)
    _check(session, new)
    if not _is_university_of(session, programme, new.university_id):
        raise Invalid("Choose a university of this programme.", "이 사업의 대학을 고르십시오.", code="university_id")
    inside = set(session.scalars(select(Opening.id).where(Opening.programme_id == programme.id)))
    if not set(new.opening_ids) <= inside:
        raise NotFound
    if twin(session, programme.id, new) is not None:
        raise Conflict(
            "There is a memorandum with this university for the same openings already. Change its number and end, or "
            "end it first.",
            "이 대학과 같은 범위로 맺은 협약이 이미 있습니다. 그 협약의 인원·기한을 바꾸거나, 먼저 끝내 주십시오.",
            code="twice",
        )
    for opening_id in new.opening_ids or (None,):
        made = Memorandum(
            organisation_id=programme.organisation_id,
            programme_id=programme.id,
            university_id=new.university_id,
            opening_id=opening_id,
            quota=new.quota,
            until=new.until,
            note=" ".join(new.note.split()),
        )
        session.add(made)
        session.flush()
        _record(session, member, made, "memorandum made")


def twin(session: Session, programme_id: str, new: NewMemorandum) -> Memorandum | None:
    """One that holds already with the same university for one of the same openings, or for all of the programme."""
    same = (Memorandum.programme_id == programme_id, Memorandum.university_id == new.university_id)
    holds = or_(Memorandum.until.is_(None), Memorandum.until > database.now(session))
    what = Memorandum.opening_id.in_(new.opening_ids) if new.opening_ids else Memorandum.opening_id.is_(None)
    return session.scalars(_standing().where(*same, holds, what).limit(1)).first()


def _is_university_of(session: Session, programme: Programme, university_id: str) -> bool:
    here = programmes.takes_part(session, university_id, programme.id)
    return here and session.get_one(Organisation, university_id).kind == "university"


def _check(session: Session, new: NewMemorandum) -> None:
    if new.quota is not None and not 1 <= new.quota <= MOST_PEOPLE:
        raise Invalid(
            f"Give a number of people from 1 to {MOST_PEOPLE:,}, or none for no limit.",
            f"인원은 1명에서 {MOST_PEOPLE:,}명까지입니다. 제한이 없으면 비워 두십시오.",
            code="quota",
        )
    if len(new.note) > LONGEST_NOTE:
        raise Invalid(
            f"Shorten the note to {LONGEST_NOTE} characters.",
            f"메모를 {LONGEST_NOTE}자 이하로 줄여 주십시오.",
            code="note",
        )
    for fault in deadline_faults(new.until, database.now(session)) if new.until else ():
        raise Invalid(fault.en, fault.ko, code="until")


def change(session: Session, member: Member, memorandum_id: str, *, quota: int | None, until: datetime | None) -> str:
    """Another number of people or another end; returns the programme's id. Raises Invalid, Conflict once it ended."""
    memorandum = own(session, member, memorandum_id)
    if memorandum.ended_at is not None:
        raise Conflict("This memorandum has ended.", "이미 끝난 협약입니다.", code="ended")
    if (quota, until) != (memorandum.quota, memorandum.until):
        _check(session, NewMemorandum(memorandum.university_id, quota=quota, until=until))
        memorandum.quota, memorandum.until = quota, until
        _record(session, member, memorandum, "memorandum changed")
    return memorandum.programme_id


def end(session: Session, member: Member, memorandum_id: str) -> str:
    """Nobody more is invited under it; who was invited goes on. Safe to run twice. Returns the programme's id."""
    memorandum = own(session, member, memorandum_id)
    if memorandum.ended_at is None:
        memorandum.ended_at = database.now(session)
        _record(session, member, memorandum, "memorandum ended")
    return memorandum.programme_id


def own(session: Session, member: Member, memorandum_id: str) -> Memorandum:
    """The agency's own, for somebody who may change it. Raises Forbidden, NotFound."""
    programmes.must_run(member)
    memorandum = session.get(Memorandum, memorandum_id)
    if memorandum is None or memorandum.organisation_id != member.organisation_id:
        raise NotFound
    return memorandum


def _record(session: Session, member: Member, memorandum: Memorandum, action: str) -> None:
    details = {
        "programme": memorandum.programme_id,
        "university": memorandum.university_id,
        "opening": memorandum.opening_id,
        "quota": memorandum.quota,
        "until": memorandum.until.isoformat() if memorandum.until else None,
    }
    audit.append(session, member.actor, action, f"memorandum:{memorandum.id}", details=details)


def of_programme(session: Session, programme_id: str) -> list[Memorandum]:
    """All of a programme, those in force first, then the newest."""
    wanted = select(Memorandum).where(Memorandum.programme_id == programme_id)
    found = session.scalars(wanted.order_by(Memorandum.created_at.desc(), Memorandum.id)).all()
    return sorted(found, key=lambda one: one.ended_at is not None)


def universities_of(session: Session, openings: Iterable[Opening]) -> dict[str, list[Organisation]]:
    """Which universities may invite to each opening, by the opening's id; by name."""
    asked = [opening for opening in openings if opening.programme_id]
    programme_ids = {opening.programme_id for opening in asked}
    standing = session.scalars(_standing().where(Memorandum.programme_id.in_(programme_ids))).all()
    at = database.now(session)
    wanted = select(Organisation).where(Organisation.id.in_({one.university_id for one in standing}))
    universities = session.scalars(wanted.order_by(Organisation.name_ko, Organisation.id)).all()
    return {
        opening.id: [one for one in universities if _holding(_about(standing, one.id, opening), at)]
        for opening in asked
    }


def agreed_with(session: Session, university_id: str, openings: Iterable[Opening]) -> list[Opening]:
    """Those to which the university may invite."""
    standing = session.scalars(_standing().where(Memorandum.university_id == university_id)).all()
    at = database.now(session)
    return [opening for opening in openings if _holding(_about(standing, university_id, opening), at)]


def _about(standing: Sequence[Memorandum], university_id: str, opening: Opening) -> list[Memorandum]:
    return [
        one
        for one in standing
        if one.university_id == university_id
        and one.programme_id == opening.programme_id
        and one.opening_id in (None, opening.id)
    ]
