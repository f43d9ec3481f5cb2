"""Answers that are nearly the same as another person's: MinHash over runs of three words; a flag for people, no gate.

Method: A. Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from interview_ai.rules.borrowed import plain

RUN = 3  # words
SIZE = 64  # hashes: a resemblance of .5 is met within .12 in 19 of 20 cases
# of both texts' runs: half of each; a copy with a tenth of its words changed keeps .54, people's own answers 0 to .02
ALIKE = 0.35
FEWEST = 20  # runs: shorter answers say the same by chance
PRIME = (1 << 61) - 1


def sketch(text: str) -> tuple[int, ...]:
    """SIZE numbers, of which two texts have in common what share of their runs they have in common; empty for a text
    of fewer than FEWEST runs.
    """
    words = plain(text.split())
    runs = {_number(" ".join(words[at : at + RUN])) for at in range(len(words) - RUN + 1)}
    if len(runs) < FEWEST:
        return ()
    return tuple(min((factor * run + shift) % PRIME for run in runs) for factor, shift in _PERMUTATIONS)


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of runs that two sketched texts have in common, 0-1; 0 where one was too short to sketch."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / SIZE if one and other else 0.0


def keys(of: Sequence[int]) -> tuple[int, ...]:
    """What a sketch is looked up by: two texts that are ALIKE share a key in 98 of 100 cases, two people's own answers
    in fewer than 2 of 100 (pairs of hashes as bands; J. Leskovec et al., "Mining of Massive Datasets", 3.4).
    """
    return tuple(_number(f"{at} {of[at]} {of[at + 1]}") for at in range(0, len(of), 2))


def alike(of: Sequence[int], others: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """Which of the others are nearly the same, most alike first."""
    found = {name: resemblance(of, other) for name, other in others.items()}
    return tuple(sorted((name for name, share in found.items() if share >= ALIKE), key=lambda n: (-found[n], n)))


def _number(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big")


_PERMUTATIONS = tuple((2 * _number(f"factor {n}") + 1, _number(f"shift {n}")) for n in range(SIZE))
