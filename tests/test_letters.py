"""Letters: their words and placeholders, sent once whoever presses, in the candidate's language, never by themselves."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import letter_texts, letters, openings, outcomes, reviews, sending, settings
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.rules.letters import faults, filled
from interview_ai.tables import AuditEntry, Candidate, Letter, Mail
from tests import desk
from tests.smtp import postbox
from tests.test_outcomes import decide, send

BODY = "Dear {name}, we go on with you at {organisation}. Ask {contact}."


def untold(member: Member, opening_id: str) -> list[letters.Untold]:
    with reading(member.organisation_id) as session:
        return letters.untold(session, member, openings.own(session, opening_id))


def seen_by(member: Member, opening_id: str) -> str:
    with reading(member.organisation_id) as session:
        return letter_texts.of_opening(session, member, openings.own(session, opening_id)).digest


def write(member: Member, opening_id: str, *, kind: str = "advance", language: str = "en", body: str = BODY) -> None:
    with transaction(member.organisation_id) as session:
        words = {"kind": kind, "language": language, "subject": "{title}: the result", "body": body}
        letter_texts.change(session, member, opening_id, **words)


def mails() -> Sequence[Mail]:
    with reading(EVERYWHERE) as session:
        return session.scalars(select(Mail).where(Mail.cause.startswith("letter:"))).all()


def speaks_korean(interview_person: int) -> None:
    with transaction(EVERYWHERE) as session:
        session.scalars(select(Candidate).where(Candidate.person == interview_person)).one().language = "ko"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("We rated {age} and {이름} today at length.", "{age}"),
        ("An open brace {name is not one of ours at all.", "in pairs"),
        ("Too short.", "20 to 4000"),
    ],
)
def test_what_is_no_letter_is_refused_in_words(text: str, says: str) -> None:
    assert says in faults("Subject", text)["body"].en


def test_placeholders_work_in_both_languages_and_a_missing_value_stays_one() -> None:
    assert filled("{이름} 님, {Title}", {"title": "품질관리"}) == "{name} 님, 품질관리"


def test_every_shipped_letter_is_one_that_the_rule_would_accept() -> None:
    for kind in ("advance", "hold", "reject", "hired"):
        for language in ("ko", "en"):
            text = letter_texts.shipped(kind, language)
            assert faults(text.subject, text.body) == {}


def test_a_letter_says_the_openings_own_words_in_the_candidates_language_and_ends_with_their_rights(
    anywhere: str,
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    sora = desk.candidate(jun, opening_id, "Sora", 3)
    speaks_korean(sora.person)
    write(jun, opening_id)
    with transaction(jun.organisation_id) as session:
        letter_texts.name_contact(session, jun, opening_id, "055-123-4567")
    decisions = [decide(jun, who.interview_id) for who in (minji, sora)]
    assert send(jun, opening_id, *decisions) == letters.Sent(2, 0)
    english, korean = sorted(mails(), key=lambda one: one.recipient)
    assert (english.recipient, english.subject) == ("minji@example.org", "Quality control: the result")
    assert english.body.startswith("Dear Minji, we go on with you at Jun. Ask 055-123-4567.")
    assert "within 180 days" in english.body and "explained" in english.body
    assert korean.body.startswith("Sora 님, 안녕하세요.")
    assert "180일 안에" in korean.body and "다시 살펴봐" in korean.body
    assert not any("{" in one.body + one.subject for one in (english, korean))
    with reading(EVERYWHERE) as session:
        assert not any("Minji" in letter.body for letter in session.scalars(select(Letter)))


def test_an_unknown_placeholder_is_refused_and_names_itself(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    with pytest.raises(Invalid, match="salary") as refused:
        write(jun, opening_id, body="Dear {name}, your {salary} will be what we said.")
    assert refused.value.code == "body"
    assert "{연락처}" in refused.value.ko


def test_nothing_leaves_by_itself_and_a_second_press_sends_nothing(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decision = decide(jun, minji.interview_id)
    assert mails() == []
    assert send(jun, opening_id, decision, decision) == letters.Sent(1, 0)
    assert send(jun, opening_id, decision) == letters.Sent(0, 1)
    assert len(mails()) == 1
    with reading(EVERYWHERE) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "letter sent")).one()
    assert (entry.person, entry.details) == (minji.person, {"kind": "advance", "language": "en"})


def test_whoever_sends_at_the_same_moment_as_another_no_letter_is_sent_twice_and_nobody_waits_for_ever(
    anywhere: str,
) -> None:
    jun = desk.jun()
    other = desk.colleague(jun, "other@example.com", "recruiter")
    opening_id = desk.opening(jun)
    with transaction(jun.organisation_id) as session:
        letter_texts.name_contact(session, jun, opening_id, "hr@example.com")
    people = [desk.candidate(jun, opening_id, name, 3) for name in ("Minji", "Sora", "Yuna")]
    decisions = [decide(jun, who.interview_id) for who in people]
    seen, together, came_of = seen_by(jun, opening_id), threading.Barrier(3), []
    last = max(zip([who.interview_id for who in people], decisions, strict=True))[1]

    def press(member: Member, chosen: list[str]) -> None:
        together.wait()
        with transaction(member.organisation_id) as session:
            came_of.append(letters.send(session, member, opening_id, chosen, seen=seen).sent)

    presses = [
        threading.Thread(target=press, args=(jun, decisions)),
        threading.Thread(target=press, args=(other, decisions[::-1])),
        threading.Thread(target=press, args=(other, [last])),
    ]
    for one in presses:
        one.start()
    for one in presses:
        one.join()
    assert sum(came_of) == 3
    assert len(mails()) == 3


def test_words_that_changed_after_they_were_looked_at_are_looked_at_again(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decision, seen = decide(jun, minji.interview_id), seen_by(jun, opening_id)
    write(jun, opening_id)
    with pytest.raises(Conflict) as changed, transaction(jun.organisation_id) as session:
        letters.send(session, jun, opening_id, [decision], seen=seen)
    assert changed.value.code == "changed"
    assert mails() == []


def test_who_was_decided_about_anew_after_the_preview_gets_no_letter_about_the_old_decision(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    old = decide(jun, minji.interview_id, "hold")
    new = decide(jun, minji.interview_id, "advance")
    assert [one.decision_id for one in untold(jun, opening_id)] == [new]
    with reading(jun.organisation_id) as session:
        assert letters.counts(session, openings.own(session, opening_id)) == {"advance": 1}
    assert send(jun, opening_id, old) == letters.Sent(0, 1)
    assert mails() == []


def test_a_letters_state_follows_the_mail_and_a_refused_one_goes_to_the_address_known_now(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    send(jun, opening_id, decide(jun, minji.interview_id))

    def state() -> tuple[str, str]:
        with reading(jun.organisation_id) as session:
            (line,) = letters.of_opening(session, jun, openings.own(session, opening_id))
        return line.told.state, line.told.letter_id

    letter_id = state()[1]
    assert state()[0] == "waiting"
    with pytest.raises(Conflict), transaction(jun.organisation_id) as session:
        letters.try_again(session, jun, letter_id)
    with transaction(EVERYWHERE) as session:
        for one in session.scalars(select(Mail).where(~Mail.cause.startswith("letter:"))):
            one.state = "sent"
        session.scalars(select(Mail).where(Mail.cause.startswith("letter:"))).one().state = "failed"
        session.scalars(select(Candidate)).one().email = "minji@new.example.org"
    assert state()[0] == "refused"
    with transaction(jun.organisation_id) as session:
        assert letters.try_again(session, jun, letter_id) == opening_id
    with postbox() as server:
        monkeypatch.setenv("INTERVIEW_SMTP_URL", server.url)
        settings.settings.cache_clear()
        assert sending.send_due() == 1
        assert sending.send_due() == 0
    assert server.received[0]["To"] == "minji@new.example.org"
    assert state()[0] == "sent"


def test_only_who_decides_sends_and_another_firm_reaches_nothing(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    decision = decide(jun, minji.interview_id)
    send(jun, opening_id, decision)
    with reading(EVERYWHERE) as session:
        letter_id = session.scalars(select(Letter.id)).one()
    with pytest.raises(Forbidden):
        send(reviewer, opening_id, decision)
    own = desk.opening(hana)
    assert send(hana, own, decision) == letters.Sent(0, 1)
    with reading(hana.organisation_id) as session, pytest.raises(NotFound):
        letters.one(session, hana, letter_id)
    for act in (lambda: write(hana, opening_id), lambda: send(hana, opening_id, decision)):
        with pytest.raises(NotFound):
            act()


def test_who_withdrew_is_told_nothing(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decision = decide(jun, minji.interview_id)
    with transaction(jun.organisation_id) as session:
        reviews.interview(session, minji.interview_id).state = "withdrawn"
    assert untold(jun, opening_id) == []
    assert send(jun, opening_id, decision) == letters.Sent(0, 1)
    assert outcomes.cause_of(decision) not in [one.cause for one in mails()]
