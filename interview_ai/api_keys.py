"""Keys with which an organisation's own programs ask: made by an owner, shown once, renewed, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, tokens
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member, needed
from interview_ai.rules.evidence import Bilingual
from interview_ai.tables import ApiKey, Organisation, Staff

Scope = Literal["openings:read", "campaigns:read", "campaigns:write", "invitations:read", "webhooks:write"]
SCOPES: tuple[Scope, ...] = (
    "openings:read",
    "campaigns:read",
    "campaigns:write",
    "invitations:read",
    "webhooks:write",
)
LEAST: tuple[Scope, ...] = ("openings:read",)
"""What a form of a new key has ticked at first."""

BEGINS = "onv_"
SHOWN_SIGNS = 12  # of the key, the prefix included: 48 of its 256 bits tell it from others and open nothing
DAYS = (30, 90, 365)
LONGEST_NAME = 60
MOST_KEYS = 50
OVERLAP = timedelta(hours=24)  # how long the secret before goes on working after it was renewed
TOUCH_S = 60  # how stale `used_at` may be before a request writes it again


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as its form describes it. `days`: how long it works; 0: until it is revoked."""

    name: str
    scopes: tuple[str, ...] = LEAST
    days: int = 90


@dataclass(frozen=True, slots=True)
class Listed:
    """A key that is not revoked, as owners see it. `by`: who made or last renewed it; `gone`: that person has left."""

    key: ApiKey
    by: str
    gone: bool

    def works(self, at: datetime) -> bool:
        """Whether it has not ended by itself."""
        return self.key.expires_at is None or self.key.expires_at > at

    @property
    def days(self) -> int:
        """How long it was to work; 0: until it is revoked."""
        began = self.key.renewed_at or self.key.created_at
        return (self.key.expires_at - began).days if self.key.expires_at else 0


@dataclass(frozen=True, slots=True)
class Caller(Member):
    """A program of an organisation: it acts as a coordinator does, and the record names the key."""

    key_id: str
    scopes: frozenset[str]
    used_at: datetime | None

    @property
    def actor(self) -> audit.Actor:
        """How the record knows it."""
        return audit.Actor("key", self.key_id, self.organisation_id)

    def must_have(self, scope: Scope) -> None:
        """Raises Forbidden, naming the scope, unless the key has it."""
        if scope not in self.scopes:
            raise Forbidden(
                f"This key lacks the scope {scope}. Make a key that has it.",
                f"이 키에는 {scope} 권한이 없습니다. 이 권한이 있는 키를 만들어 주십시오.",
                code="scope",
            )


def must_manage(member: Member) -> None:
    """Raises Forbidden for whoever may not make keys and webhooks: owners of those who invite may."""
    if member.organisation_kind not in ("employer", "university"):
        raise Forbidden(
            "Only employers and universities connect their own systems.",
            "기업과 대학만 자체 시스템을 연결할 수 있습니다.",
        )
    member.must_be("owner")


def make(session: Session, member: Member, new: NewKey) -> str:
    """A new key; returns it, and only its digest is kept. Raises Invalid: code name, scopes or days."""
    must_manage(member)
    _check(session, new)
    key = BEGINS + tokens.new_token()
    at = database.now(session)
    row = ApiKey(
        organisation_id=member.organisation_id,
        staff_id=member.id,
        name=needed(new.name, LONGEST_NAME),
        begins=key[:SHOWN_SIGNS],
        key_hash=tokens.digest(key),
        scopes=[scope for scope in SCOPES if scope in new.scopes],
        created_at=at,
        expires_at=at + timedelta(days=new.days) if new.days else None,
    )
    session.add(row)
    session.flush()
    audit.append(session, member.actor, "key made", f"key:{row.id}", details={"scopes": row.scopes, "days": new.days})
    return key


def renew(session: Session, member: Member, key_id: str, days: int) -> str:
    """Another secret for a key, which is the member's from now on; the present one works for a day beside it.

    An end that is nearer holds for the present one. Raises NotFound, Invalid (code days), Conflict (code overlap) while
    the secret before still works.
    """
    key = _own(session, member, key_id)
    at = database.now(session)
    if days not in (*DAYS, 0):
        raise _no_such_time()
    if key.before_until is not None and key.before_until > at:
        raise Conflict(
            "The secret before this one still works. End it first, or renew the key once its day is over.",
            "이전 값을 아직 쓸 수 있습니다. 먼저 이전 값을 끝내거나 하루가 지난 뒤 갱신해 주십시오.",
            code="overlap",
        )
    secret = BEGINS + tokens.new_token()
    works = key.expires_at is None or key.expires_at > at
    key.before_hash = key.key_hash if works else None
    key.before_until = min(filter(None, (at + OVERLAP, key.expires_at))) if works else None
    key.key_hash, key.begins, key.staff_id = tokens.digest(secret), secret[:SHOWN_SIGNS], member.id
    key.renewed_at, key.warned_at = at, None
    key.expires_at = at + timedelta(days=days) if days else None
    audit.append(session, member.actor, "key renewed", f"key:{key.id}", details={"days": days})
    return secret


