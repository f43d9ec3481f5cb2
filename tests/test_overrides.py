"""People set a suggestion right: what they say wins in the list, and what the machine said stays beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import openings, overrides, queries, reviews, rights
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import Conflict, Forbidden, Invalid, NotFound
from interview_ai.organisations import Member
from interview_ai.overrides import Overrides
from interview_ai.queries import ListRow
from interview_ai.rules.evidence import Bilingual, Criterion, CriterionScore, Rubric, Score
from interview_ai.rules.standings import WHOLE, of_interview
from interview_ai.tables import Opening, Override
from tests import desk

REASON = "The pump was hers, not the team's."
SKILL = "problem_solving"


def override(
    member: Member, interview_id: str, level: int | None, criterion: str = SKILL, reason: str = REASON
) -> None:
    with transaction(member.organisation_id) as session:
        overrides.override(session, member, interview_id, criterion, level=level, reason=reason)


def shown(member: Member, interview_id: str) -> Overrides:
    with reading(member.organisation_id) as session:
        return overrides.of_interview(session, interview_id)


def end_first_pass(member: Member, opening_id: str) -> None:
    with transaction(member.organisation_id) as session:
        openings.end_first_pass(session, member, opening_id)


def row(member: Member, opening_id: str, number: int = 1) -> ListRow:
    with reading(member.organisation_id) as session:
        return next(one for one in queries.shortlist(session, member, opening_id).rows if one.number == number)


def rate(member: Member, interview_id: str, level: int) -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, "transcript")
        reviews.rate(session, member, interview_id, {SKILL: level})


def test_the_original_stays_beside_it_and_a_second_override_replaces_the_first(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)
    override(jun, minji.interview_id, 4)
    override(jun, minji.interview_id, 5, reason="On a second look it is even more.")
    found = shown(jun, minji.interview_id)
    now = found.in_force[SKILL]
    assert (now.level, now.by, now.original) == (5, "Jun", ({"question": 1, "points": 2, "low": 2, "high": 2},))
    assert [(one.level, one.reason, one.withdrawn_by) for one in found.earlier[SKILL]] == [(4, REASON, "Jun")]
    with transaction(jun.organisation_id) as session:
        overrides.withdraw(session, jun, minji.interview_id, now.id)
    back = row(jun, opening_id).standing
    assert back and (back.points, back.by) == (2, "machine")
    with pytest.raises(Conflict), transaction(jun.organisation_id) as session:
        overrides.withdraw(session, jun, minji.interview_id, now.id)


def test_every_list_notices(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)

    def revision() -> int:
        with reading(EVERYWHERE) as session:
            return session.scalars(select(Opening.revision)).one()

    before = revision()
    override(jun, minji.interview_id, 4)
    assert revision() == before + 1


def test_nobody_overrides_what_they_may_not_see_yet_or_what_is_not_there(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    silent = desk.candidate(jun, opening_id, "Silent", None)
    with pytest.raises(Conflict) as unrated:
        override(jun, minji.interview_id, 4)
    assert unrated.value.code == "nothing_suggested"
    rate(jun, minji.interview_id, 3)
    override(jun, minji.interview_id, 4)
    end_first_pass(jun, opening_id)
    for criterion, interview_id in ((SKILL, silent.interview_id), (WHOLE, silent.interview_id), ("charm", "")):
        with pytest.raises(Conflict):
            override(jun, interview_id or minji.interview_id, 4, criterion)


@pytest.mark.parametrize(("level", "reason"), [(None, REASON), (0, REASON), (6, REASON), (4, "short")])
def test_a_level_and_a_reason_are_needed(home: Path, level: int | None, reason: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)
    with pytest.raises(Invalid):
        override(jun, minji.interview_id, level, reason=reason)


def test_who_chooses_people_only_later_stands_without_override_and_suggestion(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)
    override(jun, minji.interview_id, 5, WHOLE)
    with transaction(jun.organisation_id) as session:
        rights.people_only(session, minji)
    assert row(jun, opening_id).standing is None


def test_a_reviewer_does_not_override_and_hana_reaches_nothing(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    end_first_pass(jun, opening_id)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    with pytest.raises(Forbidden):
        override(reviewer, minji.interview_id, 4)
    with pytest.raises(NotFound):
        override(hana, minji.interview_id, 4)
    override(jun, minji.interview_id, 4)
    with reading(EVERYWHERE) as session:
        made = session.scalars(select(Override.id)).one()
    with pytest.raises(NotFound), transaction(hana.organisation_id) as session:
        overrides.withdraw(session, hana, minji.interview_id, made)


NAME = Bilingual("이름", "name")
RUBRIC = Rubric("1", (Criterion("a", NAME, 1.0, {}), Criterion("b", NAME, 3.0, {})))
SCORE = Score(True, 3, 2, 4, (CriterionScore("a", 2, 1, 3), CriterionScore("b", 4, 3, 5)))


def test_an_override_replaces_its_criterion_alone_and_bands_grant_it_half_a_level() -> None:
    found = of_interview([SCORE, SCORE], [], {"a": 5}, RUBRIC)
    assert found
    assert (found.points, found.by, found.shown) == ((5 + 3 * 4) / 4, "corrected", ((5 + 3 * 3) / 4, 5.0))
    assert found.low == (4.5 + 3 * 3) / 4


def test_an_override_goes_before_ratings_for_what_it_names_and_no_half_rating_counts() -> None:
    found = of_interview([SCORE], [{"a": 1, "b": 1}, {"a": 3, "b": 5}, {"b": 1}], {"a": 5}, RUBRIC)
    assert found
    assert (found.points, found.by) == ((2.0 + 5.0) / 2, "corrected")
    whole = of_interview([SCORE], [{"a": 1, "b": 1}], {WHOLE: 4, "a": 1}, RUBRIC)
    assert whole
    assert (whole.points, whole.low, whole.high, whole.shown) == (4, 3.5, 4.5, (4, 4))


def test_an_override_without_points_that_it_corrects_makes_none() -> None:
    assert of_interview([], [], {"a": 5}, RUBRIC) is None
