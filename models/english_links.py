"""What links an English clause to what was said before it: conjunctions, adverbs, "after two months"."""

from __future__ import annotations

from collections.abc import Sequence

from models.english_words import Token

VERBAL = frozenset("MD BE HV DO VD VZ VB BB BN BG VN VG".split())
NO_GAP = frozenset("CC SC".split())
JOINING = frozenset("so then first firstly secondly next finally well yes yeah okay ok and but or actually".split())
# adverbs that open a clause more often than they close one
OPENING = JOINING | frozenset("now maybe perhaps also afterwards usually normally sometimes luckily honestly".split())
# these begin a clause even where no mark and no "and" stands before them
OUTCOMES = ("in the end", "at the end", "as a result", "after that", "after this", "since then", "thanks to that",
            "after a while", "after some time", "because of that", "because of this", "by the end")  # fmt: skip
LEADS = frozenset("IN NU DP JJ DT RB RP".split())
LATE = frozenset("after before since until till as than".split())  # prepositions that open clauses as well


def opening(words: Sequence[Token], start: int, limit: int) -> tuple[int, str]:
    """Back over what links the subject to what was said before: where that begins, and its conjunction."""
    place, opener = start, ""
    while place > limit and words[place].mark != ".":
        before = words[place - 1]
        timed = words[start].tag in ("NU", "DP") or words[start].text in ("that", "this")
        late = before.text in LATE and place == start and not timed
        if before.text == "that" and place == start and place - 1 > limit - 1 and tells(words, place - 2):
            opener = "that"
            place -= 1
            break
        if not late and before.tag not in ("CC", "SC", "UH", "WH") and before.text not in OPENING:
            break
        if words[place].mark == "," and before.tag != "CC" and before.text not in JOINING:
            break
        if (late or before.tag in ("SC", "WH")) and before.text != "so":
            opener = before.text
        place -= 1
        if before.tag == "CC" and before.text != "so":
            break
    return place, opener


def tells(words: Sequence[Token], place: int) -> bool:
    """Whether "that" behind the word at `place` can open what is told: found that, told her that, sure that."""
    return place >= 0 and words[place].tag in ("VD", "VB", "VZ", "VN", "VG", "OB", "NN", "JJ", "PN", "IP")


def lead_of(words: Sequence[Token], joined: int, limit: int) -> int:
    """Where an adverbial before the clause begins: from the last full stop or "and", and without a verb in it."""
    place = joined
    for begin in range(max(limit, joined - 4), joined):
        said = " ".join(word.text for word in words[begin:joined])
        counted = words[begin].text in ("after", "within") and words[begin + 1].tag == "NU"
        if said in OUTCOMES or counted:
            return begin
    while place > limit and words[place].mark != "." and words[place - 1].tag not in NO_GAP:
        if words[place - 1].tag in VERBAL - {"VN", "VG"} or joined - place > 12:
            return joined
        place -= 1
    free = place < joined and (words[place].mark == "." or words[place - 1].tag == "CC")
    return place if free and words[place].tag in LEADS else joined


def links(word: Token) -> bool:
    """Whether a word stands between two deeds of one speaker: and, then, also."""
    return word.tag in ("CC", "UH") or word.text in OPENING
