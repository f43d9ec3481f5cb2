"""Tells an organisation's owners two weeks ahead that one of its keys ends, so that no system stops unannounced."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from interview_ai import database, mail
from interview_ai.settings import settings
from interview_ai.tables import ApiKey, Organisation, Staff

AHEAD = timedelta(days=14)


def warn(session: Session) -> None:
    """Mails the owners of every key that ends within AHEAD, once for each end. Safe in many copies at once."""
    at = database.now(session)
    soon = (ApiKey.revoked_at.is_(None), ApiKey.expires_at > at, ApiKey.expires_at <= at + AHEAD)
    for key in session.scalars(select(ApiKey).where(*soon, ApiKey.warned_at.is_(None))).all():
        ours = update(ApiKey).where(ApiKey.id == key.id, ApiKey.warned_at.is_(None))
        if database.changed(session, ours.values(warned_at=at)):
            _tell(session, key)


def _tell(session: Session, key: ApiKey) -> None:
    organisation = session.get_one(Organisation, key.organisation_id)
    owners = (Staff.organisation_id == organisation.id, Staff.role == "owner", Staff.state == "active")
    for owner in session.scalars(select(Staff).where(*owners)):
        _mail(session, key, owner, organisation)


def _mail(session: Session, key: ApiKey, owner: Staff, organisation: Organisation) -> None:
    ends_at = key.expires_at
    if ends_at is None:
        return
    values = {
        "organisation": organisation.name_ko if owner.language == "ko" else organisation.name_en,
        "name": owner.name,
        "key": key.name,
        "until": mail.moment(ends_at, owner.language),
        "link": f"{settings().public_url.rstrip('/')}/staff/keys",
    }
    cause = f"key ends:{key.id}:{int(ends_at.timestamp())}:{owner.id}"
    mail.tell(session, owner, "key_ends", values, cause=cause)
