"""The words of an opening's letters: the library's, or its own for each decision and language; and whom they name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from interview_ai import audit, database, openings
from interview_ai.errors import Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import decisions, letters
from interview_ai.tables import LetterText, Opening, Organisation

LIBRARY = Path(__file__).parent / "library" / "letters"
LANGUAGES = ("ko", "en")
LONGEST_CONTACT = 200


@dataclass(frozen=True, slots=True)
class Text:
    """One letter's subject and body with their placeholders. `own`: somebody of the organisation wrote it."""

    subject: str
    body: str
    own: bool


@dataclass(frozen=True, slots=True)
class Texts:
    """All letters of an opening by kind and language, and the values that are the same for every candidate."""

    texts: Mapping[tuple[str, str], Text]
    values: Mapping[str, Mapping[str, str]]
    days: int

    @property
    def digest(self) -> str:
        """Changes with any word that a candidate would read."""
        return hashlib.sha256(repr((sorted(self.texts.items(), key=repr), self.values, self.days)).encode()).hexdigest()

    def letter(self, kind: str, language: str) -> tuple[str, str]:
        """Subject and body of a letter, with everything put in but the name; the notice of rights ends every letter."""
        text, values = self.texts[kind, language], self.values[language]
        rights = _shipped("rights", language).replace("{days}", str(self.days))
        body = f"{text.body}\n\n{rights}"
        return letters.filled(text.subject, values), letters.filled(body, values)


@cache
def _shipped(name: str, language: str) -> str:
    return (LIBRARY / f"{name}.{language}.txt").read_text("utf-8").strip()


def shipped(kind: str, language: str) -> Text:
    """The library's letter: its first line is the subject."""
    subject, _, body = _shipped(kind, language).partition("\n")
    return Text(subject, body.strip(), own=False)


def of_opening(session: Session, member: Member, opening: Opening) -> Texts:
    """What letters of this opening say now; without a contact of the opening they name the member who sends."""
    rows = session.scalars(select(LetterText).where(LetterText.opening_id == opening.id))
    own = {(row.kind, row.language): Text(row.subject, row.body, own=True) for row in rows}
    all_of = {(kind, language): shipped(kind, language) for kind in decisions.KINDS for language in LANGUAGES}
    employer = session.get_one(Organisation, opening.organisation_id)
    contact = opening.contact or member.email
    values = {
        "ko": _values(opening.title_ko, employer.name_ko, contact),
        "en": _values(opening.title_en, employer.name_en, contact),
    }
    return Texts(all_of | own, values, opening.retention_days)


def _values(title: str, organisation: str, contact: str) -> dict[str, str]:
    values = {"title": title, "organisation": organisation, "contact": contact}
    return {name: one_line(value) for name, value in values.items()}


def one_line(value: str) -> str:
    """A value as it may stand in a letter: on one line, and without braces, which mean placeholders there."""
    return " ".join(value.split()).replace("{", "(").replace("}", ")")


def write(
    session: Session, member: Member, opening_id: str, *, kind: str, words: Mapping[str, tuple[str, str]]
) -> None:
    """Gives a letter words of its own in each language that differs from what it says now; all or none.

    `words`: subject and body by language. Raises as `change` does.
    """
    there = {language: _to_write(session, member, opening_id, kind=kind, language=language) for language in words}
    for language, (subject, body) in words.items():
        now = of_opening(session, member, there[language]).texts[kind, language]
        if (_tidy(now.subject), _tidy(now.body)) != (_tidy(subject), _tidy(body)):
            change(session, member, opening_id, kind=kind, language=language, subject=subject, body=body)


def _tidy(text: str) -> str:
    """Without blanks at the ends of lines, in which browsers and people differ."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def change(
    session: Session, member: Member, opening_id: str, *, kind: str, language: str, subject: str, body: str
) -> None:
    """Gives an opening words of its own. Raises Invalid with all faults, the first one's field as its code."""
    opening = _to_write(session, member, opening_id, kind=kind, language=language)
    subject, body = subject.strip(), _tidy(body)
    wrong = letters.faults(subject, body)
    if wrong:
        ko, en = (" ".join(sentence.text(of) for sentence in wrong.values()) for of in LANGUAGES)
        raise Invalid(en, ko, code=next(iter(wrong)))
    same = (LetterText.opening_id == opening.id, LetterText.kind == kind, LetterText.language == language)
    row = session.scalars(select(LetterText).where(*same)).one_or_none() or LetterText(
        organisation_id=opening.organisation_id, opening_id=opening.id, kind=kind, language=language
    )
    row.subject, row.body, row.staff_id, row.changed_at = subject, body, member.id, database.now(session)
    session.add(row)
    session.flush()
    _record(session, member, opening, "letter written", kind=kind, language=language)


def restore(session: Session, member: Member, opening_id: str, *, kind: str, language: str) -> None:
    """Goes back to the library's words. Safe to run twice."""
    opening = _to_write(session, member, opening_id, kind=kind, language=language)
    same = (LetterText.opening_id == opening.id, LetterText.kind == kind, LetterText.language == language)
    session.execute(delete(LetterText).where(*same))
    _record(session, member, opening, "letter restored", kind=kind, language=language)


def name_contact(session: Session, member: Member, opening_id: str, contact: str) -> None:
    """Whom letters name for questions; empty: whoever sends them."""
    member.must_be("owner", "recruiter")
    opening = openings.own(session, opening_id)
    tidy = " ".join(contact.split())
    if len(tidy) > LONGEST_CONTACT or {"{", "}"} & set(tidy):
        raise Invalid(
            f"Write a contact of at most {LONGEST_CONTACT} characters, without braces.",
            f"연락처를 {LONGEST_CONTACT}자까지, 중괄호 없이 적어 주십시오.",
            code="contact",
        )
    opening.contact = tidy or None
    audit.append(session, member.actor, "letters' contact named", f"opening:{opening.id}")


def _to_write(session: Session, member: Member, opening_id: str, *, kind: str, language: str) -> Opening:
    member.must_be("owner", "recruiter")
    if kind not in decisions.KINDS or language not in LANGUAGES:
        raise NotFound
    # two who write the same letter at once do so one after the other
    opening = session.get(Opening, opening_id, with_for_update=True)
    if opening is None:
        raise NotFound
    return opening


def _record(session: Session, member: Member, opening: Opening, action: str, **details: str) -> None:
    audit.append(session, member.actor, action, f"opening:{opening.id}", details=dict(details))
