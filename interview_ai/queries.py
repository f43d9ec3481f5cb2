"""What the employer's lists read: openings with their counts, one opening, and its candidates in bands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from interview_ai import applications, reviewing
from interview_ai.applications import Answered, Application
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.rules import bands, standings
from interview_ai.rules.evidence import Opinion, Rubric, Score, opinion_from, rubric_from
from interview_ai.rules.standings import Standing
from interview_ai.tables import (
    Answer,
    Interview,
    Invitation,
    Opening,
    Rating,
    Staff,
    View,
)

WAITING = ("received", "assessing")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people are where; `mine` finished and wait for the reader's own rating."""

    invited: int
    begun: int
    finished: int
    mine: int


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One opening in the list of openings."""

    opening: Opening
    counts: Counts


@dataclass(frozen=True, slots=True)
class Standings:
    """What one answer or interview has to show at this moment, for everybody who may see it."""

    answered: int
    scored: int
    quotes: int
    working: bool
    standing: Standing | None
    reason_code: str | None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One candidate in the ranked list, as one reviewer may see them.

    `standing` and `band` are None where the reviewer must rate first (`hidden`) or where there are no points;
    `what.reason_code` then says why. `revealed`: the name stands here because this reviewer had it revealed.
    """

    interview_id: str
    number: int
    name: str | None
    revealed: bool
    mode: str
    state: str
    begun_at: datetime
    what: Standings
    standing: Standing | None
    band: str | None
    hidden: bool
    rated: bool
    raters: int
    decision: str | None

    @property
    def next_step(self) -> str:
        """What the reader can do: watch, rate, decide; or wait; or nothing more."""
        if self.decision:
            return self.decision
        if self.state == "withdrawn":
            return "withdrawn"
        if not self.what.answered:
            return "begun"
        if self.what.working and not self.rated:
            return "working"
        return "decide" if self.rated else "rate"


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The ranked page of one opening for one reviewer."""

    opening: Opening
    rubric: Rubric
    counts: Counts
    rows: tuple[ListRow, ...]
    reviewers: int

    @property
    def working(self) -> int:
        """Candidates of whom an answer is still being read."""
        return sum(row.what.working for row in self.rows)


def opening(session: Session, opening_id: str) -> Opening:
    """One opening with its questions and rubric. Raises NotFound for another organisation's as for none."""
    loaded = [selectinload(Opening.questions), selectinload(Opening.rubric), selectinload(Opening.organisation)]
    found = session.get(Opening, opening_id, options=loaded)
    if found is None:
        raise NotFound
    return found


def rubric_of(found: Opening) -> Rubric:
    """The opening's rubric as a value."""
    return rubric_from(found.rubric.version, found.rubric.criteria)


def openings(session: Session, member: Member) -> list[OpeningLine]:
    """The organisation's openings that are the member's to see, newest first."""
    wanted = (
        select(Opening)
        .where(reviewing.seen_by(member))
        .order_by(Opening.created_at.desc())
        .options(selectinload(Opening.rubric))
    )
    return [OpeningLine(found, counts(session, member, found)) for found in session.scalars(wanted)]


def counts(session: Session, member: Member, found: Opening) -> Counts:
    """The numbers over an opening."""
    invited = session.scalars(select(func.count()).select_from(Invitation).where(Invitation.opening_id == found.id))
    begun = select(Interview.id, Interview.state).where(Interview.opening_id == found.id)
    states: dict[str, str] = dict(session.execute(begun).all())
    finished = {interview_id for interview_id, state in states.items() if state == "finished"}
    own = select(Rating.interview_id).where(Rating.staff_id == member.id, Rating.interview_id.in_(finished))
    full = select(own.group_by(Rating.interview_id).having(func.count() >= len(found.rubric.criteria)).subquery())
    return Counts(invited.one(), len(states), len(finished), len(finished) - len(session.execute(full).all()))


def shortlist(session: Session, member: Member, opening_id: str) -> Shortlist:
    """The ranked list for one reviewer.

    Points and bands are worked out over the whole opening; a row shows them once this reviewer rated it, or to all
    when the first pass has ended (EU-5). The others stand where they arrived, the ones without points too.
    """
    found = opening(session, opening_id)
    rubric = rubric_of(found)
    interviews = applications.of_opening(session, opening_id)
    what = [_standings(interview, found, rubric) for interview in interviews]
    letters = _letters(interviews, what)
    named = _revealed(session, member, found) if found.blind else set()
    rows = [
        _row(interview, shown, letters.get(interview.id), member=member, found=found, revealed=interview.id in named)
        for interview, shown in zip(interviews, what, strict=True)
    ]
    reviewers = session.scalars(select(func.count()).select_from(Staff).where(Staff.state == "active")).one()
    return Shortlist(found, rubric, counts(session, member, found), tuple(_in_order(rows, member)), reviewers)


