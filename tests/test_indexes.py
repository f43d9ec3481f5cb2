"""What campaigns ask of tens of thousands of rows goes through an index and sorts nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from interview_ai import campaign_reminders, campaign_room, database, due_mails, memoranda
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Campaign, Memorandum
from tests import campaigning as made


def plans(act: Callable[[], object]) -> list[str]:
    """How SQLite goes about each SELECT of an act."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, values))

    event.listen(database.engine(), "before_cursor_execute", note)
    act()
    event.remove(database.engine(), "before_cursor_execute", note)
    with database.engine().connect() as connection:
        explained = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", values).all() for one, values in asked]
    return [" | ".join(row[-1] for row in rows) for rows in explained]


def test_text_messages_are_claimed_past_mails_of_the_same_campaign(home: Path) -> None:
    found = [plan for plan in plans(lambda: due_mails.claim("sms")) if "outbox" in plan]
    wanted = "outbox USING INDEX ix_outbox_due (campaign_id=? AND channel=? AND state=? AND next_at<?)"
    assert len(found) == 2 and all(wanted in plan for plan in found)


def test_reminders_come_to_the_next_people_of_a_campaign_in_their_order(home: Path) -> None:
    region = made.region()
    campaign_id = made.read(region.seoyeon, region.opening_id, remind_after_days=1).id
    made.confirmed(region.seoyeon, campaign_id)
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, campaign_id).state = "sent"
    found = [plan for plan in plans(campaign_reminders.step) if "SEARCH invitations" in plan]
    assert found
    for plan in found:
        assert "invitations USING INDEX ix_invitations_campaign (campaign_id=? AND id>?)" in plan
        assert "ORDER BY" not in plan


def test_what_is_used_of_an_agreement_about_one_opening_is_counted_by_both(home: Path) -> None:
    region = made.region()
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Memorandum)).one().opening_id = region.opening_id

    def used() -> int:
        with reading(EVERYWHERE) as session:
            return memoranda.used(session, session.scalars(select(Memorandum)).one())

    (plan,) = [plan for plan in plans(used) if "SEARCH invitations" in plan]
    assert "ix_invitations_inviting (inviting_organisation_id=? AND opening_id=?)" in plan


def test_who_waits_in_another_campaign_too_is_not_looked_for_person_by_person(home: Path) -> None:
    region = made.region()
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Memorandum)).one().quota = 9
    first, second = (made.read(region.seoyeon, region.opening_id).id for _ in range(2))
    made.confirmed(region.seoyeon, first)

    def room() -> campaign_room.Room:
        with reading(EVERYWHERE) as session:
            return campaign_room.of(session, region.seoyeon, session.get_one(Campaign, second))

    assert room() == campaign_room.Room(7, 2, 0)
    for plan in plans(room):
        assert "campaign" not in plan.partition("CORRELATED")[2], plan
