"""Organisations and the people who work for them: joining, signing in, forgetting a password, leaving."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from interview_ai import addresses, audit, database, passwords, staff_links, tokens
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import Organisation, SignIn, Staff

OrganisationKind = Literal["agency", "employer", "university"]
Role = Literal["owner", "recruiter", "reviewer"]
KINDS: tuple[OrganisationKind, ...] = ("agency", "employer", "university")
ROLES: tuple[Role, ...] = ("owner", "recruiter", "reviewer")

IDLE_S = 12 * 3600
LONGEST_SIGN_IN_S = 7 * 24 * 3600
TOUCH_S = 300  # how stale `seen_at` may be before a page writes it again
MAX_FAILURES = 10
LOCK_S = 15 * 60


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody signed in for an organisation."""

    id: str
    organisation_id: str
    organisation_kind: str
    organisation_name: Bilingual
    name: str
    email: str
    role: str
    language: str
    seen_at: datetime

    @property
    def actor(self) -> audit.Actor:
        """How the record knows them."""
        return audit.Actor("staff", self.id, self.organisation_id)

    def must_be(self, *roles: Role) -> None:
        """Raises Forbidden unless the member has one of the roles."""
        if self.role not in roles:
            raise Forbidden(
                "Your role does not allow this. Ask an owner of your organisation.",
                "현재 권한으로는 할 수 없습니다. 기관의 소유자에게 요청해 주십시오.",
            )


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that was tried: whose address it was, if anybody's, and whether the password was theirs."""

    staff_id: str | None
    right: bool


def add_organisation(session: Session, kind: OrganisationKind, name_ko: str, name_en: str) -> Organisation:
    """A new organisation. Needs a session for EVERYWHERE, like all that crosses organisations."""
    if kind not in KINDS:
        raise Invalid("Choose agency, employer or university.", "진흥원, 기업, 대학 가운데 고르십시오.", code="kind")
    made = Organisation(kind=kind, name_ko=needed(name_ko, 80), name_en=needed(name_en or name_ko, 80))
    session.add(made)
    session.flush()
    audit.append(session, audit.SERVICE, "organisation added", f"organisation:{made.id}", organisation_id=made.id)
    return made


def add_staff(
    session: Session,
    organisation: Organisation,
    *,
    email: str,
    name: str,
    role: Role,
    language: str = "ko",
    password: str | None = None,
) -> Staff:
    """Somebody new, ready to sign in when a password is given, otherwise invited by a mailed link."""
    staff = new_staff(session, organisation.id, email=email, name=name, role=role, language=language)
    if password is not None:
        staff.password_hash = passwords.hashed(passwords.checked(password, staff.email))
        staff.state = "active"
        session.flush()
    else:
        staff_links.send_invitation(session, staff, organisation)
    audit.append(
        session,
        audit.SERVICE,
        "staff added",
        f"staff:{staff.id}",
        organisation_id=organisation.id,
        details={"role": role},
    )
    return staff


def invite_staff(session: Session, member: Member, *, email: str, name: str, role: Role, language: str) -> Staff:
    """Invites a colleague by mail, or once more somebody who has not joined or who had left. Owners only."""
    member.must_be("owner")
    there = session.scalars(select(Staff).where(Staff.email == address_of(email))).one_or_none()
    if there and there.state == "active":
        raise Conflict("This person is already here.", "이미 등록된 직원입니다.")
    staff = there or new_staff(session, member.organisation_id, email=email, name=name, role=role, language=language)
    staff.state, staff.role, staff.name = "invited", _role(role), needed(name, 80)
    staff_links.send_invitation(session, staff, session.get_one(Organisation, member.organisation_id))
    audit.append(session, member.actor, "staff invited", f"staff:{staff.id}", details={"role": role})
    return staff


def check(email: str, password: str) -> Attempt:
    """Compares a password with what is kept, in the same time for addresses that nobody has.

    Opens its own session and lets it go first: computing the digest takes some 50 ms.
    """
    with database.reading(database.EVERYWHERE) as session:
        found = session.scalars(select(Staff).where(Staff.email == email.strip().lower())).one_or_none()
        staff_id, kept = (found.id, found.password_hash) if found else (None, None)
    return Attempt(staff_id, passwords.matches(password, kept))


def sign_in(session: Session, attempt: Attempt) -> str | None:
    """The cookie's token; None when refused, in one way for every cause, and counted: ten failures lock 15 minutes."""
    staff = session.get(Staff, attempt.staff_id) if attempt.staff_id else None
    if staff is None or staff.state != "active":
        return None
    at = database.now(session)
    if staff.locked_until and staff.locked_until > at:
        return None
    if not attempt.right:
        _count_failure(session, staff, at)
        return None
    staff.failures, staff.locked_until = 0, None
    token = tokens.new_token()
    session.add(
        SignIn(
            token_hash=tokens.digest(token),
            staff_id=staff.id,
            organisation_id=staff.organisation_id,
            created_at=at,
            seen_at=at,
            expires_at=at + timedelta(seconds=LONGEST_SIGN_IN_S),
        )
    )
    audit.append(session, staff_links.actor_of(staff), "staff signed in", f"staff:{staff.id}")
    return token


def _count_failure(session: Session, staff: Staff, at: datetime) -> None:
    staff.failures += 1
    if staff.failures >= MAX_FAILURES:
        staff.failures, staff.locked_until = 0, at + timedelta(seconds=LOCK_S)
        audit.append(session, staff_links.actor_of(staff), "staff locked", f"staff:{staff.id}")


