"""Mailed links with which staff set a password: the invitation, and the way back in after forgetting it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from interview_ai import audit, database, mail, passwords, tokens
from interview_ai.errors import NotFound
from interview_ai.settings import settings
from interview_ai.tables import Organisation, SignIn, Staff, StaffLink

INVITATION_S = 7 * 24 * 3600
PASSWORD_LINK_S = 3600
MAX_PASSWORD_LINKS = 3  # open at once, so that nobody's mailbox can be flooded


@dataclass(frozen=True, slots=True)
class Link:
    """A link to set a password, and until when it works, in the words of whoever it is for."""

    token: str
    address: str
    until: str


def send_invitation(session: Session, staff: Staff, organisation: Organisation) -> str:
    """Makes the link with which `staff` sets a first password, mails it and returns its token; ends earlier ones."""
    use_up_links(session, staff.id)
    name = organisation.name_ko if staff.language == "ko" else organisation.name_en
    return _mail_link(session, staff, "invitation", INVITATION_S, organisation=name)


def forgotten(session: Session, email: str) -> None:
    """Mails a link for a new password, if somebody active has this address; the caller learns nothing either way."""
    staff = session.scalars(select(Staff).where(Staff.email == email.strip().lower())).one_or_none()
    if staff is None or staff.state != "active":
        return
    still = (StaffLink.staff_id == staff.id, StaffLink.used_at.is_(None), StaffLink.expires_at > database.now(session))
    if session.scalars(select(func.count()).select_from(StaffLink).where(*still)).one() >= MAX_PASSWORD_LINKS:
        return
    _mail_link(session, staff, "password", PASSWORD_LINK_S)
    audit.append(session, actor_of(staff), "staff forgot password", f"staff:{staff.id}")


def link_holder(session: Session, token: str) -> Staff:
    """Whose link it is; has no effect, so a mail scanner may follow it. Raises NotFound once used or too old."""
    link = session.get(StaffLink, tokens.digest(token))
    staff = session.get(Staff, link.staff_id) if link else None
    open_still = link and link.used_at is None and link.expires_at > database.now(session)
    if staff is None or not open_still or staff.state == "left":
        raise NotFound(
            "This link was used or is too old. Ask for a new one on the sign-in page.",
            "이미 사용했거나 기한이 지난 링크입니다. 로그인 화면에서 새로 요청해 주십시오.",
        )
    return staff


def accept_link(session: Session, token: str, password: str) -> Staff:
    """Sets the password of the link's holder, uses up their links and ends their sign-ins."""
    staff = link_holder(session, token)
    staff.password_hash = passwords.hashed(passwords.checked(password, staff.email))
    staff.state, staff.failures, staff.locked_until = "active", 0, None
    use_up_links(session, staff.id)
    end_sign_ins(session, staff.id)
    audit.append(session, actor_of(staff), "staff password set", f"staff:{staff.id}")
    return staff


def use_up_links(session: Session, staff_id: str) -> None:
    """Ends every open link of somebody."""
    unused = (StaffLink.staff_id == staff_id, StaffLink.used_at.is_(None))
    session.execute(update(StaffLink).where(*unused).values(used_at=database.now(session)))


def end_sign_ins(session: Session, staff_id: str) -> None:
    """Signs somebody out of every browser."""
    session.execute(delete(SignIn).where(SignIn.staff_id == staff_id))


def actor_of(staff: Staff) -> audit.Actor:
    """How the record knows a staff member."""
    return audit.Actor("staff", staff.id, staff.organisation_id)


def new_link(session: Session, staff: Staff, purpose: str = "invitation", lives_s: int = INVITATION_S) -> Link:
    """One more link for `staff`, which nobody mails yet; those before go on working."""
    token = tokens.new_token()
    until = database.now(session) + timedelta(seconds=lives_s)
    session.add(
        StaffLink(
            token_hash=tokens.digest(token),
            staff_id=staff.id,
            organisation_id=staff.organisation_id,
            purpose=purpose,
            expires_at=until,
        )
    )
    session.flush()
    address = f"{settings().public_url.rstrip('/')}/set-password/{token}"
    return Link(token, address, mail.moment(until, staff.language))


def _mail_link(session: Session, staff: Staff, purpose: str, lives_s: int, **values: str) -> str:
    link = new_link(session, staff, purpose, lives_s)
    letter = "staff_invitation" if purpose == "invitation" else "password"
    known = {"name": staff.name, "link": link.address, "until": link.until}
    cause = f"staff-link:{tokens.digest(link.token)}"
    mail.tell(session, staff, letter, known | values, cause=cause)
    return link.token
