"""Scores evidence spans against hand-marked ones: a find counts where kind and at least half of the passage agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from interview_ai.rules.analysis import Analysis, Find

MIN_OVERLAP = 0.5  # intersection over union, in characters
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of one kind, or of all: found and marked, only found, only marked."""

    hits: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the finds that are marked, 0-1; 1 where nothing was found."""
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Share of the marked passages that were found, 0-1; 1 where nothing is marked."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.hits / (2 * self.hits + self.extra + self.missed) if self.hits else 0.0


@dataclass(frozen=True, slots=True)
class SpanReport:
    """Agreement by kind and over all kinds together (micro), and the finds that credit what is no evidence."""

    total: Agreement
    kinds: Mapping[str, Agreement]
    credited: tuple[str, ...]


def marked_answers(path: Path, *, held_out: bool = False) -> list[Answer]:
    """The answers of a written set that carry marks: of its open questions, or of those that nobody tunes on."""
    questions = yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]
    chosen = [q for q in questions if q.get("marked") and bool(q.get("held_out")) == held_out]
    return [answer for question in chosen for answer in question["answers"]]


def measure(answers: Iterable[Answer], analyse: Callable[[str], Analysis]) -> SpanReport:
    """Runs the analyser over marked answers and counts. `analyse` takes the text, gives finds with offsets into it."""
    hits: Counter[str] = Counter()
    extra: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    credited: list[str] = []
    for answer in answers:
        finds = analyse(answer["text"]).finds
        marks = [Find(mark["kind"], *place(answer["text"], mark)) for mark in answer.get("spans") or ()]
        pairs = matched(finds, marks)
        hits.update(find.kind for find, _ in pairs)
        extra.update(find.kind for find in finds)
        missed.update(mark.kind for mark in marks)
        credited += _credited(answer, finds)
    kinds = {
        kind: Agreement(hits[kind], extra[kind] - hits[kind], missed[kind] - hits[kind]) for kind in extra | missed
    }
    total = (hits.total(), extra.total() - hits.total(), missed.total() - hits.total())
    return SpanReport(Agreement(*total), kinds, tuple(credited))


def matched(finds: Sequence[Find], marks: Sequence[Find]) -> list[tuple[Find, Find]]:
    """Pairs of find and mark of the same kind, best overlap first, each used once."""
    possible = sorted(
        ((overlap(find, mark), f, m) for f, find in enumerate(finds) for m, mark in enumerate(marks)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    used_finds: set[int] = set()
    used_marks: set[int] = set()
    pairs = []
    for share, f, m in possible:
        agree = share >= MIN_OVERLAP and finds[f].kind == marks[m].kind
        if agree and f not in used_finds and m not in used_marks:
            used_finds.add(f)
            used_marks.add(m)
            pairs.append((finds[f], marks[m]))
    return pairs


def overlap(one: Find, other: Find) -> float:
    """Characters in both over characters in either, 0-1."""
    both = max(0, min(one.end, other.end) - max(one.start, other.start))
    return both / (one.end - one.start + other.end - other.start - both)


def place(text: str, mark: Mapping[str, Any]) -> tuple[int, int]:
    """Where a quote stands in the text: its `nth` occurrence, counted from 1. ValueError where it does not."""
    start = -1
    for _ in range(mark.get("nth", 1)):
        start = text.index(mark["quote"], start + 1)
    return start, start + len(mark["quote"])


def _credited(answer: Answer, finds: Sequence[Find]) -> Iterator[str]:
    """Quotes of actions and results that lie, by more than half, in a passage that is marked as no evidence."""
    text = answer["text"]
    for mark in answer.get("not_evidence") or ():
        start, end = place(text, mark)
        for find in finds:
            inside = min(find.end, end) - max(find.start, start)
            if find.kind in ("action", "result") and inside > (find.end - find.start) / 2:
                yield f"{answer['id']}: {text[find.start : find.end]}"
