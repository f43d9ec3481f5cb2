"""Requests to take part in a programme: an agency asks, and only an owner's answer makes their organisation a partner.

An agency learns from its own request nothing but the answer: what it is told, what its pages show and how long it may
go on asking are the same whoever has the address, somebody of an organisation that is here already or nobody yet. All
of it needs a session for EVERYWHERE: the two sides are two tenants.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, known_partners, organisations, partner_mails, programmes, staff_links
from interview_ai.errors import Conflict, Invalid, NotFound
from interview_ai.organisations import Member, OrganisationKind
from interview_ai.tables import Organisation, PartnerRequest, Programme, Staff

MOST_A_DAY = 3
"""How often one address is asked about one programme in 24 hours: each time is a mail that nobody there ordered."""
AT_ONCE = timedelta(minutes=1)  # the same form sent twice
LONGEST_NAME, LONGEST_REASON = 80, 500


@dataclass(frozen=True, slots=True)
class NewPartner:
    """Whom the agency wants to take part, and who is to answer for them.

    `sure`: it is another one than the partner of the agency that has the same name.
    """

    kind: OrganisationKind
    name_ko: str
    name_en: str
    owner_name: str
    owner_email: str
    language: str = "ko"
    sure: bool = False


def ask(session: Session, member: Member, programme_id: str, new: NewPartner) -> str:
    """Asks whoever has the address; returns it as the mail goes there. The same form sent twice at once asks once.

    Where nobody has it, the organisation is made, with an owner who may join and answer. Raises Forbidden, NotFound,
    Invalid, Conflict: code closed, known (a partner has that name), asked (it waits for an answer) or often.
    """
    programme = programmes.own(session, member, programme_id)
    session.refresh(programme, with_for_update=True)  # two who ask at once do so one after the other
    programmes.must_be_open(programme)
    tidy = _tidy(new)
    if not new.sure:
        names = (tidy.name_ko, tidy.name_en)
        known_partners.must_not_be_a_twin(session, member, names, email=tidy.owner_email)
    if not _was_just_asked(session, programme, tidy.owner_email):
        _put(session, member, programme, tidy)
    return tidy.owner_email


def ask_known(session: Session, member: Member, programme_id: str, partner_id: str) -> str:
    """Asks a partner that the agency has in a programme already; returns the address. Raises as `ask`, and NotFound."""
    programmes.must_run(member)
    found = known_partners.one(session, member, partner_id)
    if found is None:
        raise NotFound
    partner, owner = found.organisation, found.owner
    kind: OrganisationKind = "university" if partner.kind == "university" else "employer"
    names = {"owner_name": owner.name, "owner_email": owner.email, "language": owner.language}
    return ask(session, member, programme_id, NewPartner(kind, partner.name_ko, partner.name_en, **names, sure=True))


def _tidy(new: NewPartner) -> NewPartner:
    name = organisations.needed(new.name_ko, LONGEST_NAME)
    return NewPartner(
        "university" if new.kind == "university" else "employer",
        name,
        organisations.needed(new.name_en or name, LONGEST_NAME),
        owner_name=organisations.needed(new.owner_name, LONGEST_NAME),
        owner_email=organisations.address_of(new.owner_email),
        language="en" if new.language == "en" else "ko",
    )


def _was_just_asked(session: Session, programme: Programme, email: str) -> bool:
    """Raises Conflict where the address may not be asked now."""
    at = database.now(session)
    asked = select(PartnerRequest).where(
        PartnerRequest.programme_id == programme.id, PartnerRequest.owner_email == email
    )
    waiting = session.scalars(asked.where(PartnerRequest.state == "waiting")).one_or_none()
    if waiting is not None and waiting.created_at > at - AT_ONCE:
        return True
    if waiting is not None:
        raise Conflict(
            "You have asked this address already, and it has not answered yet. You can ask again in the list of "
            "requests.",
            "이미 요청한 주소이고 아직 답이 없습니다. 참여 요청 목록에서 다시 요청할 수 있습니다.",
            code="asked",
        )
    lately = asked.where(PartnerRequest.created_at > at - timedelta(days=1))
    if len(session.scalars(lately).all()) >= MOST_A_DAY:
        raise Conflict(
            f"This address was asked {MOST_A_DAY} times within a day. Please wait until tomorrow.",
            f"하루 동안 {MOST_A_DAY}번 요청한 주소입니다. 내일 다시 요청해 주십시오.",
            code="often",
        )
    return False


def _put(session: Session, member: Member, programme: Programme, new: NewPartner) -> None:
    request = PartnerRequest(
        organisation_id=programme.organisation_id,
        programme_id=programme.id,
        asked_by=member.id,
        kind=new.kind,
        name_ko=new.name_ko,
        name_en=new.name_en,
        owner_name=new.owner_name,
        owner_email=new.owner_email,
        language=new.language,
    )
    request.created_at = database.now(session)
    staff = session.scalars(select(Staff).where(Staff.email == new.owner_email)).one_or_none()
    if staff is None:
        staff = _found(session, request)
    elif _is_mine_alone(session, request.organisation_id, staff.organisation_id):
        _found_anew(session, request, staff)
    organisation = session.get_one(Organisation, staff.organisation_id)
    if staff.state != "left" and organisation.kind == request.kind:
        request.partner_id = organisation.id
    session.add(request)
    session.flush()
    audit.append(session, member.actor, "partner asked", f"programme:{programme.id}", details={"request": request.id})
    partner_mails.tell(session, member, request, staff)


def _found(session: Session, request: PartnerRequest) -> Staff:
    """The organisation with an owner who has not joined."""
    kind: OrganisationKind = "university" if request.kind == "university" else "employer"
    made = organisations.add_organisation(session, kind, request.name_ko, request.name_en)
    request.founds = True
    return organisations.new_staff(
        session,
        made.id,
        email=request.owner_email,
        name=request.owner_name,
        role="owner",
        language=request.language,
    )


def _is_mine_alone(session: Session, agency_id: str, organisation_id: str) -> bool:
    """Whether the organisation was made for this agency's request, nobody has joined and nobody else's waits for it."""
    about = select(PartnerRequest.organisation_id).where(PartnerRequest.partner_id == organisation_id)
    founded = session.scalars(about.where(PartnerRequest.founds)).first() == agency_id
    waiting = session.scalars(about.where(PartnerRequest.state == "waiting")).first()
    return founded and waiting is None and not _has_joined(session, organisation_id)


def _has_joined(session: Session, organisation_id: str) -> bool:
    joined = select(Staff.id).where(Staff.organisation_id == organisation_id, Staff.state != "invited")
    return session.scalars(joined).first() is not None


def _found_anew(session: Session, request: PartnerRequest, staff: Staff) -> None:
    """What was typed wrong the first time is put right while it is nobody's yet."""
    organisation = session.get_one(Organisation, staff.organisation_id)
    organisation.kind, organisation.name_ko, organisation.name_en = request.kind, request.name_ko, request.name_en
    staff.name, staff.language = request.owner_name, request.language
    request.founds = True


