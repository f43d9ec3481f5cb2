"""What pages read: the list in bands, one candidate, and counts across organisations that tell no score."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import dossier, jobs, openings, overviews, playback, queries, reviews, rights
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.dossier import Dossier
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.overviews import Funnel
from interview_ai.queries import ListRow, Shortlist
from interview_ai.tables import Answer, Work
from tests import desk


def shortlist(member: Member, opening_id: str) -> Shortlist:
    with reading(member.organisation_id) as session:
        return queries.shortlist(session, member, opening_id)


def row(member: Member, opening_id: str) -> ListRow:
    (only,) = shortlist(member, opening_id).rows
    return only


def page(member: Member, interview_id: str) -> Dossier:
    with reading(member.organisation_id) as session:
        return dossier.dossier(session, member, interview_id)


def rate(member: Member, interview_id: str, level: int) -> None:
    with transaction(member.organisation_id) as session:
        reviews.viewed(session, member, interview_id, "answer")
        reviews.rate(session, member, interview_id, {"problem_solving": level})


def end_first_pass(member: Member, opening_id: str) -> None:
    with transaction(member.organisation_id) as session:
        openings.end_first_pass(session, member, opening_id)


def test_rows_not_yet_rated_stand_in_order_of_arrival_without_points(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name, points in (("Low", 2), ("High", 5), ("Middle", 3)):
        desk.candidate(jun, opening_id, name, points)
    rows = shortlist(jun, opening_id).rows
    assert [row.number for row in rows] == [1, 2, 3]
    assert all(row.hidden and row.standing is None and row.band is None for row in rows)


def test_a_band_appears_for_whoever_rated_and_for_nobody_else(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 4)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    rate(jun, minji.interview_id, 4)
    assert row(jun, opening_id).band == "A"
    assert row(reviewer, opening_id).hidden
    assert row(reviewer, opening_id).raters == 1


def test_after_the_first_pass_everybody_sees_bands_from_the_best(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for name, points in (("Low", 2), ("High", 5), ("Middle", 3)):
        desk.candidate(jun, opening_id, name, points)
    end_first_pass(jun, opening_id)
    rows = shortlist(jun, opening_id).rows
    assert [(row.number, row.band) for row in rows] == [(2, "A"), (3, "B"), (1, "C")]


def test_who_has_no_score_stands_among_the_others_with_the_reason(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "First", 3)
    desk.candidate(jun, opening_id, "Silent", None)
    desk.candidate(jun, opening_id, "Third", 5)
    end_first_pass(jun, opening_id)
    rows = shortlist(jun, opening_id).rows
    assert [row.number for row in rows] == [3, 2, 1]
    silent = rows[1]
    assert (silent.what.reason_code, silent.band, silent.hidden) == ("no_speech", None, False)


def test_people_only_stands_in_the_list_with_that_reason_and_gets_a_band_from_people(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.applicant(jun, opening_id, mode="people")
    desk.answered(minji)
    desk.finished(minji)
    assert row(jun, opening_id).what.reason_code == "people_only"
    rate(jun, minji.interview_id, 4)
    rated = row(jun, opening_id)
    assert rated.standing is not None
    assert (rated.band, rated.standing.by) == ("A", "people")


def test_choosing_people_only_later_takes_the_score_out_of_the_list_at_once(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 5)
    end_first_pass(jun, opening_id)
    assert row(jun, opening_id).band == "A"
    with transaction(jun.organisation_id) as session:
        rights.people_only(session, minji)
    after = row(jun, opening_id)
    assert (after.band, after.standing, after.what.scored, after.what.quotes) == (None, None, 0, 0)
    assert after.what.reason_code == "people_only"
    assert page(jun, minji.interview_id).scored == 0


def test_an_own_rating_wins_over_the_suggestion(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 2)
    rate(jun, minji.interview_id, 5)
    rated = row(jun, opening_id).standing
    assert rated is not None
    assert (rated.points, rated.by) == (5, "people")


def test_points_need_a_score_for_every_answer(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, questions=2)
    minji = desk.applicant(jun, opening_id)
    desk.assessed(desk.answered(minji, 1), 4)
    desk.assessed(desk.answered(minji, 2), None)
    end_first_pass(jun, opening_id)
    half = row(jun, opening_id)
    assert (half.what.scored, half.what.answered, half.standing) == (1, 2, None)
    assert half.what.reason_code == "no_speech"


def test_the_latest_received_take_counts(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.applicant(jun, opening_id)
    desk.assessed(desk.answered(minji), 5)
    desk.assessed(desk.answered(minji, take=2), 2)
    end_first_pass(jun, opening_id)
    standing = row(jun, opening_id).standing
    assert standing is not None
    assert standing.points == 2


def test_a_row_tells_truly_that_work_goes_on_or_nothing_came(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.applicant(jun, opening_id)
    assert row(jun, opening_id).what.reason_code == "nothing_yet"
    assert row(jun, opening_id).next_step == "begun"
    desk.answered(minji)
    assert row(jun, opening_id).what.reason_code == "working"
    assert shortlist(jun, opening_id).working == 1


def test_the_stop_switch_takes_every_score_and_band_away_at_once(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 5)
    end_first_pass(jun, opening_id)
    with transaction(jun.organisation_id) as session:
        openings.stop_scoring(session, jun, opening_id)
    stopped = row(jun, opening_id)
    assert (stopped.band, stopped.standing, stopped.what.reason_code) == (None, None, "stopped")
    assert page(jun, minji.interview_id).answers[0].reason_code == "stopped"
    with transaction(jun.organisation_id) as session:
        openings.resume_scoring(session, jun, opening_id)
    assert row(jun, opening_id).band == "A"


def test_inside_a_band_the_order_is_each_reviewers_own_and_stays(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    for number in range(8):
        desk.candidate(jun, opening_id, f"Tied{number}", 3)
    end_first_pass(jun, opening_id)
    reviewers = [jun, *(desk.colleague(jun, f"r{n}@example.com", "reviewer") for n in range(3))]
    orders = [tuple(row.number for row in shortlist(who, opening_id).rows) for who in reviewers]
    assert len(set(orders)) > 1
    assert orders[0] == tuple(row.number for row in shortlist(jun, opening_id).rows)


def test_a_blind_list_has_no_names_and_an_open_one_has(home: Path) -> None:
    jun = desk.jun()
    blind, seen = desk.opening(jun), desk.opening(jun, blind=False)
    desk.candidate(jun, blind, "Minji", 3)
    desk.candidate(jun, seen, "Minji", 3)
    assert row(jun, blind).name is None
    assert row(jun, seen).name == "Minji"


def test_a_blind_candidate_is_named_only_to_who_had_them_revealed(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, minji.interview_id, "reveal")
    assert page(jun, minji.interview_id).name == "Minji"
    assert page(reviewer, minji.interview_id).name is None
    opening_id = page(jun, minji.interview_id).opening.id
    assert (row(jun, opening_id).name, row(jun, opening_id).revealed) == ("Minji", True)
    assert (row(reviewer, opening_id).name, row(reviewer, opening_id).revealed) == (None, False)


def test_after_saving_the_page_leads_to_the_next_candidate_who_waits_for_this_reader(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    first, second, third = (desk.candidate(jun, opening_id, name, 3) for name in ("First", "Second", "Third"))
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")

    def following(member: Member, after: int) -> tuple[int, str] | None:
        with reading(member.organisation_id) as session:
            found = queries.next_to_do(session, member, opening_id, after=after)
        return (found.number, found.next_step) if found else None

    assert following(jun, 1) == (2, "rate")
    assert following(jun, 3) == (1, "rate")
    rate(jun, first.interview_id, 3)
    rate(reviewer, first.interview_id, 3)
    assert following(jun, 3) == (1, "decide")
    rate(reviewer, second.interview_id, 3)
    assert following(reviewer, 3) is None
    assert following(reviewer, 2) == (3, "rate")
    assert third.interview_id


def test_a_row_tells_people_only_from_no_answer_yet(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.applicant(jun, opening_id, mode="people")
    assert row(jun, opening_id).what.reason_code == "nothing_yet"
    desk.answered(minji)
    assert row(jun, opening_id).what.reason_code == "people_only"


def test_an_answer_in_work_tells_where_the_worker_is(home: Path) -> None:
    jun = desk.jun()
    minji = desk.applicant(jun, desk.opening(jun))
    desk.answered(minji)
    with reading(EVERYWHERE) as session:
        work_id = session.scalars(select(Work.id)).one()

    def steps() -> tuple[tuple[str, ...], str | None]:
        view = page(jun, minji.interview_id).answers[0]
        return view.steps, view.step

    assert steps() == (("reading", "listening", "judging"), None)
    with transaction(EVERYWHERE) as session:
        lease = jobs.claim(session, work_id, "worker-1")
    assert lease is not None
    assert steps()[1] == "reading"
    with transaction(EVERYWHERE) as session:
        jobs.heartbeat(session, lease, "listening")
    assert steps()[1] == "listening"


def test_a_recording_longer_than_the_question_allows_is_noted(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    for seconds, noted in ((125.0, False), (190.0, True)):
        with transaction(EVERYWHERE) as session:
            session.scalars(select(Answer)).one().facts = {"duration_s": seconds}
        assert page(jun, minji.interview_id).answers[0].overlong is noted


def test_the_suggestion_and_colleagues_levels_come_after_ones_own(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    rate(reviewer, minji.interview_id, 5)
    before = page(jun, minji.interview_id)
    assert before.answers[0].score is None
    assert before.standing is None
    assert before.criteria[0].suggested == before.criteria[0].quotes == before.criteria[0].colleagues == ()
    rate(jun, minji.interview_id, 4)
    after = page(jun, minji.interview_id).criteria[0]
    assert (after.own, after.colleagues, after.quotes[0].start_s) == (4, (5,), 0.0)
    assert [score.points for _, score in after.suggested] == [3]


def test_words_carry_their_second_and_their_doubt(home: Path) -> None:
    jun = desk.jun()
    minji = desk.candidate(jun, desk.opening(jun), "Minji", 3)
    answer = page(jun, minji.interview_id).answers[0]
    (line,) = answer.lines
    assert [word.text for word in line.words if word.doubtful] == ["valve"]
    assert (line.start_s, line.words[3].start_s) == (0.0, 3.0)
    assert answer.demonstration_quality


def test_the_openings_list_counts_what_waits_for_the_reader(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    desk.applicant(jun, opening_id, "Second")
    desk.invite(jun, opening_id, "Third")
    with reading(jun.organisation_id) as session:
        assert queries.openings(session, jun)[0].counts == queries.Counts(3, 2, 1, 1)
    rate(jun, minji.interview_id, 3)
    with reading(jun.organisation_id) as session:
        assert queries.openings(session, jun)[0].counts.mine == 0


def test_hana_sees_nothing_of_juns(home: Path) -> None:
    jun, hana = desk.jun(), desk.hana()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    with reading(hana.organisation_id) as session:
        assert queries.openings(session, hana) == []
        for foreign in (
            lambda: queries.shortlist(session, hana, opening_id),
            lambda: dossier.dossier(session, hana, minji.interview_id),
            lambda: playback.recording(session, hana, page(jun, minji.interview_id).answers[0].answer.id),
        ):
            with pytest.raises(NotFound):
                foreign()


def test_a_university_counts_those_it_invited_and_an_agency_its_own_programmes(anywhere: str) -> None:
    jun = desk.jun()
    seoyeon = desk.organisation("university", "Seoyeon", "seoyeon@example.ac.kr")
    doyun = desk.organisation("agency", "Doyun", "doyun@example.go.kr")
    other = desk.organisation("agency", "Other", "other@example.go.kr")
    opening_id = desk.opening(jun, programme_id=desk.programme(doyun, seoyeon, jun))
    minji = desk.candidate(jun, opening_id, "Minji", 3)
    with transaction(EVERYWHERE) as session:
        openings.invite(session, seoyeon, opening_id, name="Student", email="s@example.ac.kr", language="ko")
    with transaction(jun.organisation_id) as session:
        reviews.decide(session, jun, minji.interview_id, "hired", reason="The best example of all.")
    with transaction(jun.organisation_id) as session:
        reviews.decide(session, jun, minji.interview_id, "hold", reason="The budget is not there yet.")
    with reading(EVERYWHERE) as session:
        (line,) = overviews.university(session, seoyeon)
        (programme,) = overviews.agency(session, doyun)
        assert overviews.agency(session, other) == []
    assert line.funnel == Funnel(invited=1)
    assert programme.total == Funnel(2, 1, 1, 1, 0)
    assert [(partner.kind, partner.funnel.invited) for partner in programme.partners] == [
        ("university", 1),
        ("employer", 2),
    ]
