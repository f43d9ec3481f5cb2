"""People look, rate and decide; a rejection stands on more than a click."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import audit, reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, Decision, Rating, View
from tests import desk

REASON = "No example of her own work was given."


def rate(member: Member, interview_id: str, level: int = 4) -> None:
    with transaction(member.organisation_id) as session:
        reviews.rate(session, member, interview_id, {"problem_solving": level})


def look(member: Member, interview_id: str, what: str = "transcript") -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, what)


def decide(member: Member, interview_id: str, kind: str, reason: str = REASON) -> None:
    with transaction(member.organisation_id) as session:
        reviews.decide(session, member, interview_id, kind, reason=reason)


def test_a_rejection_says_what_is_missing_until_nothing_is(anywhere: str) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    with pytest.raises(Conflict) as nothing:
        decide(jun, minji.interview_id, "reject", "")
    assert "played an answer" in nothing.value.en
    assert "own rating" in nothing.value.en
    assert "reason" in nothing.value.en
    look(jun, minji.interview_id)
    with pytest.raises(Conflict) as unrated:
        decide(jun, minji.interview_id, "reject")
    assert "played an answer" not in unrated.value.en
    rate(jun, minji.interview_id)
    decide(jun, minji.interview_id, "reject")
    with reading(jun.organisation_id) as session:
        kept = session.scalars(select(Decision)).one()
    assert (kept.kind, kept.staff_id, kept.reason) == ("reject", jun.id, REASON)


def test_a_colleagues_look_and_rating_do_not_carry_my_rejection(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    look(reviewer, minji.interview_id, "answer")
    rate(reviewer, minji.interview_id)
    with pytest.raises(Conflict):
        decide(jun, minji.interview_id, "reject")


def test_revealing_a_name_is_on_the_record_but_is_no_look_at_the_answer(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    look(jun, minji.interview_id, "reveal")
    with pytest.raises(Conflict):
        rate(jun, minji.interview_id)
    with pytest.raises(Conflict):
        decide(jun, minji.interview_id, "reject")
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "identity revealed")).one()


def test_looking_twice_on_a_day_is_one_entry(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    look(jun, minji.interview_id)
    look(jun, minji.interview_id)
    with reading(jun.organisation_id) as session:
        assert len(session.scalars(select(View)).all()) == 1


def test_a_later_rating_replaces_the_earlier_and_the_record_keeps_both_with_the_suggestion(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    look(jun, minji.interview_id)
    rate(jun, minji.interview_id, 3)
    rate(jun, minji.interview_id, 5)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Rating.level)).all() == [5]
        kept = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "interview rated")).all()
    assert kept == [
        {"levels": {"problem_solving": 3}, "suggested": [2.0]},
        {"levels": {"problem_solving": 5}, "suggested": [2.0]},
    ]


@pytest.mark.parametrize("levels", [{}, {"problem_solving": 0}, {"problem_solving": 6}, {"charm": 3}])
def test_a_level_that_the_rubric_does_not_know_is_refused(home: Path, levels: dict[str, int]) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    with pytest.raises(Invalid), transaction(jun.organisation_id) as session:
        reviews.rate(session, jun, minji.interview_id, levels)


@pytest.mark.parametrize("what", ["answer", "transcript"])
def test_nobody_rates_what_they_have_neither_played_nor_read(home: Path, what: str) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    look(reviewer, minji.interview_id, what)
    with pytest.raises(Conflict) as unseen:
        rate(jun, minji.interview_id)
    assert "Play an answer or read its transcript first" in unseen.value.en
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Rating)).all() == []
    rate(reviewer, minji.interview_id)


def test_nobody_is_rated_before_an_answer_is_there(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    with pytest.raises(Conflict):
        rate(jun, minji.interview_id)


def test_a_reviewer_rates_but_does_not_decide(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    look(reviewer, minji.interview_id)
    rate(reviewer, minji.interview_id)
    with pytest.raises(Forbidden):
        decide(reviewer, minji.interview_id, "advance")


def test_the_reason_is_sealed_in_the_record(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    decide(jun, minji.interview_id, "advance")
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "decision made")).one()
        assert (entry.details, entry.person) == ({"kind": "advance"}, minji.person)
        assert entry.sealed is not None
        assert REASON.encode() not in entry.sealed
        assert audit.verify(session)


def test_hana_can_do_nothing_with_juns_candidate(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    for foreign in (
        lambda: rate(hana, minji.interview_id),
        lambda: look(hana, minji.interview_id),
        lambda: decide(hana, minji.interview_id, "advance"),
    ):
        with pytest.raises(NotFound):
            foreign()
