"""Two candidates with nearly the same answer are shown to the people who review them, and to nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import select

from interview_ai import database, queries, resembling, results, tallies
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.migrate import configuration, migrate
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Assessment, Transcript, Word
from interview_ai.rules.lifecycle import move
from interview_ai.rules.reasons import reason
from interview_ai.sight import Wanted
from interview_ai.tables import Answer, Interview, TranscriptRow
from tests import desk
from tests.browser import Browser

STORY = (
    "Last winter I worked in the warehouse of a bakery and two pallets of flour went missing every week. I counted the "
    "stock each evening for a month and I found that one delivery note was always signed twice. I told the foreman and "
    "drew a new form with one box for each pallet. After that nothing went missing until spring."
)
COPY = STORY.replace("winter", "summer").replace("bakery", "brewery").replace("flour", "malt").replace("month", "week")
OTHER = (
    "When I was on the night shift of a hospital kitchen, trays kept coming back cold. I measured the temperature at "
    "every stop of the trolley and I saw that the lift took nine minutes. I asked the porters to take the stairs for "
    "the first floor, and from then on only a few trays came back."
)
NOTICE = "Nearly the same as another candidate"


def heard(text: str) -> Assessment:
    transcript = Transcript("whisper", "small", "en", text, tuple(Word(word) for word in text.split()))
    return Assessment(None, transcript, None, (), (), None, reason("abstained"))


def assess(answer_id: str, text: str) -> None:
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, answer_id)
        move(answer, "assessing")
        results.record(session, answer, heard(text))


def candidate(member: Member, opening_id: str, name: str, text: str, *, mode: str = "ai") -> tuple[Applicant, str]:
    """Somebody who gave this answer, and the answer's id."""
    who = desk.applicant(member, opening_id, name, mode=mode)
    answer_id = desk.answered(who)
    assess(answer_id, text)
    return who, answer_id


def twins(member: Member, answer_id: str) -> list[str]:
    """The interviews that are shown beside an answer."""
    with reading(member.organisation_id) as session:
        return [twin.interview_id for twin in resembling.twins(session, session.get_one(Answer, answer_id))]


def page(email: str, who: Applicant, language: str = "en") -> str:
    browser = Browser(language)
    assert browser.sign_in(email).status_code == 200
    return browser.get(f"/staff/interviews/{who.interview_id}?lang={language}").text


