"""Which words of a transcript tell who somebody is or where they come from, by category; pure, from the words alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from interview_ai.rules import masking_en, masking_ko
from interview_ai.rules.disclosures import ALWAYS, EVERYTHING, Category
from interview_ai.rules.masking_names import Known, spoken

VERSION = "masking-1"

# words that carry nothing by themselves: a quote of masked words and these tells no deed
EMPTY = frozenset(
    (
        "a an the i i'm im my me we our in at on of to from for and so as is am was are were have has had got "
        "born raised grew up years old tall when who which also now still originally near "
        "저 저는 제가 저희 우리 제 그 이 때 정도 있고 있어서 있습니다 합니다 입니다 지금 올해 원래 계속"
    ).split()
)
EMPTY_STEMS = ("태어", "나고", "자라", "자란", "자랐", "출신", "고향", "살고", "졸업")

Masks = tuple[Category | None, ...]
"""One category, or None, for each word of a transcript."""


def within(found: Masks, wanted: Collection[Category]) -> Masks:
    """Only the masks of some categories."""
    return tuple(one if one in wanted else None for one in found)


def places(words: Sequence[str], language: str, who: Known, *, blind: bool) -> frozenset[int]:
    """The places of words that no list or index of many readers may give away: all that the opening masks."""
    found = within(masks(words, language, who), EVERYTHING if blind else ALWAYS)
    return frozenset(place for place, category in enumerate(found) if category)


def masks(words: Sequence[str], language: str, known: Known | None = None) -> Masks:
    """The categories of the words, `words` being the transcript's in order; `known` is what the record knows of the
    speaker, which is always found. Another language than Korean and English is read as English.
    """
    found: list[Category | None] = [None] * len(words)
    for place in spoken(words, known) if known else ():
        found[place] = "name"
    starts = _starts(words)
    text = " ".join(words)
    for category, first, last in _spans(text, language):
        for place, start in enumerate(starts):
            if start < last and start + len(words[place]) > first and found[place] is None:
                found[place] = category
    return tuple(found)


def without(text: str, language: str) -> str:
    """A transcript's text without its masked words."""
    words = text.split(" ")
    found = masks(words, language)
    return " ".join(word for word, category in zip(words, found, strict=True) if category is None)


def _spans(text: str, language: str) -> Iterable[tuple[Category, int, int]]:
    rules = masking_ko.RULES if language == "ko" else masking_en.RULES
    refuses = masking_ko.refuses if language == "ko" else masking_en.refuses
    for category, pattern in rules:
        for match in pattern.finditer(text):
            for name in pattern.groupindex:
                if match[name] and not refuses(category, match, name):
                    yield (category, *match.span(name))


def _starts(words: Sequence[str]) -> list[int]:
    at, starts = 0, []
    for word in words:
        starts.append(at)
        at += len(word) + 1
    return starts


def tells_nothing_else(words: Sequence[str], found: Sequence[Category | None]) -> bool:
    """Whether a quote consists of masked words, and words that say nothing without them; False where none is masked."""
    left = [word for word, category in zip(words, found, strict=True) if category is None]
    return len(left) < len(words) and all(_is_empty(re.sub(r"[^\w']", "", word).lower()) for word in left)


def _is_empty(word: str) -> bool:
    return not word or word in EMPTY or word.startswith(EMPTY_STEMS)
