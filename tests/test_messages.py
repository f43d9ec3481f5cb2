"""Messages in an organisation's own words, in the receiver's language, drawn in tables; kept, looked at, given up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import (
    campaign_reminders,
    deadlines,
    dispatch,
    mail_frames,
    message_links,
    message_previews,
    message_texts,
    openings,
    reminders,
    settings,
    tokens,
)
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Forbidden, Invalid, NotFound
from interview_ai.message_texts import Which
from interview_ai.organisations import Member
from interview_ai.rules import message_words
from interview_ai.rules.mail_markup import faults
from interview_ai.tables import AuditEntry, Candidate, Invitation, Mail, Organisation
from tests import campaigning as made
from tests import desk
from tests.conftest import forget
from tests.mailed import campaign, left, mail_to, outbox
from tests.test_outcomes import decide, send

OWN = ("Come to {organisation}", "Hello {name}!\n\n{link}\n\nUntil {until}, <b>please</b> & thank you.")
INVITATION = Which("invitation", "en")


def write(member: Member, which: Which = INVITATION, words: tuple[str, str] = OWN) -> None:
    with transaction(member.organisation_id) as session:
        message_texts.write(session, member, {which: words})


def of(member: Member, which: Which = INVITATION) -> message_texts.Words:
    with reading(member.organisation_id) as session:
        return message_texts.of(session, member.organisation_id, which)


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_an_organisation_s_own_words_invite_for_it_and_for_nobody_else(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    write(jun)
    desk.invite(jun, desk.opening(jun), "Minji")
    desk.invite(hana, desk.opening(hana), "Sora")
    mine, hers = mail_to("Minji"), mail_to("Sora")
    assert (mine.subject, mine.body.splitlines()[0]) == ("Come to Jun", "Hello Minji!")
    assert "Come to" not in hers.subject


def test_a_university_s_words_and_colour_invite_to_an_employer_s_opening(home: Path) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    with transaction(EVERYWHERE) as session:
        session.get_one(Organisation, seoyeon.organisation_id).accent = "#7a1fa2"
    write(seoyeon)
    campaign(seoyeon, desk.opening(jun), ["Minji"])
    sent = mail_to("Minji")
    assert sent.subject == "Come to Jun"
    assert "on behalf of Seoyeon" in sent.body
    assert "#7a1fa2" in (sent.html or "")


def test_the_receiver_s_language_decides(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    with transaction(jun.organisation_id) as session:
        openings.invite(session, jun, opening_id, name="민지", email="minji@example.org", language="ko")
    sent = mail_to("Minji")
    assert sent.subject == "[Jun] 품질관리 면접에 초대해요"
    assert 'lang="ko"' in (sent.html or "")
    assert "초대와 알림을 더 받지 않으려면" in sent.body


def test_what_somebody_typed_into_a_name_is_text_in_the_html_and_one_line_in_the_subject(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    with transaction(jun.organisation_id) as session:
        opening = openings.own(session, opening_id)
        opening.title_en = "<script>alert(1)</script>\r\nBcc: all@example.com"
    desk.invite(jun, opening_id, "Minji")
    sent = mail_to("Minji")
    assert "\n" not in sent.subject
    assert "&lt;script&gt;" in (sent.html or "")
    assert faults(sent.html or "") == []


def test_the_button_is_a_link_and_stands_as_text_below(home: Path) -> None:
    jun = desk.jun()
    token = desk.invite(jun, desk.opening(jun), "Minji")
    html = mail_to("Minji").html or ""
    link = message_links.link(token)
    assert html.count(f'href="{link}"') == 2
    assert plain(html).count(link) == 1
    assert "Open the interview" in html


def test_a_faulty_text_is_refused_with_a_sentence_and_changes_nothing(home: Path) -> None:
    jun = desk.jun()
    for words in (("Hello", "Dear {name}, there is no way in."), ("", OWN[1]), ("Hello {age}", OWN[1])):
        with pytest.raises(Invalid):
            write(jun, words=words)
    assert not of(jun).own


def test_going_back_to_the_library_s_words_is_on_the_record(home: Path) -> None:
    jun = desk.jun()
    write(jun)
    assert of(jun).own
    with transaction(jun.organisation_id) as session:
        message_texts.restore(session, jun, INVITATION)
    assert of(jun) == message_texts.shipped(INVITATION)
    with reading(EVERYWHERE) as session:
        acts = set(session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("message "))))
    assert acts == {"message written", "message restored"}


def test_only_who_invites_writes_the_words(home: Path) -> None:
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    mina = desk.colleague(desk.jun(), "mina@example.com", "reviewer")
    for member in (doyun, mina):
        with pytest.raises(Forbidden):
            write(member)
    with pytest.raises(NotFound):
        write(desk.hana(), Which("birthday", "en"))


def test_words_as_the_library_has_them_are_not_kept_as_own(home: Path) -> None:
    jun = desk.jun()
    now = message_texts.shipped(INVITATION)
    write(jun, words=(now.subject, now.body.replace("\n", "\r\n")))
    assert not of(jun).own


def test_a_test_message_goes_to_oneself_and_leads_nowhere(home: Path) -> None:
    jun = desk.jun()
    write(jun)
    with transaction(jun.organisation_id) as session:
        message_previews.send_test(session, jun, INVITATION)
    (sent,) = outbox()
    assert (sent.recipient, sent.subject) == ("jun@example.com", "[Test] Come to Jun")
    assert "/i/example" in sent.body
    assert sent.campaign_id is None


def test_a_preview_of_a_text_message_counts_its_bytes(home: Path) -> None:
    jun = desk.jun()
    with reading(jun.organisation_id) as session:
        seen = message_previews.of(session, jun, Which("invitation", "ko", "sms"))
    assert seen.size == len(seen.text.encode("cp949")) - len("example") + len(tokens.new_token())
    assert seen.carried_as == "lms"


@pytest.mark.parametrize(
    "public_url", ["http://localhost:8000", "https://interview.career-centre.university.example.ac.kr"]
)
def test_words_that_are_kept_fit_into_a_text_message_with_their_real_links(
    home: Path, public_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEW_PUBLIC_URL", public_url)
    monkeypatch.setenv("INTERVIEW_SMS_URL", "http://127.0.0.1:9/send")
    forget()
    region = made.region()
    which = Which("invitation", "ko", "sms")
    most = next(n for n in range(1000, 0, -1) if kept(region.seoyeon, which, "{이름} {링크} " + "가" * n))
    campaign_id = made.read(region.seoyeon, region.opening_id, channel="sms").id
    made.confirmed(region.seoyeon, campaign_id)
    dispatch.step()
    (sent,) = [mail for mail in outbox() if mail.channel == "sms"]
    assert sent.short is not None and "가" * most in sent.short
    assert 1900 < message_words.size(sent.short) <= message_words.LONG_BYTES


def kept(member: Member, which: Which, body: str) -> bool:
    """Whether these words were taken."""
    try:
        write(member, which, ("", body))
    except Invalid as error:
        assert (error.code, "바이트" in error.ko, "bytes" in error.en) == ("body", True, True)
        return False
    return True


def every_mail_to_candidates() -> dict[str, Mail]:
    """One of each kind as the use cases write them, by what its cause begins with."""
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=1)
    campaign(jun, opening_id, ["Unopened", "Waiting", "Midway"], remind_after_days=1)
    done = desk.candidate(jun, opening_id, "Finished", 3)
    with transaction(EVERYWHERE) as session:
        opened = select(Invitation).join(Candidate, Candidate.id == Invitation.candidate_id)
        for invitation in session.scalars(opened.where(Candidate.name.in_(["Waiting", "Midway"]))):
            invitation.opened_at = datetime.now(UTC)
            if invitation.candidate.name == "Midway":
                token = reminders.further_link(session, invitation)
        session.scalars(select(Candidate).where(Candidate.name == "Waiting")).one().language = "ko"
    desk.begin(token)
    left(days_ago=3)
    assert campaign_reminders.step() == 3
    with transaction(jun.organisation_id) as session:
        deadlines.extend_all(session, jun, opening_id, datetime.now(UTC) + timedelta(days=40), tell=True)
    send(jun, opening_id, decide(jun, done.interview_id))
    return {re.sub(r"[0-9a-f]{32}.*", "", one.cause): one for one in outbox()}


def test_the_markup_of_every_mail_to_candidates_is_what_old_programs_draw(home: Path) -> None:
    found = every_mail_to_candidates()
    reminded = {f"reminder:{kind}:" for kind in campaign_reminders.KINDS}
    assert set(found) == {"invitation:", "receipts:", "letter:", "deadline:", *reminded}
    for cause, mail in found.items():
        assert mail.html, cause
        assert faults(mail.html) == [], cause
        assert plain(mail.html).strip()


def test_what_can_be_ended_says_how_and_answers_to_own_acts_do_not(home: Path) -> None:
    for cause, mail in every_mail_to_candidates().items():
        own = cause in ("receipts:", "letter:")
        assert (mail.unsubscribe is None, "/stop/" not in mail.body, "/stop/" not in (mail.html or "")) == (own,) * 3


@pytest.mark.parametrize(("address", "shown"), [("https://onterview.example.org", True), ("http://localhost", False)])
def test_a_logo_is_shown_over_https_only(
    home: Path, monkeypatch: pytest.MonkeyPatch, address: str, shown: bool
) -> None:
    monkeypatch.setenv("INTERVIEW_PUBLIC_URL", address)
    settings.settings.cache_clear()
    jun = desk.jun()
    with transaction(EVERYWHERE) as session:
        employer = session.get_one(Organisation, jun.organisation_id)
        employer.logo_key = f"logos/{employer.id}/one.png"
    desk.invite(jun, desk.opening(jun), "Minji")
    html = mail_to("Minji").html or ""
    assert (f'src="{address}/logos/{jun.organisation_id}/one.png"' in html) is shown
    assert ("<img" in html) is shown
    assert faults(html) == []


def test_a_colour_that_is_none_cannot_leave_its_style(home: Path) -> None:
    frame = mail_frames.Frame("en", "Jun", 'red"><script>', button="Go", link="https://example.org")
    assert faults(mail_frames.html("s", "Hello\n\nhttps://example.org", frame)) == []


def test_a_contact_that_is_an_address_gets_the_answers(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for contact, wanted in (("hr@example.com", "hr@example.com"), ("055-123-4567", None)):
        with transaction(jun.organisation_id) as session:
            openings.own(session, opening_id).contact = contact
        desk.invite(jun, opening_id, "Minji")
        assert mail_to("Minji").reply_to == wanted