def test_of_two_nearly_the_same_answers_each_shows_the_other(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji, hers = candidate(jun, opening_id, "Minji", STORY)
    sora, copied = candidate(jun, opening_id, "Sora", COPY)
    _, own = candidate(jun, opening_id, "Areum", OTHER)
    assert twins(jun, hers) == [sora.interview_id]
    assert twins(jun, copied) == [minji.interview_id]
    assert twins(jun, own) == []


def test_the_same_answer_to_another_question_or_opening_is_not_compared(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    minji, first = candidate(jun, opening_id, "Minji", STORY)
    second = desk.answered(minji, 2)
    assess(second, STORY)
    _, elsewhere = candidate(jun, desk.opening(jun), "Sora", STORY)
    assert twins(jun, first) == twins(jun, second) == twins(jun, elsewhere) == []


def test_whoever_chose_people_only_is_compared_with_nobody_either_way(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    _, with_machine = candidate(jun, opening_id, "Minji", STORY)
    people, by_people = candidate(jun, opening_id, "Sora", STORY, mode="people")
    assert twins(jun, with_machine) == []
    assert twins(jun, by_people) == []
    assert NOTICE not in page("jun@example.com", people)


def test_somebody_who_answered_again_counts_once_and_by_the_newest_take(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    _, hers = candidate(jun, opening_id, "Minji", STORY)
    sora, _ = candidate(jun, opening_id, "Sora", COPY)
    assess(desk.answered(sora, take=2), COPY)
    assert twins(jun, hers) == [sora.interview_id]
    areum, _ = candidate(jun, opening_id, "Areum", COPY)
    assess(desk.answered(areum, take=2), OTHER)
    assert twins(jun, hers) == [sora.interview_id]


def test_short_answers_and_silence_resemble_nobodys(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    short = [candidate(jun, opening_id, name, "I found the valve and replaced it.")[1] for name in ("Minji", "Sora")]
    who = desk.applicant(jun, opening_id, "Areum")
    silent = desk.answered(who)
    with transaction(EVERYWHERE) as session:
        answer = session.get_one(Answer, silent)
        move(answer, "assessing")
        results.record(session, answer, replace(heard(""), transcript=None))
    assert [twins(jun, answer_id) for answer_id in (*short, silent)] == [[], [], []]


def test_hana_sees_neither_the_notice_nor_the_page(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    minji, _ = candidate(jun, opening_id, "Minji", STORY)
    candidate(jun, opening_id, "Sora", COPY)
    theirs, own = candidate(hana, desk.opening(hana), "Areum", STORY)
    assert twins(hana, own) == []
    assert NOTICE not in page("hana@example.net", theirs)
    browser = Browser("en")
    browser.sign_in("hana@example.net")
    outside = browser.get(f"/staff/interviews/{minji.interview_id}")
    assert outside.status_code == 404 and NOTICE not in outside.text


@pytest.mark.parametrize(("language", "notice"), [("en", NOTICE), ("ko", "다른 지원자의 답변과 거의 같습니다")])
def test_a_blind_page_names_the_other_by_number_only(home: Path, language: str, notice: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji, _ = candidate(jun, opening_id, "Minji", STORY)
    sora, _ = candidate(jun, opening_id, "Sora", COPY)
    shown = page("jun@example.com", minji, language)
    assert notice in shown
    link = shown[shown.index(notice) :].split("</p>")[0]
    assert f'href="/staff/interviews/{sora.interview_id}"' in link and "02" in link
    assert "Sora" not in shown and "sora@" not in shown


def marked(member: Member, opening_id: str) -> list[int]:
    """The numbers of those whom the list shows under the mark, whose count is the same."""
    with reading(member.organisation_id) as session:
        found = queries.shortlist(session, member, opening_id, Wanted(flag="resembling", sort="arrival"))
        assert tallies.read(session, opening_id)["flag:resembling"] == len(found.rows)
        assert all("resembling" in row.what.flags for row in found.rows)
        return [row.number for row in found.rows]


def test_the_list_marks_both_and_finds_them_by_the_mark(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    candidate(jun, opening_id, "Minji", STORY)
    candidate(jun, opening_id, "Areum", OTHER)
    assert marked(jun, opening_id) == []
    candidate(jun, opening_id, "Sora", COPY)
    assert marked(jun, opening_id) == [1, 3]


def test_the_mark_goes_from_both_when_one_answers_anew_in_words_of_their_own(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    candidate(jun, opening_id, "Minji", STORY)
    sora, _ = candidate(jun, opening_id, "Sora", COPY)
    assert marked(jun, opening_id) == [1, 2]
    assess(desk.answered(sora, take=2), OTHER)
    assert marked(jun, opening_id) == []


def test_the_mark_goes_from_both_when_an_answer_is_heard_anew_or_one_chooses_people_only(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    candidate(jun, opening_id, "Minji", STORY)
    _, copied = candidate(jun, opening_id, "Sora", COPY)
    with transaction(EVERYWHERE) as session:
        results.record(session, session.get_one(Answer, copied), heard(OTHER))
    assert marked(jun, opening_id) == []
    yuna, _ = candidate(jun, opening_id, "Yuna", COPY)
    assert marked(jun, opening_id) == [1, 3]
    with transaction(EVERYWHERE) as session:
        session.get_one(Interview, yuna.interview_id).mode = "people"
    assert marked(jun, opening_id) == []


@pytest.mark.parametrize(
    ("language", "said"), [("en", "nearly the same as another"), ("ko", "다른 지원자와 거의 같은 답")]
)
def test_the_list_offers_the_mark_as_a_filter_in_both_languages(home: Path, language: str, said: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    candidate(jun, opening_id, "Minji", STORY)
    candidate(jun, opening_id, "Sora", COPY)
    browser = Browser(language)
    browser.sign_in(jun.email)
    list_page = browser.get(f"/staff/openings/{opening_id}/candidates?flag=resembling&lang={language}").text
    assert f'value="resembling" selected>{said}' in list_page
    assert list_page.count(f'<span class="tag">{said}</span>') == 2


def test_an_installation_from_before_finds_its_pairs_when_it_is_migrated(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    candidate(jun, opening_id, "Minji", STORY)
    candidate(jun, opening_id, "Sora", COPY)
    candidate(jun, opening_id, "Areum", "Too short.")
    config = configuration()
    with database.engine().begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0016")
    migrate()
    assert marked(jun, opening_id) == [1, 2]
    with reading(EVERYWHERE) as session:
        assert all(row.twins is not None for row in session.scalars(select(TranscriptRow)))
