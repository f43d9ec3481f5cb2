"""A name that the record knows, found in what was said: both orders, in pieces, with particles, in either script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_PIECES = 4  # words that one spoken name may lie in
SHORTEST = 3  # letters of a Latin name that is masked wherever it stands alone
HANGUL_NAME = re.compile(r"[가-힣]{2,5}")
TWO_SYLLABLE_SURNAMES = ("남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방")
NO_NAMES = frozenset("info mail hello contact admin test user work home office the and".split())

# what may follow a Korean name in the same word
AFTER = re.compile(
    r"(?:씨|님|이|아|야|양|군)?(?:이?라고|이?라는|이?고요?|이?며|이?지만|입니다|이에요|예요|이?라|인데요?|이?랑|하고|"
    r"은|는|이|가|을|를|의|도|만|과|와|에게|에게서|한테|한테서|께|께서|로|으로|아|야|부터|까지|였고|였습니다|이었습니다)?"
    r"(?:요|는|도|만|합니다|하고요?|해요)?"
)
INITIALS = ("g kk n d tt r m b pp s ss _ j jj ch k t p h").split()
VOWELS = ("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i").split()
FINALS = ("_ k k k n n n t l k m l l l p l m p p t t ng t t k t p t").split()
SURNAMES = {
    "이": ("lee", "yi", "rhee", "li"),
    "박": ("park", "pak"),
    "최": ("choi", "choe"),
    "정": ("jung", "chung"),
    "조": ("cho", "jo"),
    "임": ("lim", "im"),
    "유": ("yoo", "yu", "ryu"),
    "류": ("ryu", "yoo"),
    "오": ("oh", "o"),
    "우": ("woo", "u"),
    "노": ("noh", "roh"),
    "여": ("yeo", "yuh"),
    "엄": ("um", "eom"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the record knows of the speaker: the name as it was typed, and the address that was invited."""

    name: str
    email: str = ""


def spoken(words: Sequence[str], known: Known) -> frozenset[int]:
    """The places of the words in which the known name, its given part or the address's own part is said."""
    korean, latin = _forms(known)
    beginnings = {_beginning(form) for form in (*korean, *latin)}
    found: set[int] = set()
    for first in range(len(words)):
        if _beginning(words[first]) not in beginnings:
            continue
        for last in range(first + 1, min(len(words), first + MOST_PIECES) + 1):
            if _is_said(words[first:last], korean, latin):
                found.update(range(first, last))
    return frozenset(found)


def _beginning(word: str) -> str:
    """The sound that a word begins with: most words of a transcript are no name by that alone."""
    letters = re.sub(r"\W", "", word)[:2]
    if re.match("[가-힣]", letters):
        letters = romanised(letters[:1])
    return sound(_letters(letters).lstrip("h"))[:1]


def _is_said(pieces: Sequence[str], korean: frozenset[str], latin: frozenset[str]) -> bool:
    """Whether the pieces together are the name; it reaches into the last of them."""
    joined = "".join(pieces)
    if re.search(r"[가-힣]", joined):
        before = len(re.sub(r"\W", "", "".join(pieces[:-1])))
        return _is_said_in_korean(re.sub(r"\W", "", joined).lower(), before, korean, latin)
    said = _letters(re.sub(r"['’]s\b", "", joined))
    return said in latin or (len(said) > SHORTEST and sound(said) in latin)


