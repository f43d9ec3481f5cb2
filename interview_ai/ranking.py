"""Which candidates one page of the ranked list holds, for one reader: filters, the order, and only as many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, case, false, func, literal, or_, select, true
from sqlalchemy.orm import Session

from interview_ai import flags, search, tallies
from interview_ai.organisations import Member
from interview_ai.rules import bands, searching
from interview_ai.rules.bands import LOTS, SHUFFLES, Order
from interview_ai.tables import CriterionPoints, Opening, OwnPoints, StandingRow

PAGE = 50  # candidates
SHOWN = ("all", "rate", "decide", "unscored", "decided")
SORTS = ("bands", "criterion", "own", "arrival", "newest")
LARGE = 4 * PAGE  # of a band: above it only the lots are read that a page needs
FEW = 2000  # rated by one reader; above it a statement would grow long
SPARE = 2  # times as many lots as a page needs on average


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks of the list.

    `by`: the criterion that `sort` criterion means. `least`: of the points for `criterion`. `rater`: whoever has rated
    them. `words`: what was typed.
    """

    show: str = "all"
    sort: str = "bands"
    by: str = ""
    criterion: str = ""
    least: int = 0
    rater: str = ""
    flag: str = ""
    words: str = ""
    page: int = 1
    size: int = PAGE

    @property
    def narrowed(self) -> bool:
        """Whether there are candidates who may not be let through, and nobody counted how many."""
        return bool((self.criterion and self.least) or self.rater or self.flag or self.words or self.sort == "own")


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


class Sight:
    """What one reader sees of one opening's standings: bands, who has rated, what is hidden from them (EU-5)."""

    def __init__(self, session: Session, member: Member, opening: Opening) -> None:
        self.session, self.member, self.opening = session, member, opening
        self.ended = opening.first_pass_ended_at is not None
        self.stopped = opening.scoring_stopped_at is not None
        self.order = bands.order_of(member.id)

    @cached_property
    def counts(self) -> tallies.Counts:
        """The counts of the opening."""
        return tallies.read(self.session, self.opening.id)

    @cached_property
    def ranks(self) -> list[tuple[float, float, int]]:
        """Points, upper end, how many."""
        return [] if self.stopped else tallies.ranks(self.session, self.opening.id)

    @cached_property
    def edges(self) -> tuple[float, ...]:
        """Where bands begin, over all who have points."""
        return bands.edges((points, high) for points, high, _ in self.ranks)

    @cached_property
    def own_stages(self) -> dict[str, int]:
        """At which stage those are whom the reader has rated."""
        wanted = self.own(select(StandingRow.stage, func.count())).group_by(StandingRow.stage)
        return dict(self.session.execute(wanted).all())

    @cached_property
    def own_ids(self) -> list[str]:
        """The interviews that the reader has rated in full, as far as they are few."""
        return list(self.session.scalars(self.rated.limit(FEW + 1)))

    def own(self, wanted: Any) -> Any:
        """Only whom the reader has rated: named one by one while they are few, so that nothing walks the opening."""
        if len(self.own_ids) <= FEW:
            return wanted.where(StandingRow.interview_id.in_(self.own_ids))
        return wanted.where(StandingRow.opening_id == self.opening.id, StandingRow.interview_id.in_(self.rated))

    @property
    def rated(self) -> Select[Any]:
        """The ids of interviews that the reader has rated in full."""
        return rated_by(self.opening.id, self.member.id)

    @property
    def ranked(self) -> ColumnElement[bool]:
        """Who stands in a band; while scoring is stopped nobody does, whoever gave the points (EU-5)."""
        return false() if self.stopped else StandingRow.high.is_not(None) & (StandingRow.state != "withdrawn")

    @property
    def visible(self) -> ColumnElement[bool]:
        """Whose band this reader sees."""
        return self.ranked if self.ended else self.ranked & StandingRow.interview_id.in_(self.rated)


def rated_by(opening_id: str, staff_id: str) -> Select[Any]:
    """The ids of interviews that somebody has rated in full."""
    return select(OwnPoints.interview_id).where(OwnPoints.opening_id == opening_id, OwnPoints.staff_id == staff_id)


def choices(sight: Sight) -> dict[str, int]:
    """How many candidates each of SHOWN lets through; hidden points tell none of them anything."""
    counts = sight.counts
    mine = sight.own_stages
    return {
        "all": counts["all"],
        "rate": counts["stage:ready"] - mine.get("ready", 0),
        "decide": mine.get("ready", 0) + mine.get("working", 0),
        "unscored": tallies.unscored(counts, stopped=sight.stopped),
        "decided": counts["decided"],
    }


def page(sight: Sight, wanted: Wanted) -> Page:
    """One page. Beyond the last one it is the last.

    A filter makes a list of those it lets through, and whoever has no points there, or none that the reader may see
    yet, stands at their place of arrival among them (`bands.woven`): the same place on whichever page that is.
    """
    here = _let_through(sight, wanted)
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


