"""Reminding and giving time: once a day each, no link ever lost by it, and whoever was told is told once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import amendments, deadlines, interviews, openings, reminders
from interview_ai.amendments import Amendment
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, CandidateSession, Invitation, Mail, Opening
from tests import desk

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)


def remind(member: Member, opening_id: str) -> int:
    with transaction(member.organisation_id) as session:
        return reminders.remind(session, member, opening_id, reminders.due(session, member, opening_id))


def mails(begin: str) -> list[Mail]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Mail).where(Mail.cause.startswith(begin)).order_by(Mail.recipient)))


def opens(token: str) -> bool:
    with reading(EVERYWHERE) as session:
        return interviews.invited(session, token).revoked_at is None


def test_only_those_who_have_not_finished_are_reminded_and_once_a_day(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Finished", 3)
    desk.applicant(jun, opening_id, "Begun")
    desk.invite(jun, opening_id, "Invited")
    assert [remind(jun, opening_id), remind(jun, opening_id)] == [2, 0]
    assert [mail.recipient for mail in mails("reminder:")] == ["begun@example.org", "invited@example.org"]
    with transaction(EVERYWHERE) as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "candidate reminded")).all()) == 2
        for invitation in session.scalars(select(Invitation)):
            invitation.reminded_at = datetime.now(UTC) - timedelta(hours=25)
    assert remind(jun, opening_id) == 2


def test_a_reminder_brings_a_link_beside_the_first_one_and_a_new_invitation_ends_both(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    first = desk.invite(jun, opening_id, "Minji")
    remind(jun, opening_id)
    found = re.search(r"/i/(\S+)", mails("reminder:")[0].body)
    assert found
    assert opens(first)
    assert opens(found[1])
    assert desk.begin(found[1]).opening_id == opening_id
    newest = desk.invite(jun, opening_id, "Minji")
    assert opens(newest)
    for old in (first, found[1]):
        with pytest.raises(Conflict, match="newer invitation"):
            opens(old)


def test_nobody_is_reminded_of_what_is_closed_or_by_who_may_not(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.invite(jun, opening_id, "Minji")
    with pytest.raises(NotFound):
        remind(desk.hana(), opening_id)
    with pytest.raises(Forbidden):
        remind(desk.colleague(jun, "mina@example.com", "reviewer"), opening_id)
    with transaction(jun.organisation_id) as session:
        amendments.close(session, jun, opening_id)
    with pytest.raises(Conflict):
        remind(jun, opening_id)
    assert mails("reminder:") == []


def test_a_later_deadline_moves_everybody_and_tells_those_who_have_not_finished_once(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Finished", 3)
    desk.applicant(jun, opening_id, "Begun")
    for _ in range(2):
        with transaction(jun.organisation_id) as session:
            deadlines.move(session, session.get_one(Opening, opening_id), LATER)
            deadlines.tell_everybody(session, session.get_one(Opening, opening_id))
    assert [mail.recipient for mail in mails("deadline:")] == ["begun@example.org"]
    with reading(EVERYWHERE) as session:
        assert set(session.scalars(select(Invitation.expires_at))) == {LATER}
        assert set(session.scalars(select(CandidateSession.expires_at))) == {LATER + interviews.GRACE}


def test_one_person_gets_more_time_than_the_opening_has_and_keeps_it(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.applicant(jun, opening_id, "Minji")
    desk.invite(jun, opening_id, "Sora")
    with reading(EVERYWHERE) as session:
        mine = session.scalars(select(Invitation.id).order_by(Invitation.created_at)).first() or ""
        opening = session.get_one(Opening, opening_id)
    with transaction(jun.organisation_id) as session:
        deadlines.extend_one(session, jun, opening_id, mine, until=LATER, tell=True)
    assert [mail.recipient for mail in mails("deadline:")] == ["minji@example.org"]
    moved = opening.deadline + timedelta(days=1)
    with transaction(jun.organisation_id) as session:
        amendments.amend(session, jun, opening_id, Amendment(opening.title_ko, opening.title_en, moved))
    with reading(EVERYWHERE) as session:
        until = dict(session.execute(select(Invitation.id, Invitation.expires_at)).all())
        assert until.pop(mine) == LATER
        assert list(until.values()) == [moved]
        assert session.scalars(select(CandidateSession.expires_at)).one() == LATER + interviews.GRACE


def test_time_is_only_ever_given_never_taken_and_only_in_ones_own_openings(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.invite(jun, opening_id, "Minji")
    with reading(EVERYWHERE) as session:
        invitation = session.scalars(select(Invitation)).one()
    for until in (datetime.now(UTC) - timedelta(hours=1), invitation.expires_at - timedelta(days=1)):
        with pytest.raises(Invalid), transaction(jun.organisation_id) as session:
            deadlines.extend_one(session, jun, opening_id, invitation.id, until=until, tell=False)
        with pytest.raises(Invalid), transaction(jun.organisation_id) as session:
            deadlines.extend_all(session, jun, opening_id, until, tell=False)
    hana = desk.hana()
    own = desk.opening(hana)
    with pytest.raises(NotFound), transaction(hana.organisation_id) as session:
        deadlines.extend_one(session, hana, own, invitation.id, until=LATER, tell=False)


def test_a_name_that_a_spreadsheet_would_run_is_refused_wherever_it_comes_from(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name in ("=1+1", "+82", "@SUM(A1)", "-2", "Minji\r\nBcc: all@example.org", "Min\u202eji"):
        with pytest.raises(Invalid) as refused, transaction(jun.organisation_id) as session:
            openings.invite(session, jun, opening_id, name=name, email="m@example.org", language="en")
        assert refused.value.code == "name"
