"""How often somebody may try something: never more in any stretch, and what is told of waiting is true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interview_ai.rules.tries import Rate

MINUTE = Rate(10, 60)


def spent(rate: Rate, at: float, used: int, before: int) -> float:
    return used + before * rate.weight(at)


def test_the_slot_before_fades_evenly() -> None:
    assert (MINUTE.slot(119.0), MINUTE.slot(120.0)) == (60, 120)
    assert (MINUTE.weight(120.0), MINUTE.weight(150.0)) == (1.0, 0.5)
    assert MINUTE.left(spent(MINUTE, 150.0, 3, 8)) == 3


def test_who_had_everything_waits_until_the_next_slot_has_room() -> None:
    assert MINUTE.wait_s(130.0, used=10, before=0) == 50 + 6


def test_who_had_everything_before_waits_until_it_has_faded() -> None:
    assert MINUTE.wait_s(120.0, used=0, before=10) == 6
    assert MINUTE.wait_s(126.5, used=1, before=10) == 6


@given(
    most=st.integers(1, 600),
    span_s=st.sampled_from([60, 3600]),
    at=st.floats(1_000_000_000, 4_000_000_000),
    share=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_after_the_told_wait_another_try_fits_and_a_second_and_a_half_before_none_did(
    most: int, span_s: int, at: float, share: tuple[float, float]
) -> None:
    rate = Rate(most, span_s)
    used, before = round(share[0] * most), round(share[1] * most)
    if spent(rate, at, used, before) + 1 <= most:
        return
    wait_s = rate.wait_s(at, used=used, before=before)
    assert 1 <= wait_s <= 2 * span_s

    def fits(after_s: float, *, nearly: float = 0.0) -> bool:
        later = at + after_s
        gone = (rate.slot(later) - rate.slot(at)) // span_s
        now_used, now_before = {0: (used, before), 1: (0, used)}.get(gone, (0, 0))
        return spent(rate, later, now_used, now_before) + 1 <= most + nearly

    assert fits(wait_s, nearly=1e-6)
    assert wait_s == 1 or not fits(wait_s - 1.5)
