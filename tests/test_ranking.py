"""The list that is kept beside what it follows from: the same as worked out anew, after whatever happens, page by page."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from interview_ai import (
    applications,
    openings,
    queries,
    ranking,
    reviews,
    rights,
    standings,
    tallies,
)
from interview_ai.applicants import Applicant
from interview_ai.database import EVERYWHERE, engine, reading, transaction
from interview_ai.errors import Conflict
from interview_ai.migrate import migrate
from interview_ai.organisations import Member
from interview_ai.rules import bands
from interview_ai.sight import Sight, Wanted
from interview_ai.tables import (
    Answer,
    CriterionPoints,
    Interview,
    Opening,
    OwnPoints,
    RankCount,
    SearchEntry,
    StandingRow,
    Tally,
)
from tests import desk
from tests.bench import crowd

SIZE = 3


def shown(member: Member, opening_id: str, **asked: object) -> queries.Shortlist:
    with reading(member.organisation_id) as session:
        return queries.shortlist(session, member, opening_id, Wanted(**asked))  # type: ignore[arg-type]


def numbers(member: Member, opening_id: str, **asked: object) -> list[int]:
    return [row.number for row in shown(member, opening_id, **asked).rows]


def on_all_pages(session: Session, member: Member, opening_id: str, *, size: int = SIZE, **asked: object) -> list[str]:
    sight = Sight(session, member, session.get_one(Opening, opening_id))
    last = ranking.page(sight, Wanted(size=size, **asked)).last  # type: ignore[arg-type]
    pages = (ranking.page(sight, Wanted(size=size, page=n, **asked)) for n in range(1, last + 1))  # type: ignore[arg-type]
    return [one for page in pages for one in page.ids]


def as_first_written(session: Session, member: Member, opening_id: str) -> list[str]:
    """The list as one would write it down for a handful of candidates: everything read, banded, shuffled, woven."""
    opening = session.get_one(Opening, opening_id)
    rubric = queries.rubric_of(opening)
    stopped = opening.scoring_stopped_at is not None
    found = applications.of_opening(session, opening_id)
    rows = {one.id: standings.derived(one, rubric) for one in found}
    drawn = {row.interview_id: (row.lot, row.shuffle) for row in session.scalars(select(StandingRow))}
    ranked = {}
    for one in found:
        row = rows[one.id].row
        if row["points"] is not None and one.state != "withdrawn" and not stopped:
            ranked[one.id] = StandingRow(**{name: row[name] for name in ("points", "low", "high", "by")}).standing
    letters = bands.letters({key: standing for key, standing in ranked.items() if standing})
    seen = {key for key in letters if opening.first_pass_ended_at or member.id in rows[key].own}
    order = bands.order_of(member.id)
    best = sorted(seen, key=lambda key: (letters[key], order.key(*drawn[key])))
    return bands.woven(best, {place: one.id for place, one in enumerate(found) if one.id not in seen})


def kept(session: Session, opening_id: str) -> object:
    """All that is kept of an opening, but for what was drawn and how often it changed."""
    rows = {
        row.interview_id: {
            column.key: getattr(row, column.key) for column in StandingRow.__table__.columns if column.key != "shuffle"
        }
        for row in session.scalars(select(StandingRow))
    }
    own = {(row.interview_id, row.staff_id): row.points for row in session.scalars(select(OwnPoints))}
    criteria = {(row.interview_id, row.criterion): row.points for row in session.scalars(select(CriterionPoints))}
    counts = {row.what: row.n for row in session.scalars(select(Tally)) if row.n and row.what != tallies.CHANGES}
    ranks = {(row.by, row.points, row.high): row.n for row in session.scalars(select(RankCount))}
    words = {row.answer_id: row.terms for row in session.scalars(select(SearchEntry))}
    return rows, own, criteria, counts, ranks, words


class History:
    """Things that happen to an opening, drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.jun = desk.jun()
        self.other = desk.colleague(self.jun, "reviewer@example.com", "reviewer")
        self.opening_id = desk.opening(self.jun)
        self.people: list[Applicant] = []

    def step(self) -> None:
        happen = [
            self.comes,
            self.answers,
            self.answers,
            self.is_rated,
            self.is_rated,
            self.is_decided,
            self.turns_away,
        ]
        self.chance.choice([*happen, self.switches] if len(self.people) > 2 else [self.comes, self.answers])()

    def one(self) -> Applicant | None:
        return self.chance.choice(self.people) if self.people else None

    def comes(self) -> None:
        mode = self.chance.choice(["ai", "ai", "ai", "people"])
        self.people.append(desk.applicant(self.jun, self.opening_id, f"Somebody{len(self.people)}", mode=mode))

    def answers(self) -> None:
        who = self.one()
        if who is None:
            return
        try:
            answer_id = desk.answered(who, take=None)
        except Conflict:
            return  # no takes left
        with reading(EVERYWHERE) as session:
            mode = session.get_one(Interview, who.interview_id).mode
        if mode == "ai" and self.chance.random() < 0.8:
            points = self.chance.choice([None, 1, 2, 3, 4, 5])
            desk.assessed(answer_id, points, width=self.chance.randint(0, 1))

    def is_rated(self) -> None:
        who = self.one()
        member = self.chance.choice([self.jun, self.other])
        try:
            with transaction(member.organisation_id) as session:
                reviews.viewed(session, member, who.interview_id if who else "", "answer")
                level = self.chance.randint(1, 5)
                reviews.rate(session, member, who.interview_id if who else "", {"problem_solving": level})
        except Conflict:
            pass  # nothing to rate yet

    def is_decided(self) -> None:
        who = self.one()
        kind = self.chance.choice(["hold", "advance"])
        if who:
            with transaction(self.jun.organisation_id) as session:
                reviews.decide(session, self.jun, who.interview_id, kind, reason="Her example shows what she did.")

    def turns_away(self) -> None:
        who = self.one()
        with transaction(self.jun.organisation_id) as session:
            if who and self.chance.random() < 0.5:
                rights.people_only(session, who)
            elif who:
                session.get_one(Interview, who.interview_id).state = self.chance.choice(["withdrawn", "finished"])

    def switches(self) -> None:
        turn = self.chance.choice([openings.stop_scoring, openings.resume_scoring, openings.resume_scoring])
        with transaction(self.jun.organisation_id) as session:
            turn(session, self.jun, self.opening_id)
            if self.chance.random() < 0.2:
                openings.end_first_pass(session, self.jun, self.opening_id)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_would_be_worked_out_anew_after_every_step_of_any_history(home: Path, seed: int) -> None:
    happened = History(seed)
    for _ in range(22):
        happened.step()
        with reading(EVERYWHERE) as session:
            for member in (happened.jun, happened.other):
                wanted = as_first_written(session, member, happened.opening_id)
                assert on_all_pages(session, member, happened.opening_id) == wanted
    with transaction(EVERYWHERE) as session:
        before = kept(session, happened.opening_id)
        standings.rebuild(session, happened.opening_id)
        session.expire_all()
        assert kept(session, happened.opening_id) == before