def withdraw(session: Session, member: Member, request_id: str) -> str:
    """Nobody can answer it any more; returns the programme's id. Safe to run twice. Raises Conflict (code answered)."""
    request = own(session, member, request_id)
    if request.state != "withdrawn":
        _withdraw(session, member, request)
    return request.programme_id


def _withdraw(session: Session, member: Member, request: PartnerRequest) -> None:
    if not _answered(session, "withdrawn", PartnerRequest.id == request.id):
        raise _too_late()
    session.refresh(request)
    partner = request.partner_id
    if partner and _is_mine_alone(session, request.organisation_id, partner):
        for staff_id in session.scalars(select(Staff.id).where(Staff.organisation_id == partner)):
            staff_links.use_up_links(session, staff_id)
    audit.append(
        session,
        member.actor,
        "partner request withdrawn",
        f"programme:{request.programme_id}",
        details={"request": request.id},
    )


def ask_again(session: Session, member: Member, request_id: str) -> str:
    """The same once more, with another mail, in the place of the one before; returns the programme's id.

    Pressed twice it asks once. Raises Conflict: code answered (it was accepted), closed or often.
    """
    request = own(session, member, request_id)
    newest = next(iter(_of_address(session, request.programme_id, request.owner_email)))
    if newest.id != request.id:
        return request.programme_id
    if request.state == "accepted":
        raise _too_late()
    if request.state == "waiting":
        _withdraw(session, member, request)
    kind: OrganisationKind = "university" if request.kind == "university" else "employer"
    names = {"owner_name": request.owner_name, "owner_email": request.owner_email, "language": request.language}
    new = NewPartner(kind, request.name_ko, request.name_en, **names, sure=True)
    ask(session, member, request.programme_id, new)
    return request.programme_id


