"""The page behind the link that ends messages: looking ends nothing, since mail scanners look; a button does."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import PlainTextResponse

from interview_ai import opt_outs
from web import deps, render

router = APIRouter()
Text = Annotated[str, Form()]


@router.get("/stop/{token}")
def stopping(request: Request, token: str, session: deps.EverywhereReading) -> Response:
    """What would end, or what has ended with the way back. Changes nothing."""
    standing = opt_outs.standing(session, opt_outs.read(token))
    return render.page(request, "candidate/stopping.html", token=token, standing=standing)


@router.post("/stop/{token}")
def stop(
    request: Request,
    token: str,
    session: deps.EverywhereWriting,
    *,
    scope: Text = "organisation",
    one_click: Annotated[str, Form(alias="List-Unsubscribe")] = "",
) -> Response:
    """Ends them: from the page's button, or by a mail program that shows one itself and follows no redirect."""
    link = opt_outs.read(token)
    opt_outs.standing(session, link)
    opt_outs.end(session, link, everybody=scope == "everybody", source="mail" if one_click else "link")
    return PlainTextResponse("ended") if one_click else render.go(request, f"/stop/{token}")


@router.post("/stop/{token}/undo")
def undo(request: Request, token: str, session: deps.EverywhereWriting) -> Response:
    """Messages may come again."""
    link = opt_outs.read(token)
    opt_outs.standing(session, link)
    opt_outs.undo(session, link)
    return render.go(request, f"/stop/{token}", said="stopping.said.undone")
