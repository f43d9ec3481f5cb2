"""Counts how often who tried what, for all processes of the service; nobody can be read out of the table."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from interview_ai import database, tokens
from interview_ai.rules.tries import Rate
from interview_ai.tables import Tries


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether a try may go on, how many may follow it now, when the count begins anew, and how long to wait if not."""

    allowed: bool
    left: int
    resets_s: int
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """Tries that are put down and not given out yet, of one slot, beside those that were left for all."""

    slot: int
    ours: int
    others: int


MOST_HELD = 1000  # askers; what is forgotten beyond that was counted and not used
_held: dict[str, _Held] = {}
_holding = threading.Lock()


def count(rate: Rate, what: str, who: str, *, at_once: int = 1) -> Counted:
    """Counts one try in a transaction of its own; one that is refused is not counted.

    `at_once`: so many tries are put down in one go, and the process gives the rest out by itself until the slot ends.
    No more pass than may; some fewer where another process holds them.
    """
    at, name = time.time(), tokens.authenticate("tries", f"{what}:{who}")
    left = _given_out(name, rate.slot(at))
    if left is not None:
        return Counted(True, left, rate.resets_s(at))
    with database.fleeting() as session:
        for taken in dict.fromkeys((min(at_once, rate.most), 1)):
            spent = _spent(session, rate, name, at=at, taken=taken)
            if spent is not None:
                left = rate.left(spent)
                _hold(name, _Held(rate.slot(at), taken - 1, left))
                return Counted(True, left + taken - 1, rate.resets_s(at))
        row = session.execute(select(Tries.used, Tries.before).where(Tries.name == name)).one()
    wait_s = rate.wait_s(at, used=row.used, before=row.before)
    return Counted(False, 0, rate.resets_s(at), wait_s)


def _spent(session: Session, rate: Rate, name: str, *, at: float, taken: int) -> float | None:
    """What counts now, the taken tries included; None where they are too many.

    One conditional statement, so that of many who try at once no more pass than may. A row whose slot is later than
    ours was written by a machine whose clock is ahead: its slot holds.
    """
    slot, weight = rate.slot(at), rate.weight(at)
    same, next_one = Tries.slot >= slot, Tries.slot == slot - rate.span_s
    used: ColumnElement[int] = case((same, Tries.used), else_=0) + taken
    before: ColumnElement[int] = case((same, Tries.before), (next_one, Tries.used), else_=0)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    first = {"name": name, "slot": slot, "used": taken, "before": 0, "ends_at": slot + 2 * rate.span_s}
    following = {
        "used": used,
        "before": before,
        "slot": case((same, Tries.slot), else_=slot),
        "ends_at": case((same, Tries.ends_at), else_=slot + 2 * rate.span_s),
    }
    counted = dialect.insert(Tries).values(first)
    counted = counted.on_conflict_do_update(
        index_elements=[Tries.name], set_=following, where=used + before * weight <= rate.most
    )
    found = session.execute(counted.returning(Tries.used, Tries.before)).one_or_none()
    return None if found is None else found.used + found.before * weight


def _given_out(name: str, slot: int) -> int | None:
    """One of the tries that this process holds for a slot: how many may follow it; None where it holds none."""
    with _holding:
        held = _held.get(name)
        if held is None or held.slot != slot or held.ours == 0:
            return None
        _held[name] = _Held(slot, held.ours - 1, held.others)
        return held.ours - 1 + held.others


def _hold(name: str, more: _Held) -> None:
    with _holding:
        there = _held.get(name)
        ours = more.ours + (there.ours if there is not None and there.slot == more.slot else 0)
        if ours == 0:
            _held.pop(name, None)
            return
        if len(_held) > MOST_HELD:
            _held.clear()
        _held[name] = _Held(more.slot, ours, more.others)


def forget(session: Session) -> None:
    """Deletes what says nothing any more."""
    session.execute(delete(Tries).where(Tries.ends_at < int(time.time())))
