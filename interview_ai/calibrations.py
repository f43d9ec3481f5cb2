"""Calibrations of an opening's criteria: kept as reports, put to use and taken back by people alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import audit, database, double_ratings, openings
from interview_ai.double_ratings import Given, Sample, Spoken
from interview_ai.errors import Conflict, NotFound
from interview_ai.organisations import Member
from interview_ai.rules import calibration
from interview_ai.tables import Calibration, Opening


@dataclass(frozen=True, slots=True)
class Made:
    """What a worker found for one criterion: the name of code and data, the examples, the report."""

    criterion: str
    version: str
    digest: str
    samples: tuple[Sample, ...]
    report: Mapping[str, Any]


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
        sources=[_source(sample, made.criterion) for sample in made.samples],
        report=dict(made.report),
        created_at=database.now(session),
    )
    session.add(row)
    session.flush()
    _note(session, audit.SERVICE, "calibration reported", row)
    return row


def _source(sample: Sample, criterion: str) -> dict[str, Any]:
    return {
        "interview": sample.spoken.interview_id,
        "ratings": [given.rating_id for given in sample.given],
        "levels": [given.level for given in sample.given],
        "words": sample.spoken.fingerprint(criterion),
    }


def samples_of(row: Calibration, said: Mapping[str, Spoken]) -> tuple[Sample, ...] | None:
    """What a calibration was learned from, out of all that is `said` today; None where some is gone or another.

    The levels are those that were given then: a rating that was changed later counts for the next calibration.
    """
    there = [source for source in row.sources if _same(source, said.get(source["interview"]), row.criterion)]
    if len(there) != row.examples:
        return None
    return tuple(
        Sample(said[source["interview"]], tuple(map(Given, source["ratings"], source["levels"]))) for source in there
    )


def _same(source: Mapping[str, Any], spoken: Spoken | None, criterion: str) -> bool:
    return spoken is not None and spoken.fingerprint(criterion) == source["words"]


def newest(session: Session, opening_id: str) -> dict[str, Kept]:
    """The newest report of each criterion."""
    said = double_ratings.spoken(session, opening_id)
    rows = _rows(session, opening_id)
    return {row.criterion: Kept(row, samples_of(row, said) is not None) for row in rows}


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
    _check(newest(session, row.opening_id)[row.criterion], row)
    for used in in_use(session, row.opening_id).values():
        if used.criterion == row.criterion and used.id != row.id:
            used.withdrawn_at = database.now(session)
    row.applied_at, row.applied_by, row.withdrawn_at = database.now(session), member.id, None
    _note(session, member.actor, "calibration applied", row)
    _changed(session, row)
    return row


def _check(kept: Kept, row: Calibration) -> None:
    if kept.row.id != row.id:
        raise Conflict(
            "There is a newer report for this criterion. Please read it first.",
            "이 평가기준에는 더 새로운 보고서가 있습니다. 먼저 읽어 주십시오.",
            code="older",
        )
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


def withdraw(session: Session, member: Member, calibration_id: str) -> Calibration:
    """Takes a calibration out of use: the rule suggests points again. Owners only; on the record; safe to run twice."""
    member.must_be("owner")
    row = _own(session, calibration_id)
    if row.applied_at is not None and row.withdrawn_at is None:
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
    opening = openings.own(session, row.opening_id)
    opening.revision += 1
