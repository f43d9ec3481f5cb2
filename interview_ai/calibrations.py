"""Calibrations of an opening's criteria: kept as reports, put to use and taken back by people alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, double_ratings, elsewhere, openings, queries, rescoring
from interview_ai.double_ratings import Sample, Spoken, Tally
from interview_ai.elsewhere import Neighbour
from interview_ai.errors import Conflict, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import calibration
from interview_ai.rules.evidence import Criterion
from interview_ai.tables import Calibration, Opening


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker found for one criterion: the name of code and data, the examples, the report.

    `elsewhere`: other openings' examples that it starts from.
    """

    criterion: str
    version: str
    digest: str
    samples: tuple[Sample, ...]
    report: Mapping[str, Any]
    elsewhere: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """All that a calibration was learned from: the opening's own examples, and other openings'."""

    own: tuple[Sample, ...]
    elsewhere: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """One calibration as a page shows it; `repeatable`: all that it was learned from is still there and the same."""

    row: Calibration
    repeatable: bool

    @property
    def in_use(self) -> bool:
        """Whether somebody applied it and nobody took it back."""
        return self.row.applied_at is not None and self.row.withdrawn_at is None

    @property
    def enough(self) -> bool:
        """Whether it rests on enough double ratings to be used."""
        return calibration.readiness(self.row.examples) == "enough"


def record(session: Session, opening: Opening, made: Made) -> Calibration:
    """Keeps a report. It changes no score: somebody has to apply it."""
    row = Calibration(
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        criterion=made.criterion,
        version=made.version,
        digest=made.digest,
        examples=len(made.samples),
        sources=[
            *(double_ratings.source(sample, made.criterion) for sample in made.samples),
            *(source for one in made.elsewhere for source in elsewhere.sources(one)),
        ],
        report=dict(made.report),
        created_at=database.now(session),
    )
    session.add(row)
    session.flush()
    _note(session, audit.SERVICE, "calibration reported", row)
    return row


def learned_from(session: Session, row: Calibration, said: Mapping[str, Spoken]) -> Learned | None:
    """What a calibration was learned from, out of all that the opening `said` today and what others of the
    organisation did; None where some is gone or another.
    """
    own = [source for source in row.sources if "opening" not in source]
    others = [source for source in row.sources if "opening" in source]
    samples = double_ratings.repeated(own, said, row.criterion)
    found = elsewhere.again(session, row.organisation_id, others)
    if samples is None or found is None:
        return None
    # what was forgotten left no gap in the list, so that only the numbers tell
    whole = (len(samples), elsewhere.interviews(found)) == (row.examples, _elsewhere(row))
    return Learned(samples, found) if whole else None


def _elsewhere(row: Calibration) -> int:
    """How many examples of other openings it was learned from."""
    return int(row.report.get("elsewhere", {}).get("interviews", 0))


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion of an opening: its double ratings, the newest report, and what is in use."""

    criterion: Criterion
    tally: Tally
    newest: Kept | None
    used: Kept | None

    @property
    def missing(self) -> int:
        """How many double-rated interviews are still missing until a calibration can be used."""
        return calibration.missing(self.tally.double)

    @property
    def missing_to_report(self) -> int:
        """How many are still missing until there can be a report at all."""
        return calibration.missing(self.tally.double, calibration.FEWEST)

    @property
    def newer(self) -> int:
        """How many double-rated interviews the newest report does not know yet."""
        return max(0, self.tally.double - self.newest.row.examples) if self.newest else 0


def of_opening(session: Session, opening: Opening) -> tuple[Line, ...]:
    """Every criterion of the opening, in the rubric's order."""
    said, levels = double_ratings.spoken(session, opening.id), double_ratings.given(session, opening.id)
    last = {row.criterion: row for row in _rows(session, opening.id)}
    used = in_use(session, opening.id)
    return tuple(
        Line(
            item,
            double_ratings.tally(item.id, said, levels.get(item.id, {})),
            newest=_looked_at(session, last.get(item.id), said),
            used=_looked_at(session, used.get(item.id), said),
        )
        for item in queries.rubric_of(opening).criteria
    )


def _looked_at(session: Session, row: Calibration | None, said: Mapping[str, Spoken]) -> Kept | None:
    return Kept(row, learned_from(session, row, said) is not None) if row else None