def _let_through(sight: Sight, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions of all filters, the opening's first.

    Points that the reader may not see let nobody through, and keep nobody out.
    """
    here = [StandingRow.opening_id == sight.opening.id, _shown(sight, wanted.show)]
    if wanted.criterion and wanted.least:
        enough = select(CriterionPoints.interview_id).where(
            CriterionPoints.opening_id == sight.opening.id,
            CriterionPoints.criterion == wanted.criterion,
            CriterionPoints.points >= wanted.least,
        )
        here += [sight.visible, StandingRow.interview_id.in_(enough)]
    if wanted.rater:
        here.append(StandingRow.interview_id.in_(rated_by(sight.opening.id, wanted.rater)))
    if wanted.sort == "own":
        here.append(StandingRow.interview_id.in_(sight.rated))
    if wanted.flag:
        here += _flagged(sight, wanted.flag)
    if wanted.words:
        here += _said(sight, wanted.words)
    return here


def _shown(sight: Sight, show: str) -> ColumnElement[bool]:
    rated = StandingRow.interview_id.in_(sight.rated)
    if show == "rate":
        return (StandingRow.stage == "ready") & ~rated
    if show == "decide":
        return StandingRow.stage.in_(("ready", "working")) & rated
    if show == "decided":
        return StandingRow.decision.is_not(None)
    return _unscored(sight) if show == "unscored" else true()


def _unscored(sight: Sight) -> ColumnElement[bool]:
    """Without points though somebody tried; while scoring is stopped, all who answered."""
    if sight.stopped:
        return StandingRow.answered > 0
    reason = func.coalesce(StandingRow.reason_code, "unknown")
    return StandingRow.by.is_(None) & reason.not_in(tallies.UNTRIED)


def _flagged(sight: Sight, flag: str) -> list[ColumnElement[bool]]:
    """That a second opinion contradicts says something about points, so it waits for the reader's own rating."""
    marked = [getattr(StandingRow, flag).is_(True)] if flag in flags.NAMES else []
    if flag == flags.ABOUT_POINTS and not sight.ended:
        marked.append(StandingRow.interview_id.in_(sight.rated))
    return marked


def _said(sight: Sight, typed: str) -> list[ColumnElement[bool]]:
    beginnings = searching.looked_for(typed)
    if not beginnings:
        return [false()]
    met = search.met_by(sight.session, sight.opening.id, beginnings)
    return [StandingRow.mode == "ai", StandingRow.interview_id.in_(met)]


def _woven(sight: Sight, wanted: Wanted, here: Sequence[ColumnElement[bool]], start: int) -> tuple[str, ...]:
    seen = _seen(sight, wanted)
    arrived = select(StandingRow.interview_id, StandingRow.number, seen.label("seen")).where(*here)
    window = sight.session.execute(arrived.order_by(StandingRow.number).offset(start).limit(wanted.size)).all()
    others = {place: row.interview_id for place, row in enumerate(window) if not row.seen}
    needed = len(window) - len(others)
    before = _ranked_before(sight, here, start, window[0].number) if needed and start else 0
    ranked = _ranked(sight, wanted, here, before, needed) if needed else ()
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
    sight: Sight, wanted: Wanted, here: Sequence[ColumnElement[bool]], start: int, limit: int
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
            inside = [StandingRow.high >= sight.edges[place]] if place < len(bands.LETTERS) - 1 else []
            inside += [StandingRow.high < sight.edges[place - 1]] if place else []
            found += _of_band(sight, ids.where(*inside), size, start, limit - len(found))
        start = max(0, start - size)
    return found


def _of_band(sight: Sight, ids: Select[Any], size: int, start: int, limit: int) -> tuple[str, ...]:
    """Out of one band: of a large one only the lots that the page needs, in the reader's order of lots."""
    ordered = ids.order_by(*_own_order(sight.order))
    if size <= LARGE:
        return _ids(sight, ordered, start, limit)
    lots = sight.order.first(2 + SPARE * LOTS * (start + limit) // size)
    if len(lots) < LOTS // 2:
        found = _ids(sight, ordered.where(StandingRow.lot.in_(lots)), start, limit)
        if len(found) == min(limit, size - start):
            return found
    counted = ids.with_only_columns(StandingRow.lot, func.count()).group_by(StandingRow.lot)
    drawn = dict(sight.session.execute(counted).all())
    needed, before, reached = [], 0, 0
    for lot in sight.order.first(LOTS):
        if reached + drawn.get(lot, 0) <= start:
            before += drawn.get(lot, 0)
        elif reached < start + limit:
            needed.append(lot)
        reached += drawn.get(lot, 0)
    return _ids(sight, ordered.where(StandingRow.lot.in_(needed)), start - before, limit)


def nearest(sight: Sight, shown: Sequence[str], *, after: int) -> str | None:
    """The candidate whom any of these filters lets through with the next higher number, or else the lowest."""
    able = or_(*(_shown(sight, show) for show in shown))
    there = select(StandingRow.interview_id).where(StandingRow.opening_id == sight.opening.id, able)
    for rest in (StandingRow.number > after, StandingRow.number < after):
        found = sight.session.scalars(there.where(rest).order_by(StandingRow.number).limit(1)).first()
        if found:
            return found
    return None
