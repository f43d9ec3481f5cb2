"""Notes at a second: whose they are, who sees them when, and what a foreign organisation finds: nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import dossier, notes, openings, reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import Answer, AuditEntry, Note
from tests import desk


def answer_of(interview_id: str) -> str:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Answer.id).where(Answer.interview_id == interview_id)).one()


def write(member: Member, interview_id: str, text: str, *, at_s: float = 3.0, shared: bool = False) -> None:
    answer_id = answer_of(interview_id)
    with transaction(member.organisation_id) as session:
        notes.write(session, member, interview_id, answer_id, at_s=at_s, text=text, shared=shared)


def seen(member: Member, interview_id: str) -> list[str]:
    with reading(member.organisation_id) as session:
        return [note.text for note in dossier.dossier(session, member, interview_id).notes]


def rate(member: Member, interview_id: str) -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, "transcript")
        reviews.rate(session, member, interview_id, {"problem_solving": 3})


def only_note() -> str:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Note.id)).one()


def test_eu_5_a_colleagues_shared_note_is_seen_after_ones_own_rating_and_a_private_one_never(anywhere: str) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    write(jun, minji.interview_id, "named the cause", shared=True, at_s=7)
    write(jun, minji.interview_id, "not sure yet", at_s=2)
    assert seen(jun, minji.interview_id) == ["not sure yet", "named the cause"]
    assert seen(reviewer, minji.interview_id) == []
    rate(reviewer, minji.interview_id)
    assert seen(reviewer, minji.interview_id) == ["named the cause"]


def test_eu_5_the_end_of_the_first_pass_shows_what_is_shared_to_all(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    write(jun, minji.interview_id, "named the cause", shared=True)
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    assert seen(reviewer, minji.interview_id) == ["named the cause"]


def test_who_wrote_a_note_changes_and_deletes_it_and_nobody_else_does(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    write(jun, minji.interview_id, "named the cause")
    note_id = only_note()
    with transaction(jun.organisation_id) as session:
        with pytest.raises(NotFound):
            notes.delete(session, reviewer, minji.interview_id, note_id)
        notes.change(session, jun, minji.interview_id, note_id, at_s=4, text="named two causes", shared=True)
        with pytest.raises(Forbidden):
            notes.delete(session, reviewer, minji.interview_id, note_id)
    assert seen(jun, minji.interview_id) == ["named two causes"]
    with transaction(jun.organisation_id) as session:
        notes.delete(session, jun, minji.interview_id, note_id)
    assert seen(jun, minji.interview_id) == []


def test_the_record_says_that_there_was_a_note_and_where_but_not_what_it_said(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    write(jun, minji.interview_id, "speaks like Minji from the fair", shared=True)
    with transaction(jun.organisation_id) as session:
        notes.delete(session, jun, minji.interview_id, session.scalars(select(Note.id)).one())
    with reading(EVERYWHERE) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.like("note %"))).all()
        assert [entry.action for entry in entries] == ["note written", "note deleted"]
        assert {(entry.details["at_s"], entry.details["shared"]) for entry in entries} == {(3.0, True)}
        assert "fair" not in str([entry.details for entry in entries])


@pytest.mark.parametrize(
    ("at_s", "text", "says"),
    [(3.0, "  ", "Write the note"), (3.0, "a" * 1001, "at most 1000"), (121.0, "late", "2:00 long"), (-1, "a", "long")],
)
def test_an_empty_an_endless_and_a_misplaced_note_are_refused_in_words(
    home: Path, at_s: float, text: str, says: str
) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    with pytest.raises(Invalid, match=says):
        write(jun, minji.interview_id, text, at_s=at_s)


def test_hana_of_another_firm_neither_reads_nor_writes_nor_changes_notes(anywhere: str) -> None:
    jun, hana = desk.jun(), desk.hana()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    theirs = desk.candidate(hana, desk.opening(hana), "Theirs", 3)
    answer_id = answer_of(minji.interview_id)
    write(jun, minji.interview_id, "named the cause", shared=True)
    note_id = only_note()
    with transaction(hana.organisation_id) as session:
        assert session.scalars(select(Note)).all() == []
        content = {"at_s": 1.0, "text": "mine", "shared": True}
        for interview_id in (minji.interview_id, theirs.interview_id):
            with pytest.raises(NotFound):
                notes.write(session, hana, interview_id, answer_id, **content)
            with pytest.raises(NotFound):
                notes.change(session, hana, interview_id, note_id, **content)
            with pytest.raises(NotFound):
                notes.delete(session, hana, interview_id, note_id)
    assert seen(jun, minji.interview_id) == ["named the cause"]
