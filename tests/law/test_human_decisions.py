"""KR-5: a formal sign-off is no human involvement: what a rejection stands on, and what is never decided in bulk."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, Decision
from tests import desk
from tests.web.test_staff_pages import csrf, signed_in

REASON = "No example of her own work was given."


def look(member: Member, interview_id: str, what: str = "transcript") -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, what)


def rate(member: Member, interview_id: str) -> None:
    with transaction(member.organisation_id) as session:
        reviews.rate(session, member, interview_id, {"problem_solving": 2})


def reject(member: Member, interview_id: str, reason: str = REASON) -> None:
    with transaction(member.organisation_id) as session:
        reviews.decide(session, member, interview_id, "reject", reason=reason)


def decided() -> list[Decision]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Decision)))


def test_kr_5_a_rejection_keeps_who_decided_and_only_people_who_decide_can(anywhere: str) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    for member in (jun, reviewer):
        look(member, minji.interview_id)
        rate(member, minji.interview_id)
    with pytest.raises(Forbidden):
        reject(reviewer, minji.interview_id)
    reject(jun, minji.interview_id)
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "decision made")).one()
    assert ([one.staff_id for one in decided()], entry.actor) == ([jun.id], f"staff:{jun.id}")


def test_kr_5_a_rejection_needs_a_rating_of_ones_own(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    other = desk.colleague(jun, "other@example.com", "recruiter")
    look(other, minji.interview_id)
    rate(other, minji.interview_id)
    look(jun, minji.interview_id)
    with pytest.raises(Conflict, match="own rating is missing"):
        reject(jun, minji.interview_id)
    assert decided() == []


def test_kr_5_a_rejection_needs_a_look_that_the_server_saw(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    look(jun, minji.interview_id, "reveal")
    with pytest.raises(Conflict, match="not played an answer or read its transcript"):
        reject(jun, minji.interview_id)
    assert decided() == []


def test_kr_5_opening_the_page_with_the_transcript_is_the_look(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    signed_in("jun@example.com").get(f"/staff/interviews/{minji.interview_id}")
    rate(jun, minji.interview_id)
    reject(jun, minji.interview_id)
    assert [one.kind for one in decided()] == ["reject"]


def test_kr_5_a_rejection_needs_a_written_reason(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 2)
    look(jun, minji.interview_id)
    rate(jun, minji.interview_id)
    with pytest.raises(Conflict, match="reason is missing"):
        reject(jun, minji.interview_id, "   no     ")
    assert decided() == []


@pytest.mark.parametrize("kind", ["reject", "hired"])
def test_kr_5_rejecting_in_bulk_answers_409_and_decides_about_nobody(home: Path, kind: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    people = [desk.candidate(jun, opening_id, name, points) for name, points in (("Minji", 1), ("Sora", 2))]
    for who in people:  # even where every single rejection would stand
        look(jun, who.interview_id)
        rate(jun, who.interview_id)
    browser = signed_in("jun@example.com")
    address = f"/staff/openings/{opening_id}/decide-together"
    chosen = [who.interview_id for who in people]
    page = browser.client.get(address, params={"chosen": chosen, "kind": kind})
    assert f'value="{kind}"' not in page.text
    refused = browser.client.post(
        address, data={"csrf": csrf(page), "chosen": chosen, "kind": kind, "reason": "All below two points."}
    )
    assert refused.status_code == 409
    assert "decided one by one" in refused.text
    assert decided() == []
