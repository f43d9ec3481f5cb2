"""The first page, signing in and out, joining by a mailed link, one's own account, colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import accounts as own_account
from interview_ai import api_keys, database, invitees, leaving, organisations, passwords, staff_links
from interview_ai.errors import InterviewError, Invalid, NotFound
from interview_ai.invitees import Person
from interview_ai.organisations import Member, Role
from interview_ai.settings import settings
from interview_ai.tables import Staff
from web import deps, forms, render, security

router = APIRouter()
HOMES = {"employer": "/staff/openings", "university": "/staff/university", "agency": "/staff/region"}
Text = Annotated[str, Form()]


def home_of(member: Member) -> str:
    """The first page of somebody who signed in."""
    return HOMES[member.organisation_kind]


@router.get("/")
def front(request: Request, session: deps.EverywhereReading) -> Response:
    """The first page of this service: the own home of who is signed in, else what this is and where to go."""
    if not render.wants_page(request):
        raise NotFound  # there is nothing here for programs
    member = _signed_in(request, session)
    if member is not None:
        return render.go(request, home_of(member))
    return render.page(request, "landing.html")


def _signed_in(request: Request, session: Session) -> Member | None:
    cookie = security.session_cookie(request, security.STAFF)
    return organisations.member_of(session, cookie) if cookie else None


@router.get("/staff")
def home(request: Request, member: deps.SignedIn) -> Response:
    """Goes on to what the organisation works with."""
    return render.go(request, home_of(member))


@router.get("/sign-in")
def sign_in_form(request: Request, session: deps.EverywhereReading, next: str = "") -> Response:
    """The sign-in page; who is signed in goes on, unless a form that was just sent has something to say here."""
    member = _signed_in(request, session)
    if member is not None and render.SAID_COOKIE not in request.cookies:
        return render.go(request, forms.own_address(next, otherwise=home_of(member)))
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
        return render.page(request, "staff/sign_in.html", status=401, address="/sign-in", **context)
    response = render.go(request, forms.own_address(next, otherwise=home_of(member)))
    security.keep_session(request, response, security.STAFF, token, seconds=organisations.LONGEST_SIGN_IN_S)
    # who read this page in one language reads on in it, whatever an account says: that is for mails
    render.remember_language(request, response, render.language_of(request))
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
    return render.go(request, "/sign-in", said=f"accounts.said.{'link_mailed' if _mails_leave() else 'link_waits'}")


def _mails_leave() -> bool:
    return bool(settings().smtp_url)


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
        address = f"/set-password/{token}"
        context = {"holder": holder, "sentence": sentence}
        return render.page(request, "staff/set_password.html", status=422, address=address, **context)


@router.get("/staff/account")
def account(request: Request, member: deps.SignedIn) -> Response:
    """One's own name, language, password and sign-ins."""
    return _account(request, member)


def _account(
    request: Request, member: Member, *, wrong: dict[str, Invalid] | None = None, name: str | None = None
) -> Response:
    language = render.language_of(request)
    sentences = {field: error.text(language) for field, error in (wrong or {}).items()}
    context = {"member": member, "wrong": sentences, "name": member.name if name is None else name}
    status = 422 if wrong else 200
    return render.page(request, "staff/account.html", status=status, address="/staff/account", **context)


@router.post("/staff/account")
def change_account(request: Request, member: deps.SignedIn, language: Text = "ko", name: Text = "") -> Response:
    """Keeps the name, and the language in which pages and mails are read."""
    try:
        with database.transaction(member.organisation_id) as session:
            own_account.rename(session, member, name)
            organisations.choose_language(session, member, language)
    except Invalid as error:
        return _account(request, member, wrong={"name": error}, name=name)
    response = render.go(request, "/staff/account", said="accounts.said.saved")
    render.remember_language(request, response, "en" if language == "en" else "ko")
    return response


@router.post("/staff/account/password", dependencies=[Depends(security.limit("password", "10/minute"))])
def change_password(
    request: Request, member: deps.SignedIn, *, current: Text = "", password: Text = "", again: Text = ""
) -> Response:
    """Another password, for whoever knows the present one; ends the sign-ins of other browsers."""
    wrong = _faults_of_password(member, current, password, again)
    if wrong:
        return _account(request, member, wrong=wrong)
    digest = own_account.new_digest(member, password)
    cookie = security.session_cookie(request, security.STAFF) or ""
    with database.transaction(member.organisation_id) as session:
        own_account.keep_password(session, member, digest, cookie=cookie)
    return render.go(request, "/staff/account", said="accounts.said.password_changed")


