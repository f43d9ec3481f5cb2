"""A decision can be taken back until the candidate is told; afterwards only a new one with its own letter follows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import audit, letter_texts, letters, openings, outcomes, overviews, queries, reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.outcomes import Outcome
from interview_ai.tables import AuditEntry, Mail
from tests import desk

REASON = "Her example shows what she did herself."
WHY_BACK = "I mixed her up with somebody else."


def decide(member: Member, interview_id: str, kind: str = "advance") -> str:
    with transaction(member.organisation_id) as session:
        reviews.decide(session, member, interview_id, kind, reason=REASON)
    return in_force(member, interview_id)


def in_force(member: Member, interview_id: str) -> str:
    found = outcome(member, interview_id).in_force
    assert found
    return found.id


def outcome(member: Member, interview_id: str) -> Outcome:
    with reading(member.organisation_id) as session:
        return outcomes.of_interview(session, interview_id)


def take_back(member: Member, interview_id: str, decision_id: str, reason: str = WHY_BACK) -> None:
    with transaction(member.organisation_id) as session:
        outcomes.take_back(session, member, interview_id, decision_id, reason=reason)


def send(member: Member, opening_id: str, *decision_ids: str) -> letters.Sent:
    with transaction(member.organisation_id) as session:
        seen = letter_texts.of_opening(session, member, openings.own(session, opening_id)).digest
        return letters.send(session, member, opening_id, decision_ids, seen=seen)


def mail_becomes(state: str, *, attempts: int = 0) -> None:
    with transaction(EVERYWHERE) as session:
        mail = session.scalars(select(Mail).where(Mail.cause.startswith("letter:"))).one()
        mail.state, mail.attempts = state, attempts


def letters_waiting() -> int:
    with reading(EVERYWHERE) as session:
        return len(session.scalars(select(Mail.id).where(Mail.cause.startswith("letter:"))).all())


def listed(member: Member, opening_id: str) -> str | None:
    with reading(member.organisation_id) as session:
        return queries.shortlist(session, member, opening_id).rows[0].decision


def test_a_decision_taken_back_holds_nowhere_and_stays_on_record_with_the_reason(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decision = decide(jun, minji.interview_id, "hired")
    take_back(jun, minji.interview_id, decision)
    after = outcome(jun, minji.interview_id)
    assert after.in_force is None
    assert [(one.kind, one.withdrawn_by, one.withdrawn_reason) for one in after.made] == [("hired", "Jun", WHY_BACK)]
    assert listed(jun, opening_id) is None
    with reading(EVERYWHERE) as session:
        assert outcomes.of_interview(session, minji.interview_id).in_force is None
        funnels = overviews._funnels(session)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "decision taken back")).one()
        assert WHY_BACK.encode() not in (entry.sealed or b"")
        assert (entry.person, entry.details, bool(entry.sealed)) == (minji.person, {"kind": "hired"}, True)
        assert audit.verify(session)
    assert (funnels[opening_id].decided, funnels[opening_id].hired) == (0, 0)


def test_what_was_in_force_before_holds_again(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decide(jun, minji.interview_id, "hold")
    advanced = decide(jun, minji.interview_id, "advance")
    before = outcome(jun, minji.interview_id).before
    assert before and before.kind == "hold"
    take_back(jun, minji.interview_id, advanced)
    assert listed(jun, opening_id) == "hold"


def test_taking_back_needs_a_reason_and_names_the_decision_that_was_seen(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    seen = decide(jun, minji.interview_id, "hold")
    with pytest.raises(Invalid, match="at least 10 characters"):
        take_back(jun, minji.interview_id, seen, "oops")
    decide(jun, minji.interview_id, "advance")
    with pytest.raises(Conflict) as moved:
        take_back(jun, minji.interview_id, seen)
    assert moved.value.code == "moved"
    assert outcome(jun, minji.interview_id).in_force


@pytest.mark.parametrize(("state", "attempts"), [("sent", 1), ("sending", 0), ("pending", 1)])
def test_once_a_letter_may_have_left_only_a_new_decision_with_its_own_letter_follows(
    home: Path, state: str, attempts: int
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    first = decide(jun, minji.interview_id, "hold")
    assert send(jun, opening_id, first) == letters.Sent(1, 0)
    mail_becomes(state, attempts=attempts)
    assert outcome(jun, minji.interview_id).final
    with pytest.raises(Conflict) as told:
        take_back(jun, minji.interview_id, first)
    assert told.value.code == "told"
    second = decide(jun, minji.interview_id, "advance")
    assert not outcome(jun, minji.interview_id).final
    assert send(jun, opening_id, second) == letters.Sent(1, 0)
    assert letters_waiting() == 2


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_a_letter_that_has_not_left_is_stopped_with_its_decision_and_may_be_sent_when_that_holds_again(
    anywhere: str, state: str
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    first = decide(jun, minji.interview_id, "hold")
    send(jun, opening_id, first)
    mail_becomes(state)
    replacing = decide(jun, minji.interview_id, "advance")
    assert letters_waiting() == 0
    take_back(jun, minji.interview_id, replacing)
    assert in_force(jun, minji.interview_id) == first
    assert send(jun, opening_id, first) == letters.Sent(1, 0)
    take_back(jun, minji.interview_id, first)
    assert letters_waiting() == 0


def test_a_reviewer_and_another_firm_take_nothing_back(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    decision = decide(jun, minji.interview_id)
    with pytest.raises(Forbidden):
        take_back(reviewer, minji.interview_id, decision)
    with pytest.raises(NotFound):
        take_back(hana, minji.interview_id, decision)
