"""English subjects: the noun phrase before a verb, its head, and whether that is the speaker, a person or a thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from models.english_lexicon import is_known, lemma
from models.english_words import Token

Subject = Literal["own", "team", "person", "thing", "you"]

IN_NAME = frozenset("NN JJ NU DP VN VG PO DT IP OB".split())
OWN = frozenset("i we".split())
TEAMS = frozenset("team group club squad class crew side pair unit".split())
PERSONS = frozenset(
    "he she they who people person man men woman women guy guys lady girl boy kid child children "
    "friend colleague coworker co-worker workmate teammate classmate roommate neighbor neighbour boss manager "
    "supervisor leader owner director president chief head chef teacher professor student senior junior mother father "
    "mom mum dad parent brother sister uncle aunt grandmother grandfather wife husband son daughter cousin family "
    "customer guest client patient passenger visitor buyer seller supplier driver cook baker nurse doctor officer "
    "sergeant corporal captain soldier engineer technician mechanic foreman clerk assistant secretary accountant "
    "librarian trainer coach examiner interviewer member volunteer trainee intern newcomer worker employee staff "
    "mr ms mrs miss sir madam everybody everyone somebody someone anybody anyone nobody one other another others some "
    "mine company firm committee office department management consultant partner resident tenant player reader "
    "user candidate applicant lecturer mentor tutor police researcher expert minister mayor none".split()
)
# "journalist", "librarian", "fireman", "engineer"; not -er, for printers and computers break down
PERSON_ENDINGS = ("ist", "ian", "man", "men", "woman", "women", "eer", "mate")


def name_start(words: Sequence[Token], place: int, limit: int) -> int:
    """Where the noun phrase that ends at `place` begins, with what hangs on it: the labels on the boxes."""
    start = place
    while start > limit and not words[start].mark and words[start].tag != "DT" and words[start - 1].tag in IN_NAME:
        start -= 1
    hung = start > limit + 1 and words[start - 1].tag == "IN" and not words[start].mark
    if hung and words[start - 2].tag in ("NN", "NU", "DP", "IP") and not words[start - 1].mark:
        whole = name_start(words, start - 2, limit)
        free = whole == limit or bool(words[whole].mark) or words[whole - 1].tag in ("CC", "SC", "WH", "RB")
        if words[start - 1].text == "of" or (free and words[whole].tag in ("DT", "DP", "NU")):
            return whole
    return start


def head_of(words: Sequence[Token], start: int, stop: int) -> str:
    """The noun that a phrase is about: the last one before a preposition."""
    head = words[start].text
    for word in words[start:stop]:
        if word.tag in ("IN", "WH"):
            break
        if word.tag in IN_NAME:
            head = word.text
    return head


def whose(phrase: Sequence[Token], head: str) -> Subject:
    """Whose deed a clause with this subject phrase and head tells: the speaker's, the speaker's team's, another's."""
    texts = {word.text for word in phrase}
    single = lemma(head, "NOUN")
    if head in OWN or "i" in texts or {"me", "and"} <= texts:
        return "own"
    if head == "you":
        return "you"
    if single in TEAMS and texts & {"our", "my"}:
        return "team"
    named = single in PERSONS or single.endswith(PERSON_ENDINGS) or _is_name(phrase, head)
    named = named or any(lemma(text, "NOUN") in PERSONS for text in texts - {"one"})
    return "person" if named and head not in ("it", "this", "that", "which") else "thing"


def _is_name(phrase: Sequence[Token], head: str) -> bool:
    """A bare word that no dictionary knows: minsu, anna."""
    return head.isalpha() and not is_known(head) and all(word.tag not in ("DT", "DP", "NU") for word in phrase)
