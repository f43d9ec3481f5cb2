"""An opening's points worked out anew from stored words, by the calibrations in use or, without any, by the rule."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interview_ai import calibrations, double_ratings, jobs, queries, rescoring
from interview_ai.database import reading, transaction
from interview_ai.double_ratings import Part, Spoken
from interview_ai.jobs import Lease
from interview_ai.rescoring import LEARNED, Anew
from interview_ai.rules import scoring
from interview_ai.rules.evidence import Rubric, Score
from interview_ai.tables import Answer, Calibration, Interview
from worker import fitted
from worker.fitted import Placed

log = logging.getLogger(__name__)
SOON_S = 1
STOPPED_S = 60


@dataclass(frozen=True, slots=True)
class Given:
    """All of an opening that its points are worked out from. `named`: what was in use when this was read."""

    opening_id: str
    stopped: bool
    rubric: Rubric
    said: Mapping[str, Spoken]
    used: Mapping[str, Calibration]
    placed: Mapping[str, Placed]
    named: frozenset[str]


def perform(lease: Lease) -> None:
    """Reads, works out, keeps."""
    given = read(lease.organisation_id, lease.answer_id)
    keep(lease, given, [] if given.stopped else anew(given))


def keep(lease: Lease, given: Given, found: Sequence[Anew]) -> None:
    """Keeps what was found and ends the piece of work, or puts it off.

    EU-5: while the opening's scoring is stopped it waits. Where somebody applied or withdrew a calibration since
    `given` was read, it begins anew.
    """
    with transaction(lease.organisation_id) as session:
        if given.stopped:
            jobs.postpone(session, lease, STOPPED_S)
        elif _named(calibrations.in_use(session, given.opening_id)) != given.named:
            jobs.postpone(session, lease, SOON_S)
        else:
            jobs.finish(session, lease)
            rescoring.keep(session, given.opening_id, found)


def again(organisation_id: str, answer_id: str) -> tuple[Score | None, str]:
    """The score that the calibrations in use give one answer, None where they abstain, and its version."""
    given = read(organisation_id, answer_id)
    wanted = _wanted(given)
    places = (
        (name, place)
        for name, one in given.said.items()
        for place, part in enumerate(one.parts)
        if part.answer_id == answer_id
    )
    name, place = next(places)
    return wanted[name][place], _version(given)


def read(organisation_id: str, answer_id: str) -> Given:
    """The opening of an answer."""
    with reading(organisation_id) as session:
        interview_id = session.get_one(Answer, answer_id).interview_id
        opening = queries.opening(session, session.get_one(Interview, interview_id).opening_id)
        rubric, said = queries.rubric_of(opening), double_ratings.spoken(session, opening.id)
        tasks = fitted.tasks(opening)
        used = calibrations.in_use(session, opening.id)
        learned = {name: calibrations.learned_from(session, row, said) for name, row in used.items()}
        placed = {
            name: fitted.placed(fitted.lesson(tasks[name], one.own, one.elsewhere))
            for name, one in learned.items()
            if one
        }
        repeated = {name: used[name] for name, some in placed.items() if fitted.digest(some) == used[name].digest}
        for name in used.keys() - repeated.keys():
            log.warning("calibration %s cannot be repeated: its examples, or the code, are not the same", used[name].id)
        stopped = opening.scoring_stopped_at is not None
        return Given(opening.id, stopped, rubric, said, repeated, placed, _named(used))


def _named(used: Mapping[str, Calibration]) -> frozenset[str]:
    return frozenset(row.id for row in used.values())


def anew(given: Given) -> list[Anew]:
    """The scores that differ from what is stored.

    A calibration that cannot be repeated any more is not used: answers that come then get the rule's points, and
    points that were learned before stay, with their version.
    """
    if len(given.used) < len(given.named):
        return []
    return differing(given, _wanted(given))


def _wanted(given: Given) -> dict[str, tuple[Score | None, ...]]:
    found = {name: fitted.estimates(given.placed[name], given.said) for name in given.used}
    return fitted.scores(given.said, found, given.rubric)


def differing(given: Given, wanted: Mapping[str, Sequence[Score | None]]) -> list[Anew]:
    """Which of the wanted scores, by interview and answer, are not stored and may replace what is."""
    version = _version(given)
    return [
        Anew(part.answer_id, part.row_id, score, version)
        for name, one in given.said.items()
        for part, score in zip(one.parts, wanted[name], strict=True)
        if _may_change(part) and _differs(part, score, version)
    ]


def _version(given: Given) -> str:
    """`grading-1@digest` for each calibration, behind the rule's own version where it still gives some criteria."""
    learned = [
        f"{given.used[item.id].version}@{given.used[item.id].digest}"
        for item in given.rubric.criteria
        if item.id in given.used
    ]
    ruled = [scoring.VERSION] if len(learned) < len(given.rubric.criteria) else []
    return "+".join([*ruled, *learned])


def _may_change(part: Part) -> bool:
    """Not where the machine abstains for another reason than a calibration's: a second opinion that contradicts."""
    return part.score is not None or LEARNED in part.scoring


def _differs(part: Part, score: Score | None, version: str) -> bool:
    """The rule's own points are given anew only to what was calibrated: an older version of the rule stands."""
    if LEARNED not in version and LEARNED not in part.scoring:
        return False
    return (part.score, part.scoring) != (score, version)
