"""Which figures of outcomes may be shown: none of few people, none that differs from the last one by few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules.anonymity import LEAST, REST, Count, Group, release, tells_nobody


def count(yes: int, no: int, *, waiting: int = 0, quiet: int | None = None) -> Count:
    return Count(yes + no + waiting, yes, no, quiet_yes=yes if quiet is None else quiet, quiet_no=no)


counts = st.builds(count, st.integers(0, 30), st.integers(0, 30), waiting=st.integers(0, 3))
groups = st.dictionaries(st.tuples(st.sampled_from("ABCD"), st.sampled_from("123")), counts, max_size=9)


def grown(before: dict[Group, Count], more: dict[Group, Count]) -> dict[Group, Count]:
    return {name: before.get(name, Count()) + more.get(name, Count()) for name in before.keys() | more.keys()}


def people_of(block: Group, all_groups: dict[Group, Count], shown: dict[Group, int]) -> list[Group]:
    """The cohorts whose students a figure is about."""
    department, cohort = block
    own = {name for name, _ in shown if name != REST}
    if department == REST:
        return [name for name in all_groups if name[0] not in own]
    if cohort == REST:
        return [name for name in all_groups if name[0] == department and name not in shown]
    return [block]


@pytest.mark.parametrize(("yes", "no"), [(0, 20), (4, 20), (20, 4), (20, 0), (4, 4)])
def test_few_people_and_the_few_that_are_left_over_are_never_told_apart(yes: int, no: int) -> None:
    assert not release({("A", "1"): count(yes, no)}, {}, all_may=False).moved


def test_that_everybody_was_decided_about_may_be_said_and_that_nobody_was_may_not() -> None:
    assert release({("A", "1"): count(20, 0)}, {}, all_may=True).moved == {("A", "1"): 20}
    assert not release({("A", "1"): count(0, 20)}, {}, all_may=True).moved
    assert not release({("A", "1"): count(20, 3)}, {}, all_may=True).moved


def test_a_small_department_is_put_together_with_the_smallest_that_hides_it() -> None:
    found = {("A", "1"): count(30, 30), ("B", "1"): count(9, 9), ("C", "1"): count(2, 3)}
    assert release(found, {}, all_may=False).moved == {("A", "1"): 30, (REST, REST): 11}


def test_a_figure_stays_until_five_people_moved_it() -> None:
    shown = {("A", "1"): 10}
    assert not release({("A", "1"): count(14, 20)}, shown, all_may=False).moved
    assert release({("A", "1"): count(15, 20)}, shown, all_may=False).moved == {("A", "1"): 15}


def test_a_rest_is_divided_only_when_the_whole_of_it_moved_by_five() -> None:
    shown = {(REST, REST): 12}
    assert not release({("A", "1"): count(6, 9), ("B", "1"): count(7, 9)}, shown, all_may=False).moved
    later = release({("A", "1"): count(8, 9), ("B", "1"): count(9, 9)}, shown, all_may=False)
    assert later.moved == {("A", "1"): 8, ("B", "1"): 9}
    assert later.ended == {(REST, REST)}


def test_who_told_their_result_themselves_hides_nobody() -> None:
    assert not tells_nobody(count(6, 9, quiet=1), all_may=False)


@given(st.lists(groups, min_size=1, max_size=5), st.booleans())
def test_whatever_happens_every_figure_and_every_move_is_of_many_people(
    arrivals: list[dict[Group, Count]], all_may: bool
) -> None:
    now: dict[Group, Count] = {}
    shown: dict[Group, int] = {}
    for more in arrivals:
        now = grown(now, more)
        found = release(now, shown, all_may=all_may)
        before = dict(shown)
        for block in found.ended:
            del shown[block]
        shown |= found.moved
        about = [name for block in shown for name in people_of(block, now, shown)]
        assert len(about) == len(set(about))  # no student is in two figures
        for block, figure in found.moved.items():
            inside = [now[name] for name in people_of(block, now, shown)]
            yes, no = sum(one.yes for one in inside), sum(one.no for one in inside)
            assert figure == yes >= LEAST
            assert no >= LEAST or (all_may and no == 0)
        for block, old in before.items():
            heirs = [found.moved[one] for one in found.moved if one == block or _inside(one, block, before)]
            assert not heirs or abs(sum(heirs) - old) >= LEAST


def _inside(block: Group, older: Group, before: dict[Group, int]) -> bool:
    """Whether a group was part of an older one that was divided."""
    if block in before or older == block:
        return False
    own = {name for name, _ in before if name != REST}
    return block[0] not in own if older == (REST, REST) else older[1] == REST and block[0] == older[0]
