"""What can go wrong while somebody records, and whose fault it is: a rule, so that nobody has to argue about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

Fault = Literal["service", "network", "device", "candidate"]

FAULTS: dict[str, Fault] = {
    # kind: who answers for it when nothing else is known
    "network_away": "network",  # nothing got through for a while
    "rate_lowered": "network",  # the picture was made smaller because sending fell behind
    "service_away": "service",  # the server answered that it could not
    "server_full": "service",
    "signed_out": "service",  # a sign-in that ended while somebody recorded was ours to keep
    "page_closed": "device",  # reload, crash, dead battery: nothing tells them apart, so the candidate is believed
    "camera_lost": "device",
    "device_full": "device",
    "device_keeps_nothing": "device",
    "other_device": "device",  # went on elsewhere; what the first device had not sent is missing
    "tail_refused": "service",  # the device had more of the answer and the server no longer took it
    "left_open": "device",  # the deadline came before the answer was finished; what had arrived was taken
    "second_window": "candidate",
}
RESTART_SLACK = timedelta(seconds=10)
"""How long after a network seemed away a start of ours still explains it."""


def fault(kind: str, began: datetime, ended: datetime, service_starts: Iterable[datetime]) -> Fault:
    """Whose fault an incident was. A network that seemed away while the service started was the service's own."""
    plain = FAULTS[kind]
    if plain == "network" and any(began <= start <= ended + RESTART_SLACK for start in service_starts):
        return "service"
    return plain
