"""English results: which clauses say what came of it, once the speaker has done something."""

from __future__ import annotations

from models.english_clauses import Clause
from models.english_links import OUTCOMES

DONE = frozenset(
    "finish pass win succeed achieve reach complete manage solve resolve earn graduate arrive save".split()
)
LOSING = frozenset("lose miss fail waste break delay".split())  # "we didn't lose a single order"
GAINED = frozenset("get receive".split())
HAVING = frozenset("get receive need have take spend lose".split())
CHANGED = frozenset(
    "drop fall rise increase decrease decline improve reduce grow double triple halve shrink disappear stop recover "
    "succeed finish settle".split()
)
BECOMING = frozenset("become get turn grow be feel".split())
GOOD = frozenset(
    "okay ok fine good great well happy satisfied successful ready calm smooth possible safe clear clean solved fixed "
    "finished done complete perfect grateful relieved".split()
)
BETTER = frozenset(
    "better faster quicker easier shorter smaller lower higher fewer smoother cheaper safer clearer cleaner quieter "
    "calmer softer stronger closer longer earlier".split()
)
COMPARED = BETTER | {"less", "more"}
RANKED = frozenset("first second third award prize best".split())
# a clause with one of these tells how things stood afterwards
CUES = (*OUTCOMES, "in the long run", "thanks to", "the result", "eventually", "from then", "finally")
IN_TIME = ("on time", "in time", "early", "before the deadline", "ahead of", "within", "again")


def is_result(clause: Clause, *, past: bool, after_result: bool) -> bool:
    """What came of it. `past`: the story is told as past; `after_result`: the clause before was a result."""
    spared = clause.negated and clause.does in LOSING and _cued(clause)
    if clause.negated and not spared:
        return False
    if _now_able(clause):
        return True
    afterwards = clause.mood == "present" and past and (_timed(clause) or _cued(clause))
    if clause.mood not in ("past", "going", "being", "passive") and not afterwards:
        return False
    if clause.subject == "own":
        return spared or _own(clause)
    if clause.subject == "person":
        return _uptake(clause)
    return (after_result and clause.words[clause.joined].tag == "CC") or _of_thing(clause)


def _now_able(clause: Clause) -> bool:
    """`now i can talk with most people`, `finally we could open`."""
    able = {"can", "could"} & set(clause.said) and {"now", "finally", "eventually"} & set(clause.whole)
    return bool(able) and clause.subject in ("own", "team")


def _cued(clause: Clause) -> bool:
    return _says(clause, CUES)


def _says(clause: Clause, phrases: tuple[str, ...]) -> bool:
    whole = f" {' '.join(clause.whole)} "
    return any(f" {phrase} " in whole for phrase in phrases)


def _timed(clause: Clause) -> bool:
    """It opens with "after two months": how things stood then."""
    return any(word.text in ("after", "within", "by") for word in clause.bridge)


def _own(clause: Clause) -> bool:
    if clause.does in DONE:
        return not {"each", "every"} & set(clause.whole)
    if clause.does == "be":
        return _good(clause)
    return clause.does in HAVING and (_limited(clause) or _gained(clause) or _stood(clause))


def _gained(clause: Clause) -> bool:
    """`we got second place`, `i received an award`."""
    near = clause.words[clause.verb + 1 : clause.verb + 3]
    return clause.does in GAINED and any(word.tag == "NU" or word.text in RANKED for word in near)


def _stood(clause: Clause) -> bool:
    """`after three months i needed four minutes`, `we had no more complaints`."""
    return clause.does not in ("take", "spend", "receive") and (
        _timed(clause) or _cued(clause) or clause.behind in ("no", "zero")
    )


def _good(clause: Clause) -> bool:
    """It ends in a good word, or says better: "it was fine", not "it was a good experience"."""
    for place in range(clause.verb + 1, clause.end):
        noun = place + 1 < clause.end and clause.words[place + 1].tag in ("NN", "JJ", "VG")
        text = clause.words[place].text
        if text in BETTER or (text in GOOD and not noun):
            return True
    return False


def _limited(clause: Clause) -> bool:
    """A number with less, fewer, more, or with "only" beside it."""
    near: set[str] = set()
    for place in range(clause.lead, clause.end):
        if clause.words[place].tag == "NU":
            beside = clause.words[max(clause.lead, place - 1) : min(clause.end, place + 3)]
            near |= {word.text for word in beside}
    return "only" in near or (bool(near) and bool(set(clause.said) & COMPARED))


def _counted(clause: Clause) -> bool:
    return any(word.tag == "NU" for word in clause.words[clause.start : clause.end])


def _of_thing(clause: Clause) -> bool:
    said = set(clause.said)
    if clause.does in CHANGED or (clause.does in ("work", "run") and said & {"again", "out", "well"}):
        return True
    moved = {"from", "to"} <= said and _counted(clause)
    better = clause.does in BECOMING and _good(clause)
    afterwards = _cued(clause) or (_timed(clause) and clause.does != "be") or _says(clause, IN_TIME)
    return moved or better or _limited(clause) or afterwards


def _uptake(clause: Clause) -> bool:
    """Of other people's doings only a change counts: they began to, they did it less, from one star to four."""
    said = set(clause.said)
    began = clause.does in ("start", "begin", "stop") and bool(clause.behind)
    changed = bool({"less", "fewer", "faster", "better", "sooner"} & said)
    return began or changed or ({"from", "to"} <= said and _counted(clause))
