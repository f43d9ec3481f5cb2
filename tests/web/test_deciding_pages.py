"""Taking back, overriding, letters and deciding together, with forms alone, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import reviews
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.organisations import Member
from interview_ai.tables import Decision, Letter, Mail, Override
from tests import desk
from tests.test_outcomes import decide, mail_becomes, send
from tests.test_overrides import end_first_pass
from tests.web.test_staff_pages import csrf, signed_in

REASON = "Her example shows what she did herself."


def look(member: Member, interview_id: str) -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, "transcript")


def test_a_decision_is_taken_back_on_the_page_and_after_its_letter_left_the_page_says_what_remains(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    browser = signed_in("jun@example.com")
    address = f"/staff/interviews/{minji.interview_id}"
    page = browser.send(browser.get(address), "/decisions", kind="hold", reason=REASON)
    assert "has not been told yet" in page.text
    refused = browser.send(page, "/take-back", reason="oops")
    assert refused.status_code == 422
    assert "was not taken back" in refused.text and ">oops</textarea>" in refused.text
    back = browser.send(page, "/take-back", reason="I meant another candidate.")
    assert "The decision is taken back." in back.text[back.text.index('id="decision"') :]
    assert "Decided:" not in back.text
    assert "Taken back: Jun" in back.text
    told = decide(jun, minji.interview_id, "advance")
    send(jun, opening_id, told)
    mail_becomes("sent", attempts=1)
    page = browser.get(address)
    assert "The candidate was told by letter (Jun" in page.text
    assert "cannot be taken back" in page.text
    assert "/take-back" not in page.text
    late = browser.client.post(f"{address}/decisions/{told}/take-back", data={"csrf": csrf(page), "reason": REASON})
    assert late.status_code == 409
    assert "the new decision gets a letter of its own" in late.text


def test_a_score_is_overridden_on_the_page_and_what_was_typed_survives_a_refusal(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    assert len(re.findall(r'action="[^"]*/overrides"', page.text)) == 2  # the criterion's and the whole's
    refused = browser.client.post(
        f"/staff/interviews/{minji.interview_id}/overrides",
        data={"csrf": csrf(page), "criterion": "problem_solving", "level": "4", "reason": "short"},
    )
    assert refused.status_code == 422
    assert 'value="4" selected' in refused.text and ">short</textarea>" in refused.text
    assert 'value="4" checked' not in refused.text
    kept = browser.client.post(
        f"/staff/interviews/{minji.interview_id}/overrides",
        data={"csrf": csrf(page), "criterion": "problem_solving", "level": "4", "reason": REASON},
    )
    assert "Overridden: 4 points" in kept.text and "Question 1: 2" in kept.text
    assert "The score is overridden." in kept.text[kept.text.index("suggestion-title") :]
    back = browser.send(kept, "/withdraw")
    assert "Overridden:" not in back.text
    assert "1 earlier override" in back.text


@pytest.mark.parametrize(("language", "button"), [("en", "Send 2 letters"), ("ko", "2명에게 편지 보내기")])
def test_letters_leave_after_a_look_at_who_gets_what_and_a_double_click_sends_one(
    home: Path, language: str, button: str
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    for name in ("Minji", "Sora"):
        decide(jun, desk.candidate(jun, opening_id, name, 3).interview_id, "advance")
    browser = signed_in("jun@example.com", language)
    place = f"/staff/openings/{opening_id}/letters"
    page = browser.get(place)
    assert f"{place}/send?kind=advance" in page.text
    preview = browser.get(f"{place}/send?kind=advance")
    assert button in preview.text
    assert "Minji" in preview.text and "Sora" in preview.text and "jun@example.com" in preview.text
    for _ in range(2):
        token, seen = csrf(preview), re.search(r'name="seen" value="(\w+)"', preview.text)
        assert seen
        decisions = re.findall(r'name="decision" value="(\w+)"', preview.text)
        came = browser.client.post(
            f"{place}/send", data={"csrf": token, "seen": seen[1], "decision": decisions, "kind": "advance"}
        )
        assert came.status_code == 200
    with reading(EVERYWHERE) as session:
        assert len(session.scalars(select(Letter)).all()) == 2
        assert len(session.scalars(select(Mail).where(Mail.cause.startswith("letter:"))).all()) == 2
    assert browser.get(f"{place}/send").text.count('name="decision"') == 0


def test_where_no_mail_leaves_a_sent_letter_is_said_to_wait_and_nothing_says_otherwise(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    decide(jun, desk.candidate(jun, opening_id, "Minji", 3).interview_id, "advance")
    browser = signed_in("jun@example.com")
    place = f"/staff/openings/{opening_id}/letters"
    came = browser.send(browser.get(f"{place}/send?kind=advance"), "/letters/send").text
    assert "1 letter waits in the outbox: no mail server is set here" in came
    assert "as soon as the mail server takes" not in came
    assert came.lower().count("no mail server is set here") == 1
    assert "No mail server is set here" in browser.get(place).text


def test_a_letter_of_a_blind_opening_numbers_its_reader_in_its_own_language(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    decision = decide(jun, desk.candidate(jun, opening_id, "Minji", 3).interview_id)
    browser = signed_in("jun@example.com", "ko")
    place = f"/staff/openings/{opening_id}/letters"
    pages = [browser.get(f"{place}/send").text]
    send(jun, opening_id, decision)
    with reading(EVERYWHERE) as session:
        letter_id = session.scalars(select(Letter.id)).one()
    pages.append(browser.get(f"{place}/sent/{letter_id}").text)
    for page in pages:
        assert "Dear Candidate 01" in page
        assert "Dear 지원자" not in page


def test_words_that_are_no_letter_come_back_marked_at_their_field_and_good_ones_are_used(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    browser = signed_in("jun@example.com")
    place = f"/staff/openings/{opening_id}/letters/texts"
    page = browser.get(f"{place}?kind=reject")
    assert page.text.count("Standard words") == 2
    body = "Dear {name}, your {grade} was not enough for us."
    refused = browser.send(page, "/reject", **{"subject-en": "The result", "body-en": body, "subject-ko": "결과 안내"})
    assert refused.status_code == 422
    assert "Nothing can be put in for {grade}" in refused.text
    assert body in refused.text
    assert re.search(r'id="body-en"[^>]*aria-invalid="true"', refused.text)
    assert "결과 안내" in refused.text
    kept = browser.send(refused, "/reject", **{"body-en": body.replace("{grade}", "application")})
    assert "The words are saved." in kept.text and kept.text.count('tag">Your own words') == 2
    assert "결과 안내" in kept.text
    contact = browser.send(kept, "/contact", contact="x" * 300)
    assert contact.status_code == 422 and "at most 200 characters" in contact.text
    assert "055-1" in browser.send(kept, "/contact", contact="055-1").text
    restored = browser.client.post(f"{place}/reject/en/restore", data={"csrf": csrf(kept)})
    assert restored.text.count('tag">Standard words') == 1
    assert browser.get(f"{place}?kind=charm").status_code == 404


def test_a_blind_opening_names_nobody_on_any_page_of_letters(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decision = decide(jun, minji.interview_id)
    look(jun, minji.interview_id)
    browser = signed_in("jun@example.com")
    place = f"/staff/openings/{opening_id}"
    pages = [browser.get(f"{place}/letters/send")]
    pages.append(browser.get(f"{place}/decide-together?chosen={minji.interview_id}"))
    send(jun, opening_id, decision)
    with reading(EVERYWHERE) as session:
        letter_id = session.scalars(select(Letter.id)).one()
    pages += [browser.get(f"{place}/letters"), browser.get(f"{place}/letters/sent/{letter_id}")]
    for page in pages:
        assert page.status_code == 200
        assert "minji" not in page.text.lower(), page.url
        assert "Candidate 01" in page.text
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, minji.interview_id, "reveal")
    assert "Dear Minji" in browser.get(f"{place}/letters/sent/{letter_id}").text


def test_several_are_advanced_together_only_after_a_look_at_each(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    people = [desk.candidate(jun, opening_id, name, 3) for name in ("Minji", "Sora", "Yuna")]
    ids = [who.interview_id for who in people]
    look(jun, ids[0])
    look(jun, ids[1])
    browser = signed_in("jun@example.com")
    address = f"/staff/openings/{opening_id}/decide-together"
    assert "Nobody is chosen." in browser.get(address).text
    page = browser.client.get(address, params={"chosen": ids})
    assert "2 candidates to decide about" in page.text
    assert "You have not played an answer" in page.text
    everybody = {"csrf": csrf(page), "chosen": ids, "kind": "advance", "reason": REASON}
    refused = browser.client.post(address, data=everybody)
    assert refused.status_code == 409 and "Nobody was decided about" in refused.text
    short = browser.send(page, "/decide-together", kind="hold", reason="short")
    assert short.status_code == 422 and ">\nshort</textarea>" in short.text and 'value="hold" checked' in short.text
    assert browser.send(page, "/decide-together", kind="hold", reason=REASON).status_code == 200
    with reading(EVERYWHERE) as session:
        kept = session.scalars(select(Decision)).all()
    assert {(one.interview_id, one.kind, one.reason) for one in kept} == {(one, "hold", REASON) for one in ids[:2]}


def test_who_may_not_decide_and_another_firm_open_none_of_these_pages(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    decision = decide(jun, minji.interview_id)
    send(jun, opening_id, decision)
    with reading(EVERYWHERE) as session:
        letter_id = session.scalars(select(Letter.id)).one()
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    place = f"/staff/openings/{opening_id}"
    pages = ("letters", "letters/send", "letters/texts", f"letters/sent/{letter_id}", "decide-together")
    posts = (
        (f"{place}/letters/send", {"decision": decision, "seen": "x"}),
        (f"{place}/letters/sent/{letter_id}/again", {}),
        (f"{place}/letters/texts/reject", {"subject-en": "A result", "body-en": REASON}),
        (f"{place}/letters/texts/reject/en/restore", {}),
        (f"{place}/letters/contact", {"contact": "a"}),
        (f"{place}/decide-together", {"chosen": minji.interview_id, "kind": "hold", "reason": REASON}),
        (f"/staff/interviews/{minji.interview_id}/decisions/{decision}/take-back", {"reason": REASON}),
        (f"/staff/interviews/{minji.interview_id}/overrides", {"level": "3", "reason": REASON}),
        (f"/staff/interviews/{minji.interview_id}/overrides/none/withdraw", {}),
    )
    for who, status in ((hana, 404), (reviewer, 403)):
        browser = signed_in(who.email)
        assert {browser.get(f"{place}/{page}").status_code for page in pages} == {status}
        own = csrf(browser.get("/staff/account"))
        answers = {address: browser.client.post(address, data={"csrf": own} | data) for address, data in posts}
        assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(answers, status)
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(Override)).all() == []
        assert len(session.scalars(select(Letter)).all()) == 1
