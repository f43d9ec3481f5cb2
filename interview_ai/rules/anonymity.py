"""When a university's outcome figure may be shown: figures of disjoint groups only, each moving by many people at once.

The reader knows the roster, knows by name who finished and keeps every report. So only groups that do not overlap get a
figure, and whatever a page shows is a sum of those: no filter and no total can be subtracted from another one. A group
is a department, one cohort of a department, or the rest of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 5
"""Fewer people than that are never told apart from the others of their group."""
REST = ""
"""In place of a department: all that have no figure of their own; in place of a cohort: the same in a department."""

Group = tuple[str, str]
"""A department and a cohort."""


@dataclass(frozen=True, slots=True)
class Count:
    """Students of one group: how many finished, of how many something holds (`yes`) and of how many it does not (`no`).

    `quiet_yes` and `quiet_no`: the same without those who told the university their result themselves.
    """

    people: int = 0
    yes: int = 0
    no: int = 0
    quiet_yes: int = 0
    quiet_no: int = 0

    def __add__(self, other: Count) -> Count:
        """Both groups together."""
        return Count(
            self.people + other.people,
            self.yes + other.yes,
            self.no + other.no,
            quiet_yes=self.quiet_yes + other.quiet_yes,
            quiet_no=self.quiet_no + other.quiet_no,
        )


@dataclass(frozen=True, slots=True)
class Release:
    """What is shown from now on: figures that are new or moved, and groups that were divided up without a rest."""

    moved: dict[Group, int]
    ended: frozenset[Group]


def release(groups: Mapping[Group, Count], shown: Mapping[Group, int], *, all_may: bool) -> Release:
    """What of `groups`, each one cohort of a department, may be shown now that `shown` is known.

    `all_may`: whether it may be told that something holds of everybody in a group. That everybody was decided about
    tells nobody's result; that everybody was hired, or nobody, would.
    """
    moved: dict[Group, int] = {}
    ended: set[Group] = set()
    departments = _departments(groups)
    own = {department for department, _ in shown if department != REST}
    for department in sorted(own & departments.keys()):
        _within(department, departments[department], shown, all_may=all_may, moved=moved, ended=ended)
    rest = {name: _sum(cohorts.values()) for name, cohorts in departments.items() if name not in own}
    divided = _divided(rest, shown.get((REST, REST)), all_may=all_may)
    for name, whole in divided.items():
        cohorts = _divided(departments[name], None, all_may=all_may) if name != REST else {REST: whole}
        moved |= {(name, cohort): count.yes for cohort, count in cohorts.items()}
    if divided and REST not in divided and (REST, REST) in shown:
        ended.add((REST, REST))
    return Release(moved, frozenset(ended))


def _departments(groups: Mapping[Group, Count]) -> dict[str, dict[str, Count]]:
    found: dict[str, dict[str, Count]] = {}
    for (department, cohort), count in groups.items():
        found.setdefault(department, {})[cohort] = count
    return found


def _within(
    department: str,
    cohorts: Mapping[str, Count],
    shown: Mapping[Group, int],
    *,
    all_may: bool,
    moved: dict[Group, int],
    ended: set[Group],
) -> None:
    """A department that has figures already: its cohorts that have one, and the rest of it."""
    for cohort, count in cohorts.items():
        there = shown.get((department, cohort))
        if there is not None and tells_nobody(count, all_may=all_may) and _moves(count, there):
            moved[department, cohort] = count.yes
    rest = {cohort: count for cohort, count in cohorts.items() if (department, cohort) not in shown}
    divided = _divided(rest, shown.get((department, REST)), all_may=all_may)
    moved |= {(department, cohort): count.yes for cohort, count in divided.items()}
    if divided and REST not in divided and (department, REST) in shown:
        ended.add((department, REST))


def tells_nobody(count: Count, *, all_may: bool) -> bool:
    """Whether the figure of this group says of no few people what holds of them, nor of the few whom it leaves out."""
    everybody = all_may and count.no == 0
    return count.quiet_yes >= LEAST and (count.quiet_no >= LEAST or everybody)


def _moves(count: Count, there: int) -> bool:
    """A figure that moved by one since the last report would tell of the one person who finished in between."""
    return abs(count.yes - there) >= LEAST


def _divided(members: Mapping[str, Count], there: int | None, *, all_may: bool) -> dict[str, Count]:
    """The members that get a figure of their own and the rest, all at once; nothing where nothing may be said now.

    What may not stand alone is put together with the smallest that may, until the rest tells nobody either: otherwise
    the rest would be what is left of the whole (complementary suppression).
    """
    whole = _sum(members.values())
    if not tells_nobody(whole, all_may=all_may) or (there is not None and not _moves(whole, there)):
        return {}
    alone = [name for name, count in members.items() if tells_nobody(count, all_may=all_may)]
    alone.sort(key=lambda name: (-members[name].yes, name))
    rest = _sum(count for name, count in members.items() if name not in alone)
    while alone and rest.people and not tells_nobody(rest, all_may=all_may):
        rest += members[alone.pop()]
    found = {name: members[name] for name in alone}
    return found | {REST: rest} if rest.people else found


def _sum(counts: Iterable[Count]) -> Count:
    return sum(counts, Count())
