"""For programs: where news of their organisation is sent."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from interview_ai import webhooks
from interview_ai.idempotency import Answered
from interview_ai.tables import Webhook
from interview_ai.webhooks import NewWebhook
from web import callers, deps

router = APIRouter(prefix="/api/v1")


class WebhookBody(BaseModel):
    """A webhook to add."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=2000)
    events: list[str] = Field(max_length=20)


@router.get("/webhooks")
def every(caller: callers.WritesWebhooks, session: deps.EverywhereReading) -> Response:
    """The organisation's webhooks."""
    return JSONResponse({"data": [_told(one) for one in webhooks.of_organisation(session, caller)], "next": None})


@router.post("/webhooks", status_code=201)
def add(request: Request, caller: callers.WritesWebhooks, body: callers.Body) -> Response:
    """A new webhook; its secret is in this answer only."""
    sent = callers.read(WebhookBody, body)

    def act(session: Session) -> Answered:
        made = webhooks.add(session, caller, NewWebhook(sent.url, tuple(sent.events)))
        return Answered(201, {**_told(webhooks.own(session, caller, made.id)), "secret": made.secret})

    return callers.once(request, caller, body, act)


@router.post("/webhooks/{webhook_id}/test", status_code=202)
def test(request: Request, webhook_id: str, caller: callers.WritesWebhooks, body: callers.NoBody) -> Response:
    """Sends a test message."""

    def act(session: Session) -> Answered:
        return Answered(202, {"delivery": webhooks.test(session, caller, webhook_id)})

    return callers.once(request, caller, body, act)


@router.delete("/webhooks/{webhook_id}", status_code=204)
def remove(webhook_id: str, caller: callers.WritesWebhooks, session: deps.EverywhereWriting) -> Response:
    """Takes a webhook away."""
    webhooks.remove(session, caller, webhook_id)
    return Response(status_code=204)


def _told(one: Webhook) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "events": one.events,
        "state": "off" if one.disabled_at else "on",
        "created_at": callers.instant(one.created_at),
    }
