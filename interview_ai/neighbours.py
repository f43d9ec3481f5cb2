"""Who stands before and after a candidate in the ranked list as the reader asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from interview_ai import queries, ranking
from interview_ai.filters import let_through
from interview_ai.organisations import Member
from interview_ai.sight import Sight, Wanted
from interview_ai.tables import Interview, Opening, StandingRow


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody beside a candidate, and on which page of the list they stand."""

    interview_id: str
    page: int


@dataclass(frozen=True, slots=True)
class Around:
    """Where one candidate stands: both neighbours, and the page of the list to go back to."""

    before: Neighbour | None
    after: Neighbour | None
    page: int


def around(session: Session, member: Member, opening: Opening, interview: Interview, *, wanted: Wanted) -> Around:
    """The neighbours on the page that is asked for or one beside it.

    Whoever is not there (a rating has just moved them, or the address came from elsewhere) has those who arrived
    before and after them among whom the filters let through.
    """
    sight = Sight(session, member, opening)
    wanted = queries.offered(opening, wanted)
    for page in _pages(sight, wanted):
        if interview.id in page.ids:
            return _on(sight, wanted, page, page.ids.index(interview.id))
    here = select(StandingRow.interview_id).where(*let_through(sight, wanted))
    before = here.where(StandingRow.number < interview.number).order_by(StandingRow.number.desc())
    after = here.where(StandingRow.number > interview.number).order_by(StandingRow.number)
    sides = [session.scalars(side.limit(1)).first() for side in (before, after)]
    first, second = (Neighbour(one, wanted.page) if one else None for one in sides)
    return Around(first, second, wanted.page)


def _pages(sight: Sight, wanted: Wanted) -> Iterator[ranking.Page]:
    """The page that is asked for, the next, the one before."""
    first = ranking.page(sight, wanted)
    yield first
    for number in (first.number + 1, first.number - 1):
        if 1 <= number <= first.last:
            yield ranking.page(sight, replace(wanted, page=number))


def _on(sight: Sight, wanted: Wanted, page: ranking.Page, place: int) -> Around:
    def side(step: int) -> Neighbour | None:
        if 0 <= place + step < len(page.ids):
            return Neighbour(page.ids[place + step], page.number)
        number = page.number + step
        beyond = ranking.page(sight, replace(wanted, page=number)).ids if 1 <= number <= page.last else ()
        return Neighbour(beyond[-1 if step < 0 else 0], number) if beyond else None

    return Around(side(-1), side(1), page.number)