def test_the_same_holds_on_both_databases(anywhere: str) -> None:
    happened = History(9)
    for _ in range(14):
        happened.step()
    with transaction(EVERYWHERE) as session:
        wanted = as_first_written(session, happened.jun, happened.opening_id)
        assert on_all_pages(session, happened.jun, happened.opening_id) == wanted
        before = kept(session, happened.opening_id)
        standings.rebuild(session, happened.opening_id)
        session.expire_all()
        assert kept(session, happened.opening_id) == before


def test_pages_out_of_large_bands_are_the_whole_order_cut_up(home: Path) -> None:
    made = crowd.make(700)
    with transaction(made.member.organisation_id) as session:
        openings.end_first_pass(session, made.member, made.opening_id)
    with reading(EVERYWHERE) as session:
        wanted = as_first_written(session, made.member, made.opening_id)
        assert on_all_pages(session, made.member, made.opening_id, size=50) == wanted
        # the same order where the database sorts everybody: a filter that lets all through who have points
        ranked = set(session.scalars(select(StandingRow.interview_id).where(StandingRow.high.is_not(None))))
        narrowed = on_all_pages(session, made.member, made.opening_id, size=50, criterion="communication", least=1)
        assert narrowed == [one for one in wanted if one in ranked]


def test_an_installation_from_before_is_filled_when_it_is_migrated(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    desk.candidate(jun, opening_id, "Minji", 4)
    with transaction(EVERYWHERE) as session:
        before = kept(session, opening_id)
        for table in (OwnPoints, CriterionPoints, SearchEntry, StandingRow, Tally, RankCount):
            session.execute(delete(table))
    migrate(engine())
    with reading(EVERYWHERE) as session:
        after = kept(session, opening_id)
    for kept_rows in (before, after):
        for row in kept_rows[0].values():  # type: ignore[index]
            row.pop("lot")
    assert after == before


def test_filters_let_through_whom_they_name_and_each_has_its_pages(home: Path) -> None:
    jun = desk.jun()
    reviewer = desk.colleague(jun, "reviewer@example.com", "reviewer")
    opening_id = desk.opening(jun)
    people = [desk.candidate(jun, opening_id, f"Somebody{n}", points) for n, points in enumerate((5, 3, None, 4))]
    for member, who, level in ((jun, people[0], 2), (jun, people[1], 4), (reviewer, people[3], 5)):
        with transaction(jun.organisation_id) as session:
            reviews.viewed(session, member, who.interview_id, "answer")
            reviews.rate(session, member, who.interview_id, {"problem_solving": level})
    assert numbers(jun, opening_id, show="rate") == [3, 4]
    assert numbers(jun, opening_id, show="decide") == [2, 1]
    assert numbers(jun, opening_id, show="unscored") == [3]
    assert numbers(jun, opening_id, rater=reviewer.id) == [4]
    assert numbers(jun, opening_id, sort="newest") == [4, 3, 2, 1]
    assert numbers(jun, opening_id, sort="own") == [2, 1]
    assert numbers(jun, opening_id, sort="criterion", by="problem_solving") == [2, 1, 3, 4]
    assert numbers(jun, opening_id, criterion="problem_solving", least=4) == [2]
    page = shown(jun, opening_id, page=9, size=3).page
    assert (page.number, page.last, page.total, len(page.ids)) == (2, 2, 4, 1)


def test_a_later_take_and_a_machine_that_may_not_look_leave_nothing_to_be_found_by(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.candidate(jun, opening_id, "Minji", 4)
    assert numbers(jun, opening_id, words="valves") == [1]
    assert numbers(jun, opening_id, words="valve nowhere") == []
    with transaction(jun.organisation_id) as session:
        rights.people_only(session, minji)
        session.flush()
    assert numbers(jun, opening_id, words="valve") == []
    with reading(EVERYWHERE) as session:
        assert session.scalars(select(SearchEntry)).all() == []


def test_doubtful_words_mark_a_row_for_everybody(home: Path) -> None:
    jun = desk.jun()
    opening_id = desk.opening(jun)
    minji = desk.applicant(jun, opening_id)
    answer_id = desk.answered(minji)
    desk.assessed(answer_id, 3)
    assert numbers(jun, opening_id, flag="doubtful") == []
    with transaction(EVERYWHERE) as session:
        heard = session.get_one(Answer, answer_id).transcript
        assert heard is not None
        heard.words = [{**word, "confidence": 0.2} for word in heard.words]
    assert numbers(jun, opening_id, flag="doubtful") == [1]
    assert shown(jun, opening_id).rows[0].what.flags == ("doubtful",)
