"""Webhooks of an organisation: the form, what each was told last, a test, another secret, on again, away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from interview_ai import api_keys, database, webhook_sending, webhooks
from interview_ai.errors import Conflict, Invalid
from interview_ai.organisations import Member
from interview_ai.rules.webhooks import EVENTS
from interview_ai.tables import Webhook, WebhookDelivery
from interview_ai.webhooks import NewWebhook
from web import deps, once, render

router = APIRouter()
Text = Annotated[str, Form()]
PAGE = "/staff/webhooks"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook's secret as it is shown once."""

    secret: str
    url: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not kept, as it was typed, with the error that says what it lacks."""

    new: NewWebhook
    error: Conflict | Invalid


@dataclass(frozen=True, slots=True)
class Followed:
    """A webhook with what it was told last and the body of each; `both_until`: so long two secrets sign."""

    hook: Webhook
    both_until: datetime | None
    told: list[tuple[WebhookDelivery, str]]


@router.get(PAGE)
def overview(request: Request, member: deps.SignedIn, shown: str = "") -> Response:
    """The organisation's webhooks, what they were told last, and the form for another."""
    return _page(request, member, shown=shown)


def _page(request: Request, member: Member, *, shown: str = "", refused: Refused | None = None) -> Response:
    api_keys.must_manage(member)
    with database.reading(member.organisation_id) as session:
        there = [_followed(session, webhook) for webhook in webhooks.of_organisation(session, member)]
        return render.page(
            request,
            "staff/webhooks.html",
            status=refused.error.status if refused else 200,
            address=PAGE,
            member=member,
            hooks=there,
            events=EVENTS,
            typed=refused.new if refused else NewWebhook("", ()),
            refused=refused,
            new=once.kept(member, shown, NewSecret),
        )


def _followed(session: Session, webhook: Webhook) -> Followed:
    told = [(one, webhook_sending.content(one).decode()) for one in webhooks.latest(session, webhook)]
    return Followed(webhook, webhooks.overlaps_until(webhook, database.now(session)), told)


@router.post(PAGE)
def add(
    request: Request, *, member: deps.SignedIn, url: Text = "", event: Annotated[tuple[str, ...], Form()] = ()
) -> Response:
    """A new webhook, whose secret is shown once; or the form again with what it lacks."""
    new = NewWebhook(url, event)
    try:
        with database.transaction(member.organisation_id) as session:
            made = webhooks.add(session, member, new)
            kept = webhooks.own(session, member, made.id).url
    except (Conflict, Invalid) as error:
        return _page(request, member, refused=Refused(new, error))
    return render.go(request, once.keep(member, NewSecret(made.secret, kept), PAGE))


@router.post(PAGE + "/{webhook_id}/secret")
def change_secret(request: Request, *, webhook_id: str, member: deps.SignedIn) -> Response:
    """Another secret, shown once."""
    with database.transaction(member.organisation_id) as session:
        made = webhooks.change_secret(session, member, webhook_id)
        kept = webhooks.own(session, member, webhook_id).url
    return render.go(request, once.keep(member, NewSecret(made.secret, kept), PAGE))


@router.post(PAGE + "/{webhook_id}/test")
def test(request: Request, *, webhook_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Sends a test message."""
    webhooks.test(session, member, webhook_id)
    return render.go(request, PAGE, said="webhooks.said.tested")


@router.post(PAGE + "/{webhook_id}/on")
def turn_on(request: Request, *, webhook_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Turns a webhook on again."""
    webhooks.turn_on(session, member, webhook_id)
    return render.go(request, PAGE, said="webhooks.said.on")


@router.post(PAGE + "/{webhook_id}/remove")
def remove(request: Request, *, webhook_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Takes a webhook away."""
    webhooks.remove(session, member, webhook_id)
    return render.go(request, PAGE, said="webhooks.said.removed")


@router.post(PAGE + "/deliveries/{delivery_id}/again")
def again(request: Request, *, delivery_id: str, member: deps.SignedIn, session: deps.StaffWriting) -> Response:
    """Sends a message once more."""
    webhooks.again(session, member, delivery_id)
    return render.go(request, PAGE, said="webhooks.said.again")