def next_to_do(session: Session, member: Member, opening_id: str, *, after: int) -> ListRow | None:
    """The nearest candidate behind number `after`, and round again, whom the reader can rate or decide about."""
    own = ("rate",) if member.role == "reviewer" else ("rate", "decide")
    rows = shortlist(session, member, opening_id).rows
    left = [row for row in rows if row.next_step in own and row.number != after]
    return min(left, key=lambda row: (row.number < after, row.number), default=None)


def current(answers: Iterable[Answer]) -> list[Answer]:
    """The take that counts for each question: the newest one received, in the order of the questions."""
    return sorted(applications.newest(answers), key=lambda answer: answer.question.position)


def suggestion(answer: Answer) -> Score | None:
    """The score that stands for an answer; None when there is none or it was withdrawn (KR-1)."""
    row = answer.score
    return applications.standing_score(row.score, row.withdrawn_at) if row else None


def opinion(answer: Answer) -> Opinion | None:
    """The second opinion kept with an answer; None when there is none or the score was withdrawn (KR-1)."""
    row = answer.score
    return opinion_from(row.opinion) if row and row.opinion and row.withdrawn_at is None else None


def why_not(answer: Answer) -> str | None:
    """The code of the reason why an answer has no score."""
    row = answer.score
    return (applications.reason_code(row.reason, row.withdrawn_at) if row else None) or answer.reason_code


def _standings(interview: Application, found: Opening, rubric: Rubric) -> Standings:
    """Overrides win over ratings, ratings over suggestions (KR-9); an interview is suggested only when each answer has
    a score. While scoring is stopped nobody has points, whoever gave them: what cannot be ranked is no list (EU-5)."""
    answers = sorted(applications.newest(interview.answers), key=lambda answer: answer.position)
    usable = interview.mode == "ai" and found.scoring_stopped_at is None
    scores = [answer.score for answer in answers if usable and answer.score]
    suggested = scores if len(scores) == len(answers) else []
    overrides = interview.overrides if usable else {}
    standing = standings.of_interview(suggested, list(interview.levels.values()), overrides, rubric)
    if found.scoring_stopped_at is not None:
        standing = None
    return Standings(
        answered=len(answers),
        scored=len(scores),
        quotes=sum(answer.quotes for answer in answers if usable and answer.score),
        working=any(answer.state in WAITING for answer in answers),
        standing=standing,
        reason_code=None if standing else _why_none(interview, found, answers),
    )


def _why_none(interview: Application, found: Opening, answers: Sequence[Answered]) -> str | None:
    """The reason of the first answer that has no score, unless something holds for the interview as a whole."""
    if not answers:
        return "nothing_yet"
    if found.scoring_stopped_at is not None:
        return "stopped"
    if interview.mode == "people":
        return "people_only"
    first = next(answer for answer in answers if answer.score is None)
    return "working" if first.state in WAITING else first.reason_code


def levels_by_rater(interview: Interview) -> dict[str, dict[str, int]]:
    """Each rater's levels by criterion."""
    levels: dict[str, dict[str, int]] = {}
    for rating in interview.ratings:
        levels.setdefault(rating.staff_id, {})[rating.criterion] = rating.level
    return levels


def _letters(interviews: Sequence[Application], what: Sequence[Standings]) -> dict[str, str]:
    """Band letters over all who have points; a withdrawn interview takes no place."""
    ranked = {
        interview.id: shown.standing
        for interview, shown in zip(interviews, what, strict=True)
        if shown.standing and interview.state != "withdrawn"
    }
    return bands.letters(ranked)


def _revealed(session: Session, member: Member, found: Opening) -> set[str]:
    """The interviews of a blind opening whose name this reviewer had revealed."""
    wanted = select(View.interview_id).join(Interview, Interview.id == View.interview_id)
    own = (Interview.opening_id == found.id, View.staff_id == member.id, View.what == "reveal")
    return set(session.scalars(wanted.where(*own)))


def _row(
    interview: Application, what: Standings, letter: str | None, *, member: Member, found: Opening, revealed: bool
) -> ListRow:
    full = len(found.rubric.criteria)
    complete = {staff for staff, levels in interview.levels.items() if len(levels) >= full}
    rated = member.id in complete
    hidden = what.standing is not None and not rated and found.first_pass_ended_at is None
    return ListRow(
        interview_id=interview.id,
        number=interview.number,
        name=None if found.blind and not revealed else interview.name,
        revealed=revealed,
        mode=interview.mode,
        state=interview.state,
        begun_at=interview.begun_at,
        what=what,
        standing=None if hidden else what.standing,
        band=None if hidden else letter,
        hidden=hidden,
        rated=rated,
        raters=len(complete),
        decision=interview.decision,
    )


def _in_order(rows: Sequence[ListRow], member: Member) -> list[ListRow]:
    """Bands from the best; inside a band a shuffle that is this reviewer's own and stays the same."""
    by_id = {row.interview_id: row for row in rows}
    letters = {row.interview_id: row.band for row in rows if row.band is not None}
    others = {place: row for place, row in enumerate(rows) if row.band is None}
    return bands.woven([by_id[key] for key in bands.shuffled(letters, seed=member.id)], others)
