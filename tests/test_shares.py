"""Sharing, exporting and counting an opening on either database: what is kept and what comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import audit, exports, outcomes, pictures, reviews, shares
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.errors import NotFound
from interview_ai.shares import NewShare
from interview_ai.tables import Decision, Question, Share
from tests import desk


def test_a_share_counts_its_openings_ends_and_stays_on_the_record(anywhere: str) -> None:
    jun = desk.jun()
    who = desk.candidate(jun, desk.opening(jun), "Minji", 4)
    with transaction(jun.organisation_id) as session:
        asked = tuple(session.scalars(select(Question.id)))
        token = shares.create(session, jun, who.interview_id, NewShare("Ara Kim", asked, days=14, covered=True))
    with reading(EVERYWHERE) as session:
        share = shares.by_token(session, token)
        assert share.expires_at - share.created_at == timedelta(days=14)
    for _ in range(2):
        with transaction(EVERYWHERE) as session:
            assert shares.opened(session, token, share.id).name is None
    with transaction(jun.organisation_id) as session:
        assert session.scalars(select(Share.opened)).one() == 2
        shares.revoke(session, jun, share.id)
    with reading(EVERYWHERE) as session:
        with pytest.raises(NotFound):
            shares.by_token(session, token)
        assert audit.verify(session) > 4


def test_rows_and_figures_are_the_same_on_either_database(anywhere: str) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    who = desk.candidate(jun, opening_id, "Minji", 4)
    desk.candidate(jun, opening_id, "Other", None)
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, who.interview_id, "transcript")
        reviews.rate(session, jun, who.interview_id, {"problem_solving": 5})
        reviews.decide(session, jun, who.interview_id, "hired", reason="The best answer by far.")
    with transaction(jun.organisation_id) as session:
        found = exports.begin(session, jun, opening_id, form="csv")
        first, second = exports.rows(session, jun, found)
    assert (first.name, first.own, first.mean) == ("Minji", {"problem_solving": 5}, {"problem_solving": 5.0})
    assert first.finished_at and first.decided_at and first.finished_at < first.decided_at
    assert (second.own, second.decided_at) == ({}, None)
    with reading(jun.organisation_id) as session:
        drawn = pictures.pictures(session, jun, opening_id)
    assert drawn.funnel == {"invited": 2, "begun": 2, "finished": 2, "rated": 1, "decided": 1, "hired": 1}
    assert drawn.bands == pictures.Bands({"A": 1}, unscored=1)
    assert drawn.days and drawn.days.count == 1
    assert drawn.undecided == 1


def test_a_decision_that_was_taken_back_leaves_no_date_behind(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun, blind=False)
    who = desk.candidate(jun, opening_id, "Minji", 4)
    with transaction(jun.organisation_id) as session:
        reviews.viewed(session, jun, who.interview_id, "transcript")
        reviews.decide(session, jun, who.interview_id, "hold", reason="We wait for the others.")
        decision_id = session.scalars(select(Decision.id)).one()
    with transaction(jun.organisation_id) as session:
        outcomes.take_back(session, jun, who.interview_id, decision_id, reason="That was the wrong one.")
    with transaction(jun.organisation_id) as session:
        (only,) = exports.rows(session, jun, exports.begin(session, jun, opening_id, form="csv"))
        drawn = pictures.pictures(session, jun, opening_id)
    assert (only.row.decision, only.decided_at) == (None, None)
    assert (drawn.funnel["decided"], drawn.days) == (0, None)