def _letters(text: str) -> str:
    """Letters and digits of any script but Hangul, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"[\W_]", "", "".join(one for one in plain if not unicodedata.combining(one)))


def _is_said_in_korean(said: str, before: int, korean: frozenset[str], latin: frozenset[str]) -> bool:
    """The name stands in front and is longer than `before`; what follows in the same word is a particle."""
    for length in range(max(2, before + 1), min(len(said), 6) + 1):
        front, behind = said[:length], said[length:]
        is_name = front in korean or (HANGUL_NAME.fullmatch(front) and sound(romanised(front)) in latin)
        if is_name and AFTER.fullmatch(behind):
            return True
    return False


def _forms(known: Known) -> tuple[frozenset[str], frozenset[str]]:
    """Hangul forms, and Latin forms: letters, and their sounds for what is spelt in more than one way."""
    korean: set[str] = set()
    latin: set[str] = set()
    name = " ".join(known.name.split())
    hangul = "".join(re.findall(r"[가-힣]", name))
    if hangul:
        korean.update(_hangul_forms(hangul))
        latin.update(_romanised_forms(hangul))
    tokens = [_letters(re.sub(r"[가-힣]", "", token)) for token in name.split()]
    latin.update(_latin_forms([token for token in tokens if token], hangul=bool(hangul)))
    latin.update(_address_forms(known.email))
    return frozenset(korean), frozenset(latin)


def _hangul_forms(name: str) -> Iterator[str]:
    yield name
    family, given = _parted(name)
    if len(given) > 1:
        yield given
        yield given + family


def _parted(name: str) -> tuple[str, str]:
    size = 2 if name[:2] in TWO_SYLLABLE_SURNAMES and len(name) > 2 else 1
    return name[:size], name[size:]


def _romanised_forms(name: str) -> Iterator[str]:
    family, given = _parted(name)
    first = romanised(given)
    for last in {romanised(family), *SURNAMES.get(family, ())}:
        yield from (sound(first + last), sound(last + first), first + last, last + first)
    if len(given) > 1:
        yield from (first, sound(first))


def _latin_forms(tokens: Sequence[str], *, hangul: bool) -> Iterator[str]:
    """Each token, neighbours together, and the whole with the last name in front or behind."""
    if not tokens or (hangul and len(tokens) == 1 and len(tokens[0]) < SHORTEST):
        return
    orders = {tuple(tokens), (tokens[-1], *tokens[:-1]), (*tokens[1:], tokens[0])}
    for order in orders:
        for first in range(len(order)):
            for last in range(first + 1, len(order) + 1):
                form = "".join(order[first:last])
                if len(form) >= SHORTEST:
                    yield from _with_sound(form)


def _with_sound(form: str) -> Iterable[str]:
    return (form, sound(form)) if len(form) > SHORTEST else (form,)


def _address_forms(email: str) -> Iterator[str]:
    """The part before the @, and the names in it."""
    own = email.partition("@")[0].lower()
    joined = re.sub(r"[^a-z0-9]", "", own)
    if len(joined) >= SHORTEST and not joined.isdigit() and joined not in NO_NAMES:
        yield joined
    for token in re.findall(r"[a-z]+", own):
        if len(token) >= SHORTEST and token not in NO_NAMES:
            yield token


def romanised(hangul: str) -> str:
    """Revised Romanisation, syllable by syllable, as names are written."""
    return "".join(_syllable(ord(one) - ord("가")) for one in hangul)


def _syllable(code: int) -> str:
    parts = (INITIALS[code // 588], VOWELS[code % 588 // 28], FINALS[code % 28])
    return "".join(parts).replace("_", "")


SAME_SOUND = (
    ("woo", "u"), ("oo", "u"), ("ee", "i"), ("yi", "i"), ("eo", "o"), ("eu", "u"), ("ou", "o"), ("ae", "e"),
    ("oe", "e"), ("ch", "j"), ("sh", "s"), ("ck", "k"), ("g", "k"), ("p", "b"), ("d", "t"), ("r", "l"), ("u", "o"),
    ("h", ""),
)  # fmt: skip


def sound(letters: str) -> str:
    """How a romanised name sounds, so that Minjun and Min-joon, Seoyeon and Suhyun's sisters are the same."""
    for written, said in SAME_SOUND:
        letters = letters.replace(written, said)
    return re.sub(r"(.)\1", r"\1", letters)
