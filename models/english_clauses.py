"""English clauses: each finite verb with its subject, its mood and the stretch of words that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.english_lexicon import lemma, readings
from models.english_links import JOINING, lead_of, links, opening, tells
from models.english_subjects import IN_NAME, Subject, head_of, name_start, whose
from models.english_verbs import BETWEEN, Group, Mood, group_at
from models.english_words import Token

FINITE = frozenset("MD BE HV DO VD VZ VB".split())
TRAILING = frozenset("like that so then and but or because also yeah okay well right".split())
RELATIVE = frozenset("where who which whom whose that".split())
# a clause behind one of these is part of what the clause before it says
TELLING = frozenset("that what how which who where until while if whether before after when as why relative".split())
LONGEST_NAME = 14  # words of one subject; without an end to it "a list of a list of …" would be walked again and again
NOBODY = frozenset("nobody none nothing".split())


@dataclass(frozen=True, slots=True)
class Clause:
    """A finite verb and what belongs to it, as indices into the tagged row `words`. `joined`: where it begins with all
    that links it to what came before; `lead`: with its opening adverbial ("after two months"); `start`: its subject,
    or the verb where it shares one; `end`: behind it. `head`: the noun of the subject; `opener`: what subordinates it.
    """

    words: Sequence[Token] = field(repr=False)
    joined: int
    lead: int
    start: int
    verb: int
    end: int
    subject: Subject
    head: str
    mood: Mood
    negated: bool
    opener: str = ""
    shared: bool = False

    @property
    def does(self) -> str:
        """The dictionary form of its verb."""
        verb = self.words[self.verb]
        return "be" if verb.tag == "BE" else lemma(verb.text, "VERB")

    @property
    def behind(self) -> str:
        """The word behind its verb, if the clause has one."""
        return self.words[self.verb + 1].text if self.verb + 1 < self.end else ""

    @property
    def said(self) -> list[str]:
        """Its words from the subject on."""
        return [word.text for word in self.words[self.start : self.end]]

    @property
    def whole(self) -> list[str]:
        """Its words with all that links them to what came before."""
        return [word.text for word in self.words[self.joined : self.end]]

    @property
    def bridge(self) -> Sequence[Token]:
        """What stands before its subject: "and", "so", "after two months"."""
        return self.words[self.joined : self.start]


def clauses(words: Sequence[Token]) -> list[Clause]:
    """The clauses of a tagged row of words, in order."""
    found: list[Clause] = []
    place = 0
    while place < len(words):
        group = group_at(words, place) if words[place].tag in FINITE else None
        clause = _clause(words, group, found) if group else None
        if group and clause:
            found.append(clause)
            place = group.last
        place += 1
    return _ended(words, found)


def _clause(words: Sequence[Token], group: Group, found: Sequence[Clause]) -> Clause | None:
    limit = found[-1].verb + 1 if found else 0
    place = group.first - 1
    while place >= limit and words[place].tag in BETWEEN and not words[place + 1].mark:
        place -= 1
    verb_start = place + 1
    if place < limit and not words[verb_start].mark and words[verb_start].text != "then":
        return None
    next_deed = words[verb_start].text == "then" and bool(found)  # "i counted the boxes then wrote a list"
    if place < limit or words[place].tag == "CC" or words[verb_start].mark or next_deed:
        return _sharing(words, group, found, verb_start)
    tag = words[place].tag
    if tag in ("SP", "PN", "EX") or words[place].text == "i":
        return _with_subject(words, group, place, limit)
    if tag == "WH" or words[place].text == "that":
        return _with_subject(words, group, place, limit)
    if words[place].text in ("me", "us") and (place < 1 or words[place - 1].text != "and"):
        # "the customer who called me wrote": the object of the clause in between
        return _sharing(words, group, found, verb_start)
    if tag in IN_NAME and (words[group.first].tag != "VB" or _many(words[place])):
        start = name_start(words, place, max(limit, place - LONGEST_NAME))
        return None if _hangs_on(words, group, found, start) else _with_subject(words, group, start, limit)
    return None


def _hangs_on(words: Sequence[Token], group: Group, found: Sequence[Clause], start: int) -> bool:
    """`i was the only clerk left in the office`: what stands behind "be" and "have" is a participle, no new clause."""
    if not found or start != found[-1].verb + 1 or words[start].mark:
        return False
    before = words[found[-1].verb]
    both = {"VD", "VN"} <= set(readings(words[group.first].text))
    return both and words[group.first].tag == "VD" and (before.tag in ("BE", "HV") or before.text in ("had", "got"))


def _many(word: Token) -> bool:
    return word.tag in ("IP", "OB") or word.text.endswith("s") or word.text in ("people", "men", "women", "children")


def _sharing(words: Sequence[Token], group: Group, found: Sequence[Clause], start: int) -> Clause | None:
    """A verb behind "and", "then" or a comma: the subject is that of the clause before."""
    if not found:
        return None
    ended = any(word.mark == "." for word in words[found[-1].verb + 1 : start + 1])
    if ended and words[start].text != "then":
        return None
    while words[start].text in JOINING and start < group.first:
        start += 1
    before = found[-1]
    main = next((clause for clause in reversed(found) if clause.opener not in RELATIVE), None)
    if before.opener in RELATIVE and main and before.mood in ("being", "passive", "going", "present"):
        before = main  # "i took the boxes which were broken and repaired them"
    elif before.opener in RELATIVE and words[start - 1].tag != "CC":
        # "my boss at the office, where i worked, told me": the subject stands before the clause in between
        before = replace(before, subject="thing", head="")
    bare = words[group.first].tag == "VB"
    if bare and (before.mood != "present" or words[before.verb].tag != "VB"):
        return None
    mood = "modal" if before.mood == "modal" and words[before.verb].tag in ("VN", "VD") else group.mood
    joined = start
    while joined > before.verb + 1 and links(words[joined - 1]) and words[joined].mark != ".":
        joined -= 1
    opener = before.opener if joined < start or words[start].mark == "," else ""
    return replace(
        before, joined=joined, lead=start, start=start, verb=group.verb, end=0, mood=mood,
        negated=group.negated, opener=opener, shared=True,
    )  # fmt: skip


def _with_subject(words: Sequence[Token], group: Group, start: int, limit: int) -> Clause:
    if words[start].text == "that" and start + 1 < group.first and start and tells(words, start - 1):
        start += 1  # "i found that one supplier was late"
    if [word.text for word in words[max(limit, start - 2) : start]] == ["me", "and"]:
        start -= 2
    head = head_of(words, start, group.first)
    joined, opener = opening(words, start, limit)
    if not opener and _relative(words, group, start):
        opener = "relative"
    lead = joined if words[joined].tag == "CC" else lead_of(words, joined, limit)
    if opener in RELATIVE and words[lead].tag == "DT":
        lead = joined  # "my boss at the office, where i worked, told me"
    if words[start].tag == "WH" or (words[start].text == "that" and start > limit and not words[start].mark):
        opener = words[start].text
    joined = lead if lead < joined else joined
    while joined > limit and words[joined].mark != "." and words[joined - 1].tag in ("CC", "UH"):
        joined -= 1
    begin = min(lead, start)
    while begin < start and words[begin].text in JOINING:
        begin += 1
    if begin < start and words[begin].text == "that" and opener == "that":
        begin += 1
    subject = whose(words[start : group.first], head)
    negated = group.negated or head in NOBODY
    return Clause(words, joined, begin, start, group.verb, 0, subject, head, group.mood, negated, opener)


def _relative(words: Sequence[Token], group: Group, start: int) -> bool:
    """`the codes we use most`: a pronoun straight behind a noun, and nothing behind the verb that it could act on."""
    if start == 0 or words[start].mark or words[start].tag != "SP" or words[start - 1].tag != "NN":
        return False
    after = group.last + 1
    while after < len(words) and words[after].tag in ("RB", "IN", "RP", "DP") and not words[after].mark:
        after += 1
    return after >= len(words) or bool(words[after].mark) or words[after].tag in ("CC", "VD", "BE", "MD", "SC")


def _ended(words: Sequence[Token], found: list[Clause]) -> list[Clause]:
    """Every clause with its end: the next clause, a full stop, a comma; what it tells or asks about stays inside."""
    ended: list[Clause] = []
    for place in range(len(found) - 1, -1, -1):
        clause = found[place]
        later = ended[-1] if ended else None
        stop = later.joined if later else len(words)
        end = next((k for k in range(clause.verb + 1, min(stop, len(words))) if words[k].mark), stop)
        whole = later is not None and end == stop and not words[min(stop, len(words) - 1)].mark
        told = later is not None and later.mood not in ("modal", "intended") and not later.negated
        if later is not None and whole and told and later.opener in TELLING and not later.shared:
            end = later.end
        else:
            while end > clause.verb + 1 and (words[end - 1].text in TRAILING or words[end - 1].tag == "CC"):
                end -= 1
        ended.append(replace(clause, end=max(end, clause.verb + 1)))
    return ended[::-1]
