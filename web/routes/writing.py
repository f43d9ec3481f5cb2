"""Writing an opening: from a template, blank or as a copy; changing one; and how candidates will see it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import (
    amendments,
    database,
    drafts,
    freezing,
    interviews,
    openings,
    programmes,
    prompts,
    queries,
    reviewing,
    rubrics,
)
from interview_ai.amendments import Amendment, Rules
from interview_ai.errors import Conflict, Forbidden, InterviewError, Invalid
from interview_ai.examples import StillExample
from interview_ai.library import competencies
from interview_ai.library.templates import templates
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import Opening
from web import deps, opening_form, question_form, render
from web.opening_form import Draft

router = APIRouter()
NEW = "/staff/openings/new"


def may_write(member: Member) -> None:
    """Refuses before anything is filled in what would be refused after it."""
    if member.organisation_kind != "employer":
        raise Forbidden("This page belongs to employers.", "기업이 쓰는 화면입니다.")
    openings.must_write_openings(member)


@router.get(NEW)
def new_opening(request: Request, member: deps.SignedIn, session: deps.StaffReading, start: str = "") -> Response:
    """The form of a new opening; `start` is a template's name or the id of an opening to copy."""
    may_write(member)
    return _form(request, session, member, _begun_with(session, start), faults=[], start=start)


def _begun_with(session: Session, start: str) -> dict[str, Any]:
    if start in templates():
        return opening_form.of_template(templates()[start])
    if not start:
        return opening_form.blank()
    there = queries.opening(session, start)
    return opening_form.of(there, list(reviewing.assigned(session, there.id)), copied=True)


def _form(
    request: Request,
    session: Session,
    member: Member,
    typed: dict[str, Any],
    *,
    faults: list[Invalid],
    start: str = "",
) -> Response:
    earlier = session.scalars(select(Opening).order_by(Opening.created_at.desc())).all()
    context: dict[str, Any] = {
        "programmes": programmes.open_to(member.organisation_id),
        "opening": None,
        "frozen": False,
    }
    context |= {"templates": templates().values(), "earlier": earlier, "start": start, "invited": 0, "recorded": set()}
    return _page(request, session, member, typed, faults=faults, address=NEW, **context)


def _page(
    request: Request,
    session: Session,
    member: Member,
    typed: dict[str, Any],
    *,
    faults: list[Invalid],
    address: str,
    **context: Any,
) -> Response:
    language = render.language_of(request)
    context |= {"member": member, "typed": typed, "wrong": opening_form.sentences(faults, language)}
    context["asks_example"] = typed[opening_form.KEEPS_EXAMPLE] or any(isinstance(one, StillExample) for one in faults)
    context |= {"advice": opening_form.advice(typed["questions"], language), "pressed": typed.get("pressed", "")}
    context |= {"picks": question_form.found(typed["area"], typed["words"], typed["add"]), "areas": competencies()}
    context |= {"reviewers": reviewing.reviewers(session), "levels": rubrics.LEVELS, "weights": rubrics.WEIGHTS}
    limits = {"limits": drafts.LIMITS, "most_questions": drafts.MOST_QUESTIONS}
    status = 422 if faults else 200
    return render.page(request, "staff/new_opening.html", status=status, address=address, **limits, **context)


@router.post("/staff/openings")
def create(request: Request, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Makes the opening, or shows the form again with all that is to be mended."""
    may_write(member)
    draft = opening_form.read(typed)
    stays = opening_form.stays(typed)
    if draft.faults or stays:
        shown = _shown_faults(draft, stays)
        with database.reading(member.organisation_id) as session:
            return _form(request, session, member, opening_form.typed_again(typed), faults=shown)
    with database.transaction(member.organisation_id) as session:
        made = openings.create(session, member, draft.new)
    return render.go(request, f"/staff/openings/{made.id}", said="openings.said.created")


def _shown_faults(draft: Draft, stays: list[str]) -> list[Invalid]:
    """Whoever searches the library or picks from it is not told yet what is missing elsewhere."""
    return [] if "find" in stays else [fault for fault in draft.faults if "put" not in stays or fault.code == "library"]


@router.get("/staff/openings/{opening_id}/preview")
def preview(request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """What a candidate reads, without anything that can be begun."""
    found = queries.opening(session, opening_id)
    return render.page(
        request,
        "staff/preview.html",
        member=member,
        opening=found,
        minutes=interviews.minutes(found.questions),
        notice=interviews.notice_version(),
        second_opinion=bool(settings().rater_url),
        contact=interviews.contact(session, found),
        prompts=prompts.of_opening(session, found.id),
    )


@router.get("/staff/openings/{opening_id}/edit")
def edit_form(request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The form of an opening that is there already."""
    openings.must_write_openings(member)
    found = queries.opening(session, opening_id)
    typed = opening_form.of(found, list(reviewing.assigned(session, opening_id)))
    return _edit(request, session, member, opening_id, typed=typed, faults=[])


def _edit(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    typed: dict[str, Any],
    faults: list[Invalid],
) -> Response:
    found = queries.opening(session, opening_id)
    context: dict[str, Any] = {"opening": found, "programmes": [], "frozen": freezing.has_begun(session, opening_id)}
    context |= {"invited": queries.counts(session, member, found).invited, "rubric": queries.rubric_of(found)}
    context["recorded"] = set(prompts.of_opening(session, opening_id))
    address = f"/staff/openings/{opening_id}/edit"
    return _page(request, session, member, typed, faults=faults, address=address, **context)


@router.post("/staff/openings/{opening_id}/edit")
def edit(request: Request, *, opening_id: str, member: deps.SignedIn, typed: opening_form.Typed) -> Response:
    """Keeps what was changed, or shows the form again with all that is to be mended."""
    openings.must_write_openings(member)
    with database.reading(member.organisation_id) as session:
        before = openings.own(session, opening_id).deadline
        draft = opening_form.read(typed, before=before)
        stays = opening_form.stays(typed)
        if draft.faults or stays:
            again, shown = opening_form.typed_again(typed), _shown_faults(draft, stays)
            return _edit(request, session, member, opening_id, typed=again, faults=shown)
    try:
        with database.transaction(member.organisation_id) as session:
            amendments.amend(session, member, opening_id, _amendment(draft, tell="tell" in typed))
    except Conflict as error:
        return _begun_meanwhile(request, member, opening_id, typed=typed, error=error)
    return render.go(request, f"/staff/openings/{opening_id}", said="openings.said.amended")


def _begun_meanwhile(
    request: Request, member: Member, opening_id: str, *, typed: opening_form.Typed, error: InterviewError
) -> Response:
    """Somebody began while the form was open: what may still change stands in it as typed, with the reason."""
    fault = Invalid(error.en, error.ko, code="questions")
    with database.reading(member.organisation_id) as session:
        again = opening_form.typed_again(typed)
        return _edit(request, session, member, opening_id, typed=again, faults=[fault])


def _amendment(draft: Draft, *, tell: bool) -> Amendment:
    new = draft.new
    return Amendment(
        new.title_ko,
        new.title_en,
        new.deadline,
        new.questions if draft.asks else None,
        vocabulary=new.vocabulary,
        rules=Rules(new.language, new.blind, new.demonstration, new.rubric) if draft.asks else None,
        reviewers=new.reviewers,
        tell=tell,
    )
