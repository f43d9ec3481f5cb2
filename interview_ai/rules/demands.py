"""Words that are meant for whoever assesses, not for the question: pleas for points, orders to a machine."""

from __future__ import annotations

import re

# a plea or an order, never the mere mention of points: "our score rose by five points" is an answer
DEMANDS = {
    "ko": re.compile(
        r"(?:점수|만점|최고점|[1-5오]\s*점|등급)\S*\s*(?:\S+\s+){0,3}?(?:주세요|주십시오|줘|주시기|주셔야|부탁|달라|드립니다만|매겨)"
        r"|(?:지시|명령|규칙|평가\s*기준|프롬프트|위의?\s*내용|이전\s*내용)\S*\s*(?:\S+\s+){0,2}?(?:무시|잊)"
        r"|(?:당신은|너는)\s*(?:\S+\s+){0,2}?(?:채점|평가|AI|인공지능|모델)\S*"
        r"|(?:채점자|평가자|심사위원|AI|인공지능)\S{0,3}(?:에게|께|한테)\s*(?:\S+\s+){0,2}?(?:지시|명령|부탁|알립)",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:give|award|assign|grant|rate|score|grade|mark)\s+(?:\S+\s+){0,6}?"
        r"(?:(?:the|a)\s+)?(?:5|five|full|top|highest|maximum|best|perfect)\b(?:\s+\S+){0,3}?"
        r"(?:\s+(?:points?|scores?|marks?|ratings?|levels?|grade)|(?=\s*(?:[.,!?]|$|please|out\s+of)))"
        r"|\b(?:ignore|disregard|forget)\s+(?:\S+\s+){0,4}?(?:instructions?|rubric|prompt|rules|criteria|above|previous)\b"
        r"|\byou\s+are\s+(?:now\s+)?(?:a|an|the)\s+(?:\S+\s+){0,2}?(?:grader|rater|scorer|assistant|ai|model|evaluator)\b"
        r"|\b(?:system|developer)\s+(?:prompt|message)\b",
        re.IGNORECASE,
    ),
}
SENTENCE_END = re.compile(r"[.!?\n]")
REACH = 60  # characters around a plea that belong to it where nobody wrote a full stop


def demands(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The sentences of `text` (start, end) that ask the assessor for something; without full stops what is around."""
    return tuple(_sentence(text, found.start(), found.end()) for found in DEMANDS[language].finditer(text))


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    ends = [mark.end() for mark in SENTENCE_END.finditer(text, max(0, start - 4 * REACH), start)]
    after = SENTENCE_END.search(text, end, end + 4 * REACH)
    first = ends[-1] if ends else max(0, start - REACH)
    return first, after.end() if after else min(len(text), end + REACH)


def places(text: str, spans: tuple[tuple[int, int], ...]) -> set[int]:
    """Which words of `text.split()` lie in one of the spans."""
    found: set[int] = set()
    for place, word in enumerate(re.finditer(r"\S+", text)):
        if any(start < word.end() and word.start() < end for start, end in spans):
            found.add(place)
    return found
