"""Whoever wants no more of it gets none: not anew, not by another way, not after their data were deleted."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import delete, select

from interview_ai import (
    campaign_links,
    campaign_reminders,
    deadlines,
    dispatch,
    invitees,
    openings,
    opt_outs,
    reminders,
    sending,
    settings,
    tokens,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, NotFound
from interview_ai.organisations import Member
from interview_ai.tables import AuditEntry, CampaignRow, Candidate, Invitation, OptOut
from tests import campaigning as made
from tests import desk
from tests.browser import Browser
from tests.mailed import campaign, due_again, left, mail_to, outbox
from tests.smtp import postbox

MINJI = "minji@example.org"


def stop_link(name: str = "Minji") -> str:
    found = re.search(r"/stop/[\w-]+", mail_to(name).body)
    assert found
    return found[0]


def wants_none(member: Member, address: str = MINJI) -> bool:
    with reading(EVERYWHERE) as session:
        return opt_outs.wants_none(session, member.organisation_id, address)


def end(member: Member, address: str = MINJI, *, everybody: bool = False) -> None:
    with transaction(EVERYWHERE) as session:
        link = opt_outs.read(opt_outs.token(member.organisation_id, address))
        opt_outs.end(session, link, everybody=everybody)


@pytest.fixture
def browser(home: Path) -> Browser:
    return Browser()


def test_looking_ends_nothing_however_often_a_scanner_looks(browser: Browser) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    for _ in range(3):
        page = browser.get(stop_link())
        assert page.status_code == 200
        assert "Jun" in page.text
    assert browser.client.head(stop_link()).status_code == 200
    assert not wants_none(jun)


def test_the_button_ends_them_and_the_page_offers_the_way_back_at_once(browser: Browser) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    link = stop_link()
    page = browser.send(browser.get(link), link, scope="organisation")
    assert wants_none(jun) and not wants_none(desk.hana())
    assert f'action="{link}/undo"' in page.text
    browser.send(page, f"{link}/undo")
    assert not wants_none(jun)


def test_one_click_of_a_mail_program_needs_no_page_and_follows_no_redirect(browser: Browser) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    answer = browser.client.post(
        stop_link(),
        data={"List-Unsubscribe": "One-Click"},
        headers={"origin": "https://mail.example.com", "sec-fetch-site": "cross-site"},
        follow_redirects=False,
    )
    assert answer.status_code == 200
    assert wants_none(jun)


def test_only_undoing_needs_the_page_s_own_form(browser: Browser) -> None:
    jun = desk.jun()
    end(jun)
    link = f"/stop/{opt_outs.token(jun.organisation_id, MINJI)}"
    assert browser.client.post(f"{link}/undo").status_code == 403
    assert wants_none(jun)


def test_ending_everybody_s_ends_them_of_who_was_not_here_yet(browser: Browser) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    link = stop_link()
    browser.send(browser.get(link), link, scope="everybody")
    assert wants_none(jun) and wants_none(desk.hana())


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-2] + "AA",
        lambda token: chr(ord(token[0]) ^ 1) + token[1:],
        lambda token: "x",
        lambda token: "é" * 9,
    ],
)
def test_nobody_ends_anything_by_guessing(browser: Browser, change: object) -> None:
    jun = desk.jun()
    token = change(opt_outs.token(jun.organisation_id, MINJI))  # type: ignore[operator]
    assert browser.get(f"/stop/{token}").status_code == 404
    assert browser.client.post(f"/stop/{token}").status_code == 404
    with pytest.raises(NotFound):
        opt_outs.read(token)


def test_the_link_and_what_is_kept_name_nobody(home: Path) -> None:
    jun = desk.jun()
    end(jun)
    token = opt_outs.token(jun.organisation_id, MINJI)
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(OptOut)).one()
        record = session.scalars(select(AuditEntry).where(AuditEntry.action == "messages ended")).one()
    assert "minji" not in f"{token} {kept.address_hash} {record.subject} {record.actor} {record.details}"
    assert kept.address_hash not in (tokens.digest(MINJI), MINJI)


def test_who_opted_out_gets_no_campaign_when_uploaded_anew(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    end(jun)
    with postbox() as server:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        settings.settings.cache_clear()
        campaign(jun, desk.opening(jun), ["Minji", "Sora"])
        campaign(jun, desk.opening(jun), ["Minji"])
        for _ in range(3):
            sending.send_due()
            due_again()
        assert server.asked == ["sora@example.org"]


def test_who_opted_out_gets_none_after_their_data_were_deleted(home: Path) -> None:
    jun = desk.jun()
    campaign(jun, desk.opening(jun), ["Minji"])
    end(jun)
    with transaction(EVERYWHERE) as session:
        session.execute(delete(CampaignRow))
        session.execute(delete(Invitation))
        session.execute(delete(Candidate))
    assert wants_none(jun)
    with reading(EVERYWHERE) as session:
        found = opt_outs.among(session, jun.organisation_id, [MINJI, "sora@example.org", "  MINJI@example.org "])
    assert {one.strip().lower() for one in found} == {MINJI}


def test_a_list_of_thousands_is_asked_at_once(home: Path) -> None:
    jun = desk.jun()
    end(jun, "p700@example.org")
    addresses = [f"p{number}@example.org" for number in range(1200)]
    with reading(EVERYWHERE) as session:
        assert opt_outs.among(session, jun.organisation_id, addresses) == {"p700@example.org"}


def test_who_opted_out_gets_no_reminder_by_any_button_or_clock_and_no_new_deadline(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    which = campaign(jun, opening_id, ["Minji", "Sora"], remind_after_days=1)
    left(days_ago=2)
    end(jun)
    assert campaign_reminders.step() == 1
    with transaction(EVERYWHERE) as session:
        assert campaign_reminders.counts(session, jun, which)["not_opened"] == 0
        assert campaign_reminders.remind(session, jun, which, "not_opened") == 0
    left(days_ago=2)
    with transaction(jun.organisation_id) as session:
        assert reminders.remind(session, jun, opening_id, reminders.due(session, jun, opening_id)) == 1
        deadlines.tell_everybody(session, openings.own(session, opening_id))
    assert len([mail for mail in outbox() if mail.recipient == MINJI]) == 1


def test_a_university_s_student_who_opted_out_there_is_not_reminded_by_the_employer(home: Path) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    opening_id = desk.opening(jun)
    campaign(seoyeon, opening_id, ["Minji"])
    end(seoyeon)
    with transaction(jun.organisation_id) as session:
        assert reminders.due(session, jun, opening_id) == []


def test_inviting_somebody_by_hand_who_opted_out_is_refused_with_a_sentence(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    end(jun)
    with pytest.raises(Conflict, match="no more") as refused:
        desk.invite(jun, opening_id, "Minji")
    assert refused.value.code == "opted_out"


def test_a_pasted_line_of_who_opted_out_is_to_be_mended_and_the_others_are_invited(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    end(jun)
    with transaction(jun.organisation_id) as session:
        pasted = "Minji, minji@example.org\nSora, sora@example.org"
        lines = invitees.invite_many(session, jun, opening_id, pasted, language="en")
    assert [(line.outcome, line.person.name) for line in lines] == [("faulty", "Minji"), ("invited", "Sora")]
    assert lines[0].fault and "no more" in lines[0].fault.en


def test_receipts_still_go_to_who_opted_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jun = desk.jun()
    who = desk.applicant(jun, desk.opening(jun), "Minji")
    desk.answered(who)
    end(jun, everybody=True)
    desk.finished(who)
    with postbox() as server:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        settings.settings.cache_clear()
        sending.send_due()
        assert [str(message["Subject"]) for message in server.received] == [
            "[Jun] Your answers for Quality control have arrived"
        ]


def test_ending_twice_and_undoing_twice_are_harmless(anywhere: str) -> None:
    jun = desk.jun()
    end(jun)
    end(jun)
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(OptOut)).all()) == 1
    link = opt_outs.read(opt_outs.token(jun.organisation_id, MINJI))
    for _ in range(2):
        with transaction(EVERYWHERE) as session:
            opt_outs.undo(session, link)
    assert not wants_none(jun)


def test_a_number_s_link_ends_text_messages_and_mails_to_its_owner(home: Path) -> None:
    jun = desk.jun()
    with transaction(EVERYWHERE) as session:
        opt_outs.end(session, opt_outs.read(opt_outs.token(jun.organisation_id, MINJI, "010-1234-5678")))
    assert wants_none(jun) and wants_none(jun, "+82 10 1234 5678")


def test_a_campaigns_first_page_leads_to_opting_out_since_links_may_come_without_a_mail(browser: Browser) -> None:
    region = made.region()
    which = made.read(region.seoyeon, region.opening_id, channel="file", quiet_from=0, quiet_until=0).id
    made.confirmed(region.seoyeon, which)
    assert dispatch.step()
    with transaction(EVERYWHERE) as session:
        file = campaign_links.begin(session, region.seoyeon, which, "csv")
    handed_over = next(iter(campaign_links.people(file)))
    page = browser.get(urlsplit(handed_over.link).path).text
    stop = re.search(r'href="(/stop/[\w-]+)">Want no more', page)
    assert stop
    asking = browser.get(stop[1])
    assert not wants_none(region.seoyeon, handed_over.email)
    browser.send(asking, stop[1], scope="organisation")
    assert wants_none(region.seoyeon, handed_over.email)


def test_whoever_was_invited_alone_and_by_no_campaign_is_not_asked_about_campaigns(browser: Browser) -> None:
    jun = desk.jun()
    token = desk.invite(jun, desk.opening(jun), "Minji")
    assert "/stop/" not in browser.get(f"/i/{token}").text
