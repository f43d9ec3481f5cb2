"""Where every interview stands, kept beside what it follows from: in the same transaction, and rebuilt by one function.

A ranked list of 100,000 candidates cannot be worked out anew after each rating. `database.transaction` tells which
rows a transaction wrote and calls `follow` before it commits, so that no use case can forget to.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from interview_ai import applications, flags, resembling, search, tallies
from interview_ai.applications import Answered, Application
from interview_ai.flags import Flags
from interview_ai.rules import standings
from interview_ai.rules.bands import LOTS, SHUFFLES
from interview_ai.rules.evidence import Rubric, rubric_from
from interview_ai.rules.lifecycle import RECEIVED
from interview_ai.rules.standings import Standing
from interview_ai.tables import (
    Answer,
    CriterionPoints,
    Decision,
    EvidenceRow,
    Interview,
    Opening,
    Override,
    OwnPoints,
    Rating,
    RubricRow,
    ScoreRow,
    StandingRow,
    TranscriptRow,
)

TOUCHED = "touched"  # in a session's info: the interviews and answers of which it wrote something
BATCH = 500
WAITING = ("received", "assessing")
Item = TypeVar("Item")
NO_FLAGS = Flags()


@dataclass(frozen=True, slots=True)
class Derived:
    """What is kept of one interview: columns of its row, raters' own points, and points by criterion."""

    row: Mapping[str, Any]
    own: Mapping[str, float]
    criteria: Mapping[str, float]


def derived(one: Application, rubric: Rubric, marked: Flags = NO_FLAGS) -> Derived:
    """Overrides win over ratings, ratings over suggestions (KR-9); an interview is suggested only when each answer has
    a score."""
    answers = sorted(applications.newest(one.answers), key=lambda answer: answer.position)
    scored = [answer for answer in answers if answer.score] if one.mode == "ai" else []
    whole = bool(answers) and len(scored) == len(answers)
    scores = [answer.score for answer in scored if answer.score]
    overrides = one.overrides if one.mode == "ai" else {}
    standing = standings.of_interview(scores if whole else [], list(one.levels.values()), overrides, rubric)
    working = any(answer.state in WAITING for answer in answers)
    alone = {staff: standings.rated([levels], rubric) for staff, levels in one.levels.items()}
    own = {staff: of.points for staff, of in alone.items() if of}
    row = {
        "number": one.number,
        "state": one.state,
        "mode": one.mode,
        "stage": _stage(one, answered=bool(answers), working=working),
        "answered": len(answers),
        "scored": len(scored),
        "quotes": sum(answer.quotes for answer in scored),
        "working": working,
        **_points(standing),
        "provisional": standing is not None and standing.by == "machine" and any(one.provisional for one in scores),
        "reason_code": None if standing else _why_none(one, answers),
        "raters": len(own),
        "decision": one.decision,
        "doubtful": marked.doubtful,
        "contradicted": marked.contradicted,
        "resembling": marked.resembling,
    }
    return Derived(row, own, _by_criterion(standing, rubric, one, scored))


def _stage(one: Application, *, answered: bool, working: bool) -> str:
    if one.decision:
        return one.decision
    if one.state == "withdrawn":
        return "withdrawn"
    if not answered:
        return "begun"
    if one.state == "begun":
        return "answering"
    return "working" if working else "ready"


def _points(standing: Standing | None) -> dict[str, Any]:
    if standing is None:
        return dict.fromkeys(("points", "low", "high", "given_low", "given_high", "by"))
    given = standing.given or (None, None)
    ends = {"low": standing.low, "high": standing.high, "given_low": given[0], "given_high": given[1]}
    return {"points": standing.points, "by": standing.by, **ends}


def _why_none(one: Application, answers: Sequence[Answered]) -> str | None:
    """The reason of the first answer that has no score, unless something holds for the interview as a whole."""
    if not answers:
        return "nothing_yet"
    if one.mode == "people":
        return "people_only"
    first = next(answer for answer in answers if answer.score is None)
    return "working" if first.state in WAITING else first.reason_code


def _by_criterion(
    standing: Standing | None, rubric: Rubric, one: Application, scored: Sequence[Answered]
) -> dict[str, float]:
    """The mean of the raters' levels, or without raters of the answers' points; an override in place of either."""
    if standing is None:
        return {}
    names = [criterion.id for criterion in rubric.criteria]
    overrides = {name: float(level) for name, level in one.overrides.items() if name in names and one.mode == "ai"}
    full = [levels for levels in one.levels.values() if all(name in levels for name in names)]
    if full:
        return {name: sum(levels[name] for levels in full) / len(full) for name in names} | overrides
    found: dict[str, list[float]] = {}
    for answer in scored:
        for criterion in answer.score.criteria if answer.score else ():
            found.setdefault(criterion.id, []).append(criterion.points)
    return {name: sum(found[name]) / len(found[name]) for name in names if name in found} | overrides


def note(session: Session, written: Iterable[object]) -> None:
    """Remembers whose standing may have changed by rows that were just written or deleted."""
    session.info.setdefault(TOUCHED, set()).update(key for row in written if (key := _touched(row)) is not None)


def _touched(row: object) -> tuple[str, str] | None:
    match row:
        case Interview():
            return "interview", row.id
        case Rating() | Decision() | Override():
            return "interview", row.interview_id
        case Answer() if row.state in RECEIVED:  # until a take is received it changes nothing
            return "interview", row.interview_id
        case ScoreRow() | EvidenceRow() | TranscriptRow():
            return "answer", row.answer_id
    return None


