"""Which candidates one page of the ranked list holds, for one reader: filters, the order, and only as many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select

from interview_ai import tallies
from interview_ai.filters import let_through, shown
from interview_ai.rules import bands
from interview_ai.rules.bands import LOTS, SHUFFLES, Order
from interview_ai.sight import PAGE, Sight, Wanted
from interview_ai.tables import CriterionPoints, OwnPoints, StandingRow

LARGE = 4 * PAGE  # of a band: above it only the lots are read that a page needs
SPARE = 2  # times as many lots as a page needs on average


@dataclass(frozen=True, slots=True)
class Page:
    """The interviews of one page in their order, and how many there are on all pages."""

    ids: tuple[str, ...]
    total: int
    number: int
    size: int

    @property
    def first(self) -> int:
        """At which place of the whole list the page begins, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))


def choices(sight: Sight) -> dict[str, int]:
    """How many candidates each of SHOWN lets through; hidden points tell none of them anything."""
    counts = sight.counts
    mine = sight.own_stages
    return {
        "all": counts["all"],
        "rate": sum(counts[f"stage:{stage}"] - mine.get(stage, 0) for stage in sight.ready),
        "decide": sum(mine.get(stage, 0) for stage in (*sight.ready, "working")),
        "unscored": tallies.unscored(counts, stopped=sight.stopped),
        "decided": counts["decided"],
    }


