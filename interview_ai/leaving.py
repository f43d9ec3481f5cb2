"""Somebody leaves the organisation: what they made goes on working for it, unless an owner ends it at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from interview_ai import api_keys, audit, organisations
from interview_ai.organisations import Member


def leave(session: Session, member: Member, staff_id: str, *, ends: Collection[str] = ()) -> None:
    """Ends a colleague's sign-ins, and of the keys that they made those in `ends`; what is kept is on the record.

    A key belongs to the organisation: its system must not stop because a person leaves.
    """
    organisations.leave(session, member, staff_id)
    for key in api_keys.working_by_maker(session).get(staff_id, ()):
        if key.id in ends:
            api_keys.revoke(session, member, key.id)
        else:
            audit.append(session, member.actor, "key kept", f"key:{key.id}", details={"maker": staff_id})