def in_use(session: Session, opening_id: str) -> dict[str, Calibration]:
    """The calibrations that somebody put to use, by criterion."""
    rows = _rows(session, opening_id)
    return {row.criterion: row for row in rows if row.applied_at is not None and row.withdrawn_at is None}


def _rows(session: Session, opening_id: str) -> Sequence[Calibration]:
    wanted = select(Calibration).where(Calibration.opening_id == opening_id)
    return session.scalars(wanted.order_by(Calibration.created_at, Calibration.id)).all()


def apply(session: Session, member: Member, calibration_id: str) -> Calibration:
    """Puts the newest report of a criterion to use, in place of what was used before. Owners only; on the record.

    Raises Conflict below 50 double-rated interviews, for an older report, and where it cannot be repeated any more.
    """
    member.must_be("owner")
    row = _own(session, calibration_id)
    session.get_one(Opening, row.opening_id, with_for_update=True)  # two owners at once take turns
    _check(session, row)
    _others_hold(session, row)
    for used in in_use(session, row.opening_id).values():
        if used.criterion == row.criterion and used.id != row.id:
            used.withdrawn_at = database.now(session)
    row.applied_at, row.applied_by, row.withdrawn_at = database.now(session), member.id, None
    _note(session, member.actor, "calibration applied", row)
    _changed(session, row)
    return row


def _check(session: Session, row: Calibration) -> None:
    newest = [other for other in _rows(session, row.opening_id) if other.criterion == row.criterion][-1]
    if newest.id != row.id:
        raise Conflict(
            "There is a newer report for this criterion. Please read it first.",
            "이 역량에는 더 새로운 보고서가 있습니다. 먼저 읽어 주십시오.",
            code="older",
        )
    kept = Kept(row, learned_from(session, row, double_ratings.spoken(session, row.opening_id)) is not None)
    if not kept.enough:
        raise Conflict(
            f"{calibration.missing(row.examples)} more interviews have to be rated by two people first.",
            f"두 사람이 평가한 지원자가 {calibration.missing(row.examples)}명 더 있어야 합니다.",
            code="too_few_ratings",
        )
    if not kept.repeatable:
        raise Conflict(
            "Something that this report was learned from is gone or has changed. Please have a new one made.",
            "이 보고서의 바탕이 된 자료가 지워졌거나 바뀌었습니다. 새 보고서를 만들어 주십시오.",
            code="not_repeatable",
        )


def _others_hold(session: Session, row: Calibration) -> None:
    """Points can only be worked out anew where every other calibration in use can be: raises Conflict."""
    said = double_ratings.spoken(session, row.opening_id)
    others = [used for used in in_use(session, row.opening_id).values() if used.criterion != row.criterion]
    if any(learned_from(session, used, said) is None for used in others):
        raise Conflict(
            "A calibration of another criterion cannot be worked out any more. Withdraw or replace that one first.",
            "다른 역량의 보정을 더는 다시 계산할 수 없습니다. 먼저 그 보정을 철회하거나 바꿔 주십시오.",
            code="not_repeatable",
        )


def withdraw(session: Session, member: Member, calibration_id: str) -> Calibration:
    """Takes a calibration out of use: the rule suggests points again. Owners only; on the record; safe to run twice."""
    member.must_be("owner")
    row = _own(session, calibration_id)
    if row.applied_at is not None and row.withdrawn_at is None:
        _others_hold(session, row)
        row.withdrawn_at = database.now(session)
        _note(session, member.actor, "calibration withdrawn", row)
        _changed(session, row)
    return row


def forget(session: Session, interview_id: str) -> None:
    """Takes a deleted interview out of all that was learned from it; what rested on it cannot be repeated any more."""
    for row in session.scalars(select(Calibration)):
        kept = [source for source in row.sources if source["interview"] != interview_id]
        if len(kept) != len(row.sources):
            row.sources = kept


def _own(session: Session, calibration_id: str) -> Calibration:
    row = session.get(Calibration, calibration_id)
    if row is None:
        raise NotFound
    return row


def _note(session: Session, actor: audit.Actor, action: str, row: Calibration) -> None:
    details = {"criterion": row.criterion, "version": f"{row.version}@{row.digest}", "examples": row.examples}
    audit.append(
        session, actor, action, f"opening:{row.opening_id}", organisation_id=row.organisation_id, details=details
    )


def _changed(session: Session, row: Calibration) -> None:
    """Every page notices, and a worker goes through what is scored already."""
    openings.own(session, row.opening_id).revision += 1
    rescoring.ask(session, row.opening_id)