def _faults_of_password(member: Member, current: str, password: str, again: str) -> dict[str, Invalid]:
    found: dict[str, Invalid] = {}
    if not organisations.check(member.email, current).right:
        found["current"] = Invalid("This is not your present password.", "지금 쓰는 비밀번호가 아닙니다.")
    try:
        passwords.checked(password, member.email)
    except Invalid as error:
        found["password"] = error
    if password != again:
        found["again"] = Invalid("The two passwords differ.", "두 비밀번호가 서로 다릅니다.")
    return found


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
    return _people(request, member, session)


class Colleague(BaseModel):
    """The form of a colleague to invite."""

    name: str = ""
    email: str = ""
    role: Role = "reviewer"
    language: str = "ko"


@dataclass(frozen=True, slots=True)
class NotInvited:
    """The form of a colleague as it was typed, with what is wrong at which field, or at none."""

    typed: Colleague
    wrong: dict[str, str]
    sentence: str | None
    status: int


def _people(
    request: Request, member: Member, session: deps.StaffReading, refused: NotInvited | None = None
) -> Response:
    here = session.scalars(select(Staff).where(Staff.state != "left").order_by(Staff.name)).all()
    shown = refused or NotInvited(Colleague(language=render.language_of(request)), {}, None, status=200)
    context = {"people": here, "roles": organisations.ROLES, "mails_leave": _mails_leave()}
    context |= {"keys": api_keys.working_by_maker(session)}
    context |= {"typed": shown.typed, "wrong": shown.wrong, "sentence": shown.sentence}
    return render.page(
        request, "staff/people.html", status=shown.status, address="/staff/people", member=member, **context
    )


@router.post("/staff/people")
def invite(request: Request, member: deps.SignedIn, sent: Annotated[Colleague, Form()]) -> Response:
    """Mails a colleague the link to join by; an earlier link of theirs ends, and the page says so."""
    member.must_be("owner")
    language = render.language_of(request)
    wrong = {fault.code: fault.text(language) for fault in invitees.faults(Person(sent.name, sent.email))}
    refused = NotInvited(sent, wrong, None, status=422)
    try:
        if not wrong:
            return render.go(request, "/staff/people", said=f"accounts.said.{_invite(member, sent)}")
    except InterviewError as error:
        refused = NotInvited(sent, {}, error.text(language), status=error.status)
    with database.reading(member.organisation_id) as session:
        return _people(request, member, session, refused)


def _invite(member: Member, sent: Colleague) -> str:
    """Invites; says what to tell: somebody new or once more, and whether mails leave."""
    with database.transaction(member.organisation_id) as session:
        again = organisations.address_of(sent.email) in _waiting(session)
        organisations.invite_staff(session, member, **sent.model_dump())
    return ("again" if again else "colleague") + ("_invited" if _mails_leave() else "_waits")


def _waiting(session: Session) -> list[str]:
    return list(session.scalars(select(Staff.email).where(Staff.state == "invited")))


@router.post("/staff/people/{staff_id}/role")
def change_role(
    request: Request, *, staff_id: str, member: deps.SignedIn, session: deps.StaffWriting, role: Annotated[Role, Form()]
) -> Response:
    """Gives a colleague another role."""
    organisations.change_role(session, member, staff_id, role)
    return render.go(request, "/staff/people", said="accounts.said.saved")


@router.post("/staff/people/{staff_id}/leave")
def leave(
    request: Request,
    *,
    staff_id: str,
    member: deps.SignedIn,
    session: deps.StaffWriting,
    end: Annotated[tuple[str, ...], Form()] = (),
) -> Response:
    """Somebody leaves the organisation, or is no longer asked to join. `end`: which of their keys end with it."""
    joined = session.scalars(select(Staff.state).where(Staff.id == staff_id)).first() != "invited"
    leaving.leave(session, member, staff_id, ends=end)
    return render.go(request, "/staff/people", said=f"accounts.said.{'left' if joined else 'uninvited'}")
