"""English specifics: numbers in words and digits with what they count, places in a ranking, months and years."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interview_ai.rules.analysis import Find
from models.english_lexicon import NUMERALS, lemma
from models.english_words import Token

ABOUT = frozenset("about around almost nearly roughly under over exactly approximately".split())
BETWEEN = frozenset("or to and point".split())
FOLLOWING = frozenset("a an per every each".split())
SPANS = frozenset(
    "second minute hour day week month quarter semester term year night morning shift time person head".split()
)
RATES = frozenset("minute hour day week month year time".split())
RANKS = frozenset("place prize rank grade year semester term quarter".split())
ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth".split())
MONTHS = frozenset(
    "january february march april june july august september october november december".split()
)  # "may" only behind a preposition
# "one day", "one person", "one of": an article, not a count
UNCOUNTED = frozenset("person thing time day way problem reason another example more who that which and".split())
DIGITS = re.compile(r"[$€£₩]?\d")


def specifics(words: Sequence[Token]) -> list[Find]:
    """Every number of a tagged row of words that counts something, with its unit or the noun that it counts."""
    found: list[Find] = []
    place = 0
    while place < len(words):
        end = _specific(words, place)
        if end > place:
            found.append(Find("specific", words[place].start, words[end - 1].end))
        place = max(end, place + 1)
    return found


def _specific(words: Sequence[Token], place: int) -> int:
    """The index behind the specific that begins at `place`; `place` itself where none does."""
    word = words[place]
    if word.text in ABOUT and _is_number(words, place + 1):
        return _specific(words, place + 1) if _specific(words, place + 1) > place + 1 else place
    if word.text in ORDINALS and place + 1 < len(words) and words[place + 1].text in RANKS:
        return _further(words, place + 2)
    if _is_number(words, place):
        end = _numbers(words, place)
        return place if _says_nothing(words, place, end) else _unit(words, end)
    month = word.text in MONTHS or (word.text == "may" and place > 0 and words[place - 1].text in ("in", "last", "of"))
    named = month and word.tag in ("NN", "JJ", "MD", "VB") and not _is_verb_march(words, place)
    return place + 1 + _is_number(words, place + 1) if named else place


def _is_verb_march(words: Sequence[Token], place: int) -> bool:
    return place > 0 and words[place - 1].tag in ("SP", "TO", "MD")


def _is_number(words: Sequence[Token], place: int) -> bool:
    if not 0 <= place < len(words):
        return False
    text = words[place].text
    return bool(DIGITS.match(text)) or text in NUMERALS or text == "one" or text.split("-")[0] in NUMERALS


def _numbers(words: Sequence[Token], place: int) -> int:
    """Behind a row of numbers: `three hundred`, `four or five`, `nine to ten`, `two and a half`."""
    end = place + 1
    while end < len(words) and not words[end].mark:
        if _is_number(words, end):
            end += 1
        elif words[end].text in BETWEEN and _is_number(words, end + 1) and not words[end + 1].mark:
            end += 2
        elif [word.text for word in words[end : end + 3]] == ["and", "a", "half"]:
            end += 3
        else:
            break
    return end


def _says_nothing(words: Sequence[Token], place: int, end: int) -> bool:
    """`one` by itself or before a word that is not counted: "one day I", "no one", "the other one", "one by one"."""
    if [word.text for word in words[place:end]] != ["one"]:
        return False
    if end >= len(words) or words[end].mark or words[end].tag not in ("NN", "JJ", "NU"):
        return True
    opens = place == 0 or bool(words[place].mark) or words[place - 1].tag in ("CC", "SC")
    if (opens and lemma(words[end].text, "NOUN") not in SPANS) or words[place - 1].tag in ("DT", "DP", "JJ"):
        return True
    if words[end].text == "day":
        return not (
            end + 1 < len(words) and words[end + 1].text in ("early", "late", "before", "after", "earlier", "later")
        )
    return words[end].text in UNCOUNTED


def _unit(words: Sequence[Token], end: int) -> int:
    """Behind the noun that the number counts, if one stands there: `new part-timers`, `of my cases`, `percent`."""
    stop = end
    if stop < len(words) and words[stop].text == "won" and not words[stop].mark:
        return _further(words, stop + 1)  # the Korean currency; "two won the prize" is rarer
    if stop < len(words) and words[stop].text == "of" and not words[stop].mark:
        stop += 1
    while stop < len(words) and not words[stop].mark and words[stop].tag in ("JJ", "QL", "DP", "DT", "VN", "VG", "NN"):
        if words[stop].tag == "NN":
            return _further(words, _nouns(words, stop))
        if words[stop].tag == "DT" and words[stop - 1].text != "of":
            break
        stop += 1
    return _further(words, end)


def _nouns(words: Sequence[Token], place: int) -> int:
    """Behind a compound: `visa files`; a unit of time or a plural closes it."""
    while place + 1 < len(words) and words[place + 1].tag == "NN" and not words[place + 1].mark:
        if lemma(words[place].text, "NOUN") in SPANS or words[place].text.endswith("s"):
            break
        if words[place].text in ("percent", "won", "dollars", "euros"):
            break
        place += 1
    return place + 1


def _further(words: Sequence[Token], end: int) -> int:
    """`per patient`, `a week`, `every day`, `out of 26 teams`."""
    texts = [word.text for word in words[end : end + 3]]
    if len(texts) >= 2 and texts[0] in FOLLOWING and not words[end].mark:
        counted = lemma(texts[1], "NOUN")
        return (
            end + 2
            if counted in RATES
            or (texts[0] == "per" and counted in SPANS)
            or (texts[0] == "per" and words[end + 1].tag == "NN")
            else end
        )
    if texts[:2] == ["out", "of"] and _is_number(words, end + 2):
        return _unit(words, _numbers(words, end + 2))
    return end
