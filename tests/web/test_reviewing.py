"""One candidate's page without script: a blind review step by step, notes, what is missing, and what it never shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx import Response
from sqlalchemy import select

from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.tables import Answer, Note, ScoreRow
from tests import desk
from tests.web.test_staff_pages import answer_of, csrf, playable, signed_in


def noted(text: str) -> list[str]:
    """The notes as the page draws them."""
    return re.findall(r'<p class="note-text">([^<]*)</p>', text)


def test_a_blind_review_goes_from_words_to_sound_to_person_and_each_step_says_what_it_shows(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    playable(answer_of(minji.interview_id))
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    assert "valve" in page.text
    assert "That you opened it is recorded." in page.text
    assert [part for part in ("<audio", "<video", 'class="wave"', "data-start", "/reveal") if part in page.text] == []
    early = browser.client.post(f"/staff/interviews/{minji.interview_id}/reveal", data={"csrf": csrf(page)})
    assert early.status_code == 409
    assert "Open the sound first" in early.text
    page = browser.send(page, "/sound")
    assert "The sound is open, and this was recorded." in page.text
    assert "<audio" in page.text and "<video" not in page.text
    assert "This cannot be undone" in page.text
    assert "<video" in browser.send(page, "/reveal").text


def test_while_the_sound_is_being_masked_the_page_says_that_one_thing_and_offers_no_button_for_it(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    playable(answer_of(minji.interview_id))
    with transaction(EVERYWHERE) as session:
        session.get_one(Answer, answer_of(minji.interview_id)).bleeped_with = None
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}").text
    assert page.count("The sound is being masked.") == 1
    assert "The sound opens in step 2" not in page
    assert "Open the sound" not in page
    playable(answer_of(minji.interview_id))
    page = browser.get(f"/staff/interviews/{minji.interview_id}").text
    assert "being masked" not in page
    assert "Open the sound" in page


def test_nobody_is_asked_to_play_an_answer_that_is_still_being_processed(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    desk.answered(minji)
    page = signed_in("jun@example.com").get(f"/staff/interviews/{minji.interview_id}").text
    assert "You rate here once one can be played or read" in page
    assert "To rate, " not in page
    assert 'name="level.' not in page


@pytest.mark.parametrize(
    ("mode", "why"),
    [("people", "the candidate chose people only"), ("ai", "nothing was understood")],
)
def test_where_there_is_nothing_to_read_the_page_starts_with_the_sound_and_says_why(
    home: Path, mode: str, why: str
) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun), mode=mode)
    answer_id = desk.answered(minji)
    playable(answer_id)
    with transaction(EVERYWHERE) as session:
        session.get_one(Answer, answer_id).state = "needs_person"
    page = signed_in("jun@example.com").get(f"/staff/interviews/{minji.interview_id}").text
    assert why in page
    assert "<audio" in page


def test_a_note_is_written_with_its_time_typed_and_plays_its_second(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun, blind=False), "Minji", 3)
    answer_id = answer_of(minji.interview_id)
    playable(answer_id)
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    saved = browser.send(page, "/notes", at="1:05", text="She <names> the cause.", shared="on")
    assert "The note is saved." in saved.text[saved.text.index('id="notes"') :]
    assert noted(saved.text) == ["She &lt;names&gt; the cause."]
    assert f'href="/recordings/{answer_id}#t=65.0"' in saved.text
    with reading(EVERYWHERE) as session:
        note = session.scalars(select(Note)).one()
        assert (note.at_s, note.shared) == (65.0, True)
    changed = browser.send(saved, f"/notes/{note.id}", at="66", text="She names two causes.")
    assert noted(changed.text) == ["She names two causes."]
    assert noted(browser.send(changed, f"/notes/{note.id}/delete").text) == []


def test_a_note_that_is_refused_comes_back_as_it_was_typed(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com")
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    for at, text, says in (
        ("soon", "kept", "for example 1:05"),
        ("9:00", "kept", "2:00 long"),
        ("1:00", "", "Write the"),
    ):
        refused = browser.send(page, "/notes", at=at, text=text, shared="on")
        assert refused.status_code == 422
        assert says in refused.text
        assert f'name="at" value="{at}"' in refused.text
        assert f">{text}</textarea>" in refused.text
        assert re.search(r'id="note-shared"[^>]*checked', refused.text)
        assert 'href="#note-wrong"' in refused.text


def test_a_change_that_is_refused_comes_back_at_its_note(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com")
    page = browser.send(browser.get(f"/staff/interviews/{minji.interview_id}"), "/notes", at="0:03", text="First.")
    with reading(EVERYWHERE) as session:
        note_id = session.scalars(select(Note.id)).one()
    refused = browser.send(page, f"/notes/{note_id}", at="never", text="Second.")
    assert refused.status_code == 422
    assert re.search(r"<details class=\"note-change\" open>.*>Second\.</textarea>", refused.text, re.DOTALL)
    assert noted(refused.text) == ["First."]


def test_hana_finds_neither_steps_nor_notes_of_juns(home: Path) -> None:
    jun = desk.jun()
    desk.hana()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    browser = signed_in("jun@example.com")
    browser.send(
        browser.get(f"/staff/interviews/{minji.interview_id}"), "/notes", at="0:03", text="First.", shared="on"
    )
    with reading(EVERYWHERE) as session:
        note = session.scalars(select(Note)).one()
    hana = signed_in("hana@example.net")
    token = csrf(hana.get("/staff/account"))
    for way in ("sound", "reveal", "notes", f"notes/{note.id}", f"notes/{note.id}/delete"):
        fields = {"csrf": token, "answer": note.answer_id, "at": "0:01", "text": "mine"}
        address = f"/staff/interviews/{minji.interview_id}/{way}"
        assert hana.client.post(address, data=fields).status_code == 404, way


def bar(page: Response) -> str:
    found = re.search(r'<aside class="decision-bar".*?</aside>', page.text, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())


def test_the_bar_says_in_words_what_the_decision_still_needs(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    waiting = desk.applicant(jun, opening_id, "Waiting")
    minji = desk.applicant(jun, opening_id, "Minji", mode="people")
    answer_id = desk.answered(minji)
    playable(answer_id)
    browser = signed_in("jun@example.com")
    assert "No answer has arrived yet." in bar(browser.get(f"/staff/interviews/{waiting.interview_id}"))
    page = browser.get(f"/staff/interviews/{minji.interview_id}")
    assert "still needs: an answer played · your rating of every criterion · a written reason" in bar(page)
    browser.get(f"/recordings/{answer_id}")
    rated = browser.send(page, "/ratings", **{"level.problem_solving": "4"})
    assert "Only the decision and its reason are missing." in bar(rated)
    decided = browser.send(rated, "/decisions", kind="hold", reason="The visit on Friday decides.")
    assert "Decided: On hold" in bar(decided)


def test_how_somebody_speaks_is_feedback_to_them_alone_and_never_on_this_page(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    with transaction(EVERYWHERE) as session:
        session.scalars(select(ScoreRow)).one().delivery = {
            "syllables_per_s": 31.37,
            "long_pauses": 47.53,
            "fillers_per_100": 59.71,
        }
    browser = signed_in("jun@example.com")
    page = browser.send(
        browser.get(f"/staff/interviews/{minji.interview_id}"), "/ratings", **{"level.problem_solving": "4"}
    )
    assert "3 (range" in page.text or "Question 1: 3" in page.text
    assert [part for part in ("31.37", "47.53", "59.71", "syllables", "filler") if part in page.text] == []


def test_questions_are_chapters_with_their_length_and_state(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun, questions=3, blind=False))
    ids = [desk.answered(minji, position) for position in (1, 2, 3)]
    playable(ids[0])
    with transaction(EVERYWHERE) as session:
        for answer_id, state in zip(ids, ("needs_person", "assessing", "unreadable"), strict=True):
            answer = session.get_one(Answer, answer_id)
            answer.state, answer.facts = state, {"duration_s": 72.4, "video": None, "audio": None}
    page = signed_in("jun@example.com").get(f"/staff/interviews/{minji.interview_id}").text
    chapters = re.findall(r'data-chapter="([0-9a-f]+)".*?class="chapter-facts">([^<]*)<', page, re.DOTALL)
    assert chapters == [(ids[0], "1:12"), (ids[1], "1:12 being processed"), (ids[2], "1:12 unreadable")]


def test_silence_is_told_to_the_player_and_a_page_without_script_links_to_the_recording(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun, blind=False), "Minji", 3)
    answer_id = answer_of(minji.interview_id)
    playable(answer_id)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        answer.peaks, answer.facts = (
            [60] * 80 + [0] * 40 + [60] * 20,
            {"duration_s": 14.0, "video": None, "audio": None},
        )
    page = signed_in("jun@example.com").get(f"/staff/interviews/{minji.interview_id}").text
    assert 'data-silences="8.3-11.7"' in page
    assert f'<a href="/recordings/{answer_id}" data-media' in page
