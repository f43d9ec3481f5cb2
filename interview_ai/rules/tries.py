"""How often somebody may try something: so many times in any stretch of time, counted in the present and the last slot.

The last slot counts by the share of it that still lies within the stretch that ends now, as if its tries had been
evenly spread (a sliding window counter): two numbers for each asker, and no list of moments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` tries within any `span_s` seconds."""

    most: int
    span_s: int

    def slot(self, at: float) -> int:
        """When the slot began that a moment lies in; both in seconds since 1970."""
        return int(at // self.span_s) * self.span_s

    def weight(self, at: float) -> float:
        """The share of the slot before that still counts."""
        return 1 - (at - self.slot(at)) / self.span_s

    def left(self, used: float) -> int:
        """How many more tries may follow now."""
        return max(0, math.floor(self.most - used))

    def resets_s(self, at: float) -> int:
        """In how many seconds the next slot begins, at least one."""
        return max(1, math.ceil(self.slot(at) + self.span_s - at))

    def wait_s(self, at: float, *, used: int, before: int) -> int:
        """After how many seconds one more try fits, where nobody else tries meanwhile; at least one."""
        fits, since = self.most - 1, at - self.slot(at)
        if used <= fits:  # the slot before has to fade until it leaves room
            return max(1, math.ceil(self._faded(before, fits - used) - since))
        return max(1, math.ceil(self.span_s - since + self._faded(used, fits)))

    def _faded(self, count: int, room: int) -> float:
        """Seconds into a slot after which `count` tries of the slot before weigh no more than `room`."""
        return self.span_s * (1 - room / count) if count > room else 0.0
