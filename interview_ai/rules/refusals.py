"""Why a mail server did not take a mail, by the enhanced status code in its answer (RFC 3463)."""

from __future__ import annotations

import re

STATUS = re.compile(r"(?<![\d.])[45]\.(\d{1,3})\.(\d{1,3})(?![\d.])")
EXACT = {
    ("1", "1"): "mailbox",
    ("1", "2"): "domain",
    ("1", "3"): "mailbox",
    ("1", "6"): "mailbox",
    ("1", "10"): "mailbox",
    ("2", "1"): "off",
    ("2", "2"): "full",
    ("2", "3"): "large",
    ("3", "4"): "large",
}
BY_SUBJECT = {"4": "network", "7": "barred"}


def reason(answer: str) -> str:
    """A word for why: mailbox, domain, full, off, large, network, barred, or unknown."""
    found = STATUS.search(answer)
    if not found:
        return "unknown"
    return EXACT.get((found[1], found[2])) or BY_SUBJECT.get(found[1], "unknown")
