"""Notes at a second of an answer: one's own, or shared with colleagues, who see them once they have rated (EU-5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, queries, reviews
from interview_ai.errors import Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Answer, Interview, Note, Staff

LONGEST = 1000  # characters


@dataclass(frozen=True, slots=True)
class NoteView:
    """One note as its reader sees it. `played`: the answer is the take that the page plays."""

    id: str
    answer_id: str
    position: int
    take: int
    played: bool
    at_s: float
    text: str
    shared: bool
    own: bool
    by: str
    written_at: datetime
    changed: bool


def of_interview(
    session: Session, member: Member, interview: Interview, *, may_see: bool, cover: Callable[[str], str] = str
) -> tuple[NoteView, ...]:
    """The member's own notes and, once they may see what colleagues think, those that colleagues share; in the order
    of the answers and their seconds.

    `cover`: hides in colleagues' notes whatever the reader is blind to (KR-13).
    """
    wanted = select(Note, Answer, Staff.name).join(Answer, Answer.id == Note.answer_id)
    rows = session.execute(wanted.join(Staff, Staff.id == Note.staff_id).where(Note.interview_id == interview.id)).all()
    playing = {answer.id for answer in queries.current(interview.answers)}
    found = [
        _view(note, answer, name, member=member, played=answer.id in playing)
        for note, answer, name in rows
        if note.staff_id == member.id or (may_see and note.shared)
    ]
    found = [note if note.own else replace(note, text=cover(note.text)) for note in found]
    return tuple(sorted(found, key=lambda note: (note.position, note.at_s, note.written_at)))


def write(
    session: Session, member: Member, interview_id: str, answer_id: str, *, at_s: float, text: str, shared: bool
) -> None:
    """A new note. Raises Invalid for an empty or endless one and for a second that the answer does not have."""
    row = reviews.interview(session, interview_id)
    answer = session.get(Answer, answer_id)
    if answer is None or answer.interview_id != row.id:
        raise NotFound
    note = Note(
        organisation_id=row.organisation_id,
        interview_id=row.id,
        answer_id=answer.id,
        staff_id=member.id,
        at_s=_second(answer, at_s),
        text=_text(text),
        shared=shared,
        written_at=database.now(session),
    )
    session.add(note)
    session.flush()
    _record(session, member, row, note, action="note written")


def change(
    session: Session, member: Member, interview_id: str, note_id: str, *, at_s: float, text: str, shared: bool
) -> None:
    """Another text, second or readership of one's own note. Raises as `write` does, and as `own` does."""
    row, note = own(session, member, interview_id, note_id)
    note.at_s = _second(session.get_one(Answer, note.answer_id), at_s)
    note.text, note.shared, note.changed_at = _text(text), shared, database.now(session)
    session.flush()
    _record(session, member, row, note, action="note changed")


def delete(session: Session, member: Member, interview_id: str, note_id: str) -> None:
    """One's own note is gone; that there was one stays on the record. Raises as `own` does."""
    row, note = own(session, member, interview_id, note_id)
    _record(session, member, row, note, action="note deleted")
    session.delete(note)


def own(session: Session, member: Member, interview_id: str, note_id: str) -> tuple[Interview, Note]:
    """A note of the member's with its interview. Raises NotFound for none and for a private one of somebody else's,
    Forbidden for a colleague's that is shared."""
    row = reviews.interview(session, interview_id)
    note = session.get(Note, note_id)
    if note is None or note.interview_id != row.id or (note.staff_id != member.id and not note.shared):
        raise NotFound
    if note.staff_id != member.id:
        raise Forbidden("Only who wrote a note can change it.", "메모는 쓴 사람만 바꿀 수 있습니다.")
    return row, note


def _second(answer: Answer, at_s: float) -> float:
    length = answer.facts["duration_s"] if answer.facts else answer.question.answer_s
    if not 0 <= at_s <= max(length, 1):
        until = f"{int(length) // 60}:{int(length) % 60:02d}"
        raise Invalid(
            f"The answer is {until} long: give a time within it.",
            f"답변의 길이는 {until}입니다. 그 안의 시각을 적어 주십시오.",
            code="second",
        )
    return float(at_s)


def _text(text: str) -> str:
    tidy = text.strip()
    if not tidy:
        raise Invalid("Write the note first.", "메모를 적어 주십시오.", code="text")
    if len(tidy) > LONGEST:
        raise Invalid(
            f"A note holds at most {LONGEST} characters; this one has {len(tidy)}.",
            f"메모는 {LONGEST}자까지 적을 수 있습니다. 지금은 {len(tidy)}자입니다.",
            code="text",
        )
    return tidy


def _view(note: Note, answer: Answer, name: str, *, member: Member, played: bool) -> NoteView:
    return NoteView(
        note.id,
        answer.id,
        answer.question.position,
        answer.take,
        played=played,
        at_s=note.at_s,
        text=note.text,
        shared=note.shared,
        own=note.staff_id == member.id,
        by=name,
        written_at=note.written_at,
        changed=note.changed_at is not None,
    )


def _record(session: Session, member: Member, row: Interview, note: Note, *, action: str) -> None:
    """What a note says is the reviewer's own and may name somebody: the record keeps that there is one, and where."""
    details: dict[str, Any] = {"note": note.id, "answer": note.answer_id, "at_s": note.at_s, "shared": note.shared}
    audit.append(session, member.actor, action, f"interview:{row.id}", person=row.candidate.person, details=details)
