"""Passages of an answer that speak to a machine that rates, not to the person who asked: found by their words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

VERSION = "instructions-1"

LONGEST_SENTENCE = 200  # characters; what is longer is a transcript without punctuation
AROUND = 20  # characters on either side of what was found where no sentence ends

# a few words may stand between a verb and what it is about
EN_GAP = r"(?:\W+\w+){0,5}?\W+"
KO_GAP = r"\S*?\s*(?:\S+\s+){0,3}?"
PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|bypass){EN_GAP}"
        r"(?:instructions?|prompts?|rules?|guidelines?|rubrics?|criteria|directions)\b",
        rf"\b(?:give|grant|award|assign|rate|score|grade|mark)\W+(?:me|this|my|the (?:candidate|answer)){EN_GAP}"
        r"(?:five|[1-5]|full|top|highest|maximum|perfect|excellent|points?|levels?|scores?|marks?)\b",
        r"\b(?:you are|you're|act as|pretend to be|behave as)\W+(?:\w+\W+){0,3}?"
        r"(?:ai|language model|assistant|grader|rater|evaluator|chatbot)\b",
        r"\b(?:system (?:prompt|message|override)|new instructions?|developer mode|prompt injection)\b",
        rf"\b(?:output|return|respond|reply){EN_GAP}(?:json|levels?|scores?)\b",
        r"\b(?:output|respond with|reply with)\W+(?:only\W+)?(?:five|[1-5])\b",
        r"\b(?:levels?|scores?|points?)\W{0,3}[:=]\s*[1-5]\b",
        r"<\|[^|<>]{0,40}\|>|\[/?inst\]|</?(?:system|assistant|user)>",
        rf"(?:지시|지침|명령|규칙|프롬프트|평가\s*기준|채점\s*기준|설정){KO_GAP}(?:무시|잊어)",
        rf"(?:점수|평점|만점|최고점|최고\s*등급|[1-5]\s*점|(?:오|다섯)\s*점|[1-5]\s*(?:단계|레벨|등급)){KO_GAP}"
        r"(?:줘|주세요|주십시오|주시기|주길|주라|달라|매겨|매기|부여|처리해|평가해|채점해)",
        rf"(?:당신은|너는|넌|귀하는)\s+{KO_GAP}(?:AI|인공\s*지능|언어\s*모델|평가자|채점자|채점기|챗봇|시스템)",
        r"시스템\s*(?:프롬프트|메시지|명령)",
    )
)
SENTENCE_ENDS = re.compile(r"[.!?。…\n]+(?=\s|$)")


def passages(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each passage, in order, not overlapping: the sentence that holds what was found, or, where no
    sentence ends near, the words around it.
    """
    found = sorted(_around(text, *match.span()) for pattern in PATTERNS for match in pattern.finditer(text))
    return tuple(_merged(found))


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    inner = [match.end() for match in SENTENCE_ENDS.finditer(text)]
    first = max(place for place in (0, *inner) if place <= start)
    last = min(place for place in (*inner, len(text)) if place >= end)
    if inner and last - first <= LONGEST_SENTENCE:
        return first, last
    before = text.rfind(" ", first, max(first, start - AROUND))
    after = text.find(" ", min(last, end + AROUND), last)
    return (before + 1 if before >= 0 else first), (after if after >= 0 else last)


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    if not spans:
        return
    first, last = spans[0]
    for start, end in spans[1:]:
        if start > last:
            yield first, last
            first = start
        last = max(last, end) if start <= last else end
    yield first, last


def stretches(text: str) -> tuple[str, ...]:
    """What is left between the passages, without the spaces at its ends; all of the text where there are none."""
    edges = [0, *(edge for span in passages(text) for edge in span), len(text)]
    kept = [text[start:end].strip() for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return tuple(part for part in kept if part)
