"""The file of a campaign's links: for who hands them over; fresh ones beside those that are out, on the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from interview_ai import (
    campaign_links,
    campaign_reminders,
    campaign_views,
    campaigns,
    dispatch,
    interviews,
    opt_outs,
    settings,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, Campaign, CampaignRow, FurtherLink, Invitation, Mail, Opening, Organisation
from tests import campaigning as made
from tests import desk
from tests.mailed import campaign, invitation_of

NAMES = ["Minji", "Sora", "Haneul", "Yuna"]


def taken(member: Member, campaign_id: str) -> dict[str, str]:
    """The file as it is taken: token by name."""
    with transaction(EVERYWHERE) as session:
        found = campaign_links.begin(session, member, campaign_id, "csv")
    return {one.name: one.link.rpartition("/")[2] for one in campaign_links.people(found)}


def opens(token: str) -> str:
    """Whose invitation a link opens."""
    with reading(EVERYWHERE) as session:
        return interviews.invited(session, token).candidate.name


def written() -> list[str]:
    with reading(EVERYWHERE) as session:
        return [one for one in session.scalars(select(Mail.cause)) if one.startswith("invitation:")]


@pytest.fixture
def region(home: Path) -> made.Region:
    return made.region()


def test_a_campaign_of_links_writes_nobody_and_its_file_opens_each_interview(region: made.Region) -> None:
    late = {"quiet_from": 0, "quiet_until": 23, "per_minute": 1}
    found = made.read(region.seoyeon, region.opening_id, channel="file", **late)
    made.confirmed(region.seoyeon, found.id)
    for count in (2, 0):
        with transaction(EVERYWHERE) as session:
            session.get_one(Campaign, found.id).next_at = datetime.now(UTC) - timedelta(minutes=5)
        assert dispatch.step() == count
    assert (made.campaign(found.id).state, written()) == ("sent", [])
    links = taken(region.seoyeon, found.id)
    assert {name: opens(token) for name, token in links.items()} == {"김민지": "김민지", "박소라": "박소라"}


def test_links_that_are_out_go_on_working_beside_those_of_each_new_file(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    which = campaign(jun, opening_id, NAMES[:2])
    files = [taken(jun, which) for _ in range(3)]
    tokens = [file["Minji"] for file in files]
    assert len(set(tokens)) == 3 and [opens(token) for token in tokens] == ["Minji"] * 3
    assert len(written()) == 2
    assert desk.begin(tokens[0]).interview_id == desk.begin(tokens[2]).interview_id


def test_whoever_is_done_was_taken_back_or_wants_no_more_is_not_in_it(home: Path) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun, questions=1), NAMES)
    who = desk.begin(taken(jun, which)["Minji"])
    desk.answered(who)
    desk.finished(who)
    with transaction(EVERYWHERE) as session:
        session.get_one(Invitation, invitation_of("Sora").id).revoked_at = datetime.now(UTC)
        opt_outs.end(session, opt_outs.read(opt_outs.token(jun.organisation_id, "haneul@example.org")))
    assert list(taken(jun, which)) == ["Yuna"]
    with transaction(EVERYWHERE) as session:
        session.execute(update(Opening).values(state="closed"))
        with pytest.raises(Conflict) as refused:
            campaign_links.begin(session, jun, which, "csv")
    assert refused.value.code == "nobody"


def test_a_large_file_comes_in_short_rounds_and_holds_up_nobody_who_writes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_links, "A_ROUND", 2)
    jun = desk.jun()
    names = [f"P{number}" for number in range(7)]
    which = campaign(jun, desk.opening(jun), names)
    with transaction(EVERYWHERE) as session:
        found = campaign_links.begin(session, jun, which, "xlsx")
    seen = []
    for one in campaign_links.people(found):
        with transaction(jun.organisation_id) as session:  # another writer, who would wait if one were open
            session.get_one(Organisation, jun.organisation_id).website = f"https://{one.name.lower()}.example"
        seen.append(one.name)
        with reading(EVERYWHERE) as session:
            kept = session.scalar(select(func.count()).select_from(FurtherLink)) or 0
        assert len(seen) <= kept <= len(seen) + 1  # a link is kept before it is given out, and few in advance
    assert seen == names


def test_each_file_is_on_the_record_without_a_name(home: Path) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), NAMES)
    taken(jun, which)
    with reading(EVERYWHERE) as session:
        (act,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "campaign links taken"))
    assert (act.actor, act.subject, act.details) == (
        str(jun.actor),
        f"campaign:{which}",
        {"form": "csv", "at_most": 4},
    )


def test_links_are_given_out_so_many_times_and_then_refused_and_all_that_are_out_go_on_working(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign_links, "MOST_FILES", 2)
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), NAMES[:1])
    tokens = [taken(jun, which)["Minji"] for _ in range(2)]
    with transaction(EVERYWHERE) as session, pytest.raises(Conflict) as refused:
        campaign_links.begin(session, jun, which, "csv")
    assert refused.value.code == "often" and "go on working" in refused.value.en
    assert [opens(token) for token in tokens] == ["Minji", "Minji"]


def test_a_campaign_of_links_counts_as_handed_over_whoever_was_in_a_file_or_opened(region: made.Region) -> None:
    which = campaign(region.seoyeon, region.opening_id, NAMES[:2], channel="file")

    def funnel() -> tuple[int, ...]:
        with reading(EVERYWHERE) as session:
            found = campaign_views.funnel(session, session.get_one(Campaign, which))
        return found.ready, found.invited, found.handed, found.opened, found.begun

    assert funnel() == (2, 2, 0, 0, 0)
    desk.begin(taken(region.seoyeon, which)["Sora"])
    assert funnel() == (2, 2, 2, 1, 1)


def test_nobody_else_takes_a_campaigns_links(region: made.Region) -> None:
    which = campaign(region.seoyeon, region.opening_id, NAMES[:1])
    mina = desk.colleague(region.seoyeon, "mina@example.ac.kr", "reviewer")
    for member, wrong in (
        (region.jun, NotFound),
        (region.doyun, NotFound),
        (desk.hana(), NotFound),
        (mina, Forbidden),
    ):
        with transaction(EVERYWHERE) as session, pytest.raises(wrong):
            campaign_links.begin(session, member, which, "csv")
    assert list(taken(desk.colleague(region.seoyeon, "taeyang@example.ac.kr", "recruiter"), which)) == ["Minji"]


def test_a_file_holds_the_people_of_its_own_campaign_alone(region: made.Region) -> None:
    of_seoyeon = campaign(region.seoyeon, region.opening_id, ["Minji"])
    of_jun = campaign(region.jun, region.opening_id, ["Sora"])
    with transaction(EVERYWHERE) as session:  # a row that names an invitation of somebody else's
        row = session.scalars(select(CampaignRow).where(CampaignRow.campaign_id == of_seoyeon)).one()
        session.add(
            CampaignRow(
                organisation_id=row.organisation_id,
                campaign_id=of_seoyeon,
                row=9,
                outcome="ready",
                name="Sora",
                email="sora@example.org",
                invitation_id=invitation_of("Sora").id,
            )
        )
    assert list(taken(region.seoyeon, of_seoyeon)) == ["Minji"]
    assert list(taken(region.jun, of_jun)) == ["Sora"]


@pytest.mark.parametrize("state", ["preview", "cancelled"])
def test_links_come_with_the_confirmation_and_end_with_the_campaign(home: Path, state: str) -> None:
    jun = desk.jun()
    which = campaign(jun, desk.opening(jun), NAMES, state=state)
    with transaction(EVERYWHERE) as session, pytest.raises(Conflict) as refused:
        campaign_links.begin(session, jun, which, "csv")
    assert refused.value.code == "moved"


def test_a_code_by_mail_is_refused_where_no_mail_leaves_with_what_to_choose(
    region: made.Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Invalid) as refused:
        made.added(region.seoyeon, region.opening_id, proof="code")
    assert refused.value.code == "proof"
    assert "year of birth" in refused.value.en and "출생연도" in refused.value.ko
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "smtp://127.0.0.1:1")
    settings.settings.cache_clear()
    found = made.read(region.seoyeon, region.opening_id, proof="code")
    with reading(EVERYWHERE) as session:
        assert campaigns.refusal(session, region.seoyeon, found)[0] is None
    monkeypatch.setenv("INTERVIEW_SMTP_URL", "")
    settings.settings.cache_clear()
    with transaction(EVERYWHERE) as session, pytest.raises(Conflict) as gone:
        campaigns.confirm(session, region.seoyeon, found.id)
    assert gone.value.code == "proof" and made.campaign(found.id).state == "preview"
    with transaction(EVERYWHERE) as session:
        session.get_one(Campaign, found.id).state = "sent"
        with pytest.raises(Conflict) as links:
            campaign_links.begin(session, region.seoyeon, found.id, "csv")
    assert links.value.code == "proof"


def test_a_campaign_of_links_reminds_nobody(region: made.Region) -> None:
    with pytest.raises(Invalid) as refused:
        made.added(region.seoyeon, region.opening_id, channel="file", remind_after_days=2)
    assert refused.value.code == "remind_after_days"
    which = campaign(region.seoyeon, region.opening_id, NAMES[:1], channel="file")
    with transaction(EVERYWHERE) as session:
        assert campaign_reminders.remind(session, region.seoyeon, which, "not_opened") == 0
        with pytest.raises(Conflict):
            campaign_reminders.change(session, region.seoyeon, which, after_days=2, most=2)


def test_why_no_link_can_be_had_is_the_true_reason_alone(region: made.Region) -> None:
    which = campaign(region.seoyeon, region.opening_id, NAMES[:2], channel="file")
    empty = campaign(region.seoyeon, region.opening_id, [], channel="file", state="paused")

    def why(campaign_id: str) -> str:
        with reading(EVERYWHERE) as session:
            found = campaign_links.refusal(session, session.get_one(Campaign, campaign_id))
        return found.en if found else ""

    assert why(which) == "" and why(empty).startswith("The campaign stopped before the first link")
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, region.opening_id).state = "closed"
    assert why(which).startswith("The opening is closed") and "2 who have not finished" in why(which)
    with transaction(EVERYWHERE) as session:
        session.get_one(Opening, region.opening_id).state = "open"
        session.execute(update(Invitation).values(expires_at=datetime.now(UTC) - timedelta(days=1)))
    assert why(which).startswith("The time of the 2")
    with transaction(EVERYWHERE) as session:
        session.execute(update(Invitation).values(revoked_at=datetime.now(UTC)))
    assert why(which).startswith("Nobody needs a link any more") and "2 invitations were taken back" in why(which)
