"""The linter of interview questions: what may not be asked at all, and what would bring weak answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from interview_ai.rules import unlawful_en, unlawful_ko, unlawful_ko_nouns, wording
from interview_ai.rules.advice import advice
from interview_ai.rules.evidence import Bilingual
from interview_ai.rules.grounds import GROUNDS

Code = Literal["unlawful", "vague", "leading", "double", "hypothetical", "closed", "too_long"]
Severity = Literal["block", "advise"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with `text[start:end]`. `ground`: what an unlawful question asks about, a key of GROUNDS."""

    code: Code
    severity: Severity
    start: int
    end: int
    message: Bilingual
    ground: str = ""


def _compiled(patterns: dict[str, tuple[str, ...]]) -> dict[str, re.Pattern[str]]:
    return {ground: re.compile("|".join(f"(?:{one})" for one in some), re.I) for ground, some in patterns.items()}


UNLAWFUL = (_compiled(unlawful_ko.PATTERNS), _compiled(unlawful_en.PATTERNS))
OTHERS = re.compile(unlawful_ko.OTHERS)
MACHINES = re.compile(unlawful_ko.MACHINES, re.I)
WORD_END = re.compile(r"\w*")
LISTED = re.compile(
    r"(?:,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+)(?:your\s+)?(?P<one>[^,.?!;:]+?)(?=,|\s+(?:and|or)\b|[.?!;:]|$)", re.I
)
YOUR = re.compile(r"\byour\b", re.I)
OTHER_UNIONS = re.compile(unlawful_en.OTHER_UNIONS, re.I)


def check(text: str, language: str) -> tuple[Finding, ...]:
    """What is wrong with a question in `language` ("ko" or "en"), in the order of its words; nothing: ().

    A question that may not be asked gets no advice on its wording: it has to become another one first.
    """
    return unlawful(text) or tuple(
        Finding(code, "advise", start, end, advice(code, language))
        for code, start, end in wording.check(_plain(text), language)
    )


def unlawful(text: str) -> tuple[Finding, ...]:
    """What of a text, also of a title or a field's label, asks for what nobody may be asked, in whichever language."""
    plain = _plain(text)
    places: dict[str, tuple[int, int]] = {}
    for match, ground in _matches(plain):
        places.setdefault(ground, _words(match))
        for place, another in _listed(match):
            places.setdefault(another, place)
    found = sorted((start, end, ground) for ground, (start, end) in places.items())
    return tuple(
        Finding("unlawful", "block", start, end, GROUNDS[ground].said_of(text[start:end]), ground)
        for start, end, ground in found
    )


def _plain(text: str) -> str:
    """The same length, so that places stay: one kind of apostrophe, one kind of space."""
    return re.sub(r"\s", " ", text.replace("\u2019", "'"))


def _matches(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for patterns in UNLAWFUL:
        for ground, pattern in patterns.items():
            yield from ((match, ground) for match in pattern.finditer(text) if _is_meant(match, ground))
    yield from unlawful_ko_nouns.subjects(text)


def _listed(match: re.Match[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """What else a list asks for that begins with a match, as in "your age, religion and marital status"."""
    if not YOUR.search(match.group()):
        return
    at = WORD_END.match(match.string, match.end())
    while at and (at := LISTED.match(match.string, at.end())):
        start, end = at.span("one")
        said = f"your {match.string[start:end]}"
        for ground, pattern in UNLAWFUL[1].items():
            if pattern.match(said):
                yield (start, end), ground


def _words(match: re.Match[str]) -> tuple[int, int]:
    """The place of a match in whole words, as a reader sees it quoted."""
    lead = len(match.group()) - len(match.group().lstrip(" .?!,:"))
    rest = WORD_END.match(match.string, match.end())
    return match.start() + lead, rest.end() if rest else match.end()


def _is_meant(match: re.Match[str], ground: str) -> bool:
    """Whether the words are about the person: not a customer's age, a server's 장애, the students' union."""
    before = match.string[: match.start()]
    if ground == "health" and match.group().startswith("장애") and MACHINES.search(_sentence(match)):
        return False
    if ground == "union" and any(OTHER_UNIONS.search(match.string[: place.start()]) for place in _unions(match)):
        return False
    return not OTHERS.search(before)


def _sentence(match: re.Match[str]) -> str:
    """The sentence in which a match begins."""
    begin = max(match.string.rfind(mark, 0, match.start()) for mark in ".?!") + 1
    return match.string[begin : match.end()]


def _unions(match: re.Match[str]) -> Iterator[re.Match[str]]:
    return re.compile(r"\bunion", re.I).finditer(match.string, match.start(), match.end())
