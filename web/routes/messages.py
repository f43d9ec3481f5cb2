"""An organisation's own words for invitations and reminders, with their preview and a test message to oneself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from interview_ai import database, message_links, message_previews, message_texts
from interview_ai.errors import InterviewError, Invalid, NotFound, TooMuch
from interview_ai.message_previews import Preview
from interview_ai.message_texts import Which, Words
from interview_ai.organisations import Member
from interview_ai.rules.message_words import CHANNELS, KINDS, LANGUAGES, PLACEHOLDERS, faults
from interview_ai.settings import settings
from web import deps, opening_form, render, security

router = APIRouter()
Text = Annotated[str, Form()]
# a mail's own styles are inline; in this frame of its own nothing else can run, load or be sent
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https:; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Typed:
    """A text in one language as somebody typed it, with what is to be mended by field."""

    words: Words
    wrong: dict[str, str]


@router.get("/staff/messages")
def texts(
    request: Request,
    *,
    member: deps.SignedIn,
    session: deps.StaffReading,
    kind: Annotated[str, Query()] = "invitation",
    channel: Annotated[str, Query()] = "mail",
) -> Response:
    """The words of one kind of message in both languages."""
    return _texts(request, session, member, kind, channel)


def _texts(
    request: Request,
    session: Session,
    member: Member,
    kind: str,
    channel: str,
    typed: Mapping[str, Typed] | None = None,
    *,
    looks: bool = False,
    phone: str = "",
    refused: InterviewError | None = None,
) -> Response:
    """`refused`: why no test text message goes to `phone`."""
    message_texts.must_write(member)
    which = {language: Which(kind, language, channel) for language in LANGUAGES}
    if not all(one.exists for one in which.values()):
        raise NotFound
    kept = {language: message_texts.of(session, member.organisation_id, one) for language, one in which.items()}
    shown = {language: typed[language].words if typed else kept[language] for language in LANGUAGES}
    wrong = {language: typed[language].wrong if typed else {} for language in LANGUAGES}
    return render.page(
        request,
        "staff/messages.html",
        status=refused.status if refused else 422 if any(wrong.values()) else 200,
        address="/staff/messages",
        member=member,
        kind=kind,
        kinds=KINDS,
        channel=channel,
        channels=CHANNELS,
        languages=LANGUAGES,
        kept=kept,
        shown=shown,
        wrong=wrong,
        looks=looks,
        looked_at=bool(typed) and not any(wrong.values()),
        previews={one: _preview(session, member, which[one], shown[one], wrong[one]) for one in LANGUAGES},
        placeholders={one: _placeholders(one) for one in LANGUAGES},
        mails_leave=bool(settings().smtp_url),
        gateway=bool(settings().sms_url),
        phone=phone,
        phone_wrong=refused.text(render.language_of(request)) if refused else None,
    )


def _placeholders(language: str) -> str:
    """What may be put in, in the words of the text's own language."""
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS if name.isascii() != (language == "ko"))


def _preview(session: Session, member: Member, which: Which, words: Words, wrong: dict[str, str]) -> Preview | None:
    return None if wrong else message_previews.of(session, member, which, words)


@router.post("/staff/messages/{kind}/{channel}")
def write(request: Request, *, kind: str, channel: str, member: deps.SignedIn, form: opening_form.Typed) -> Response:
    """Keeps the words in both languages, or shows what they would look like; what is to be mended stays as typed."""
    typed = {language: _typed(request, form, channel, language) for language in LANGUAGES}
    keeps = form.get("do") != "preview"
    try:
        if keeps:
            new = {Which(kind, of, channel): (one.words.subject, one.words.body) for of, one in typed.items()}
            with database.transaction(member.organisation_id) as session:
                message_texts.write(session, member, new)
            return render.go(request, _place(kind, channel), said="messages.said.written")
    except Invalid:
        pass  # each fault is shown at its own field
    with database.reading(member.organisation_id) as session:
        return _texts(request, session, member, kind, channel, typed, looks=not keeps)


def _typed(request: Request, form: FormData, channel: str, language: str) -> Typed:
    subject, body = (str(form.get(f"{field}-{language}", "")) for field in ("subject", "body"))
    spoken = render.language_of(request)
    wrong = faults(channel, subject.strip(), body.strip(), message_links.added(language))
    return Typed(Words(subject, body), {name: one.text(spoken) for name, one in wrong.items()})


def _place(kind: str, channel: str) -> str:
    return f"/staff/messages?kind={kind}&channel={channel}"


@router.post("/staff/messages/{kind}/{channel}/{language}/restore")
def restore(
    request: Request, *, kind: str, channel: str, language: str, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Goes back to the library's words in one language."""
    message_texts.restore(session, member, Which(kind, language, channel))
    return render.go(request, _place(kind, channel), said="messages.said.restored")


@router.post(
    "/staff/messages/{kind}/mail/{language}/test",
    dependencies=[Depends(security.limit("test message", "10/minute"))],
)
def send_test(
    request: Request, *, kind: str, language: str, member: deps.SignedIn, session: deps.StaffWriting
) -> Response:
    """Sends the mail as it is kept to whoever asks."""
    message_previews.send_test(session, member, Which(kind, language))
    return render.go(request, _place(kind, "mail"), said="messages.said.tested")


@router.post(
    "/staff/messages/{kind}/sms/test",
    dependencies=[Depends(security.limit("test text message", "10/minute"))],
)
def send_test_text(
    request: Request, *, kind: str, member: deps.SignedIn, language: Text = "", phone: Text = ""
) -> Response:
    """Sends the text message as it is kept to the number that was typed."""
    try:
        with database.transaction(member.organisation_id) as session:
            message_previews.send_test_text(session, member, Which(kind, language, "sms"), phone)
    except (Invalid, TooMuch) as error:
        with database.reading(member.organisation_id) as session:
            return _texts(request, session, member, kind, "sms", phone=phone, refused=error)
    return render.go(request, _place(kind, "sms"), said="messages.said.tested_text")


@router.get("/staff/messages/{kind}/mail/{language}/look")
def look(*, kind: str, language: str, member: deps.SignedIn, session: deps.StaffReading) -> Response:
    """The mail itself, as a mail program draws it."""
    made = message_previews.of(session, member, Which(kind, language))
    return HTMLResponse(made.html, headers={"content-security-policy": MAIL_POLICY})
