"""English: clauses by cue words, first-person past actions, results, specifics; works on text without punctuation."""

from __future__ import annotations

import re
from itertools import pairwise

from interview_ai.rules.analysis import Analysis, Find
from interview_ai.rules.evidence import EvidenceKind

WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*%?")
MAX_CLAUSE_WORDS = 16

DETERMINERS = frozenset("a an the my our your their his her its this that these those each every".split())
FUNCTION = frozenset(
    "i me we us you he him she they them it who what which when where while because although if so and or but then "
    "than as of to in on at by for from with about into over after before during between through up down out off is "
    "are was were be been being am do does did have has had will would can could should may might must not no very "
    "just also too there here how why".split()
) | (DETERMINERS)
# what begins a new clause where nobody wrote a full stop
CUES = frozenset("i we he she they it so then because when after before while although finally but".split())
OPENERS = frozenset("as in at during last after when because and so then but finally".split())
AUXILIARIES = frozenset("was were had did have has could would should am is are be been can will".split())
NEGATIONS = frozenset("not never didn't couldn't wasn't don't can't won't hardly cannot wouldn't".split())
ADVERBS = frozenset(
    "also then first finally quickly carefully immediately personally always often usually really just even later "
    "simply slowly actually once again".split()
)
PAST = frozenset(
    "made found took wrote built led taught drew kept held set sent gave spoke told brought bought sold put ran began "
    "chose went met read learned learnt showed spent cut did got saw thought understood won grew rebuilt split dealt "
    "sought felt knew".split()
)
# saying or feeling is not doing
NO_ACTION = frozenset(
    "was had felt thought knew wanted needed liked loved hoped learned learnt understood got saw seemed enjoyed "
    "believed wished went lived studied worked graduated".split()
)
RESULT_VERBS = frozenset(
    "dropped fell rose increased decreased improved reduced saved grew doubled halved finished succeeded worked "
    "solved won reached achieved passed".split()
)
RESULT_CUES = re.compile(r"\b(as a result|in the end|because of (?:this|that)|thanks to|since then|the result was)\b")
RESULT_NOUNS = re.compile(
    r"\b(?:mistakes?|errors?|sales?|costs?|time|complaints?|defects?|rate|number|score|grade|quality|output|returns?|"
    r"delays?|waste)\b"
)
SITUATION = re.compile(
    r"\b(when i was|while i (?:was|worked)|during (?:my|the|our)|in my (?:first|second|third|fourth|last|final)|"
    r"last (?:year|summer|winter|spring|autumn|fall|semester|month)|(?:two|three|four|five) years ago|"
    r"i (?:worked|studied|was working|had a (?:part time )?job) (?:at|in|for|as))\b"
)
TASK = re.compile(
    r"\b(my (?:task|job|role|goal|duty|responsibility|part) was|i (?:had|needed|was asked|was told|wanted|decided) to|"
    r"i was (?:responsible|in charge)|(?:the|our|one|a) (?:big |main |serious )?problem (?:was|with|that)|"
    r"had a problem|our goal was)\b"
)
NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half"
).split()
SPECIFIC = re.compile(
    rf"\b(?:\d+(?:[.,]\d+)*%?|(?:{'|'.join(NUMBERS)})(?: (?:{'|'.join(NUMBERS)}))*)"
    r"(?: [a-z]+)?",
)
# "one" and "one day" count nothing
EMPTY_SPECIFIC = re.compile(r"^(?:one|half)(?: (?:of|day|time|thing|another|who|that|is|was|and|the|i|could|can|a))?$")

Token = tuple[str, int, int]


def analyse(text: str) -> Analysis:
    """Finds and words of an English text."""
    lowered = text.lower()
    tokens = [(found.group(), found.start(), found.end()) for found in WORD.finditer(lowered)]
    words = tuple(token[0] for token in tokens)
    finds = _actions_and_results(tokens, lowered) + _by_pattern(lowered, tokens)
    content = tuple(stem(word) for word in words if word not in FUNCTION and word not in PAST & NO_ACTION)
    return Analysis("en", words, content, tuple(sorted(finds, key=lambda f: (f.start, f.end))), _disorder(words))


