"""A seeded slice of the hostile rosters, on every run of the tests; `make faults` sends three thousand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests import campaigning as made
from tests.faults import rosters

COUNT = 150


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
def test_hostile_rosters_are_refused_or_faulty_and_nothing_else(home: Path) -> None:
    region = made.region()
    came = Counter(rosters.one(region, number) for number in range(COUNT))
    assert came.total() == COUNT
    assert came["refused"] > 20 and came["preview"] > 20 and came["sent True"] > 2


def test_a_hostile_roster_is_the_same_for_its_number() -> None:
    assert all(rosters.hostile(number) == rosters.hostile(number) for number in (1, 2, 6, 8))
