"""What each clause of a Korean answer is evidence of, and how neighbouring clauses make one find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interview_ai.rules.analysis import Find
from interview_ai.rules.evidence import EvidenceKind
from models.korean_clauses import Clause
from models.korean_deeds import background, duty, felt, own_action, proposed
from models.korean_outcomes import circumstance, outcome
from models.korean_story import Said, read


def evidence(found: Sequence[Sequence[Clause]]) -> list[Find]:
    """Finds of all sentences in order. What happens before the first own action is its situation, after it a result."""
    acted = False
    finds: list[Find] = []
    known: dict[tuple[str, ...], EvidenceKind | None] = {}
    for sentence in read(found):
        judged: list[Said] = []
        for said in sentence:
            # said again, it is what it was the first time: repeating must not turn a circumstance into a result
            words = tuple(morph.form for morph in said.clause.morphs)
            kind = known[words] if words in known else _kind(said, judged, acted=acted)
            known[words] = kind
            judged.append(replace(said, kind=kind))
            acted = acted or judged[-1].kind == "action"
            _unless_cause(judged)
        finds += _joined(judged)
    return finds


def _unless_cause(judged: list[Said]) -> None:
    """What changed is no result where it only made the speaker act: 설거지가 늘어나서 순서를 바꿨습니다."""
    if len(judged) > 1 and judged[-1].kind == "action" and judged[-2].kind == "result" and not judged[-2].says.tensed:
        judged[-2] = replace(judged[-2], kind=None)


def _kind(said: Said, before: Sequence[Said], *, acted: bool) -> EvidenceKind | None:
    says = said.says
    if duty(said):
        return "task"
    if says.habit or (says.quoted and not proposed(said)) or not says.past or felt(said):
        return None
    if outcome(said, before, acted=acted):
        return "result"
    if own_action(said) and not background(said, acted=acted):
        return "action"
    return "situation" if circumstance(said, before, acted=acted) else None


def _joined(judged: Sequence[Said]) -> list[Find]:
    """Finds of one sentence: circumstances in one piece, whatever merely leads up to something with it."""
    finds: list[Find] = []
    last: Said | None = None
    lead: int | None = None
    for said in judged:
        if said.kind is None:
            lead = (said.clause.start if lead is None else lead) if _leads(said) else None
        elif last is not None and _one_piece(last, said):
            finds[-1] = Find(said.kind, finds[-1].start, said.clause.end)
        else:
            begin = lead if lead is not None and said.kind in ("situation", "result") else said.clause.start
            finds.append(Find(said.kind, begin, said.clause.end))
        last = said if said.kind is not None else None
        lead = lead if said.kind is None else None
    return finds


def _leads(said: Said) -> bool:
    """Whether a clause that is nothing by itself belongs to the circumstance or result that it leads up to."""
    says = said.says
    done = says.past and says.tensed
    return not (said.clause.final or says.subject == "other" or says.quoted or says.habit or says.negated or done)


def _one_piece(last: Said, said: Said) -> bool:
    """Whether this clause only goes on with the find before it."""
    linked = not last.says.tensed
    if said.kind == "situation":
        return last.kind == "situation"
    if said.kind in ("result", "task"):
        return linked and last.kind in ("situation", said.kind)
    bare = not any(m.tag.startswith("NN") and m.form != said.says.noun for m in said.clause.morphs)
    return last.kind == "action" and bare and last.clause.ending in ("어서", "아서", "여서")
