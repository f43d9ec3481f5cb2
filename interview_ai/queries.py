"""What the employer's lists read: openings with their counts, one opening, and its candidates in bands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from interview_ai import applications, flags, ranking, reviewing, search, tallies
from interview_ai.errors import NotFound
from interview_ai.organisations import Member
from interview_ai.ranking import Page
from interview_ai.rules import bands, searching
from interview_ai.rules.evidence import Opinion, Rubric, Score, opinion_from, rubric_from
from interview_ai.rules.standings import Standing
from interview_ai.search import Snippet
from interview_ai.sight import Sight, Wanted
from interview_ai.tables import Answer, Candidate, Interview, Invitation, Opening, OwnPoints, Staff, StandingRow, View

WAITING = ("received", "assessing")
EVERYBODY = Wanted()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people are where; `mine`: whom the reader can rate and has not rated."""

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
    provisional: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListRow:
    """One candidate in the ranked list, as one reviewer may see them.

    `standing` and `band` are None where the reviewer must rate first (`hidden`) or where there are no points;
    `what.reason_code` then says why. `revealed`: the name stands here because this reviewer had it revealed.
    `answering`: more answers may come, so that nobody waits for a rating yet.
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
    answering: bool = False
    snippets: tuple[Snippet, ...] = ()

    @property
    def next_step(self) -> str:
        """What the reader can do: watch, rate, decide; or wait; or nothing more."""
        if self.decision:
            return self.decision
        if self.state == "withdrawn":
            return "withdrawn"
        if not self.what.answered or self.answering:
            return "begun"
        if self.what.working and not self.rated:
            return "working"
        return "decide" if self.rated else "rate"


@dataclass(frozen=True, slots=True)
class Shortlist:
    """One page of the ranked list of one opening for one reviewer.

    `choices`: how many candidates each filter lets through; `working`: of how many an answer is still being read;
    `version` differs after whatever may change the list.
    """

    opening: Opening
    rubric: Rubric
    counts: Counts
    rows: tuple[ListRow, ...]
    reviewers: int
    wanted: Wanted
    page: Page
    choices: Mapping[str, int]
    working: int
    version: str


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


def of_opening(session: Session, opening_id: str, ids: Sequence[str]) -> tuple[str, ...]:
    """Those of the interviews that are the opening's, in the order given."""
    if not ids:
        return ()
    here = select(StandingRow.interview_id).where(
        StandingRow.opening_id == opening_id, StandingRow.interview_id.in_(ids)
    )
    there = set(session.scalars(here))
    return tuple(one for one in ids if one in there)


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
    invited = select(func.count()).select_from(Invitation).where(Invitation.opening_id == found.id)
    counted = tallies.read(session, found.id)
    finished = counted["state:finished"]
    mine = ranking.choices(Sight(session, member, found))["rate"]
    return Counts(session.scalars(invited).one(), counted["all"], finished, mine)


def shortlist(session: Session, member: Member, opening_id: str, wanted: Wanted = EVERYBODY) -> Shortlist:
    """One page of the ranked list for one reviewer.

    Points and bands are those of the whole opening; a row shows them once this reviewer rated it, or to all when the
    first pass has ended (EU-5). The others stand where they arrived, the ones without points too.
    """
    found = opening(session, opening_id)
    sight = Sight(session, member, found)
    wanted = offered(found, wanted)
    page = ranking.page(sight, wanted)
    return Shortlist(
        found,
        rubric_of(found),
        counts(session, member, found),
        rows(sight, page.ids, wanted.words),
        reviewers(session),
        wanted,
        page,
        ranking.choices(sight),
        sight.counts["working"],
        version(session, found),
    )


def offered(found: Opening, wanted: Wanted) -> Wanted:
    """What is asked, without an order by a criterion that the opening does not have: an old address."""
    unknown = wanted.sort == "criterion" and wanted.by not in {item.id for item in rubric_of(found).criteria}
    return replace(wanted, sort="bands", by="") if unknown else wanted


def reviewers(session: Session) -> int:
    """How many may rate."""
    return session.scalars(select(func.count()).select_from(Staff).where(Staff.state == "active")).one()


def colleagues(session: Session) -> list[Staff]:
    """Who may rate, by name."""
    return list(session.scalars(select(Staff).where(Staff.state == "active").order_by(Staff.name, Staff.id)))