def member_of(session: Session, cookie_token: str) -> Member | None:
    """Who the cookie belongs to, or None once 12 hours idle, a week old, signed out or gone. Only reads."""
    at = database.now(session)
    found = session.execute(
        select(Staff, Organisation, SignIn.seen_at)
        .join(SignIn, (SignIn.staff_id == Staff.id) & (SignIn.organisation_id == Staff.organisation_id))
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .where(SignIn.token_hash == tokens.digest(cookie_token), Staff.state == "active", SignIn.expires_at > at)
    ).one_or_none()
    if found is None or found.seen_at < at - timedelta(seconds=IDLE_S):
        return None
    staff, organisation, seen_at = found
    return member(staff, organisation, seen_at=seen_at)


def member(staff: Staff, organisation: Organisation, *, seen_at: datetime) -> Member:
    """The member that a staff row is."""
    return Member(
        staff.id,
        organisation.id,
        organisation.kind,
        Bilingual(organisation.name_ko, organisation.name_en),
        name=staff.name,
        email=staff.email,
        role=staff.role,
        language=staff.language,
        seen_at=seen_at,
    )


def touch(session: Session, cookie_token: str) -> None:
    """Notes that the browser is still in use; called when the member's `seen_at` is older than TOUCH_S."""
    session.execute(
        update(SignIn).where(SignIn.token_hash == tokens.digest(cookie_token)).values(seen_at=database.now(session))
    )


def sign_out(session: Session, cookie_token: str) -> None:
    """Ends one browser's sign-in. Safe to run twice."""
    session.execute(delete(SignIn).where(SignIn.token_hash == tokens.digest(cookie_token)))


def sign_out_everywhere(session: Session, member: Member) -> None:
    """Ends every sign-in of the member, this one too."""
    staff_links.end_sign_ins(session, member.id)
    audit.append(session, member.actor, "staff signed out everywhere", f"staff:{member.id}")


def choose_language(session: Session, member: Member, language: str) -> None:
    """The language in which the member reads pages and mails."""
    session.get_one(Staff, member.id).language = _language(language)


def change_role(session: Session, member: Member, staff_id: str, role: Role) -> None:
    """Gives a colleague another role. Owners only; one owner always remains."""
    staff = _colleague(session, member, staff_id)
    if role != "owner":
        _keep_an_owner(session, staff)
    staff.role = _role(role)
    audit.append(session, member.actor, "staff role changed", f"staff:{staff.id}", details={"role": role})


def leave(session: Session, member: Member, staff_id: str) -> None:
    """Somebody leaves: sign-ins end at once, no way back in but a new invitation. Owners only."""
    staff = _colleague(session, member, staff_id)
    _keep_an_owner(session, staff)
    staff.state, staff.password_hash = "left", None
    staff_links.use_up_links(session, staff.id)
    staff_links.end_sign_ins(session, staff.id)
    audit.append(session, member.actor, "staff left", f"staff:{staff.id}")


def new_staff(session: Session, organisation_id: str, *, email: str, name: str, role: Role, language: str) -> Staff:
    """The row of somebody who has not joined yet. Raises Conflict when the address is taken, wherever."""
    staff = Staff(
        organisation_id=organisation_id,
        email=address_of(email),
        name=needed(name, 80),
        role=_role(role),
        language=_language(language),
        state="invited",
    )
    try:
        with session.begin_nested():
            session.add(staff)
    except IntegrityError as error:
        # not "has an account with another organisation": that would tell who works where
        raise Conflict(
            "This address cannot be used here.", "여기에서 사용할 수 없는 주소입니다.", code="email"
        ) from error
    return staff


def _colleague(session: Session, member: Member, staff_id: str) -> Staff:
    member.must_be("owner")
    staff = session.scalars(select(Staff).where(Staff.id == staff_id, Staff.state != "left")).one_or_none()
    if staff is None:
        raise NotFound
    return staff


def _keep_an_owner(session: Session, staff: Staff) -> None:
    others = (Staff.role == "owner", Staff.state == "active", Staff.id != staff.id)
    same = Staff.organisation_id == staff.organisation_id
    if staff.role == "owner" and not session.scalars(select(Staff.id).where(same, *others)).first():
        raise Conflict(
            "This is the only owner. Make somebody else an owner first.",
            "유일한 소유자입니다. 먼저 다른 직원을 소유자로 지정해 주십시오.",
        )


def address_of(email: str) -> str:
    """A mail address as we keep it: lower case, its domain as people write it. Raises Invalid: not one address."""
    # what is pasted on a Mac comes in pieces
    return addresses.as_read(unicodedata.normalize("NFC", email.strip().lower()))


def needed(text: str, longest: int) -> str:
    """The text on one line. Raises Invalid when it is empty or longer than `longest` characters."""
    tidy = " ".join(text.split())
    if not 0 < len(tidy) <= longest:
        raise Invalid(
            f"Fill in the name (at most {longest} characters).",
            f"이름을 입력해 주십시오({longest}자 이하).",
            code="name",
        )
    return tidy


def _role(role: str) -> str:
    if role not in ROLES:
        raise Invalid("Choose a role.", "권한을 고르십시오.", code="role")
    return role


def _language(language: str) -> str:
    return "en" if language == "en" else "ko"
