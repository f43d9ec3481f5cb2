"""Which question an answer belongs to, among a hundred of the same occupation."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models import matching
from worker.evaluation.tables import Options, Row

COLUMNS = ("question", "answer")
CANDIDATES = 100
RESAMPLES = 1000


def measure(rows: Sequence[Row], options: Options) -> dict[str, Any]:
    """MRR and R@1 of finding each answer's question among 100 of its occupation and language, and of finding each
    question's answer; 95 % intervals by drawing rows anew. Beside them a plain baseline: cosine of character TF-IDF.
    """
    parts: dict[str, list[list[int]]] = defaultdict(list)
    pools: list[int] = []
    for (of, _), members in _occupations(rows).items():
        near = matching.nearness([row["answer"] for row in members], [row["question"] for row in members], of)
        plain = matching.plain([row["answer"] for row in members], [row["question"] for row in members])
        for place, row in enumerate(members):
            pool = _pool(members, place, options.seed)
            pools.append(len(pool))
            ranks = [
                _rank(near[place, pool]),
                _rank(near[pool, place]),
                _rank(plain[place, pool]),
                _rank(plain[pool, place]),
            ]
            parts[row.get("group", "") or of].append(ranks)
    return {
        **_figures([ranks for part in parts.values() for ranks in part], options.seed),
        "candidates": {"fewest": min(pools), "most": max(pools)},
        "per_group": {name: _figures(part, options.seed) for name, part in sorted(parts.items())},
        "uses_unrated_answers": True,
    }


def _occupations(rows: Sequence[Row]) -> Mapping[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["language"], row.get("occupation", "")].append(row)
    return found


def _pool(members: Sequence[Row], place: int, seed: int) -> list[int]:
    """The row itself first, then up to 99 rows with other questions, each question once."""
    first = {row["question"]: at for at, row in reversed(list(enumerate(members)))}
    others = [at for question, at in first.items() if question != members[place]["question"]]
    chance = random.Random(f"{seed}/{members[place]['id']}")  # noqa: S311  # which candidates: no secret
    return [place, *chance.sample(others, min(CANDIDATES - 1, len(others)))]


def _rank(near: Any) -> int:
    """The first one's rank; who is as near as it counts as nearer."""
    return 1 + int(np.sum(near[1:] >= near[0]))


def _figures(ranks: Sequence[Sequence[int]], seed: int) -> dict[str, Any]:
    table = 1 / np.array(ranks, dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(table), (RESAMPLES, len(table)))
    names = ("answer_to_question", "question_to_answer", "plain_answer_to_question", "plain_question_to_answer")
    found: dict[str, Any] = {"n": len(table)}
    for column, name in enumerate(names):
        means = table[drawn, column].mean(axis=1)
        found[name] = {
            "mrr": round(float(table[:, column].mean()), 4),
            "interval": [round(float(edge), 4) for edge in np.quantile(means, (0.025, 0.975))],
            "r_at_1": round(float((table[:, column] == 1).mean()), 4),
        }
    return found
