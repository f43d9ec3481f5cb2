"""What an agency and a university see: counts along the way, never a score."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from interview_ai import database, openings, overviews, programmes
from interview_ai.errors import Forbidden, InterviewError
from interview_ai.organisations import Member, OrganisationKind
from interview_ai.programmes import NewPartner
from interview_ai.settings import settings
from web import deps, render

router = APIRouter()


class PartnerForm(BaseModel):
    """The form of a new partner."""

    kind: OrganisationKind = "employer"
    name_ko: str = ""
    name_en: str = ""
    owner_name: str = ""
    owner_email: str = ""
    language: str = "ko"

    def partner(self) -> NewPartner:
        """What the use case takes."""
        return NewPartner(**self.model_dump())


Text = Annotated[str, Form()]


def _only(member: Member, kind: OrganisationKind) -> None:
    if member.organisation_kind != kind:
        raise Forbidden("This page belongs to another kind of organisation.", "다른 유형의 기관이 쓰는 화면입니다.")


@router.get("/staff/programmes")
def programmes_page(request: Request, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """The agency's programmes with their funnels."""
    return _programmes(request, member, session)


def _programmes(
    request: Request,
    member: Member,
    session: deps.EverywhereReading,
    *,
    link: str | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> Response:
    _only(member, "agency")
    context = {"programmes": overviews.agency(session, member), "link": link, "sentence": sentence}
    return render.page(request, "staff/programmes.html", status=status, member=member, **context)


@router.post("/staff/programmes")
def add_programme(
    request: Request, *, member: deps.SignedIn, session: deps.StaffWriting, name_ko: Text = "", name_en: Text = ""
) -> Response:
    """Begins a programme."""
    programmes.add_programme(session, member, name_ko, name_en)
    return render.go(request, "/staff/programmes", said="programme.said.added")


@router.post("/staff/programmes/{programme_id}/partners")
def add_partner(
    request: Request,
    programme_id: str,
    member: deps.SignedIn,
    new: Annotated[PartnerForm, Form()],
) -> Response:
    """Brings a new employer or university in and shows its owner's link this one time."""
    token = sentence = None
    status = 200
    try:
        with database.transaction(database.EVERYWHERE) as session:
            token = programmes.add_partner(session, member, programme_id, new.partner())
    except InterviewError as error:
        if error.status in (403, 404):
            raise
        sentence, status = error.text(render.language_of(request)), error.status
    link = f"{settings().public_url.rstrip('/')}/set-password/{token}" if token else None
    with database.reading(database.EVERYWHERE) as session:
        return _programmes(request, member, session, link=link, sentence=sentence, status=status)


@router.get("/staff/university")
def university_page(request: Request, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """The openings to which the university invites, with how far its people came."""
    return _university(request, member, session)


def _university(
    request: Request,
    member: Member,
    session: deps.EverywhereReading,
    *,
    link: str | None = None,
    sentence: str | None = None,
    status: int = 200,
) -> Response:
    _only(member, "university")
    context = {"lines": overviews.university(session, member), "link": link, "sentence": sentence}
    return render.page(request, "staff/university.html", status=status, member=member, **context)


@router.post("/staff/university/invitations")
def invite(
    request: Request,
    *,
    member: deps.SignedIn,
    opening_id: Text = "",
    name: Text = "",
    email: Text = "",
    language: Text = "ko",
) -> Response:
    """Invites somebody to an opening of a programme that the university takes part in."""
    _only(member, "university")
    token = sentence = None
    status = 200
    try:
        with database.transaction(database.EVERYWHERE) as session:
            token = openings.invite(session, member, opening_id, name=name, email=email, language=language)
    except InterviewError as error:
        if error.status in (403, 404):
            raise
        sentence, status = error.text(render.language_of(request)), error.status
    link = openings.link(token) if token else None
    with database.reading(database.EVERYWHERE) as session:
        return _university(request, member, session, link=link, sentence=sentence, status=status)
