"""What the employer's list may tell, and to whom: EU-5, KR-1, KR-13 for filters, sorting and search."""

from __future__ import annotations

from pathlib import Path

import pytest

from interview_ai import openings, queries, reviews, rights, search
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.rules.evidence import Opinion, OpinionReason
from interview_ai.rules.second_opinion import SENTENCES
from interview_ai.sight import Wanted
from interview_ai.tables import Answer, Candidate, SearchEntry, StandingRow, TranscriptRow
from tests import desk


def numbers(member: Member, opening_id: str, **asked: object) -> list[int]:
    with reading(member.organisation_id) as session:
        found = queries.shortlist(session, member, opening_id, Wanted(**asked))  # type: ignore[arg-type]
    return [row.number for row in found.rows]


def said(interview_id: str, text: str) -> None:
    """What a recogniser heard, kept as the worker keeps it."""
    with transaction(EVERYWHERE) as session:
        answer = session.query(Answer).filter_by(interview_id=interview_id).one()
        row = session.query(TranscriptRow).filter_by(answer_id=answer.id).one()
        row.text = text
        row.words = [{"text": word, "start_s": 1.0, "end_s": 2.0, "confidence": 0.9} for word in text.split()]
        search.keep(session, answer.id)


@pytest.mark.parametrize(
    "asked",
    [
        {"criterion": "problem_solving", "least": 2},
        {"criterion": "problem_solving", "least": 5},
        {"flag": "contradicted"},
        {"sort": "own"},
    ],
)
def test_eu_5_no_filter_tells_of_points_that_the_reader_has_not_earned_by_rating(
    home: Path, asked: dict[str, object]
) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "High", 5)
    desk.candidate(jun, opening_id, "Low", 2)
    against = desk.applicant(jun, opening_id, "Against")
    differs = Opinion("rater", (), OpinionReason("disagree", SENTENCES["disagree"]))
    desk.assessed(desk.answered(against), None, reason="abstained", opinion=differs)
    assert numbers(jun, opening_id, **asked) == []
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    assert numbers(jun, opening_id, **asked) != [] or asked == {"sort": "own"}


@pytest.mark.parametrize("sort", ["bands", "criterion"])
def test_eu_5_no_order_tells_of_points_that_the_reader_has_not_earned_by_rating(home: Path, sort: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name, points in (("Low", 1), ("High", 5), ("Middle", 3)):
        desk.candidate(jun, opening_id, name, points)
    assert numbers(jun, opening_id, sort=sort, by="problem_solving") == [1, 2, 3]
    with transaction(jun.organisation_id) as session:
        openings.end_first_pass(session, jun, opening_id)
    assert numbers(jun, opening_id, sort=sort, by="problem_solving") == [2, 3, 1]


def test_kr_1_nobody_is_found_by_what_a_machine_heard_of_them_once_they_chose_people_only(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    assert numbers(jun, opening_id, words="valve") == [1]
    with transaction(jun.organisation_id) as session:
        rights.people_only(session, minji)
    assert numbers(jun, opening_id, words="valve") == []


@pytest.mark.parametrize("blind", [True, False])
@pytest.mark.parametrize("typed", ["김민지", "민지", "민지가", "김민", "민지 밸브"])
def test_kr_13_a_search_never_confirms_that_somebody_has_a_name(home: Path, typed: str, *, blind: bool) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=blind)
    who = desk.candidate(jun, opening_id, "Minji", 3)
    with transaction(EVERYWHERE) as session:
        session.get_one(Candidate, who.candidate_id).name = "김민지"
    said(who.interview_id, "안녕하세요 저는 김민지입니다 밸브를 고쳤고 다들 민지가 했다고 합니다")
    assert numbers(jun, opening_id, words="밸브") == [1]
    assert numbers(jun, opening_id, words=typed) == []


def test_kr_13_a_snippet_of_a_blind_opening_covers_the_candidates_name(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    who = desk.candidate(jun, opening_id, "Minji", 3)
    said(who.interview_id, "hello I am Minji and I replaced the valve")
    with reading(jun.organisation_id) as session:
        (row,) = queries.shortlist(session, jun, opening_id, Wanted(words="valve")).rows
    (snippet,) = row.snippets
    assert [piece.text for piece in snippet.pieces].count(None) == 1
    assert "Minji" not in repr(snippet)
    assert [piece.text for piece in snippet.pieces if piece.met] == ["valve"]


def test_kr_13_hana_finds_nobody_of_juns(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 3)
    with pytest.raises(NotFound):
        numbers(hana, opening_id, words="valve")
    with reading(hana.organisation_id) as session:
        assert session.query(SearchEntry).all() == []
        assert session.query(StandingRow).all() == []


def test_eu_5_a_colleagues_rating_gives_a_reader_no_points_of_their_own(home: Path) -> None:
    jun = desk.jun()
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    opening_id = desk.opening(jun)
    who = desk.candidate(jun, opening_id, "Minji", 3)
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, reviewer, who.interview_id, "answer")
        reviews.rate(session, reviewer, who.interview_id, {"problem_solving": 5})
    assert numbers(jun, opening_id, criterion="problem_solving", least=5) == []
    assert numbers(reviewer, opening_id, criterion="problem_solving", least=5) == [1]
