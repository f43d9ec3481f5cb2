"""Spoken Korean as morphemes with offsets into the text that was given: Gyeongsang endings read as standard ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kiwipiepy import Kiwi, Token

DIALECT = "gyeongsang"
# how Gyeongsang speech is written down, and the standard form that the analyser knows; first match wins
FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=다) ?아(?:입니까|임니까|임미꺼|입니꺼|이가|잉교|이라예)(?![가-힣])"), " "),
    (re.compile(r"(?<![가-힣])그라고(?![가-힣])"), "그리고"),
    (re.compile(r"(?<![가-힣])그라(?:이|니)까네?(?![가-힣])"), "그러니까"),
    (re.compile(r"(?<![가-힣])그라(?=면|면서|는데|다가)"), "그러"),
    (re.compile(r"(?<=[가-힣])(?:이까네|니까네|이까)(?![가-힣])"), "니까"),
    (re.compile(r"(?<=[가-힣][고데든어아지네해여워와줘져봐라까더])예(?![가-힣])"), "요"),
    (re.compile(r"(?<=[가-힣])(?:심니더|심더|심미더)(?![가-힣])"), "습니다"),
    (re.compile(r"(?<=습)(?:니더|미더)(?![가-힣])"), "니다"),
)
NOTHING = frozenset({"요", "예"})  # the polite particle: says nothing about tense, mood or subject
DIALECT_LINK = "가"  # 통해가, 말씀드려가 = 통해서, 말씀드려서


@dataclass(frozen=True, slots=True)
class Morph:
    """One morpheme: its dictionary form, its tag (Sejong set), and where it stands in the text, in characters."""

    form: str
    tag: str
    start: int
    end: int

    @property
    def verb(self) -> bool:
        """Whether it is the stem of a predicate, auxiliaries aside."""
        return self.tag[:2] in ("VV", "VA", "VC") or self.tag in ("XSV", "XSA")

    @property
    def noun(self) -> bool:
        """Whether it can be the head of a noun phrase."""
        return self.tag in ("NNG", "NNP", "NNB", "NP", "NR", "SL", "XSN", "SN")


@cache
def kiwi() -> Kiwi:
    """The analyser with its Gyeongsang entries; loads in about 1.5 s, once a process, one thread."""
    return Kiwi(num_workers=1, enabled_dialects=DIALECT)


def tokens(text: str) -> list[Token]:
    """The tokens of kiwipiepy for a text in standard forms."""
    return list(kiwi().tokenize(text, allowed_dialects=DIALECT))


def morphemes(text: str) -> list[Morph]:
    """The morphemes of a Korean text in order; politeness and dialect connectives are folded into the endings."""
    standard, places = standardised(text)
    found: list[Morph] = []
    for token in tokens(standard):
        morph = _morph(token, places)
        folded = _folded(found[-1], morph) if found else None
        if folded is None:
            found.append(morph)
        else:
            found[-1] = folded
    return _read_again(_going_nowhere(found))


def standardised(text: str) -> tuple[str, list[int]]:
    """The text in standard forms, and for each of its characters (and its end) the place in `text` it came from."""
    places = list(range(len(text) + 1))
    for pattern, form in FORMS:
        pieces: list[str] = []
        kept: list[int] = []
        last = 0
        for found in pattern.finditer(text):
            start, end = found.span()
            pieces += [text[last:start], form]
            kept += places[last:start] + [places[min(start + i, end - 1)] for i in range(len(form))]
            last = end
        text = "".join([*pieces, text[last:]])
        places = kept + places[last:]
    return text, places


def _morph(token: Token, places: Sequence[int]) -> Morph:
    tag = token.tag.removesuffix("-R").removesuffix("-I")
    form = token.form
    if tag in ("EF", "EC") and len(form) > 1 and form[-1] in NOTHING:
        # 거든요, 는데요: politeness marks the end of what is said, so that it counts as a full stop
        form, tag = form[:-1], "EF"
    # the end is where the next character came from, so that a shortened form keeps its last syllable
    return Morph(form, tag, places[token.start], places[token.start + token.len])


def _folded(before: Morph, morph: Morph) -> Morph | None:
    """Both as one ending where `morph` only colours it: the 요 of -고요, the 가 of the Gyeongsang -아가; else None."""
    if before.tag not in ("EC", "EF") or before.end < morph.start:
        return None
    if morph.form in NOTHING and morph.tag in ("JX", "IC", "NNG", "MM"):
        return Morph(before.form, "EF", before.start, morph.end)
    if before.form in ("어", "아") and morph.form == DIALECT_LINK and morph.tag in ("JKS", "JKC", "XPN"):
        return Morph("어서", "EC", before.start, morph.end)
    return None


def _going_nowhere(found: Sequence[Morph]) -> list[Morph]:
    """The same -아가 where it was read as 가다 with a bare ending and no auxiliary behind: 모아가 저녁마다."""
    kept: list[Morph] = []
    for place, morph in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        bare = morph.tag == "EC" and morph.form in ("어", "아") and (after is None or after.tag not in ("VX", "EP"))
        if bare and len(kept) > 1 and (kept[-1].form, kept[-1].tag) == ("가", "VX") and kept[-2].form in ("어", "아"):
            kept[-2:] = [Morph("어서", "EC", kept[-2].start, morph.end)]
        else:
            kept.append(morph)
    return kept


def _read_again(found: Sequence[Morph]) -> list[Morph]:
    """Two readings that speech shows to be others: a thing with 하고 is "and" (의자 두 개하고), 일 년 is a number."""
    kept: list[Morph] = []
    for morph in found:
        last = kept[-1] if kept else None
        thing = kept[-2] if len(kept) > 1 else None
        if last is None or thing is None:
            kept.append(morph)
        elif (last.form, last.tag, morph.form, morph.tag) == ("하", "VV", "고", "EC") and _glued(thing, last):
            kept[-1] = Morph("하고", "JC", last.start, morph.end)
        elif (last.form, last.tag, morph.form, morph.tag) == ("일", "NNG", "년", "NNB"):
            kept[-1:] = [Morph("일", "NR", last.start, last.end), morph]
        else:
            kept.append(morph)
    return kept


def _glued(before: Morph, morph: Morph) -> bool:
    """Whether a noun stands right before, without a space; a deed would have been read as N하다."""
    return before.end == morph.start and before.tag in ("NNG", "NNB", "NNP", "XSN")
