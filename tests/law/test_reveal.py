"""KR-13: in a blind opening, revealing a name is an act of one person, and on the record."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from interview_ai import audit
from interview_ai.database import EVERYWHERE, reading
from interview_ai.tables import AuditEntry
from tests import desk
from tests.web.test_staff_pages import signed_in


def test_kr_13_revealing_a_name_is_on_the_record_and_shows_it_to_this_reviewer_alone(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    address = f"/staff/interviews/{minji.interview_id}"
    browser = signed_in("jun@example.com")
    page = browser.get(address)
    assert "Minji" not in page.text
    assert "Minji" in browser.send(browser.send(page, "/sound"), "/reveal").text
    assert "Minji" not in signed_in(reviewer.email).get(address).text
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "identity revealed")).one()
        assert audit.verify(session)
    assert (entry.actor, entry.subject, entry.person) == (
        f"staff:{jun.id}",
        f"interview:{minji.interview_id}",
        minji.person,
    )