def page(sight: Sight, wanted: Wanted) -> Page:
    """One page. Beyond the last one it is the last.

    A filter makes a list of those it lets through, and whoever has no points there, or none that the reader may see
    yet, stands at their place of arrival among them (`bands.woven`): the same place on whichever page that is.
    """
    here = let_through(sight, wanted)
    met = _met(sight, here) if wanted.words and wanted.sort == "bands" else None
    total = _total(sight, wanted, here) if met is None else len(met)
    number = min(max(1, wanted.page), max(1, -(-total // wanted.size)))
    start = wanted.size * (number - 1)
    ids = _on_page(sight, wanted, here, start) if met is None else tuple(met[start : start + wanted.size])
    return Page(ids, total, number, wanted.size)


def _met(sight: Sight, here: Sequence[ColumnElement[bool]]) -> list[str]:
    """All whom a search met, in their order: the text index is asked once, and what it says is read once."""
    wanted = select(StandingRow.interview_id, StandingRow.number, sight.visible.label("seen")).where(*here)
    rows = sight.session.execute(wanted.order_by(_place(sight), *_own_order(sight.order))).all()
    arrival = {number: place for place, number in enumerate(sorted(number for _, number, _ in rows))}
    others = {arrival[number]: one for one, number, seen in rows if not seen}
    return bands.woven([one for one, _, seen in rows if seen], others)


def _on_page(sight: Sight, wanted: Wanted, here: Sequence[ColumnElement[bool]], start: int) -> tuple[str, ...]:
    if wanted.sort in ("arrival", "newest"):
        place = StandingRow.number.desc() if wanted.sort == "newest" else StandingRow.number
        return _ids(sight, select(StandingRow.interview_id).where(*here).order_by(place), start, wanted.size)
    if wanted.sort == "own":
        return _ids(sight, _by_own_rating(sight, here), start, wanted.size)
    return _woven(sight, wanted, here, start)


def _ids(sight: Sight, ordered: Select[Any], start: int, limit: int) -> tuple[str, ...]:
    return tuple(sight.session.scalars(ordered.offset(start).limit(limit)))


def _total(sight: Sight, wanted: Wanted, here: Sequence[ColumnElement[bool]]) -> int:
    if not wanted.narrowed:
        return choices(sight)[wanted.show]
    return sight.session.scalars(select(func.count()).select_from(StandingRow).where(*here)).one()


def _woven(sight: Sight, wanted: Wanted, here: Sequence[ColumnElement[bool]], start: int) -> tuple[str, ...]:
    seen = _seen(sight, wanted)
    arrived = select(StandingRow.interview_id, StandingRow.number, seen.label("seen")).where(*here)
    window = sight.session.execute(arrived.order_by(StandingRow.number).offset(start).limit(wanted.size)).all()
    others = {place: row.interview_id for place, row in enumerate(window) if not row.seen}
    needed = len(window) - len(others)
    before = _ranked_before(sight, here, start, window[0].number) if needed and start else 0
    ranked = _ranked(sight, wanted, here, start=before, limit=needed) if needed else ()
    # a rating that was kept between the two statements may leave a place: the next news of the list fills it
    waiting = iter(ranked)
    placed = (others[place] if place in others else next(waiting, None) for place in range(len(window)))
    return tuple(one for one in placed if one is not None)


def _seen(sight: Sight, wanted: Wanted) -> ColumnElement[bool]:
    """Whom the order is of: whose band the reader sees, or whose points for the criterion."""
    if wanted.sort != "criterion":
        return sight.visible
    points = select(CriterionPoints.points).where(
        CriterionPoints.interview_id == StandingRow.interview_id, CriterionPoints.criterion == wanted.by
    )
    return sight.visible & points.exists()


def _ranked_before(sight: Sight, here: Sequence[ColumnElement[bool]], start: int, number: int) -> int:
    """How many with a band stand on the pages before: the places that the others there leave."""
    earlier = select(func.count()).select_from(StandingRow).where(*here, StandingRow.number < number)
    if sight.ended:
        return start - sight.session.scalars(earlier.where(~sight.visible)).one()
    own = select(func.count()).select_from(StandingRow).where(*here[1:], StandingRow.number < number)
    return int(sight.session.scalars(sight.own(own).where(sight.ranked)).one())


def _ranked(
    sight: Sight, wanted: Wanted, here: Sequence[ColumnElement[bool]], *, start: int, limit: int
) -> tuple[str, ...]:
    # whom the reader rated, and points for a criterion, are of this opening: without its own condition both databases
    # begin with them
    begins = here if sight.ended and wanted.sort != "criterion" else here[1:]
    ids = select(StandingRow.interview_id).where(*begins, sight.ranked)
    ids = ids if sight.ended else sight.own(ids)
    if wanted.sort == "criterion":
        # by the points' own index, so that only one level of ties is shuffled
        points = (CriterionPoints.interview_id == StandingRow.interview_id) & (CriterionPoints.criterion == wanted.by)
        ordered = ids.join(CriterionPoints, points).where(CriterionPoints.opening_id == sight.opening.id)
        ordered = ordered.order_by(CriterionPoints.points.desc())
        return _ids(sight, ordered.order_by(*_own_order(sight.order)), start, limit)
    if sight.ended and wanted.show == "all" and not wanted.narrowed:
        return _banded(sight, ids, start, limit)
    return _ids(sight, ids.order_by(_place(sight), *_own_order(sight.order)), start, limit)


def _place(sight: Sight) -> ColumnElement[int]:
    """The place of a row's band, from 0; while nobody has points all are alike."""
    last = len(bands.LETTERS) - 1
    reached = [(StandingRow.high >= edge, place) for place, edge in enumerate(sight.edges)]
    return case(*reached, else_=last) if reached else literal(last)


def _own_order(order: Order) -> tuple[Any, ...]:
    """`Order.key` in the database's arithmetic."""
    lot = (StandingRow.lot * order.factor + order.shift) % literal(LOTS)
    return lot, StandingRow.shuffle * order.inner % literal(SHUFFLES), StandingRow.number


def _by_own_rating(sight: Sight, here: Sequence[ColumnElement[bool]]) -> Select[Any]:
    own = (OwnPoints.interview_id == StandingRow.interview_id) & (OwnPoints.staff_id == sight.member.id)
    found = select(StandingRow.interview_id).join(OwnPoints, own).where(*here)
    return found.order_by(OwnPoints.points.desc(), *_own_order(sight.order))


def _banded(sight: Sight, ids: Select[Any], start: int, limit: int) -> tuple[str, ...]:
    """Out of all bands: each that the page reaches into, by the counts of what lies before."""
    sizes = [0] * len(sight.edges)
    for _, high, count in sight.ranks:
        sizes[bands.LETTERS.index(bands.letter(sight.edges, high))] += count
    found: tuple[str, ...] = ()
    for place, size in enumerate(sizes):
        if start < size and len(found) < limit:
            found += _of_band(sight, ids, place, size=size, start=start, limit=limit - len(found))
        start = max(0, start - size)
    return found


def _inside(sight: Sight, place: int, high: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """Between which upper ends the band at `place` lies; the last one is open below."""
    least = [high >= sight.edges[place]] if place < len(bands.LETTERS) - 1 else []
    return [*least, high < sight.edges[place - 1]] if place else least


def _of_band(sight: Sight, ids: Select[Any], place: int, *, size: int, start: int, limit: int) -> tuple[str, ...]:
    """Out of one band: of a large one only the lots that the page needs, in the reader's order of lots."""
    of_band = ids.where(*_inside(sight, place, StandingRow.high.expression))
    if size <= LARGE:
        return _ids(sight, of_band.order_by(*_own_order(sight.order)), start, limit)
    # a sum is in no index: both databases then look the few lots up instead of walking the whole band
    by_lot = ids.where(*_inside(sight, place, StandingRow.high + 0.0)).order_by(*_own_order(sight.order))
    lots = sight.order.first(2 + SPARE * LOTS * (start + limit) // size)
    if len(lots) < LOTS // 2:
        found = _ids(sight, by_lot.where(StandingRow.lot.in_(lots)), start, limit)
        if len(found) == min(limit, size - start):
            return found
    counted = of_band.with_only_columns(StandingRow.lot, func.count()).group_by(StandingRow.lot)
    drawn = dict(sight.session.execute(counted).all())
    needed, before, reached = [], 0, 0
    for lot in sight.order.first(LOTS):
        if reached + drawn.get(lot, 0) <= start:
            before += drawn.get(lot, 0)
        elif reached < start + limit:
            needed.append(lot)
        reached += drawn.get(lot, 0)
    return _ids(sight, by_lot.where(StandingRow.lot.in_(needed)), start - before, limit)


def nearest(sight: Sight, choices: Sequence[str], *, after: int) -> str | None:
    """The candidate whom any of these filters lets through with the next higher number, or else the lowest."""
    able = or_(*(shown(sight, show) for show in choices))
    there = select(StandingRow.interview_id).where(StandingRow.opening_id == sight.opening.id, able)
    for rest in (StandingRow.number > after, StandingRow.number < after):
        found = sight.session.scalars(there.where(rest).order_by(StandingRow.number).limit(1)).first()
        if found:
            return found
    return None