def version(session: Session, found: Opening) -> str:
    """What differs after whatever may change the list, without reading it."""
    changes = tallies.changes(session, found.id)
    switches = (found.revision, found.first_pass_ended_at, found.scoring_stopped_at, found.blind)
    state = repr((changes, *map(str, switches), reviewers(session)))
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def next_to_do(session: Session, member: Member, opening_id: str, *, after: int) -> ListRow | None:
    """The nearest candidate behind number `after`, and round again, whom the reader can rate or decide about."""
    sight = Sight(session, member, opening(session, opening_id))
    shown = ("rate",) if member.role == "reviewer" else ("rate", "decide")
    found = ranking.nearest(sight, shown, after=after)
    return next(iter(rows(sight, [found])), None) if found else None


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


def levels_by_rater(interview: Interview) -> dict[str, dict[str, int]]:
    """Each rater's levels by criterion."""
    levels: dict[str, dict[str, int]] = {}
    for rating in interview.ratings:
        levels.setdefault(rating.staff_id, {})[rating.criterion] = rating.level
    return levels


def rows(sight: Sight, ids: Sequence[str], words: str = "") -> tuple[ListRow, ...]:
    """The rows of some interviews in their order."""
    session = sight.session
    wanted = (
        select(StandingRow, Interview.begun_at, Candidate.name)
        .join(Interview, Interview.id == StandingRow.interview_id)
        .join(Candidate, Candidate.id == Interview.candidate_id)
        .where(StandingRow.interview_id.in_(ids))
    )
    own = select(OwnPoints.interview_id).where(OwnPoints.staff_id == sight.member.id, OwnPoints.interview_id.in_(ids))
    rated = set(session.scalars(own))
    named = _revealed(sight, ids) if sight.opening.blind else set(ids)
    beginnings = searching.looked_for(words)
    said = search.snippets(session, ids, beginnings) if beginnings else {}
    found = {
        row.interview_id: _row(
            sight,
            row,
            begun_at=begun_at,
            name=name if row.interview_id in named else None,
            rated=row.interview_id in rated,
            snippets=said.get(row.interview_id, ()),
        )
        for row, begun_at, name in session.execute(wanted)
    }
    return tuple(found[key] for key in ids)


def _revealed(sight: Sight, ids: Sequence[str]) -> set[str]:
    """The interviews of a blind opening whose name this reviewer had revealed."""
    own = (View.interview_id.in_(ids), View.staff_id == sight.member.id, View.what == "reveal")
    return set(sight.session.scalars(select(View.interview_id).where(*own)))


def _row(
    sight: Sight,
    row: StandingRow,
    *,
    begun_at: datetime,
    name: str | None,
    rated: bool,
    snippets: tuple[Snippet, ...],
) -> ListRow:
    what = _standings(row, stopped=sight.stopped, sees=rated or sight.ended)
    hidden = what.standing is not None and not rated and not sight.ended
    standing = None if hidden else what.standing
    banded = standing is not None and row.state != "withdrawn"
    return ListRow(
        interview_id=row.interview_id,
        number=row.number,
        name=name,
        revealed=sight.opening.blind and name is not None,
        mode=row.mode,
        state=row.state,
        begun_at=begun_at,
        what=what,
        standing=standing,
        band=bands.letter(sight.edges, standing.high) if banded and standing else None,
        hidden=hidden,
        rated=rated,
        raters=row.raters,
        decision=row.decision,
        answering=row.stage == "answering" and not sight.over,
        snippets=snippets,
    )


def _standings(row: StandingRow, *, stopped: bool, sees: bool) -> Standings:
    """What is kept of an interview; while scoring is stopped nobody has points, whoever gave them (EU-5).

    `sees`: whether the reader may see points, which a second opinion that contradicts them says something about.
    """
    standing = None if stopped else row.standing
    return Standings(
        answered=row.answered,
        scored=0 if stopped else row.scored,
        quotes=0 if stopped else row.quotes,
        working=row.working,
        standing=standing,
        reason_code="stopped" if stopped and row.answered else row.reason_code,
        provisional=row.provisional and standing is not None,
        flags=tuple(name for name in flags.NAMES if getattr(row, name) and (sees or name != flags.ABOUT_POINTS)),
    )
