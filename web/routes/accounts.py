"""Signing in and out, joining by a mailed link, a forgotten password, colleagues."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from sqlalchemy import select

from interview_ai import database, organisations, staff_links
from interview_ai.errors import InterviewError, Invalid
from interview_ai.organisations import Member, Role
from interview_ai.tables import Staff
from web import deps, forms, render, security

router = APIRouter()
HOMES = {"employer": "/staff/openings", "university": "/staff/university", "agency": "/staff/programmes"}
Text = Annotated[str, Form()]


def home_of(member: Member) -> str:
    """The first page of somebody who signed in."""
    return HOMES[member.organisation_kind]


@router.get("/staff")
def home(request: Request, member: deps.SignedIn) -> Response:
    """Goes on to what the organisation works with."""
    return render.go(request, home_of(member))


@router.get("/sign-in")
def sign_in_form(request: Request, next: str = "") -> Response:
    """The sign-in page."""
    return render.page(request, "staff/sign_in.html", email="", next=next, sentence=None)


@router.post("/sign-in", dependencies=[Depends(security.limit("sign-in", "30/minute"))])
def sign_in(request: Request, email: Text = "", password: Text = "", next: Text = "") -> Response:
    """Signs in, or says the one sentence that fits every cause."""
    attempt = organisations.check(email, password)
    with database.transaction(database.EVERYWHERE) as session:
        token = organisations.sign_in(session, attempt)
        member = organisations.member_of(session, token) if token else None
    if token is None or member is None:
        context = {"email": email, "next": next, "sentence": "accounts.refused"}
        return render.page(request, "staff/sign_in.html", status=401, **context)
    response = render.go(request, forms.own_address(next, otherwise=home_of(member)))
    security.keep_session(request, response, security.STAFF, token, seconds=organisations.LONGEST_SIGN_IN_S)
    if render.LANGUAGE_COOKIE not in request.cookies:  # a language chosen on this device stays
        render.remember_language(request, response, member.language)
    return response


@router.post("/sign-out")
def sign_out(request: Request, _: deps.SignedIn, session: deps.EverywhereWriting) -> Response:
    """Ends this browser's sign-in."""
    organisations.sign_out(session, security.session_cookie(request, security.STAFF) or "")
    response = render.go(request, "/sign-in", said="accounts.said.signed_out")
    security.end_session(request, response, security.STAFF)
    return response


@router.get("/forgotten")
def forgotten_form(request: Request) -> Response:
    """Asks for the address to which a link is mailed."""
    return render.page(request, "staff/forgotten.html")


@router.post("/forgotten", dependencies=[Depends(security.limit("forgotten", "5/minute"))])
def forgotten(request: Request, session: deps.EverywhereWriting, email: Text = "") -> Response:
    """The same answer whether or not anybody has this address."""
    staff_links.forgotten(session, email)
    return render.go(request, "/sign-in", said="accounts.said.link_mailed")


@router.get("/set-password/{token}")
def password_form(request: Request, token: str, session: deps.EverywhereReading) -> Response:
    """The form behind a mailed link; looking at it has no effect."""
    holder = staff_links.link_holder(session, token)
    return render.page(request, "staff/set_password.html", holder=holder, sentence=None)


@router.post("/set-password/{token}", dependencies=[Depends(security.limit("set-password", "20/minute"))])
def set_password(request: Request, token: str, password: Text = "", again: Text = "") -> Response:
    """Sets the password, then asks to sign in with it."""
    try:
        if password != again:
            raise Invalid("The two passwords differ.", "두 비밀번호가 서로 다릅니다.", code="password")
        with database.transaction(database.EVERYWHERE) as session:
            staff_links.accept_link(session, token, password)
    except Invalid as error:
        return _password_again(request, token, error)
    return render.go(request, "/sign-in", said="accounts.said.password_set")


def _password_again(request: Request, token: str, error: Invalid) -> Response:
    with database.reading(database.EVERYWHERE) as session:
        holder = staff_links.link_holder(session, token)
        sentence = error.text(render.language_of(request))
        return render.page(request, "staff/set_password.html", status=422, holder=holder, sentence=sentence)


@router.get("/staff/account")
def account(request: Request, member: deps.SignedIn) -> Response:
    """One's own language and sign-ins."""
    return render.page(request, "staff/account.html", member=member)


@router.post("/staff/account")
def change_account(
    request: Request, member: deps.SignedIn, session: deps.StaffWriting, language: Text = "ko"
) -> Response:
    """Keeps the language in which pages and mails are read."""
    organisations.choose_language(session, member, language)
    response = render.go(request, "/staff/account", said="accounts.said.saved")
    render.remember_language(request, response, "en" if language == "en" else "ko")
    return response


@router.post("/staff/account/sign-out-everywhere")
def sign_out_everywhere(request: Request, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Ends every browser's sign-in."""
    organisations.sign_out_everywhere(session, member)
    response = render.go(request, "/sign-in", said="accounts.said.signed_out_everywhere")
    security.end_session(request, response, security.STAFF)
    return response


@router.get("/staff/people")
def people(request: Request, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The organisation's staff."""
    return _people(request, member, session, sentence=None)


def _people(
    request: Request, member: Member, session: deps.StaffReading, *, sentence: str | None, status: int = 200
) -> Response:
    here = session.scalars(select(Staff).where(Staff.state != "left").order_by(Staff.name)).all()
    context = {"member": member, "people": here, "roles": organisations.ROLES, "sentence": sentence}
    return render.page(request, "staff/people.html", status=status, **context)


@router.post("/staff/people")
def invite(
    request: Request,
    *,
    member: deps.SignedIn,
    email: Text = "",
    name: Text = "",
    role: Annotated[Role, Form()] = "reviewer",
    language: Text = "ko",
) -> Response:
    """Mails a colleague the link to join by."""
    try:
        with database.transaction(member.organisation_id) as session:
            organisations.invite_staff(session, member, email=email, name=name, role=role, language=language)
    except InterviewError as error:
        with database.reading(member.organisation_id) as session:
            sentence = error.text(render.language_of(request))
            return _people(request, member, session, sentence=sentence, status=error.status)
    return render.go(request, "/staff/people", said="accounts.said.colleague_invited")


@router.post("/staff/people/{staff_id}/role")
def change_role(
    request: Request, *, staff_id: str, member: deps.SignedIn, session: deps.StaffWriting, role: Annotated[Role, Form()]
) -> Response:
    """Gives a colleague another role."""
    organisations.change_role(session, member, staff_id, role)
    return render.go(request, "/staff/people", said="accounts.said.saved")


@router.post("/staff/people/{staff_id}/leave")
def leave(request: Request, staff_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Somebody leaves the organisation."""
    organisations.leave(session, member, staff_id)
    return render.go(request, "/staff/people", said="accounts.said.left")
