"""What everybody may read without an account: published openings, organisations' pages, their logos."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response

from interview_ai import branding, database, interviews, public_openings
from interview_ai.public_openings import Wanted
from interview_ai.settings import settings
from web import deps, render, security

router = APIRouter()
Text = Annotated[str, Form()]
Limited = Depends(security.brake("public", "120/minute"))
KEPT_S = 60  # an opening that is withdrawn is gone everywhere a minute later


def _page(request: Request, template: str, **context: Any) -> Response:
    """A page without a sign-in; in links it keeps the language that was asked for, so that no cookie is needed."""
    asked = request.query_params.get("lang")
    in_links = f"lang={render.language_of(request)}" if asked else ""
    response = render.page(request, f"public/{template}", in_links=in_links, **context)
    whose = "private" if "set-cookie" in response.headers else "public"
    response.headers["cache-control"] = f"{whose}, max-age={KEPT_S}"
    return response


@router.get("/openings", dependencies=[Limited])
def list_of_openings(
    request: Request, session: deps.EverywhereReading, words: str = "", employer: str = "", page: str = "1"
) -> Response:
    """Published openings that hold the words, of one employer or of all."""
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    found = public_openings.listed(session, Wanted(words.strip(), employer, number))
    return _page(request, "openings.html", found=found)


@router.get("/openings/{opening_id}", dependencies=[Limited])
def opening(request: Request, opening_id: str, session: deps.EverywhereReading) -> Response:
    """What one opening is, what is assessed, and how people are invited to it."""
    found = public_openings.described(session, opening_id)
    return _page(
        request,
        "opening.html",
        opening=found.opening,
        universities=found.universities,
        minutes=interviews.minutes(found.opening.questions),
        notice=interviews.notice_version(),
        second_opinion=bool(settings().rater_url),
    )


@router.get("/o/{slug}", dependencies=[Limited])
def organisation(request: Request, slug: str, session: deps.EverywhereReading) -> Response:
    """An organisation's own page."""
    found = public_openings.page(session, slug)
    return _page(request, "organisation.html", found=found, organisation=found.organisation)


@router.get("/logos/{organisation_id}/{name}", dependencies=[Limited])
def logo(organisation_id: str, name: str) -> Response:
    """A logo, as the kind of picture that it was found to be and nothing else."""
    with database.reading(database.EVERYWHERE) as session:
        key = branding.logo_key(session, organisation_id, name)
    file = branding.logo_file(key)
    headers = {
        "cache-control": "public, max-age=86400",
        "content-disposition": "inline",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(file.content, media_type=file.kind, headers=headers)


@router.post("/staff/openings/{opening_id}/publication")
def turn(
    request: Request, *, opening_id: str, member: deps.SignedIn, session: deps.StaffWriting, switch: Text = "withdraw"
) -> Response:
    """Publishes the opening or takes its page back: `switch` is publish or withdraw."""
    act = public_openings.publish if switch == "publish" else public_openings.withdraw
    act(session, member, opening_id)
    said = "public.said.published" if switch == "publish" else "public.said.withdrawn"
    return render.go(request, f"/staff/openings/{opening_id}", said=said)
