"""What speech can disclose about a person, by category, and which of it a reviewer never reads unasked."""

from __future__ import annotations

from typing import Literal

Category = Literal["name", "school", "place", "birthplace", "age", "family", "marriage", "property", "looks"]

ALWAYS: frozenset[Category] = frozenset({"birthplace", "family", "marriage", "property", "looks"})
"""KR-10, Fair Hiring Procedure Act 4-3: no employer may ask for it, so no reviewer reads it unasked."""
BLIND: frozenset[Category] = frozenset({"name", "school", "place", "age"})
"""KR-13: what a blind opening leaves out besides."""
EVERYTHING = ALWAYS | BLIND
