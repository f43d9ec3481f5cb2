"""What came of fewer than five students is never learned from figures: not from one report, and not from all of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from interview_ai import outcome_figures, overviews, progress
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.progress import Wanted
from interview_ai.rules.anonymity import LEAST, REST, Count, Group, release
from tests.bench import region
from tests.browser import Browser
from tests.law.attacker import Attacker, Class, Report

TIMES = 5
GROUPS: list[Group] = [("A", "1"), ("A", "2"), ("B", "1"), ("B", "2"), ("C", "1")]
SIZES = (30, 26, 22, 18, 4)
EVERYBODY = ("*", "*")
Shown = dict[str, dict[Group, int]]


@dataclass(frozen=True)
class Person:
    """One student of a made-up history; a time that never comes is TIMES."""

    group: Group
    finished: int
    decided: int
    hired: int


def history(seed: int, share: float = 0.5) -> list[Person]:
    chance = random.Random(seed)
    found = []
    for group, size in zip(GROUPS, SIZES, strict=True):
        for _ in range(size):
            finished = chance.choice([0, 0, 0, 1, 2, 3, 4])
            decided = finished + chance.choice([0, 0, 1, 1, 2, 4])
            hired = decided + chance.choice([0, 0, 1]) if chance.random() < share else TIMES
            found.append(Person(group, finished, min(decided, TIMES), min(hired, TIMES)))
    return found


def counted(people: list[Person], time: int, stage: str) -> dict[Group, Count]:
    found: dict[Group, Count] = {}
    for one in people:
        if one.finished > time:
            continue
        decided, hired = one.decided <= time, one.hired <= time
        yes = decided if stage == "decided" else hired
        no = not decided if stage == "decided" else decided and not hired
        more = Count(1, int(yes), int(no), quiet_yes=int(yes), quiet_no=int(no))
        found[one.group] = found.get(one.group, Count()) + more
    return found


def as_ruled(groups: dict[Group, Count], shown: dict[Group, int], stage: str) -> dict[Group, int]:
    """What the rule shows anew, and `shown` afterwards."""
    found = release(groups, shown, all_may=stage == "decided")
    for block in found.ended:
        del shown[block]
    shown.update(found.moved)
    return found.moved


def as_they_are(groups: dict[Group, Count], shown: dict[Group, int], stage: str) -> dict[Group, int]:
    """The total and every figure of five and more: what a page would show that only hides small numbers."""
    total = {EVERYBODY: sum(count.yes for count in groups.values())}
    return total | {group: count.yes for group, count in groups.items() if count.yes >= LEAST}


Show = Callable[[dict[Group, Count], dict[Group, int], str], dict[Group, int]]


def reports(people: list[Person], show: Show) -> list[Report]:
    shown: Shown = {"decided": {}, "hired": {}}
    found = []
    for time in range(TIMES):
        for stage, there in shown.items():
            groups = counted(people, time, stage)
            for block, n in show(groups, there, stage).items():
                found.append(Report(time, frozenset(_about(block, there)), stage, n))
    return found


def _about(block: Group, shown: dict[Group, int]) -> list[Group]:
    department, cohort = block
    if block == EVERYBODY:
        return GROUPS
    own = {name for name, _ in shown if name != REST}
    if department == REST:
        return [group for group in GROUPS if group[0] not in own]
    return [block] if cohort != REST else [one for one in GROUPS if one[0] == department and one not in shown]


def learned(seed: int, show: Show) -> list[tuple[dict[Class, int], str, int]]:
    """Everything about fewer than five people that the attacker knows to the number."""
    people = history(seed)
    classes = Counter(Class(one.group, one.finished) for one in people)
    told = reports(people, show)
    attacker = Attacker(classes, told, TIMES)
    chance = random.Random(seed)
    few: list[dict[Class, int]] = [{one: 1} for one in classes]
    few += [{one: n} for one, n in classes.items() if 1 < n < LEAST]
    whole = {group: {one: n for one, n in classes.items() if one.group == group} for group in GROUPS}
    few += [found for found in whole.values() if sum(found.values()) < LEAST]
    few += [dict(Counter(chance.sample(list(classes), 3))) for _ in range(4)]
    found = []
    for some in few:
        # that everybody was decided about may be said: it tells nobody's result
        for stage in ("hired", "other"):
            least, most = attacker.knows(some, stage)
            if least == most:
                found.append((some, stage, least))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_whoever_keeps_every_report_learns_the_outcome_of_no_group_under_five(seed: int) -> None:
    assert any(report.stage == "hired" for report in reports(history(seed), as_ruled))
    assert learned(seed, as_ruled) == []


def test_the_same_attacker_learns_where_only_small_numbers_are_hidden() -> None:
    assert learned(0, as_they_are) != []


def test_a_universitys_pages_show_no_figure_of_outcomes_but_the_published_ones(anywhere: str) -> None:
    made = region.make(400, employers=4, universities=2)
    seoyeon = made.universities[0]
    with transaction(EVERYWHERE) as session:
        assert outcome_figures.publish(session, seoyeon.organisation_id)
    hired: Counter[str] = Counter()
    for row in made.rows:
        hired[row["department"]] += row["university"] == seoyeon.organisation_id and row["kind"] == "hired"
    with reading(EVERYWHERE) as session:
        found = progress.overview(session, seoyeon, Wanted())
        filtered = progress.overview(session, seoyeon, Wanted(opening_id=made.openings[0][0]))
        assert all(
            (line.funnel.decided, line.funnel.hired) == (0, 0) for line in overviews.university(session, seoyeon)
        )
    assert found.hired is not None and found.hired.shown
    assert (filtered.decided, filtered.hired) == (None, None)
    for department, n in hired.items():
        figure = found.hired.of_department(department)
        assert figure is None or figure.n >= LEAST
        assert n >= LEAST or figure is None


def test_nothing_moves_for_one_more_hire(home: Path) -> None:
    made = region.make(300, employers=2, universities=1)
    seoyeon = made.universities[0]
    with transaction(EVERYWHERE) as session:
        assert outcome_figures.publish(session, seoyeon.organisation_id)
    with reading(EVERYWHERE) as session:
        before = outcome_figures.shown(session, seoyeon.organisation_id, "hired")
    region.decide(made, "hired", 1)
    with transaction(EVERYWHERE) as session:
        assert outcome_figures.publish(session, seoyeon.organisation_id) == 0
    with reading(EVERYWHERE) as session:
        assert outcome_figures.shown(session, seoyeon.organisation_id, "hired") == before
    browser = Browser()
    browser.sign_in(seoyeon.email)
    assert browser.get("/staff/progress").status_code == 200
