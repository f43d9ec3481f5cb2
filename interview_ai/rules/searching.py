"""The words by which an answer is found: what was said, without what may not be found, and how typed words meet it.

Korean is written with particles and endings behind the word that one looks for. An answer is therefore kept with its
words as they were said and, where a worker has an analyser, with the stems of their morphemes; what is typed loses a
known particle or ending here, by rule, and then finds every kept word that begins with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

# letters and digits that each database's tokeniser has known for long: one that it does not know would split a word
TERM = re.compile(
    r"[0-9a-z\u00df-\u00f6\u00f8-\u024f\u03ac-\u03ce\u0430-\u045f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fa5가-힣]+"
)
HANGUL = re.compile(r"[가-힣]+")
LONGEST_TERM = 40  # characters
MOST_TYPED = 8  # words of one search
LEAST_LEFT = 2  # syllables or letters that a word keeps when its ending goes

# what may follow a noun, and what makes a verb of it; the longest that fits goes
PARTICLES = (
    "은 는 이 가 을 를 의 에 에서 에게 한테 께 께서 로 으로 와 과 도 만 부터 까지 처럼 보다 마다 이나 나 이랑 랑 하고 "
    "이라 라 이라고 라고 이란 란 으로서 로서 으로써 로써 에는 에도 에서는 에서도 으로는 로는 까지는 만은 요 이며 며 "
    "들 들이 들은 들을 들의 들과 들도 입니다 이었습니다 였습니다 이에요 예요"
)
VERBS = (
    "하다 하는 하여 해서 했다 했던 했고 했습니다 합니다 하며 하면 하지 한 할 함 해요 했어요 "
    "되다 되는 되어 돼서 됐다 됐던 됐고 됐습니다 됩니다 된 될 됨 돼요 됐어요 시키다 시켰다 시켰습니다"
)
ENDINGS_KO = tuple(sorted(f"{PARTICLES} {VERBS}".split(), key=len, reverse=True))
ENDINGS_EN = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "s", "ly", "e", "y")


def words(text: str) -> list[str]:
    """The words of a text as they are compared: letters and digits, in lower case, Korean syllables whole."""
    return [word[:LONGEST_TERM] for word in TERM.findall(unicodedata.normalize("NFKC", text).lower())]


def terms_of(
    said: Sequence[str], hidden: Collection[int] = (), stems: Iterable[str] = (), *, name: str = ""
) -> tuple[str, ...]:
    """By which terms an answer is found. `said`: its words; `hidden`: places of words that must not be found.

    `stems`: morphemes of the words that are not hidden, from whoever can tell them. What a hidden word holds is
    found by no other word either: nobody learns from a search that it was said. No term holds a part of `name`.
    """
    kept = [word for place, text in enumerate(said) if place not in hidden for word in words(text)]
    away = {word for place in hidden for word in words(said[place])}
    parts = _parts(name)
    found = dict.fromkeys([*kept, *(word for stem in stems for word in words(stem))])
    return tuple(word for word in found if word not in away and not _names(word, parts))


def name_places(said: Sequence[str], name: str) -> frozenset[int]:
    """Where a person's own name stands: whole, a part of it, or the given name of a Korean one, whatever follows it."""
    parts = _parts(name)
    return frozenset(place for place, text in enumerate(said) if _names("".join(words(text)), parts))


def _parts(name: str) -> frozenset[str]:
    """What names a person: the whole, its parts, and of a Korean name the given name, for the surname is a syllable
    or two.
    """
    whole = words(name)
    korean = [part[cut:] for part in whole if HANGUL.fullmatch(part) and 2 < len(part) <= 4 for cut in (1, 2)]
    return frozenset(part for part in (*whole, *korean, "".join(whole)) if len(part) >= LEAST_LEFT)


def _names(spoken: str, parts: Collection[str]) -> bool:
    return any(part in spoken if HANGUL.fullmatch(part) else spoken in (part, f"{part}s") for part in parts)


def looked_for(typed: str) -> tuple[str, ...]:
    """The beginnings that a found answer must all hold, from what somebody typed; empty where there is no word."""
    return tuple(dict.fromkeys(_stem(word) for word in words(typed)))[:MOST_TYPED]


def _stem(word: str) -> str:
    if HANGUL.fullmatch(word):
        return _without(word, ENDINGS_KO, least=LEAST_LEFT)
    return _without(word, ENDINGS_EN, least=4) if word.isascii() and word.isalpha() else word


def _without(word: str, endings: Sequence[str], *, least: int) -> str:
    ending = next((one for one in endings if word.endswith(one) and len(word) - len(one) >= least), "")
    return word.removesuffix(ending) if ending else word


def places(said: Sequence[str], beginnings: Sequence[str], hidden: Collection[int] = ()) -> list[int]:
    """Where the words stand that a search met, as far as they can be seen."""
    return [
        place
        for place, text in enumerate(said)
        if place not in hidden and any(_meets(word, one) for word in words(text) for one in beginnings)
    ]


def _meets(word: str, beginning: str) -> bool:
    """A Korean compound is also met by its second noun."""
    return word.startswith(beginning) or (bool(HANGUL.fullmatch(beginning)) and beginning in word)
