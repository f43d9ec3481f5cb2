"""The English analyser on our own written answers, the held-out ones left out; on essays nobody wrote for us."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from interview_ai.rules.analysis import Find
from interview_ai.rules.gates import MAX_DISORDER
from models.language_en import analyse
from tests.conftest import TEST_DATA

WRITTEN = Path(__file__).parent / "written" / "en.yaml"
ESSAYS = TEST_DATA / "rated" / "essays_dev.tsv.gz"
DEMONSTRATION = Path(__file__).parents[2] / "interview_ai" / "demonstration" / "manifest.yaml"
MIN_F1 = 0.92  # measured .975 when written, less .05
OVERLAP = 0.5  # of intersection to union, in characters


def answers(*, marked: bool) -> list[dict[str, Any]]:
    """The answers that may be looked at; `marked`: only those whose evidence was marked by hand."""
    questions = yaml.safe_load(WRITTEN.read_text(encoding="utf-8"))["questions"]
    seen = [question for question in questions if not question.get("held_out")]
    return [answer for q in seen if q.get("marked") or not marked for answer in q["answers"]]


def place(text: str, mark: dict[str, Any]) -> tuple[int, int]:
    start = -1
    for _ in range(mark.get("nth", 1)):
        start = text.index(mark["quote"], start + 1)
    return start, start + len(mark["quote"])


def shared(find: Find, start: int, end: int) -> int:
    return max(0, min(find.end, end) - max(find.start, start))


def overlap(find: Find, start: int, end: int) -> float:
    both = shared(find, start, end)
    return both / (find.end - find.start + end - start - both)


def matched(answer: dict[str, Any]) -> tuple[int, int, int]:
    """Hits, finds, marks of one answer; every mark takes the find of its kind that overlaps it best."""
    left = list(analyse(answer["text"]).finds)
    found, hits = len(left), 0
    for mark in answer.get("spans") or []:
        start, end = place(answer["text"], mark)
        same = [find for find in left if find.kind == mark["kind"] and overlap(find, start, end) >= OVERLAP]
        if same:
            left.remove(max(same, key=lambda find: overlap(find, start, end)))
            hits += 1
    return hits, found, len(answer.get("spans") or [])


def test_the_marked_evidence_is_found() -> None:
    counts = [matched(answer) for answer in answers(marked=True)]
    hits, found, marks = (sum(column) for column in zip(*counts, strict=True))
    assert marks > 100
    assert 2 * hits / (found + marks) >= MIN_F1


def test_nothing_is_credited_that_others_did_or_nobody_did() -> None:
    credited: Counter[str] = Counter()
    judged = 0
    for answer in answers(marked=False):
        finds = [find for find in analyse(answer["text"]).finds if find.kind in ("action", "result")]
        for mark in answer.get("not_evidence") or []:
            start, end = place(answer["text"], mark)
            judged += 1
            credited[answer["id"]] += sum(2 * shared(find, start, end) > find.end - find.start for find in finds)
    assert judged > 100
    assert not +credited


def spoken() -> list[str]:
    recordings = yaml.safe_load(DEMONSTRATION.read_text(encoding="utf-8"))["recordings"]
    long = [item["text"] for item in recordings if item["text"].isascii() and len(item["text"].split()) >= 30]
    return [answer["text"] for answer in answers(marked=False)] + long


def bare(text: str) -> str:
    return re.sub(r"[^\w' ]", "", text.lower())


@pytest.mark.parametrize("form", [str, bare])
def test_spoken_answers_are_in_order_and_their_shuffled_words_are_not(form: Any) -> None:
    texts = [form(text) for text in spoken()]
    assert len(texts) > 40
    assert all((analyse(text).disorder or 0) <= MAX_DISORDER["en"] for text in texts)
    passed = 0
    for text in texts:
        words = text.split()
        random.Random(len(words)).shuffle(words)
        passed += (analyse(" ".join(words)).disorder or 0) <= MAX_DISORDER["en"]
    assert passed <= 0.01 * len(texts)


@pytest.mark.skipif(not ESSAYS.exists(), reason=f"no essays at {ESSAYS}")
def test_essays_full_of_spelling_errors_are_in_order() -> None:
    with gzip.open(ESSAYS, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    essays = [row["answer"] for row in random.Random(11).sample(rows, 100)]
    assert sum((analyse(essay).disorder or 0) <= MAX_DISORDER["en"] for essay in essays) >= 97