def follow(session: Session) -> None:
    """Brings what is kept in line with what this transaction wrote; the last thing before it commits."""
    session.flush()
    touched: set[tuple[str, str]] = session.info.pop(TOUCHED, set())
    by_opening: dict[str, list[str]] = {}
    for batch in _batches(sorted(touched)):
        for interview_id, opening_id in _interviews(session, batch):
            by_opening.setdefault(opening_id, []).append(interview_id)
    for opening_id in sorted(by_opening):
        _lock(session, opening_id)
        for ids in _batches(sorted(set(by_opening[opening_id]))):
            refresh(session, opening_id, ids)


def _interviews(session: Session, touched: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    ids = {kind: [key for of, key in touched if of == kind] for kind in ("interview", "answer")}
    # two statements: with one that asks for either, SQLite reads every interview of the organisation
    of_answers = select(Answer.interview_id).where(Answer.id.in_(ids["answer"]))
    named = [*ids["interview"], *(session.scalars(of_answers) if ids["answer"] else ())]
    # whoever resembles one of these may do so no longer
    marked = select(StandingRow.interview_id).where(
        StandingRow.interview_id.in_(named), StandingRow.resembling.is_(True)
    )
    named += resembling.beside(session, session.scalars(marked).all())
    return session.execute(select(Interview.id, Interview.opening_id).where(Interview.id.in_(named))).all()


def _lock(session: Session, opening_id: str) -> None:
    """Whoever changes what is kept of an opening waits for the others, and then reads what they left.

    Foreign keys to the opening may be written meanwhile.
    """
    session.execute(select(Opening.id).where(Opening.id == opening_id).with_for_update(key_share=True))


def refresh(session: Session, opening_id: str, interview_ids: Sequence[str]) -> None:
    """Derives some interviews of one opening anew; writes only what differs, and the counts with it."""
    rubric, owner = _rubric(session, opening_id)
    marked = flags.of(session, interview_ids)
    found = {
        one.id: derived(one, rubric, marked.get(one.id, NO_FLAGS))
        for one in applications.of_interviews(session, interview_ids)
    }
    change = tallies.Change(opening_id, owner)
    _keep_rows(session, found, change)
    whose = {"opening_id": opening_id, "organisation_id": owner}
    change.moved |= _keep_points(session, OwnPoints, "staff_id", {key: one.own for key, one in found.items()}, whose)
    criteria = {key: one.criteria for key, one in found.items()}
    change.moved |= _keep_points(session, CriterionPoints, "criterion", criteria, whose)
    change.moved |= search.prune(session, interview_ids, [answer for one in marked.values() for answer in one.answers])
    change.write(session)


def _rubric(session: Session, opening_id: str) -> tuple[Rubric, str]:
    wanted = select(RubricRow.version, RubricRow.criteria, RubricRow.organisation_id)
    version, criteria, owner = session.execute(wanted.where(RubricRow.opening_id == opening_id)).one()
    return rubric_from(version, criteria), owner


def _keep_rows(session: Session, found: Mapping[str, Derived], change: tallies.Change) -> None:
    # read anew: another transaction may have written them since this one looked
    there = select(StandingRow).where(StandingRow.interview_id.in_(found)).execution_options(populate_existing=True)
    kept = {row.interview_id: row for row in session.scalars(there)}
    for interview_id, now in found.items():
        row = kept.get(interview_id)
        if row is None:
            row = StandingRow(interview_id=interview_id, organisation_id=change.owner, opening_id=change.opening_id)
            row.lot, row.shuffle = secrets.randbelow(LOTS), secrets.randbelow(SHUFFLES)
            session.add(row)
        else:
            change.less(row)
        for name, value in now.row.items():
            setattr(row, name, value)
        change.more(row)
        change.moved |= row in session.new or session.is_modified(row)
    session.flush()


def _keep_points(
    session: Session,
    table: type[OwnPoints | CriterionPoints],
    name: str,
    wanted: Mapping[str, Mapping[str, float]],
    whose: Mapping[str, str],
) -> bool:
    """Writes the points of those interviews whose points differ, and returns whether any did."""
    there: dict[str, dict[str, float]] = {}
    kept = select(table.interview_id, getattr(table, name), table.points).where(table.interview_id.in_(wanted))
    for interview_id, of, points in session.execute(kept):
        there.setdefault(interview_id, {})[of] = points
    differing = [key for key, points in wanted.items() if points != there.get(key, {})]
    gone = [key for key in differing if key in there]
    if gone:
        session.execute(delete(table).where(table.interview_id.in_(gone)))
    rows = [
        {"interview_id": key, name: of, "points": points, **whose}
        for key in differing
        for of, points in wanted[key].items()
    ]
    if rows:
        session.execute(insert(table), rows)
    return bool(differing)


def rebuild(session: Session, opening_id: str) -> None:
    """Works out all that is kept of an opening from its answers, ratings and decisions; lots and shuffles stay."""
    _lock(session, opening_id)
    wanted = select(Interview.id).where(Interview.opening_id == opening_id).order_by(Interview.number)
    for ids in _batches(session.scalars(wanted).all()):
        refresh(session, opening_id, ids)
        search.fill(session, ids)
        session.expunge_all()
    tallies.recount(session, opening_id)


def fill(session: Session) -> None:
    """Rebuilds each opening of which an interview has no row: an installation that was migrated."""
    there = select(StandingRow.interview_id).where(StandingRow.interview_id == Interview.id)
    lacking = select(Interview.opening_id).where(~there.exists()).distinct()
    for opening_id in session.scalars(lacking).all():
        rebuild(session, opening_id)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
