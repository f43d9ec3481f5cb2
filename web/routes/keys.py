"""The keys with which an organisation's own programs ask: a form that makes one, those there are, renewed or ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from interview_ai import api_keys, database
from interview_ai.api_keys import NewKey
from interview_ai.errors import Conflict, Invalid
from interview_ai.organisations import Member
from interview_ai.settings import settings
from interview_ai.tables import ApiKey
from web import deps, once, render

router = APIRouter()
Text = Annotated[str, Form()]
ASKS = {"openings:read": "openings", "campaigns:read": "campaigns", "invitations:read": "invitations"}
"""A call that changes nothing, by the scope that it needs."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key as it is shown once."""

    key: str
    asks: str = ""
    renewed: str = ""  # the key's name, where it is another secret of one that was there


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept, as it was typed, with the error that says what it lacks."""

    new: NewKey
    error: Conflict | Invalid


@router.get("/staff/keys")
def keys(request: Request, member: deps.SignedIn, shown: str = "") -> Response:
    """The organisation's keys and the form for another."""
    return _page(request, member, shown=shown)


def _page(request: Request, member: Member, *, shown: str = "", refused: Refused | None = None) -> Response:
    api_keys.must_manage(member)
    with database.reading(member.organisation_id) as session:
        there, now = api_keys.of_organisation(session), database.now(session)
        return render.page(
            request,
            "staff/keys.html",
            status=refused.error.status if refused else 200,
            address="/staff/keys",
            member=member,
            keys=there,
            orphans=[one for one in there if one.gone and one.works(now)],
            now=now,
            scopes=api_keys.SCOPES,
            days=(*api_keys.DAYS, 0),
            typed=refused.new if refused else NewKey(""),
            refused=refused,
            new=once.kept(member, shown, MadeKey),
            base=settings().public_url.rstrip("/"),
        )


@router.post("/staff/keys")
def make(
    request: Request,
    *,
    member: deps.SignedIn,
    name: Text = "",
    scope: Annotated[tuple[str, ...], Form()] = (),
    days: Text = "",
) -> Response:
    """A new key, shown once; or the form again with what it lacks."""
    new = NewKey(name, scope, _count(days))
    try:
        with database.transaction(member.organisation_id) as session:
            key = api_keys.make(session, member, new)
    except (Conflict, Invalid) as error:
        return _page(request, member, refused=Refused(new, error))
    return _shown(request, member, MadeKey(key, _asks(scope)))


def _count(days: str) -> int:
    return int(days) if days.isascii() and days.isdigit() and len(days) < 5 else -1


def _asks(scopes: Iterable[str]) -> str:
    return next((ASKS[one] for one in scopes if one in ASKS), "")


def _shown(request: Request, member: Member, made: MadeKey) -> Response:
    return render.go(request, once.keep(member, made, "/staff/keys"))


@router.post("/staff/keys/{key_id}/renew")
def renew(request: Request, *, key_id: str, member: deps.SignedIn, days: Text = "") -> Response:
    """Another secret, shown once; the present one works for a day beside it."""
    with database.transaction(member.organisation_id) as session:
        secret = api_keys.renew(session, member, key_id, _count(days))
        key = session.get_one(ApiKey, key_id)
        made = MadeKey(secret, _asks(key.scopes), key.name)
    return _shown(request, member, made)


@router.post("/staff/keys/{key_id}/end-before")
def end_before(request: Request, *, key_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Ends the secret that a renewed key had before."""
    api_keys.end_before(session, member, key_id)
    return render.go(request, "/staff/keys", said="keys.said.before_ended")


@router.post("/staff/keys/{key_id}/revoke")
def revoke(request: Request, *, key_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Ends a key at once."""
    api_keys.revoke(session, member, key_id)
    return render.go(request, "/staff/keys", said="keys.said.revoked")
