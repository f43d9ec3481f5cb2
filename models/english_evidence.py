"""English evidence: which clauses tell what the speaker did, why it was needed, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from interview_ai.rules.analysis import Find
from interview_ai.rules.evidence import EvidenceKind
from models.english_clauses import Clause
from models.english_links import JOINING
from models.english_results import is_result

# being, having, feeling, thinking, perceiving and wishing are not doing; nor is what happens to somebody
NO_ACTION = frozenset(
    "be have feel think know want need like love hate hope wish believe understand see hear notice realize realise "
    "remember forget learn enjoy fear worry seem guess mean suppose expect prefer wonder doubt trust dream imagine "
    "become get receive live belong own stay remain sit stand lie wait sleep cry laugh shake suffer miss lose fail "
    "panic depend happen appear consist exist contain deserve care mind matter agree disagree regret intend plan "
    "refuse neglect graduate grow keep".split()
)
# but these are, before a word like these
DOING = {"keep": frozenset("a the my our this that".split()), "plan": frozenset("a the my our every each".split()),
         "agree": frozenset("with on to".split())}  # fmt: skip
FACTS = frozenset("be have get lose fail understand know".split())  # of the speaker's states, these may set the scene
# a wish, a plan or a refusal is no deed, whatever verb comes behind "to"
NO_DEED_TO = frozenset("want hope wish plan intend mean forget fail refuse need expect like love prefer".split())
OCCUPIED = frozenset("work study live stay belong intern serve attend major join start begin come".split())
LOOKING = frozenset("watch look listen work study".split())  # without an object these are no deed
PLACES = frozenset("at in for as with there here under near".split())  # "i worked at a cafe" says where, not what
HABITS = frozenset("always usually normally generally typically".split())
OFTEN = HABITS | frozenset("often sometimes everyday whenever now today currently nowadays".split())
SAYING = frozenset("say tell think believe claim report ask know explain mention complain suggest".split())
WISHING = frozenset("wish hope imagine dream want".split())
HINDERING = frozenset("when while if until before whether where that what how which who than as relative".split())
NO_OUTCOME = (HINDERING - {"as"}) | {"after", "since", "because", "although", "though"}
CONDITIONAL = frozenset("if unless whether".split())
SUPPOSING = frozenset("would will 'll 'd should".split())
SEASONS = frozenset("time night week month semester term year spring summer autumn fall winter".split())
PAST_MOODS = frozenset("past going being passive".split())
SITUATIONS = 4  # the first four say where and when; what comes later belongs to the telling
TASK_NOUNS = frozenset("job task role goal aim duty responsibility part mission target assignment challenge".split())
CHARGED = frozenset("responsible charge assigned asked told chosen given left supposed required put".split())
ORDERING = frozenset("ask tell want assign order require request give".split())


@dataclass
class _Telling:
    """What has been heard so far, as the clauses go by."""

    narrative: str = ""  # "past", "general" or "supposed"
    actions: int = 0
    situations: int = 0
    last: str = ""  # what the clause before was
    heard: dict[str, EvidenceKind | None] = field(default_factory=dict)  # said again, a clause is what it was before


def evidence(found: Sequence[Clause]) -> list[Find]:
    """Situation, task, action and result of the clauses of a text, in order."""
    telling = _Telling()
    told: list[tuple[Clause, EvidenceKind]] = []
    before: Clause | None = None
    for clause in found:
        said = " ".join(clause.said)
        kind = telling.heard.get(said)
        if said not in telling.heard:
            kind = None if _not_told(clause, before) else _kind(clause, telling)
            _remember(clause, telling, kind)
            telling.heard[said] = kind
        if kind:
            told.append((clause, kind))
        before = clause
    # where the speaker did nothing, what others did is no situation of the speaker's
    return [_find(clause, kind) for clause, kind in told if telling.actions or _sets_scene(clause, kind)]


def _sets_scene(clause: Clause, kind: EvidenceKind) -> bool:
    mine = clause.subject in ("own", "team") and not clause.negated
    return kind != "situation" or mine or clause.opener in ("when", "because", "while")


def _find(clause: Clause, kind: EvidenceKind) -> Find:
    """An action begins at its subject, the rest with "after two months" and the like."""
    begin = clause.start if kind == "action" else clause.lead
    return Find(kind, clause.words[begin].start, clause.words[clause.end - 1].end)


def _kind(clause: Clause, telling: _Telling) -> EvidenceKind | None:
    if _is_task(clause, telling):
        return "task"
    # without an action of the speaker's own before it, it is nobody's result
    may_result = telling.actions and clause.opener not in NO_OUTCOME and not _habitual(clause)
    past = telling.narrative == "past"
    if may_result and is_result(clause, past=past, after_result=telling.last == "result"):
        return "result"
    if _is_action(clause, telling):
        return "action"
    return "situation" if _is_situation(clause, telling) else None


# --- what is not told as the speaker's own past


def _not_told(clause: Clause, before: Clause | None) -> bool:
    """Quoted, supposed, wished, or somebody else's words."""
    if clause.words[clause.verb].quoted or clause.opener in CONDITIONAL:
        return True
    if before is None or clause.shared or clause.words[clause.joined].mark:
        return False
    if before.negated and before.does in SAYING:
        return True
    speech = (before.subject == "person" and before.does in SAYING) or before.does in WISHING
    linked = any(word.tag == "CC" or word.text in JOINING for word in clause.bridge)
    return speech and not linked and clause.joined <= before.verb + 3


