"""Reminders of campaigns: the right one to whom it concerns, seldom, by day, and never to who is done with it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from interview_ai import campaign_reminders, openings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.reminders import further_link
from interview_ai.rules import quiet_hours
from interview_ai.tables import AuditEntry, Interview, Invitation, Mail, Opening
from tests import desk
from tests.mailed import campaign, change, invitation_of, left, outbox

EVERYBODY = ["Unopened", "Waiting", "Midway", "Finished", "Withdrawn"]


def started(name: str) -> str:
    """A link of somebody's campaign invitation; returns its token."""
    with transaction(EVERYWHERE) as session:
        return further_link(session, session.get_one(Invitation, invitation_of(name).id))


@pytest.fixture
def seoyeon(home: Path) -> Member:
    return desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")


def invited(member: Member, *, days_ago: float = 3, **settings: object) -> tuple[str, str]:
    """A campaign of five people of whom everybody is somewhere else; returns its id and the opening's."""
    opening_id = desk.opening(desk.jun(), questions=1)
    which = campaign(member, opening_id, EVERYBODY, **settings)
    with transaction(EVERYWHERE) as session:
        session.execute(
            update(Invitation)
            .where(Invitation.id.in_([invitation_of(name).id for name in EVERYBODY[1:]]))
            .values(opened_at=datetime.now(UTC))
        )
    for name in EVERYBODY[2:]:
        who = desk.begin(started(name))
        if name == "Finished":
            desk.answered(who)
            desk.finished(who)
        if name == "Withdrawn":
            with transaction(who.organisation_id) as session:
                session.get_one(Interview, who.interview_id).state = "withdrawn"
    left(days_ago=days_ago)
    return which, opening_id


def reminded() -> Counter[str]:
    """How many reminders there are, by receiver and kind."""
    causes = [(one.recipient.split("@")[0], one.cause.split(":")[1]) for one in outbox() if one.cause[:8] == "reminder"]
    return Counter(f"{name} {kind}" for name, kind in causes)


def test_everybody_gets_the_reminder_that_fits_and_who_is_done_gets_none(anywhere: str, seoyeon: Member) -> None:
    invited(seoyeon, remind_after_days=2)
    assert campaign_reminders.step() == 3
    assert reminded() == {"unopened not_opened": 1, "waiting not_begun": 1, "midway not_finished": 1}
    assert campaign_reminders.step() == 0


def test_nobody_is_reminded_before_the_campaigns_days_are_over(seoyeon: Member) -> None:
    invited(seoyeon, days_ago=1.5, remind_after_days=2)
    assert campaign_reminders.step() == 0


def test_a_campaign_that_asks_for_none_reminds_nobody(seoyeon: Member) -> None:
    invited(seoyeon)
    assert campaign_reminders.step() == 0


@pytest.mark.parametrize(("settings", "most"), [({}, 2), ({"most_reminders": 1}, 1), ({"most_reminders": 5}, 5)])
def test_nobody_gets_more_reminders_of_one_kind_than_the_campaign_says(
    seoyeon: Member, settings: dict[str, int], most: int
) -> None:
    invited(seoyeon, remind_after_days=1, **settings)
    counts = []
    for _ in range(most + 2):
        counts.append(campaign_reminders.step())
        left(days_ago=2)
    assert counts == [3] * most + [0, 0]


def test_how_many_can_be_changed_while_it_runs_and_counts_from_then_on(seoyeon: Member) -> None:
    which, _ = invited(seoyeon, remind_after_days=1)
    counts = []
    for most in (1, 1, 3, 2, 3, 3):
        with transaction(EVERYWHERE) as session:
            campaign_reminders.change(session, seoyeon, which, after_days=1, most=most)
        counts.append(campaign_reminders.step())
        left(days_ago=2)
    assert counts == [3, 0, 3, 0, 3, 0]
    with reading(EVERYWHERE) as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign reminders changed")).all()
    assert [act.details["most"] for act in acts] == [1, 1, 3, 2, 3, 3]


@pytest.mark.parametrize(
    ("after_days", "most", "field"), [(0, 2, "remind_after_days"), (2, 0, "most_reminders"), (2, 6, "most_reminders")]
)
def test_days_and_numbers_that_cannot_be_are_refused_at_their_field(
    seoyeon: Member, after_days: int, most: int, field: str
) -> None:
    which, _ = invited(seoyeon)
    with transaction(EVERYWHERE) as session, pytest.raises(Invalid) as refused:
        campaign_reminders.change(session, seoyeon, which, after_days=after_days, most=most)
    assert refused.value.code == field
    assert "1" in refused.value.en and "1" in refused.value.ko


def test_only_its_own_people_change_the_reminders_and_only_while_there_are_some(seoyeon: Member) -> None:
    which, _ = invited(seoyeon)
    mina = desk.colleague(seoyeon, "mina@example.ac.kr", "reviewer")
    for member, wrong in ((desk.hana(), NotFound), (mina, Forbidden)):
        with transaction(EVERYWHERE) as session, pytest.raises(wrong):
            campaign_reminders.change(session, member, which, after_days=3, most=3)
    change(which, state="cancelled")
    with transaction(EVERYWHERE) as session, pytest.raises(Conflict):
        campaign_reminders.change(session, seoyeon, which, after_days=3, most=3)


@pytest.mark.parametrize("state", ["paused", "cancelled", "preview"])
def test_a_campaign_that_does_not_write_reminds_nobody(seoyeon: Member, state: str) -> None:
    which, _ = invited(seoyeon, remind_after_days=1)
    change(which, state=state)
    assert campaign_reminders.step() == 0


