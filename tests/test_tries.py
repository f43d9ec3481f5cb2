"""How often who tried what: counted for all processes, never beyond the limit, forgotten soon, naming nobody."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from interview_ai import tries
from interview_ai.database import EVERYWHERE, reading, transaction
from interview_ai.rules.tries import Rate
from interview_ai.tables import Tries

RATE = Rate(5, 3600)
ROOT = Path(__file__).parents[1]
ANOTHER_PROCESS = """
from interview_ai import tries
from interview_ai.rules.tries import Rate
print(sum(tries.count(Rate({most}, 3600), "sign-in", "10.0.0.1", at_once={once}).allowed for _ in range({times})))
"""


def rows() -> list[Tries]:
    with reading(EVERYWHERE) as session:
        return list(session.scalars(select(Tries)))


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock whose first element is now."""
    clock = [1_800_000_000.0 // 3600 * 3600 + 600]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    return clock


def test_so_many_tries_pass_and_the_next_is_told_how_long_to_wait(anywhere: str, noon: list[float]) -> None:
    passed = [tries.count(RATE, "sign-in", "10.0.0.1") for _ in range(6)]
    assert [(one.allowed, one.left) for one in passed] == [*((True, n) for n in (4, 3, 2, 1, 0)), (False, 0)]
    assert (passed[-1].wait_s, passed[-1].resets_s) == (3000 + 720, 3000)
    assert tries.count(RATE, "sign-in", "10.0.0.2").allowed
    assert tries.count(RATE, "forgotten", "10.0.0.1").allowed
    noon[0] += passed[-1].wait_s + 0.01
    assert tries.count(RATE, "sign-in", "10.0.0.1").allowed
    noon[0] += 3 * 3600
    assert tries.count(RATE, "sign-in", "10.0.0.1").left == 4


def test_a_refused_try_is_not_counted_so_that_who_waits_gets_in(anywhere: str, noon: list[float]) -> None:
    for _ in range(20):
        told = tries.count(RATE, "sign-in", "10.0.0.1")
    assert [row.used for row in rows()] == [5]
    noon[0] += told.wait_s
    assert tries.count(RATE, "sign-in", "10.0.0.1").allowed


def test_a_machine_whose_clock_is_behind_gives_nobody_a_fresh_count(anywhere: str, noon: list[float]) -> None:
    for _ in range(5):
        tries.count(RATE, "sign-in", "10.0.0.1")
    noon[0] -= 3600
    assert not tries.count(RATE, "sign-in", "10.0.0.1").allowed


def test_of_many_who_try_at_once_no_more_pass_than_may(anywhere: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _: tries.count(RATE, "sign-in", "10.0.0.1").allowed, range(40)))
    assert sum(passed) == RATE.most


@pytest.mark.parametrize("once", [1, 5])
def test_processes_count_together_and_a_restart_forgets_nothing(anywhere: str, python: str, once: int) -> None:
    code = ANOTHER_PROCESS.format(most=30, times=20, once=once)
    two = [subprocess.Popen([python, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate(timeout=60)[0]) for process in two) == 30
    assert not tries.count(Rate(30, 3600), "sign-in", "10.0.0.1").allowed


def test_what_is_put_down_in_one_go_is_given_out_one_by_one_until_the_slot_ends(
    anywhere: str, noon: list[float]
) -> None:
    rate = Rate(10, 3600)
    passed = [tries.count(rate, "key", "7f", at_once=4) for _ in range(11)]
    assert [one.left for one in passed] == [*range(9, -1, -1), 0]
    assert [one.allowed for one in passed] == [True] * 10 + [False]
    noon[0] += 2 * 3600
    assert tries.count(rate, "key", "7f", at_once=4).left == 9
    assert [row.used for row in rows()] == [4]
    noon[0] += 3600
    assert tries.count(rate, "key", "7f", at_once=4).left == 5  # the four of the slot before weigh 3.3


def test_nobody_is_named_and_what_says_nothing_more_is_deleted(anywhere: str, noon: list[float]) -> None:
    tries.count(RATE, "sign-in", "10.0.0.1")
    tries.count(Rate(5, 60), "key", "7f")
    assert all(len(row.name) == 64 and "10.0" not in row.name for row in rows())
    noon[0] += 3600
    with transaction(EVERYWHERE) as session:
        tries.forget(session)
    assert len(rows()) == 1
    noon[0] += 3600
    with transaction(EVERYWHERE) as session:
        tries.forget(session)
    assert rows() == []
