"""The words of an opening's letters, as its recruiters write them, and the contact that they name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from sqlalchemy.orm import Session

from interview_ai import database, letter_texts, letters
from interview_ai.errors import InterviewError, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import decisions
from interview_ai.rules.letters import PLACEHOLDERS, faults
from web import deps, opening_form, render, words
from web.routes.letters import opening_of

router = APIRouter()
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Typed:
    """A letter's words in one language as somebody typed them, with what is to be mended by field."""

    subject: str
    body: str
    wrong: dict[str, str]


@router.get("/staff/openings/{opening_id}/letters/texts")
def texts_form(
    request: Request,
    *,
    opening_id: str,
    member: deps.SignedIn,
    session: deps.StaffReading,
    kind: Annotated[str, Query()] = "advance",
) -> Response:
    """The words of the letters about one kind of decision, in both languages."""
    return _texts(request, session, member, opening_id, kind=kind)


def _texts(
    request: Request,
    session: Session,
    member: Member,
    opening_id: str,
    *,
    kind: str,
    typed: Mapping[str, Typed] | None = None,
    contact: str | None = None,
    error: InterviewError | None = None,
) -> Response:
    opening = opening_of(session, member, opening_id)
    if kind not in decisions.KINDS:
        raise NotFound
    texts, spoken = letter_texts.of_opening(session, member, opening), render.language_of(request)
    return render.page(
        request,
        "staff/letter_texts.html",
        status=422 if typed or error else 200,
        address=f"/staff/openings/{opening_id}/letters/texts",
        member=member,
        opening=opening,
        kinds=decisions.KINDS,
        kind=kind,
        placeholders={one: _placeholders(one) for one in letter_texts.LANGUAGES},
        languages=letter_texts.LANGUAGES,
        texts={language: texts.texts[kind, language] for language in letter_texts.LANGUAGES},
        whole={language: _whole(texts, kind, language) for language in letter_texts.LANGUAGES},
        typed=typed,
        contact=contact if contact is not None else opening.contact or "",
        contact_wrong=error.text(spoken) if error else None,
    )


def _placeholders(language: str) -> str:
    """What may be put in, in the words of the letter's own language."""
    return ", ".join(f"{{{name}}}" for name in PLACEHOLDERS if name.isascii() != (language == "ko"))


def _whole(texts: letter_texts.Texts, kind: str, language: str) -> list[str]:
    """Subject and body as a reader gets them, with the word for the name in place of one."""
    word = words.say(language, "letters.text.somebody")
    return [letters.named(part, word) for part in texts.letter(kind, language)]


@router.post("/staff/openings/{opening_id}/letters/texts/{kind}")
def write(request: Request, *, opening_id: str, kind: str, member: deps.SignedIn, form: opening_form.Typed) -> Response:
    """Keeps an opening's own words in both languages; what is to be mended is shown at its field, and all as typed."""
    typed = {language: _typed(request, form, language) for language in letter_texts.LANGUAGES}
    try:
        with database.transaction(member.organisation_id) as session:
            words_of = {language: (one.subject, one.body) for language, one in typed.items()}
            letter_texts.write(session, member, opening_id, kind=kind, words=words_of)
    except Invalid:
        with database.reading(member.organisation_id) as session:
            return _texts(request, session, member, opening_id, kind=kind, typed=typed)
    return render.go(request, f"/staff/openings/{opening_id}/letters/texts?kind={kind}", said="letters.said.written")


def _typed(request: Request, form: Mapping[str, object], language: str) -> Typed:
    subject, body = str(form.get(f"subject-{language}", "")), str(form.get(f"body-{language}", ""))
    spoken = render.language_of(request)
    return Typed(subject, body, {name: one.text(spoken) for name, one in faults(subject, body).items()})


@router.post("/staff/openings/{opening_id}/letters/texts/{kind}/{language}/restore")
def restore(
    request: Request,
    *,
    opening_id: str,
    kind: str,
    language: str,
    member: deps.SignedIn,
    session: deps.StaffWriting,
) -> Response:
    """Goes back to the library's words in one language."""
    letter_texts.restore(session, member, opening_id, kind=kind, language=language)
    return render.go(request, f"/staff/openings/{opening_id}/letters/texts?kind={kind}", said="letters.said.restored")


@router.post("/staff/openings/{opening_id}/letters/contact")
def name_contact(
    request: Request, *, opening_id: str, member: deps.SignedIn, contact: Text = "", kind: Text = "advance"
) -> Response:
    """Whom letters name for questions."""
    try:
        with database.transaction(member.organisation_id) as session:
            letter_texts.name_contact(session, member, opening_id, contact)
    except Invalid as error:
        with database.reading(member.organisation_id) as session:
            return _texts(request, session, member, opening_id, kind=kind, contact=contact, error=error)
    return render.go(request, f"/staff/openings/{opening_id}/letters/texts?kind={kind}", said="letters.said.contact")