def test_in_quiet_hours_the_clock_reminds_nobody_and_a_persons_wait_for_the_morning(seoyeon: Member) -> None:
    hour = datetime.now(quiet_hours.KOREAN_TIME).hour
    which, _ = invited(seoyeon, remind_after_days=1, quiet_from=hour, quiet_until=(hour + 2) % 24)
    assert campaign_reminders.step() == 0
    with transaction(EVERYWHERE) as session:
        assert campaign_reminders.remind(session, seoyeon, which, "not_opened") == 1
    assert {one.campaign_id for one in outbox() if one.state == "pending"} == {which}


def test_what_is_revoked_over_or_closed_is_not_reminded_of(seoyeon: Member) -> None:
    which, opening_id = invited(seoyeon, remind_after_days=1)
    with transaction(EVERYWHERE) as session:
        session.get_one(Invitation, invitation_of("Unopened").id).revoked_at = datetime.now(UTC)
        session.get_one(Invitation, invitation_of("Waiting").id).expires_at = datetime.now(UTC) - timedelta(hours=1)
        counts = campaign_reminders.counts(session, seoyeon, which)
    assert counts == {"not_opened": 0, "not_begun": 0, "not_finished": 1}
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, opening_id).state = "closed"
    assert campaign_reminders.step() == 0


def test_whose_invitation_was_refused_or_has_not_left_is_not_reminded(seoyeon: Member) -> None:
    invited(seoyeon, remind_after_days=1)
    with transaction(EVERYWHERE) as session:
        of = {one.recipient: one for one in session.scalars(select(Mail).where(Mail.cause.startswith("invitation:")))}
        of["unopened@example.org"].state = "failed"
        of["waiting@example.org"].state, of["waiting@example.org"].sent_at = "pending", None
    assert campaign_reminders.step() == 1


def test_a_person_sees_how_many_before_reminding_them_and_each_once_a_day(seoyeon: Member) -> None:
    which, _ = invited(seoyeon)
    with transaction(EVERYWHERE) as session:
        assert campaign_reminders.counts(session, seoyeon, which) == dict.fromkeys(campaign_reminders.KINDS, 1)
    for expected in (1, 0):
        with transaction(EVERYWHERE) as session:
            assert campaign_reminders.remind(session, seoyeon, which, "not_begun") == expected
    assert reminded() == {"waiting not_begun": 1}
    with reading(EVERYWHERE) as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.action == "candidate reminded")).all()
    assert [act.actor for act in acts] == [str(seoyeon.actor)]


def test_nobody_else_reminds(seoyeon: Member) -> None:
    which, _ = invited(seoyeon)
    with transaction(EVERYWHERE) as session:
        for kind, member, wrong in (("not_begun", desk.hana(), NotFound), ("birthday", seoyeon, NotFound)):
            with pytest.raises(wrong):
                campaign_reminders.remind(session, member, which, kind)
        with pytest.raises(NotFound):
            campaign_reminders.counts(session, seoyeon, "0" * 32)
    mina = desk.colleague(seoyeon, "mina@example.ac.kr", "reviewer")
    with transaction(EVERYWHERE) as session, pytest.raises(Forbidden):
        campaign_reminders.remind(session, mina, which, "not_begun")


def test_the_first_link_goes_on_working_beside_the_reminders(seoyeon: Member) -> None:
    which, opening_id = invited(seoyeon)
    first = invitation_of("Unopened").token_hash
    with transaction(EVERYWHERE) as session:
        campaign_reminders.remind(session, seoyeon, which, "not_opened")
    assert invitation_of("Unopened").token_hash == first
    with reading(EVERYWHERE) as session:
        assert openings.open_to_invite(session, desk.signed_in("jun@example.com"), opening_id)


def test_who_opted_out_does_not_keep_a_round_from_the_others(seoyeon: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaign_reminders, "A_ROUND", 2)
    opening_id = desk.opening(desk.jun())
    which = campaign(seoyeon, opening_id, [f"P{number}" for number in range(7)], remind_after_days=1)
    left(days_ago=2)
    with transaction(EVERYWHERE) as session:
        by_id = sorted(session.scalars(select(Invitation)), key=lambda one: one.id)
        for invitation in by_id[:3]:
            link = campaign_reminders.opt_outs.token(seoyeon.organisation_id, invitation.candidate.email)
            campaign_reminders.opt_outs.end(session, campaign_reminders.opt_outs.read(link))
    assert which and campaign_reminders.step() == 4


def test_who_cannot_be_reminded_is_counted_with_the_reason(seoyeon: Member) -> None:
    which, _ = invited(seoyeon, days_ago=0.5)
    with reading(EVERYWHERE) as session:
        assert campaign_reminders.held_back(session, seoyeon, which) == {
            "not_opened": {"lately": 1},
            "not_begun": {"lately": 1},
            "not_finished": {"lately": 1},
        }
    with transaction(EVERYWHERE) as session:
        session.execute(update(Mail).values(sent_at=None, state="pending"))
    with reading(EVERYWHERE) as session:
        assert campaign_reminders.held_back(session, seoyeon, which)["not_opened"] == {"unsent": 1}


def test_who_can_be_reminded_is_not_among_those_held_back(seoyeon: Member) -> None:
    which, _ = invited(seoyeon)
    with reading(EVERYWHERE) as session:
        assert campaign_reminders.held_back(session, seoyeon, which) == {kind: {} for kind in campaign_reminders.KINDS}
    with transaction(EVERYWHERE) as session:
        session.execute(update(Mail).values(returned_at=datetime.now(UTC)))
    with reading(EVERYWHERE) as session:
        assert campaign_reminders.held_back(session, seoyeon, which)["not_opened"] == {"rest": 1}
