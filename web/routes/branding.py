"""The organisation's own page in the house: what it says of itself, its colour, logo and address; the first steps."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile

from interview_ai import branding, database, first_steps
from interview_ai.branding import NewFace
from interview_ai.errors import InterviewError, Invalid
from interview_ai.organisations import Member
from interview_ai.rules import contrast
from interview_ai.settings import settings
from interview_ai.tables import Organisation
from web import deps, opening_form, render
from web.routes.accounts import home_of

router = APIRouter()
PAGE = "/staff/organisation"


class FaceForm(BaseModel):
    """The fields of the page; `instead` is the colour of the button that offers one, `look` the one that only shows."""

    name_ko: str = ""
    name_en: str = ""
    about_ko: str = ""
    about_en: str = ""
    website: str = ""
    careers_url: str = ""
    accent: str = ""
    slug: str = ""
    instead: str = ""
    look: str = ""

    def face(self) -> NewFace:
        """What the use case takes."""
        fields = self.model_dump(exclude={"instead", "look"})
        return NewFace(**fields | ({"accent": self.instead} if self.instead else {}))


def _of(row: Organisation) -> NewFace:
    return NewFace(**{field: getattr(row, field) or "" for field in asdict(NewFace())})


@router.get(PAGE)
def organisation(request: Request, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The organisation's face as it is; its owners may change it."""
    return _page(request, member, session)


def _page(
    request: Request,
    member: Member,
    session: deps.StaffReading,
    *,
    typed: NewFace | None = None,
    faults: list[InterviewError] | None = None,
    status: int = 200,
) -> Response:
    row = branding.of(session, member)
    language = render.language_of(request)
    face = typed or _of(row)
    accent = face.accent.strip().lower()
    good = bool(contrast.HEX.fullmatch(accent))
    return render.page(
        request,
        "staff/organisation.html",
        status=status,
        address=PAGE,
        member=member,
        row=row,
        face=face,
        looked=typed is not None and not faults,
        wrong={fault.code: fault.text(language) for fault in faults or []},
        offered=contrast.readable(accent) if good and contrast.ratio_with_white(accent) < contrast.LEAST else "",
        shown_accent=contrast.readable(accent) if good else row.accent,
        ratio=f"{contrast.ratio_with_white(accent):.1f}" if good else "",
        longest_about=branding.LONGEST_ABOUT,
        public_url=settings().public_url.rstrip("/"),
    )


@router.post(PAGE)
def save(request: Request, member: deps.SignedIn, sent: Annotated[FaceForm, Form()]) -> Response:
    """Keeps what was typed, or shows it again with what is wrong; `look` only shows how it would look."""
    member.must_be("owner")
    new = sent.face()
    found: list[InterviewError] = [*branding.faults(new)]
    if not found and not sent.look:
        try:
            with database.transaction(member.organisation_id) as session:
                branding.save(session, member, new)
            return render.go(request, PAGE, said="branding.said.saved")
        except InterviewError as error:
            found = [error]
    with database.reading(member.organisation_id) as session:
        status = found[0].status if found else 200
        return _page(request, member, session, typed=new, faults=found, status=status)


@router.post(f"{PAGE}/logo")
def keep_logo(request: Request, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """A new logo, or the page again with what is wrong with the file."""
    member.must_be("owner")
    file = typed.get("logo")
    content = file.file.read() if isinstance(file, UploadFile) else b""
    try:
        if not content:
            raise Invalid("Choose a file.", "파일을 골라 주십시오.", code="logo")
        key = branding.store_logo(member, content)
        with database.transaction(member.organisation_id) as session:
            branding.use_logo(session, member, key)
    except Invalid as error:
        with database.reading(member.organisation_id) as session:
            return _page(request, member, session, faults=[error], status=error.status)
    return render.go(request, PAGE, said="branding.said.logo")


@router.post(f"{PAGE}/logo/remove")
def drop_logo(request: Request, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Goes on without a logo."""
    branding.drop_logo(session, member)
    return render.go(request, PAGE, said="branding.said.logo_removed")


@router.post("/staff/first-steps/away")
def put_away(request: Request, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """The list of first steps is shown no more."""
    first_steps.put_away(session, member)
    return render.go(request, home_of(member))
