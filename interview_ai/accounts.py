"""One's own account: name and password."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from interview_ai import audit, passwords, tokens
from interview_ai.organisations import Member, needed
from interview_ai.staff_links import use_up_links
from interview_ai.tables import SignIn, Staff

LONGEST_NAME = 80


def rename(session: Session, member: Member, name: str) -> None:
    """Gives the member another name. Raises Invalid."""
    session.get_one(Staff, member.id).name = needed(name, LONGEST_NAME)
    audit.append(session, member.actor, "staff renamed", f"staff:{member.id}")


def new_digest(member: Member, password: str) -> str:
    """The digest to keep of a new password; outside of any transaction, for it takes some 50 ms. Raises Invalid."""
    return passwords.hashed(passwords.checked(password, member.email))


def keep_password(session: Session, member: Member, digest: str, *, cookie: str) -> None:
    """From now on this password is the member's; every sign-in ends but the one with `cookie`."""
    session.get_one(Staff, member.id).password_hash = digest
    use_up_links(session, member.id)
    others = (SignIn.staff_id == member.id, SignIn.token_hash != tokens.digest(cookie))
    session.execute(delete(SignIn).where(*others))
    audit.append(session, member.actor, "staff password changed", f"staff:{member.id}")