def _remember(clause: Clause, telling: _Telling, kind: str | None) -> None:
    telling.actions += kind == "action"
    telling.situations += kind == "situation"
    telling.last = kind or ""
    if clause.opener in CONDITIONAL or (clause.mood == "modal" and SUPPOSING & set(clause.whole)):
        telling.narrative = "supposed" if clause.subject != "thing" else telling.narrative
    elif _habitual(clause) or clause.subject == "you" or _of_oneself(clause):
        telling.narrative = "general"
    elif _dated(clause) or clause.mood in PAST_MOODS or _had_to(clause):
        telling.narrative = "past"


def _had_to(clause: Clause) -> bool:
    return clause.mood == "obliged" and bool({"had", "needed"} & set(clause.said))


def _of_oneself(clause: Clause) -> bool:
    """`i'm a careful person`: the story stops here."""
    being = any(word.tag == "BE" for word in clause.words[clause.start : clause.verb + 1])
    return clause.subject == "own" and clause.mood == "present" and being


def _dated(clause: Clause) -> bool:
    """It says itself that it lies in the past: last winter, two years ago, during my internship."""
    whole = clause.whole
    last = any(one == "last" and other in SEASONS for one, other in pairwise(whole))
    return last or bool({"ago", "yesterday"} & set(whole)) or whole[0] == "during"


def _habitual(clause: Clause) -> bool:
    said = set(clause.whole)
    return clause.mood == "habit" or bool(said & HABITS) or (clause.mood == "present" and bool(said & OFTEN))


# --- action


def _is_action(clause: Clause, telling: _Telling) -> bool:
    """The speaker's own, done, and a deed."""
    if clause.subject != "own" or clause.negated or clause.opener in HINDERING or _habitual(clause):
        return False
    if clause.shared and telling.narrative == "general":
        return False
    occupied = clause.does in OCCUPIED and not telling.actions and clause.behind in PLACES
    return not occupied and _happened(clause, telling) and _is_deed(clause)


def _happened(clause: Clause, telling: _Telling) -> bool:
    """In the past, or in the present of somebody who tells a past story in it: linked to what was done before."""
    bare = clause.does == clause.words[clause.verb].text
    if clause.mood == "past":
        # of "put" and "set" only the story tells whether they are past; of "did check" the auxiliary does
        told_by_auxiliary = clause.words[clause.verb - 1].tag in ("HV", "DO")
        return not bare or told_by_auxiliary or telling.narrative not in ("general", "supposed")
    linked = clause.shared or any(
        word.tag == "CC" or word.text in JOINING or word.text == "after" for word in clause.bridge
    )
    return clause.mood == "present" and bare and ((telling.narrative == "past" and linked) or _dated(clause))


def _is_deed(clause: Clause) -> bool:
    verb, after = clause.does, clause.behind
    if (after == "to" and verb in NO_DEED_TO) or (after == "that" and verb in ("find", "discover")):
        return False
    looking_on = verb in LOOKING and (not after or after in ("him", "her", "them"))
    if (verb, after) == ("give", "up") or looking_on:
        return False
    return verb not in NO_ACTION or after in DOING.get(verb, ())


# --- situation and task


def _is_situation(clause: Clause, telling: _Telling) -> bool:
    """How things stood before the speaker acted; of clauses about nothing but "it was hard" none."""
    if telling.actions or telling.situations >= SITUATIONS or telling.narrative == "supposed":
        return False
    unable = clause.mood == "modal" and clause.negated and "could" in clause.said
    told = (clause.mood in PAST_MOODS or unable) and not _habitual(clause)
    empty = clause.head in ("it", "that", "this") and clause.does == "be"
    thought = clause.subject == "own" and clause.does in NO_ACTION - FACTS
    return told and not empty and not thought and clause.subject != "you" and clause.opener not in ("relative", "who")


def _is_task(clause: Clause, telling: _Telling) -> bool:
    """What had to be done: had to, was asked to, was responsible for, my job was to, the manager asked me to."""
    if clause.negated or clause.opener in HINDERING - {"that", "as"}:
        return False
    mine = clause.subject in ("own", "team")
    if clause.mood == "obliged":
        return mine and _had_to(clause)
    rest = [word.text for word in clause.words[clause.verb : clause.end]]
    if mine and clause.mood in ("passive", "being"):
        return bool(CHARGED & set(rest[:3])) and bool({"to", "with", "for", "of"} & set(rest[:6]))
    if clause.head in TASK_NOUNS and {"my", "our"} & set(clause.said[:3]):
        return clause.mood == "being"
    ordered = clause.does in ORDERING and clause.mood == "past" and rest[1:3] in (["me", "to"], ["us", "to"])
    return ordered and not telling.actions and clause.subject in ("person", "team")
