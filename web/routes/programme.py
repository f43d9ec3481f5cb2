"""What an agency and a university see: counts along the way, never a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from interview_ai import (
    database,
    first_steps,
    known_partners,
    memoranda,
    named_progress,
    openings,
    overviews,
    partner_questions,
    partner_requests,
    programmes,
)
from interview_ai.errors import Forbidden, InterviewError
from interview_ai.invitees import Invited
from interview_ai.organisations import Member, OrganisationKind
from interview_ai.overviews import OpeningLine
from interview_ai.partner_requests import NewPartner
from interview_ai.settings import settings
from web import deps, inviting, once, render
from web.inviting import Outcome, Sent, Wanted

router = APIRouter()


class PartnerForm(BaseModel):
    """The form of a new partner; `partner_id`: of one that the agency has in another programme."""

    kind: OrganisationKind = "employer"
    name_ko: str = ""
    name_en: str = ""
    owner_name: str = ""
    owner_email: str = ""
    language: str = "ko"
    sure: bool = False
    partner_id: str = ""

    def partner(self) -> NewPartner:
        """What the use case takes."""
        return NewPartner(**self.model_dump(exclude={"partner_id"}))


Text = Annotated[str, Form()]


def _only(member: Member, kind: OrganisationKind) -> None:
    if member.organisation_kind != kind:
        raise Forbidden("This page belongs to another kind of organisation.", "다른 유형의 기관이 쓰는 화면입니다.")


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody is asked to take part; the request goes to this address and to nobody else."""

    mailed_to: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept, as it was typed: a new programme, or a new partner of one."""

    error: InterviewError
    typed: PartnerForm
    programme_id: str = ""

    @property
    def field(self) -> str:
        """The field that the error is about; empty where it is about none."""
        owners = {"name": "owner_name", "email": "owner_email", "known": "name_ko"} if self.programme_id else {}
        nameless = not self.typed.name_ko.strip()
        return "name_ko" if self.error.code == "name" and nameless else owners.get(self.error.code, "")


@router.get("/staff/programmes")
def programmes_page(
    request: Request, member: deps.SignedIn, session: deps.EverywhereReading, shown: str = ""
) -> Response:
    """The agency's programmes with their funnels."""
    return _programmes(request, member, session, asked=once.kept(member, shown, Asked))


def _programmes(
    request: Request,
    member: Member,
    session: deps.EverywhereReading,
    *,
    asked: Asked | None = None,
    refused: Refused | None = None,
) -> Response:
    _only(member, "agency")
    sentence = refused.error.text(render.language_of(request)) if refused else None
    return render.page(
        request,
        "staff/programmes.html",
        status=refused.error.status if refused else 200,
        address="/staff/programmes",
        member=member,
        programmes=overviews.agency(session, member),
        first_steps=first_steps.steps(session, member),
        mailed_to=asked.mailed_to if asked else None,
        known=known_partners.known(session, member),
        waiting=partner_requests.how_many_wait(session, member),
        mails_leave=bool(settings().smtp_url),
        blank=PartnerForm(),
        refused=refused,
        sentence=sentence,
    )


def _refuse(request: Request, member: Member, refused: Refused) -> Response:
    if refused.error.status in (403, 404):
        raise refused.error
    with database.reading(database.EVERYWHERE) as session:
        return _programmes(request, member, session, refused=refused)


@router.post("/staff/programmes")
def add_programme(request: Request, *, member: deps.SignedIn, name_ko: Text = "", name_en: Text = "") -> Response:
    """Begins a programme."""
    try:
        with database.transaction(member.organisation_id) as session:
            programmes.add_programme(session, member, name_ko, name_en)
    except InterviewError as error:
        return _refuse(request, member, Refused(error, PartnerForm(name_ko=name_ko, name_en=name_en)))
    return render.go(request, "/staff/programmes", said="programme.said.added")


@router.post("/staff/programmes/{programme_id}/partners")
def ask_partner(
    request: Request,
    programme_id: str,
    member: deps.SignedIn,
    new: Annotated[PartnerForm, Form()],
) -> Response:
    """Asks an employer or university to take part, in the same words whoever has the address."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            mailed_to = _ask(session, member, programme_id, new)
    except InterviewError as error:
        return _refuse(request, member, Refused(error, new, programme_id))
    return render.go(request, once.keep(member, Asked(mailed_to), "/staff/programmes"))


def _ask(session: Session, member: Member, programme_id: str, new: PartnerForm) -> str:
    if new.partner_id:
        return partner_requests.ask_known(session, member, programme_id, new.partner_id)
    return partner_requests.ask(session, member, programme_id, new.partner())


@router.get("/staff/university")
def university_page(
    request: Request,
    *,
    member: deps.SignedIn,
    session: deps.EverywhereReading,
    shown: str = "",
    who: Annotated[str, Query(max_length=200)] = "",
    part: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """The openings to which the university invites, and a part of whom it invited."""
    return _university(request, member, session, Wanted(who, part), shown=shown)


def _university(
    request: Request,
    member: Member,
    session: deps.EverywhereReading,
    wanted: Wanted,
    *,
    shown: str,
) -> Response:
    _only(member, "university")
    lines = overviews.university(session, member)
    invited = None if member.role == "reviewer" else inviting.of_university(session, member, wanted)
    people = invited.people if invited else ()
    return render.page(
        request,
        "staff/university.html",
        member=member,
        lines=lines,
        shown=shown,
        terms=memoranda.terms_of(session, member.organisation_id, [line.opening_id for line in lines]),
        asked=partner_questions.how_many_ask(member),
        first_steps=first_steps.steps(session, member),
        invited=invited,
        stages=named_progress.stages_of(session, [one.id for one in people]),
        over={one.id for one in people if one.until <= database.now(session)} | _closed(people, lines),
        **inviting.context(once.kept(member, shown, Outcome), render.language_of(request)),
    )


def _closed(people: Sequence[Invited], lines: Sequence[OpeningLine]) -> set[str]:
    """The invitations to openings that take none any more."""
    taking = {line.opening_id for line in lines if line.takes_invitations}
    return {one.id for one in people if one.opening_id not in taking}


@router.post("/staff/university")
def invite(request: Request, member: deps.SignedIn, sent: Sent) -> Response:
    """Invites one student or many to an opening of a programme that the university takes part in."""
    _only(member, "university")
    member.must_be("owner", "recruiter")
    found = inviting.outcome(database.EVERYWHERE, member, sent.opening_id, sent)
    return render.go(request, once.keep(member, found, "/staff/university"))


@router.post("/staff/university/invitations")
def invite_again(request: Request, member: deps.SignedIn, sent: Sent) -> Response:
    """Sends a fresh link to a student invited before, whose earlier link then ends."""
    _only(member, "university")
    try:
        found = inviting.again(database.EVERYWHERE, member, sent.opening_id, sent)
    except InterviewError as error:
        if error.status in (403, 404):
            raise
        found = Outcome(sent, error=inviting.said(error))
    return render.go(request, once.keep(member, found, "/staff/university"))


@router.post("/staff/university/invitations/{invitation_id}/revoke")
def revoke(request: Request, invitation_id: str, member: deps.SignedIn, session: deps.EverywhereWriting) -> Response:
    """Takes back an invitation that the university sent."""
    _only(member, "university")
    openings.revoke(session, member, invitation_id)
    return render.go(request, "/staff/university", said="openings.said.revoked")
