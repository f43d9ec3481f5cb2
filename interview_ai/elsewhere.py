"""Double ratings of the same competency in the organisation's other openings: where a new opening starts from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from interview_ai import double_ratings, library, queries
from interview_ai.double_ratings import RATERS, Sample
from interview_ai.rules.calibration import FEWEST
from interview_ai.rules.evidence import Criterion
from interview_ai.tables import Opening

FEWEST_OPENINGS = 2  # with one alone nobody could see how far its ratings carry over to another
MOST_OPENINGS = 10  # the newest
MOST_INTERVIEWS = 200  # of each, the first that came
ENOUGH = 100  # own double ratings from which others' are not asked any more


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another opening of the same organisation, its criterion of the same competency, and what was double-rated."""

    opening: Opening
    criterion: str
    samples: tuple[Sample, ...]


def neighbours(
    session: Session, opening: Opening, criterion: Criterion, *, rated: int, people: Collection[int]
) -> tuple[Neighbour, ...]:
    """The openings whose double ratings may help a criterion of this one, which has `rated` of its own; newest first.

    None where it has too few to report anything, or enough by itself, and none where only one could help. `people` of
    this opening are left out there: nobody is judged by a model that has seen their own ratings.
    """
    if not FEWEST <= rated < ENOUGH:
        return ()
    found = (_neighbour(session, other, criterion, people) for other in _others(session, opening))
    kept = tuple(islice((one for one in found if one), MOST_OPENINGS))
    return kept if len(kept) >= FEWEST_OPENINGS else ()


def _others(session: Session, opening: Opening) -> Sequence[Opening]:
    """In the same language; what was rated in a demonstration never helps with real applicants."""
    alike = (
        Opening.organisation_id == opening.organisation_id,
        Opening.language == opening.language,
        Opening.demonstration == opening.demonstration,
        Opening.id != opening.id,
    )
    loaded = (selectinload(Opening.rubric), selectinload(Opening.questions))
    return session.scalars(
        select(Opening).where(*alike).options(*loaded).order_by(Opening.created_at.desc(), Opening.id)
    ).all()


def _neighbour(session: Session, other: Opening, criterion: Criterion, people: Collection[int]) -> Neighbour | None:
    same = next((item.id for item in queries.rubric_of(other).criteria if same_competency(item, criterion)), None)
    levels = double_ratings.given(session, other.id).get(same, {}) if same else {}
    double = [name for name, given in levels.items() if len(given) >= RATERS]
    if same is None or len(double) < FEWEST:
        return None
    said = double_ratings.spoken(session, other.id, among=double)
    samples = [one for one in double_ratings.samples(said, levels) if one.spoken.person not in people]
    return Neighbour(other, same, tuple(samples[:MOST_INTERVIEWS])) if len(samples) >= FEWEST else None


def same_competency(one: Criterion, other: Criterion) -> bool:
    """A competency of the library by its id; one that an employer wrote, by its name in either language."""
    if one.id == other.id and one.id in library.competencies():
        return True
    return any(_plain(one.name.text(of)) == _plain(other.name.text(of)) != "" for of in ("ko", "en"))


def _plain(name: str) -> str:
    return "".join(name.lower().split())


def sources(neighbour: Neighbour) -> list[dict[str, Any]]:
    """What a calibration keeps of it: as of its own interviews, and the opening and criterion besides."""
    about = {"opening": neighbour.opening.id, "criterion": neighbour.criterion}
    return [{**double_ratings.source(sample, neighbour.criterion), **about} for sample in neighbour.samples]


def again(session: Session, organisation_id: str, kept: Sequence[Mapping[str, Any]]) -> tuple[Neighbour, ...] | None:
    """The neighbours that these sources name, in their order; None where some is gone or another."""
    named = list(dict.fromkeys((source["opening"], source["criterion"]) for source in kept))
    found = [
        _again(session, organisation_id, name, [one for one in kept if one["opening"] == name[0]]) for name in named
    ]
    there = tuple(one for one in found if one)
    return there if len(there) == len(named) else None


def _again(
    session: Session, organisation_id: str, name: tuple[str, str], kept: Sequence[Mapping[str, Any]]
) -> Neighbour | None:
    loaded = (selectinload(Opening.rubric), selectinload(Opening.questions))
    wanted = select(Opening).where(Opening.id == name[0], Opening.organisation_id == organisation_id)
    opening = session.scalars(wanted.options(*loaded)).first()
    if opening is None or name[1] not in {item.id for item in queries.rubric_of(opening).criteria}:
        return None
    said = double_ratings.spoken(session, opening.id, among=[source["interview"] for source in kept])
    samples = double_ratings.repeated(kept, said, name[1])
    return Neighbour(opening, name[1], samples) if samples else None


def interviews(found: Sequence[Neighbour]) -> int:
    """How many double-rated interviews there are in all of them."""
    return sum(len(one.samples) for one in found)
