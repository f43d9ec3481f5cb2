"""English verb groups: a finite verb with its auxiliaries, and whether it says done, doing, to be done or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from models.english_lexicon import lemma
from models.english_words import Token

# past: done ("made", "did make", "have made"); going: was doing; passive: was asked; being: was, were, became ready
Mood = Literal["past", "present", "going", "passive", "being", "modal", "intended", "obliged", "habit"]

BETWEEN = frozenset("RB NT UH QL".split())
PAST_BE = frozenset("was were".split())
NEVER = frozenset("never hardly barely almost nearly not n't".split())
BASES = frozenset("VB BB HV DO NN".split())


@dataclass(frozen=True, slots=True)
class Group:
    """A finite verb with its auxiliaries: words `first` to `last`, of which `verb` carries the meaning."""

    first: int
    verb: int
    last: int
    mood: Mood
    negated: bool


def _next(words: Sequence[Token], place: int) -> int | None:
    """The next word of the group behind `place`, over adverbs and "not"; None at its end or at a mark."""
    for later in range(place + 1, min(len(words), place + 5)):
        if words[later].mark and words[later].tag not in BETWEEN:
            return None
        if words[later].tag not in BETWEEN:
            return later
    return None


def _tag(words: Sequence[Token], place: int | None) -> str:
    return words[place].tag if place is not None else ""


def group_at(words: Sequence[Token], first: int) -> Group | None:
    """The verb group that begins with the finite verb or auxiliary at `first`; None where it asks a question."""
    follow = _next(words, first)
    tag, text = words[first].tag, words[first].text
    if tag in ("MD", "BE", "DO", "HV") and _tag(words, follow) == "SP" and follow == first + 1:
        return None  # a question
    verb, mood = _meaning(words, first, follow)
    between = {word.text for word in words[first : verb + 1]} | {words[k].text for k in _adverbs_before(words, first)}
    if text == "have" and tag == "HV" and mood == "past" and _tag(words, follow) not in ("VN", "BN"):
        mood = "present"
    negated = bool(NEVER & between) or text == "cannot"
    return Group(first, verb, max(verb, first), mood, negated)


def _adverbs_before(words: Sequence[Token], first: int) -> list[int]:
    places: list[int] = []
    place = first - 1
    while place >= 0 and words[place].tag in BETWEEN and not words[place + 1].mark:
        places.append(place)
        place -= 1
    return places


def _meaning(words: Sequence[Token], first: int, follow: int | None) -> tuple[int, Mood]:
    """Which word of the group is the verb, and the mood that its auxiliaries give it."""
    tag, after = words[first].tag, _tag(words, follow)
    to_verb = follow is not None and words[follow].text == "to" and _tag(words, _next(words, follow)) in BASES
    if tag == "MD":
        return (_through(words, follow) if follow is not None else first), "modal"
    if tag == "HV" or words[first].text in ("had", "has", "have"):
        return _of_have(words, first, follow, to_verb)
    if tag == "BE":
        return _of_be(words, first, follow)
    if tag == "DO" and follow is not None and after in ("VB", "HV", "DO", "BB"):
        return follow, "past" if words[first].text == "did" else "present"
    if words[first].text == "used" and to_verb and follow is not None:
        return _next(words, follow) or first, "habit"
    name = lemma(words[first].text, "VERB")
    if name in ("need", "have") and to_verb:
        return first, "obliged"
    return first, "past" if tag in ("VD", "DO") and words[first].text not in ("do", "does") else "present"


def _through(words: Sequence[Token], place: int) -> int:
    """The last verb of `could have been made`."""
    follow = _next(words, place)
    chained = words[place].tag in ("HV", "BB", "BN") and _tag(words, follow) in ("VN", "BN", "VG", "VD")
    return _through(words, follow) if chained and follow is not None else place


def _of_have(words: Sequence[Token], first: int, follow: int | None, to_verb: bool) -> tuple[int, Mood]:
    after = _tag(words, follow)
    if follow is None:
        return first, "past" if words[first].text == "had" else "present"
    if to_verb:
        return _next(words, follow) or first, "obliged"
    if after == "BN":
        later = _next(words, follow)
        return (later or follow), "passive" if _tag(words, later) == "VN" else "being"
    if after == "VN" or (after == "VD" and words[first].tag == "HV"):
        return follow, "past"
    return first, "past" if words[first].text == "had" else "present"


def _of_be(words: Sequence[Token], first: int, follow: int | None) -> tuple[int, Mood]:
    after = _tag(words, follow)
    if follow is not None and after == "VG":
        later = _next(words, follow)
        if words[follow].text in ("going", "planning", "hoping") and _tag(words, later) == "TO":
            return follow, "intended"
        return follow, "going" if words[first].text in PAST_BE else "present"
    if (
        follow is not None
        and words[follow].text in ("supposed", "about")
        and _tag(words, follow + 1 if follow + 1 < len(words) else None) == "TO"
    ):
        return follow, "intended"
    if follow is not None and after == "VN":
        return follow, "passive" if words[first].text in PAST_BE else "present"
    return first, "being" if words[first].text in PAST_BE else "present"
