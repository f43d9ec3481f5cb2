"""A programme's own page: its aims and end, what is agreed with which university, and who has joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import database, memoranda, partner_requests, programmes
from interview_ai.errors import Forbidden, InterviewError, Invalid, NotFound
from interview_ai.memoranda import NewMemorandum
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import Memorandum, Opening, Organisation, Programme
from web import deps, forms, render

router = APIRouter()
Text = Annotated[str, Form()]


class MemorandumForm(BaseModel):
    """The form of a new memorandum; `which` is all or chosen."""

    university_id: str = ""
    which: str = "all"
    opening_ids: list[str] = []
    quota: str = ""
    until: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept: which one, what it lacks, and what was typed into it."""

    form: str
    error: InterviewError
    typed: dict[str, Any] = field(default_factory=dict)


def _number(text: str, code: str) -> int | None:
    """A whole number; empty is none. Raises Invalid."""
    tidy = text.strip().replace(",", "")
    if not tidy:
        return None
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) < 10):
        raise Invalid("Write a whole number.", "숫자만 적어 주십시오.", code=code)
    return int(tidy)


def _moment(text: str, code: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return forms.moment(text)
    except Invalid as error:
        raise Invalid(error.en, error.ko, code=code) from error


@router.get("/staff/programmes/{programme_id}/memoranda")
def page(request: Request, programme_id: str, member: deps.SignedIn, session: deps.EverywhereReading) -> Response:
    """The programme with what is agreed, what is used of it, and its partners."""
    return _page(request, member, session, programme_id)


def _page(
    request: Request,
    member: Member,
    session: deps.EverywhereReading,
    programme_id: str,
    refused: Refused | None = None,
) -> Response:
    programme = _seen(session, member, programme_id)
    openings = session.scalars(select(Opening).where(Opening.programme_id == programme.id).order_by(Opening.created_at))
    agreed = memoranda.of_programme(session, programme.id)
    partners = programmes.partners(session, programme.id)
    return render.page(
        request,
        "staff/memoranda.html",
        status=refused.error.status if refused else 200,
        address=f"/staff/programmes/{programme_id}/memoranda",
        member=member,
        programme=programme,
        partners=partners,
        names=_names(session, agreed),
        requests=partner_requests.of_programme(session, programme.id),
        openings=(found := list(openings)),
        titles={one.id: one for one in found},
        agreed=[(one, memoranda.used(session, one)) for one in agreed],
        now=(at := database.now(session)),
        several=_some_have_several(agreed, at),
        twin=_twin(session, programme.id, refused),
        refused=refused,
        sentence=refused.error.text(render.language_of(request)) if refused else None,
        typed=MemorandumForm(**refused.typed) if refused and refused.form == "new" else MemorandumForm(),
        typed_moment=forms.typed_moment,
        mails_leave=bool(settings().smtp_url),
    )


def _some_have_several(agreed: list[Memorandum], at: datetime) -> bool:
    """Whether two memoranda of one university hold at once."""
    holding = [one.university_id for one in agreed if one.ended_at is None and (one.until is None or one.until > at)]
    return len(holding) > len(set(holding))


def _twin(session: Session, programme_id: str, refused: Refused | None) -> str | None:
    """The memorandum because of which a new one was refused."""
    if refused is None or refused.error.code != "twice":
        return None
    found = memoranda.twin(session, programme_id, _typed_scope(MemorandumForm(**refused.typed)))
    return found.id if found else None


def _typed_scope(sent: MemorandumForm) -> NewMemorandum:
    chosen = tuple(dict.fromkeys(sent.opening_ids)) if sent.which == "chosen" else ()
    return NewMemorandum(sent.university_id, chosen)


def _names(session: deps.EverywhereReading, agreed: list[Memorandum]) -> dict[str, Organisation]:
    """The universities of memoranda, also those that take part no more."""
    ids = {one.university_id for one in agreed}
    return {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def _seen(session: deps.EverywhereReading, member: Member, programme_id: str) -> Programme:
    """The agency's own programme, for everybody of the agency. Raises Forbidden, NotFound."""
    if member.organisation_kind != "agency":
        raise Forbidden("Only an agency runs programmes.", "사업은 진흥원만 운영할 수 있습니다.")
    programme = session.get(Programme, programme_id)
    if programme is None or programme.organisation_id != member.organisation_id:
        raise NotFound
    return programme


def _again(request: Request, member: Member, programme_id: str, refused: Refused) -> Response:
    if refused.error.status in (403, 404):
        raise refused.error
    with database.reading(database.EVERYWHERE) as session:
        return _page(request, member, session, programme_id, refused)


def _back(request: Request, programme_id: str, said: str) -> Response:
    return render.go(request, f"/staff/programmes/{programme_id}/memoranda", said=f"memoranda.said.{said}")


@router.post("/staff/programmes/{programme_id}/memoranda")
def add(
    request: Request, programme_id: str, member: deps.SignedIn, sent: Annotated[MemorandumForm, Form()]
) -> Response:
    """A new memorandum, or one for each chosen opening."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            programmes.own(session, member, programme_id)
            if sent.which == "chosen" and not sent.opening_ids:
                raise Invalid("Choose at least one opening.", "채용공고를 하나 이상 고르십시오.", code="which")
            number, until = _number(sent.quota, "quota"), _moment(sent.until, "until")
            new = replace(_typed_scope(sent), quota=number, until=until, note=sent.note)
            memoranda.add(session, member, programme_id, new)
    except InterviewError as error:
        return _again(request, member, programme_id, Refused("new", error, sent.model_dump()))
    return _back(request, programme_id, "made")


@router.post("/staff/memoranda/{memorandum_id}")
def change(
    request: Request, *, memorandum_id: str, member: deps.SignedIn, quota: Text = "", until: Text = ""
) -> Response:
    """Another number of people or another end."""
    programme_id = ""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            programme_id = memoranda.own(session, member, memorandum_id).programme_id
            number, end = _number(quota, "quota"), _moment(until, "until")
            memoranda.change(session, member, memorandum_id, quota=number, until=end)
    except InterviewError as error:
        typed = {"quota": quota, "until": until}
        return _again(request, member, programme_id, Refused(f"change-{memorandum_id}", error, typed))
    return _back(request, programme_id, "changed")


@router.post("/staff/memoranda/{memorandum_id}/end")
def end(request: Request, memorandum_id: str, member: deps.SignedIn, session: deps.EverywhereWriting) -> Response:
    """Nobody more is invited under it."""
    return _back(request, memoranda.end(session, member, memorandum_id), "ended")


@router.post("/staff/programmes/{programme_id}/aims")
def set_aims(
    request: Request, *, programme_id: str, member: deps.SignedIn, places: Text = "", deadline: Text = ""
) -> Response:
    """How many are to be hired by when."""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            programmes.own(session, member, programme_id)
            number, until = _number(places, "places"), _moment(deadline, "deadline")
            programmes.set_aims(session, member, programme_id, places=number, deadline=until)
    except InterviewError as error:
        typed = {"places": places, "deadline": deadline}
        return _again(request, member, programme_id, Refused("aims", error, typed))
    return _back(request, programme_id, "aims")


@router.post("/staff/programmes/{programme_id}/state")
def turn(
    request: Request,
    *,
    programme_id: str,
    member: deps.SignedIn,
    session: deps.EverywhereWriting,
    state: Text = "closed",
) -> Response:
    """Closes the programme, or opens it again: `state` is closed or open."""
    act = programmes.reopen if state == "open" else programmes.close
    act(session, member, programme_id)
    return _back(request, programme_id, "reopened" if state == "open" else "closed")


@router.post("/staff/programmes/{programme_id}/partners/{partner_id}/end")
def end_partnership(
    request: Request, *, programme_id: str, partner_id: str, member: deps.SignedIn, session: deps.EverywhereWriting
) -> Response:
    """An organisation takes part in the programme no more."""
    programmes.end_partnership(session, member, programme_id, partner_id)
    return _back(request, programme_id, "partner_ended")


@router.post("/staff/partner-requests/{request_id}/withdraw")
def withdraw(request: Request, request_id: str, member: deps.SignedIn) -> Response:
    """Nobody can answer the request any more."""
    return _on_request(request, member, request_id, partner_requests.withdraw, "withdrawn")


@router.post("/staff/partner-requests/{request_id}/again")
def ask_again(request: Request, request_id: str, member: deps.SignedIn) -> Response:
    """The same request once more, with another mail."""
    said = "asked_again" if settings().smtp_url else "asked_again_waits"
    return _on_request(request, member, request_id, partner_requests.ask_again, said)


def _on_request(
    request: Request, member: Member, request_id: str, act: Callable[[Session, Member, str], str], said: str
) -> Response:
    programme_id = ""
    try:
        with database.transaction(database.EVERYWHERE) as session:
            programme_id = partner_requests.own(session, member, request_id).programme_id
            act(session, member, request_id)
    except InterviewError as error:
        return _again(request, member, programme_id, Refused(f"request-{request_id}", error))
    return _back(request, programme_id, said)