def _of_address(session: Session, programme_id: str, email: str) -> Sequence[PartnerRequest]:
    """All that was asked of an address, the newest first."""
    about = (PartnerRequest.programme_id == programme_id, PartnerRequest.owner_email == email)
    newest_first = (PartnerRequest.created_at.desc(), PartnerRequest.id)
    return session.scalars(select(PartnerRequest).where(*about).order_by(*newest_first)).all()


def own(session: Session, member: Member, request_id: str) -> PartnerRequest:
    """The agency's own, for somebody who may change it. Raises Forbidden, NotFound."""
    programmes.must_run(member)
    request = session.get(PartnerRequest, request_id)
    if request is None or request.organisation_id != member.organisation_id:
        raise NotFound
    return request


def of_programme(session: Session, programme_id: str) -> list[PartnerRequest]:
    """What the agency asked and has no partner of: the newest of each address, those that wait first."""
    asked = select(PartnerRequest).where(PartnerRequest.programme_id == programme_id)
    newest = {one.owner_email: one for one in session.scalars(asked.order_by(PartnerRequest.created_at))}
    order = {"waiting": 0, "declined": 1, "withdrawn": 2}
    open_ones = [one for one in newest.values() if one.state in order]
    return sorted(open_ones, key=lambda one: (order[one.state], -one.created_at.timestamp()))


def how_many_wait(session: Session, member: Member) -> dict[str, int]:
    """How many of the agency's requests wait for an answer, by programme."""
    mine = (PartnerRequest.organisation_id == member.organisation_id, PartnerRequest.state == "waiting")
    counted = select(PartnerRequest.programme_id, func.count(PartnerRequest.id)).where(*mine)
    return {key: n for key, n in session.execute(counted.group_by(PartnerRequest.programme_id)) if n}


def accept(session: Session, member: Member, request_id: str) -> None:
    """The member's organisation takes part from now on. Owners only.

    Raises Forbidden, NotFound, Conflict: code answered (by somebody else, or withdrawn) or closed.
    """
    request = _of(session, member, request_id)
    programme = session.get_one(Programme, request.programme_id, with_for_update=True)
    programmes.must_be_open(programme)
    _answer(session, member, request, "accepted")
    programmes.join(session, programme, session.get_one(Organisation, member.organisation_id))


def decline(session: Session, member: Member, request_id: str, reason: str = "") -> None:
    """It does not. Owners only. Raises as `accept` does, also for a closed programme not; Invalid (code reason)."""
    request = _of(session, member, request_id)
    tidy = " ".join(reason.split())
    if len(tidy) > LONGEST_REASON:
        raise Invalid(
            f"Shorten the reason to {LONGEST_REASON} characters.",
            f"이유를 {LONGEST_REASON}자 이하로 줄여 주십시오.",
            code="reason",
        )
    _answer(session, member, request, "declined", reason=tidy or None)


def _of(session: Session, member: Member, request_id: str) -> PartnerRequest:
    member.must_be("owner")
    request = session.get(PartnerRequest, request_id)
    if request is None or request.partner_id != member.organisation_id:
        raise NotFound
    return request


def _answer(
    session: Session, member: Member, request: PartnerRequest, state: str, *, reason: str | None = None
) -> None:
    """One answer for all that this organisation is asked about the programme, whichever addresses were asked.

    One mail tells of it: to who asked in the request that was answered.
    """
    about = (PartnerRequest.programme_id == request.programme_id, PartnerRequest.partner_id == member.organisation_id)
    if not _answered(session, state, *about, reason=reason):
        raise _too_late()
    details = {"partner": member.organisation_id}
    action = f"partner request {state}"
    audit.append(session, member.actor, action, f"programme:{request.programme_id}", details=details)
    session.refresh(request)
    partner_mails.answered(session, request)


def _answered(session: Session, state: str, *which: ColumnElement[bool], reason: str | None = None) -> int:
    """Moves those that still wait; returns how many did, so that of two who answer at once one is told so."""
    waiting = update(PartnerRequest).where(*which, PartnerRequest.state == "waiting")
    return database.changed(session, waiting.values(state=state, reason=reason, answered_at=database.now(session)))


def _too_late() -> Conflict:
    return Conflict(
        "This request was answered or withdrawn in the meantime.",
        "그사이에 답했거나 거둔 요청입니다.",
        code="answered",
    )
