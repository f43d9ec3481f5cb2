"""The clauses of a Korean answer as statements in a row: what leans on a later verb, and who is still the subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interview_ai.rules.evidence import EvidenceKind
from models.korean_clauses import Clause
from models.korean_predicates import Predicate, predicate
from models.korean_words import NO_ACTION

SAME_SUBJECT = frozenset("고 어서 아서 여서 며 으며 다가".split())
CONTINUING = frozenset({"그리고", "또", "그러고", "또한"})


@dataclass(frozen=True, slots=True)
class Said:
    """A clause, its predicate, and what it was found to be."""

    clause: Clause
    says: Predicate
    kind: EvidenceKind | None = None


def read(found: Sequence[Sequence[Clause]]) -> list[list[Said]]:
    """The clauses with their predicates; what leans on a later verb has that verb's tense, mood and polarity."""
    later: Predicate | None = None
    read: list[list[Said]] = []
    for sentence in reversed(found):
        said: list[Said] = []
        for clause in reversed(sentence):
            says = predicate(clause)
            if later is not None and _loose(clause, says, near=bool(said)):
                says = _leaning(says, later, near=bool(said))
            later = says
            said.insert(0, Said(clause, says))
        read.insert(0, said)
    return _with_subjects(read)


def _loose(clause: Clause, says: Predicate, *, near: bool) -> bool:
    """Whether the clause waits for a later one to say when: -고, -어서; over a full stop only a deed in -고(요)."""
    if near:
        return not says.tensed
    listed = clause.ending == "고" and not says.past and not says.unreal and not says.frames
    return listed and says.tag in ("VV", "XSV") and says.stem not in NO_ACTION


def _leaning(says: Predicate, later: Predicate, *, near: bool) -> Predicate:
    """`near`: in the same sentence; then what denies or reports the later verb reaches back, too."""
    same = near and later.subject in ("", "own")
    return replace(
        says,
        past=later.past,
        negated=says.negated or (later.negated and same),
        unreal=says.unreal or later.unreal,
        quoted=says.quoted or (near and (later.musing or (later.quoted and later.subject != "own"))),
        habit=says.habit or later.habit,
        honorific=says.honorific or (later.honorific and same),
    )


def _with_subjects(read: Sequence[Sequence[Said]]) -> list[list[Said]]:
    """A person who was named stays the subject through -고, -어서, and over a full stop where the story goes on."""
    carried = False
    named: list[list[Said]] = []
    for sentence in read:
        carried = carried and _goes_on(sentence)
        now: list[Said] = []
        for said in sentence:
            says = said.says
            if says.subject == "own" or (says.subject == "thing" and not says.honorific):
                carried = False
            elif says.subject == "other" or says.honorific or carried:
                carried = True
                says = replace(says, subject="other")
            elif now and now[-1].says.subject == "thing" and (now[-1].says.tag == "VCP" or now[-1].says.frames):
                says = replace(says, subject="thing")  # 회사는 작은 데였는데 종이로 받았어요
            now.append(replace(said, says=says))
            carried = carried and (said.clause.ending in SAME_SUBJECT or said.clause.final)
        named.append(now)
    return named


def _goes_on(sentence: Sequence[Said]) -> bool:
    """Whether a sentence without subject still speaks of the person before: 그리고, a list in -고, a favour done."""
    first, last = sentence[0], sentence[-1]
    listed = last.clause.final and last.clause.ending == "고"
    favour = "주" in last.says.aux and not first.clause.opener
    return first.clause.opener in CONTINUING or (not first.clause.opener and (listed or favour))