def stem(word: str) -> str:
    """A crude stem, the same for question and answer: plural, -ing and -ed are cut off."""
    for ending in ("'s", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word.rstrip("e") if len(word) > 4 else word


def _clause_end(tokens: list[Token], start: int, lowered: str) -> int:
    """Index behind the clause that begins at `start`: the next cue, a full stop, or 16 words."""
    for index in range(start + 2, min(len(tokens), start + MAX_CLAUSE_WORDS)):
        between = lowered[tokens[index - 1][2] : tokens[index][1]]
        if tokens[index][0] in CUES or any(mark in between for mark in ".!?;"):
            return index - 1 if tokens[index - 1][0] in OPENERS else index
    return min(len(tokens), start + MAX_CLAUSE_WORDS)


def _actions_and_results(tokens: list[Token], lowered: str) -> list[Find]:
    finds: list[Find] = []
    for index, (word, start, _) in enumerate(tokens):
        if word == "i":
            verb = _verb_after(tokens, index)
            if verb is not None:
                end = _clause_end(tokens, index, lowered)
                kind: EvidenceKind = "result" if tokens[verb][0] in RESULT_VERBS & {"finished", "reached"} else "action"
                finds.append(Find(kind, start, tokens[max(verb, end - 1)][2]))
        elif word in RESULT_VERBS and _is_result(tokens, index):
            begin = max(0, index - 3)
            finds.append(Find("result", tokens[begin][1], tokens[_clause_end(tokens, index, lowered) - 1][2]))
    return finds


def _verb_after(tokens: list[Token], index: int) -> int | None:
    """Where the first-person past verb stands, if there is one and it is neither negated nor a mere feeling."""
    for place in range(index + 1, min(len(tokens), index + 4)):
        word = tokens[place][0]
        if word in NEGATIONS or word in AUXILIARIES:
            return None
        if word in ADVERBS or word == "and":
            continue
        past = word in PAST or (word.endswith("ed") and len(word) > 4)
        return place if past and word not in NO_ACTION else None
    return None


def _is_result(tokens: list[Token], index: int) -> bool:
    """A thing that is counted (mistakes, sales, time…) stands shortly before the verb, and no negation."""
    before = [token[0] for token in tokens[max(0, index - 4) : index]]
    return bool(RESULT_NOUNS.search(" ".join(before))) and not NEGATIONS.intersection(before)


def _by_pattern(lowered: str, tokens: list[Token]) -> list[Find]:
    finds: list[Find] = []
    starts = {token[1]: place for place, token in enumerate(tokens)}
    patterns: tuple[tuple[EvidenceKind, re.Pattern[str]], ...] = (
        ("situation", SITUATION),
        ("task", TASK),
        ("result", RESULT_CUES),
    )
    for kind, pattern in patterns:
        for found in pattern.finditer(lowered):
            place = starts.get(found.start())
            if place is not None:
                after = place + len(found.group().split())
                last = min(len(tokens), max(_clause_end(tokens, after, lowered), after + 1)) - 1
                finds.append(Find(kind, found.start(), tokens[last][2]))
    for found in SPECIFIC.finditer(lowered):
        if not EMPTY_SPECIFIC.match(found.group()):
            finds.append(Find("specific", found.start(), found.end()))
    return finds


def _disorder(words: tuple[str, ...]) -> float | None:
    """Share of determiners followed by what no noun phrase begins with; shuffled text has more."""
    follow = [after for word, after in pairwise(words) if word in {"a", "an", "the", "my", "our"}]
    if len(follow) < 4:
        return None
    return round(sum(after in FUNCTION for after in follow) / len(follow), 3)