def end_before(session: Session, member: Member, key_id: str) -> None:
    """Ends the secret that a key had before it was renewed. Raises NotFound; safe to run twice."""
    key = _own(session, member, key_id)
    if key.before_hash is not None:
        key.before_hash = key.before_until = None
        audit.append(session, member.actor, "key's secret before ended", f"key:{key.id}")


def _own(session: Session, member: Member, key_id: str) -> ApiKey:
    must_manage(member)
    key = session.get(ApiKey, key_id, with_for_update=True)
    if key is None or key.organisation_id != member.organisation_id or key.revoked_at is not None:
        raise NotFound
    return key


def _no_such_time() -> Invalid:
    return Invalid("Choose how long the key works.", "키를 쓸 기간을 고르십시오.", code="days")


def _check(session: Session, new: NewKey) -> None:
    if not new.scopes or not set(new.scopes) <= set(SCOPES):
        raise Invalid(
            "Choose at least one thing that the key may do.",
            "키로 할 수 있는 일을 하나 이상 고르십시오.",
            code="scopes",
        )
    if new.days not in (*DAYS, 0):
        raise _no_such_time()
    if len(of_organisation(session)) >= MOST_KEYS:
        raise Conflict(
            f"There are {MOST_KEYS} keys already. Revoke one that nobody needs.",
            f"키가 이미 {MOST_KEYS}개 있습니다. 쓰지 않는 키를 폐기해 주십시오.",
            code="keys",
        )


def of_organisation(session: Session) -> list[Listed]:
    """The organisation's keys that are not revoked, newest first."""
    made = select(ApiKey, Staff.name, Staff.state).join(Staff, Staff.id == ApiKey.staff_id)
    wanted = made.where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.created_at.desc(), ApiKey.id)
    return [Listed(key, name, state == "left") for key, name, state in session.execute(wanted)]


def working_by_maker(session: Session) -> dict[str, list[ApiKey]]:
    """The organisation's keys that work, by the id of who made or last renewed them, oldest first."""
    at = database.now(session)
    works = (ApiKey.revoked_at.is_(None), or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > at))
    found: dict[str, list[ApiKey]] = {}
    for key in session.scalars(select(ApiKey).where(*works).order_by(ApiKey.created_at, ApiKey.id)):
        found.setdefault(key.staff_id, []).append(key)
    return found


def revoke(session: Session, member: Member, key_id: str) -> None:
    """Ends a key at once. Raises NotFound; safe to run twice."""
    must_manage(member)
    key = session.get(ApiKey, key_id)
    if key is None or key.organisation_id != member.organisation_id:
        raise NotFound
    if key.revoked_at is None:
        key.revoked_at = database.now(session)
        audit.append(session, member.actor, "key revoked", f"key:{key.id}")


def caller_of(session: Session, key: str) -> Caller | None:
    """Whose key it is; None for a wrong, an expired or a revoked one alike. Needs a session for EVERYWHERE."""
    at, digest = database.now(session), tokens.digest(key)
    before = and_(ApiKey.before_hash == digest, ApiKey.before_until > at)
    found = session.execute(
        select(ApiKey, Organisation, Staff)
        .join(Organisation, Organisation.id == ApiKey.organisation_id)
        .join(Staff, Staff.id == ApiKey.staff_id)
        .where(or_(ApiKey.key_hash == digest, before), ApiKey.revoked_at.is_(None))
    ).one_or_none()
    if found is None or (found.ApiKey.expires_at is not None and found.ApiKey.expires_at <= at):
        return None
    row, organisation, staff = cast("tuple[ApiKey, Organisation, Staff]", tuple(found))
    return Caller(
        staff.id,
        organisation.id,
        organisation.kind,
        Bilingual(organisation.name_ko, organisation.name_en),
        name=row.name,
        email=staff.email,
        role="recruiter",
        language=staff.language,
        seen_at=at,
        key_id=row.id,
        scopes=frozenset(row.scopes),
        used_at=row.used_at,
    )


def touch(session: Session, caller: Caller, network: str) -> None:
    """Notes that the key is in use and from where; called when `used_at` is older than TOUCH_S."""
    key = session.get_one(ApiKey, caller.key_id)
    key.used_at, key.used_from = database.now(session), network or None
