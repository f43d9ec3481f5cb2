"""English words: text cut into them with their offsets, contractions opened, fillers, asides and restarts taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from models.english_lexicon import FUNCTION_WORDS

FORMS = {"dont": "do n't", "didnt": "did n't", "doesnt": "does n't", "couldnt": "could n't", "wasnt": "was n't",
         "wouldnt": "would n't", "isnt": "is n't", "cant": "ca n't", "wont": "wo n't", "havent": "have n't",
         "hadnt": "had n't", "im": "i 'm", "ive": "i 've", "gonna": "going to", "wanna": "want to"}  # fmt: skip
FILLERS = frozenset("um uh er erm hmm mm mhm ah eh uhm umm".split())
ASIDES = frozenset(
    tuple(aside.split())
    for aside in "you know|i mean|i guess|i think|i suppose|i believe|i remember|let me|kind of|sort of".split("|")
)
# behind these, "you know" and "I think" are a clause of their own and no aside
NO_ASIDE_BEFORE = frozenset("if that what how do n't to will would not as when because".split())
NO_ASIDE_AFTER = frozenset("about of to how what why where when who".split())
PIECE = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*'?|[$€£₩]?\d+(?:[.,:]\d+)*%?(?:st|nd|rd|th)?|[.!?;,:()\"]|--|—")
TAIL = re.compile(r"(?:n't|'(?:ll|ve|re|m|d|s)|')$")
STRONG, WEAK = frozenset(".!?;"), frozenset(",:()—") | {"--"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word or half of a contraction, `text[start:end]` in lower case. `mark`: "." or "," if one stands before it;
    `quoted`: inside quotation marks; `tag`: the reading chosen, once one is, or known beforehand.
    """

    text: str
    start: int
    end: int
    mark: str = ""
    quoted: bool = False
    tag: str = ""


def plain(text: str) -> str:
    """Lower case with straight quotes and the same length, so that offsets stay true."""
    straight = text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"'})
    return "".join(low if len(low := sign.lower()) == 1 else sign for sign in straight)


def tokens(text: str) -> list[Token]:
    """The words of a text of any punctuation or none, without fillers, asides ("you know") and words said twice."""
    found: list[Token] = []
    mark, quoted = ".", False
    for piece in PIECE.finditer(plain(text)):
        said = piece.group()
        if said == '"':
            quoted = not quoted
            mark = mark or ","
        elif said in STRONG:
            mark = "."
        elif said in WEAK:
            mark = mark or ","
        elif said not in FILLERS:
            grade = said == "a" and bool(found) and found[-1].text == "an"  # "i got an a"
            for half in _halves(said, piece.start()):
                found.append(replace(half, mark=mark, quoted=quoted, tag="NN" if grade else ""))
                mark = ""
        else:
            found.append(Token("", piece.start(), piece.end(), mark))
            mark = ""
    return _without_restarts(_without_asides(_after_fillers(found)))


def _after_fillers(found: list[Token]) -> list[Token]:
    """Takes the fillers out: `I, uh, wrote` keeps no comma, for it stood in the middle of something."""
    kept: list[Token] = []
    carried, filler = "", False
    for token in found:
        if not token.text:
            carried, filler = carried or token.mark, True
            continue
        if filler:
            inside = bool(kept) and kept[-1].text in FUNCTION_WORDS
            mark = "." if "." in (carried, token.mark) else "" if inside else carried
            token = replace(token, mark=mark)
        kept.append(token)
        carried, filler = "", False
    return kept


def _halves(said: str, start: int) -> Iterator[Token]:
    """`didn't` as `did` and `n't`; offsets stay inside the word."""
    if said in FORMS:
        first, second = FORMS[said].split()
        cut = start + len(said) - len(second.replace("'", ""))
        yield from (Token(first, start, cut), Token(second, cut, start + len(said)))
        return
    tail = TAIL.search(said)
    if tail is None or tail.start() == 0:
        yield Token(said, start, start + len(said))
        return
    cut = start + tail.start()
    yield Token(said[: tail.start()], start, cut)
    if tail.group() != "'":
        yield Token(tail.group(), cut, start + len(said))


def _without_asides(found: list[Token]) -> list[Token]:
    kept: list[Token] = []
    place = 0
    while place < len(found):
        pair = (found[place].text, found[place + 1].text) if place + 1 < len(found) else ("", "")
        after = found[place + 2].text if place + 2 < len(found) else ""
        free = not kept or kept[-1].text not in NO_ASIDE_BEFORE
        if pair in ASIDES and free and after not in NO_ASIDE_AFTER:
            if place + 2 < len(found) and (found[place].mark == "." or not found[place + 2].mark):
                found[place + 2] = replace(found[place + 2], mark=found[place].mark)
            place += 2
        else:
            kept.append(found[place])
            place += 1
    return kept


def _without_restarts(found: list[Token]) -> list[Token]:
    """`i i went to the to the shop`: of words said twice in a row, one alone or two together, the second stays."""
    kept: list[Token] = []
    for token in found:
        kept.append(token)
        for length in (1, 2):
            twice = [item.text for item in kept[-2 * length :]]
            same = len(twice) == 2 * length and twice[:length] == twice[length:]
            if same and all(item.mark != "." for item in kept[-length:]):
                del kept[-2 * length : -length]
    return kept
