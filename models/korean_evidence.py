"""What each clause of a Korean answer is evidence of: the speaker's own deeds, what came of them, duty, circumstances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from interview_ai.rules.analysis import Find
from interview_ai.rules.evidence import EvidenceKind
from models.korean_clauses import Clause
from models.korean_predicates import Predicate, predicate
from models.korean_words import (
    AFTERWARDS,
    ASKED,
    ATTAINED,
    ATTAINED_VERBS,
    BAD,
    CHANGE,
    CIRCUMSTANCES,
    DUTIES,
    FEELING,
    GIVEN,
    GRADES,
    GROUPS,
    HAPPENED,
    LIVING,
    LIVING_VERBS,
    ME,
    MEASURED,
    NO_ACTION,
    PEOPLE,
    REDUCED,
    REDUCED_NOUNS,
    ROLES,
    SCENES,
    THINKING,
    UNWILLED,
    WITH_OBJECT,
)

SAME_SUBJECT = frozenset("고 어서 아서 여서 며 으며 다가".split())
CLOSED = frozenset({"결과", "결과적", "결국", "마침내"})  # what is said with these closes the story
BEFORE = frozenset({"원래", "예전", "기존", "평소"})  # how it used to be
PROPOSED = frozenset({"달라고", "자고", "어달라고", "달라"})
ORDERS = frozenset({"으라고", "라고", "어라", "아라", "달라고", "으라", "라"})
PERCEIVED = frozenset("보 재 세 살피 살펴보 들여다보 찾아보 알아보 확인하 조사하".split())
CONTINUING = frozenset({"그리고", "또", "그러고", "또한"})


@dataclass(frozen=True, slots=True)
class Said:
    """A clause, its predicate, and what it was found to be."""

    clause: Clause
    says: Predicate
    kind: EvidenceKind | None = None


def evidence(found: Sequence[Sequence[Clause]]) -> list[Find]:
    """Finds of all sentences in order. What happens before the first own action is its situation, after it a result."""
    acted = False
    finds: list[Find] = []
    known: dict[tuple[str, ...], EvidenceKind | None] = {}
    for sentence in _read(found):
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


def _read(found: Sequence[Sequence[Clause]]) -> list[list[Said]]:
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


def _unless_cause(judged: list[Said]) -> None:
    """What changed is no result where it only made the speaker act: 설거지가 늘어나서 순서를 바꿨습니다."""
    if len(judged) > 1 and judged[-1].kind == "action" and judged[-2].kind == "result" and not judged[-2].says.tensed:
        judged[-2] = replace(judged[-2], kind=None)


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


def _kind(said: Said, before: Sequence[Said], *, acted: bool) -> EvidenceKind | None:
    says = said.says
    if _duty(said):
        return "task"
    if says.habit or (says.quoted and not _proposed(said)) or not says.past or _felt(said):
        return None
    if _outcome(said, before, acted=acted):
        return "result"
    if _own_action(said) and not _background(said, acted=acted):
        return "action"
    return "situation" if _circumstance(said, before, acted=acted) else None


def _background(said: Said, *, acted: bool) -> bool:
    """A deed that only explains how things were: 원래는 받았어요; -거든요 or -었었- before the story begins."""
    forms = {morph.form for morph in said.clause.morphs}
    return bool(forms & BEFORE) or (not acted and (said.clause.ending == "거든" or bool(forms & {"었었", "았었"})))


def _proposed(said: Said) -> bool:
    """달라고 했습니다, 자고 했습니다: asking and proposing are deeds."""
    asked = any(morph.form in PROPOSED or (morph.form, morph.tag) == ("달", "VX") for morph in said.clause.morphs)
    return asked and said.says.stem == "하" and said.says.subject in ("own", "") and not said.says.seen


def _own_action(said: Said) -> bool:
    """Done, by the speaker, a deed and no state: 제가 표를 만들었습니다."""
    says = said.says
    if says.subject in ("other", "thing") or says.negated or says.unreal or says.honorific or says.frames:
        return False
    observed = says.seen and not said.clause.ending.startswith("더니")
    return not observed and not {"있", "되", "지"} & set(says.aux) and _deed(said)


def _deed(said: Said) -> bool:
    """Whether the verb names something that one does on purpose."""
    says = said.says
    forms = {morph.form for morph in said.clause.morphs}
    if says.tag == "XSV":
        return says.stem == "하" and says.noun not in THINKING
    willed = (says.stem in WITH_OBJECT and says.object) or bool({"주", "드리"} & set(says.aux))
    if says.tag != "VV" or (says.stem in NO_ACTION and not willed):
        return False
    if says.stem in ("받", "얻", "쓰", "먹") and (forms & GRADES or says.noun in THINKING):
        return False
    if says.stem == "배우":
        return says.object and says.noun not in ("거", "것", "자세")
    if says.stem == "하":
        return _done(said)
    if says.stem == "보" and not says.object:  # 옆에서 봤습니다 is watching; 선도 보고 is looking into
        return said.clause.ending != "니까" and any(m.tag == "JX" and m.form in ("도", "만", "부터") for m in said.clause.morphs)
    return not (says.stem == "보" and says.noun in ROLES)


def _done(said: Said) -> bool:
    """Whether 하다 does something: N을 했습니다, 직접 했습니다; not 그렇게 했더니, 일을 했습니다, 하니까."""
    says = said.says
    if says.vague or says.noun in THINKING | ROLES | {"식"}:
        return False
    own_way = any(morph.tag == "MAG" for morph in said.clause.morphs) and said.clause.ending not in ("니까", "더니")
    return bool(says.noun) or own_way or _proposed(said)


def _felt(said: Said) -> bool:
    """Feeling and thinking are no evidence of anything."""
    says = said.says
    words = {morph.form for morph in said.clause.morphs[-6:]}
    thought = says.stem in ("느끼", "싶", "알", "깨닫", "믿", "모르", "생각나", "좋아하", "바라") or (says.noun in THINKING and says.tag == "XSV" and says.noun in ("생각", "고민", "걱정", "후회", "결심", "다짐", "반성", "실감", "공감"))
    learned = says.stem == "배우" and bool(says.frames)
    moved = bool(words & FEELING and says.tag in ("VA", "XSA")) or "기분" in words
    return (thought and "지" not in says.aux) or moved or learned


def _outcome(said: Said, before: Sequence[Said], *, acted: bool) -> bool:
    """Something changed, was reached or no longer happens, after own deeds or by a cue: 줄었습니다, 합격했습니다."""
    says = said.says
    forms = _cues(said)
    if any(morph.form in ("덕분", "덕") for morph in said.clause.morphs) and not forms & {"덕분", "덕"}:
        return False  # 후배 덕분에 끝났습니다: theirs
    if (says.unreal and not _became_able(says)) or not (acted or forms & {"결과", "덕분"}) or _found_out(before):
        return False
    if says.negated:
        return bool(forms & BAD) and says.subject != "other" and says.stem in ("없", "발생", "생기", "나", "나오", "하")
    if says.subject == "other":
        after = bool(forms & AFTERWARDS) or _changed(said) or (bool(before) and before[-1].kind == "result")
        return _became_able(says) or (after and _others_followed(said))
    if _changed(said) or _reached(said, forms) or (forms & CLOSED and says.tag in ("VV", "XSV")):
        return True
    counted = any(morph.tag in ("NR", "SN") for morph in said.clause.morphs)
    if counted and (says.stem == "되" or (says.tag == "VCP" and forms & AFTERWARDS)):
        return True
    followed = bool(before) and before[-1].clause.ending in ("더니", "니까") and _leads_on(before[-1])
    return followed and says.tag != "VCP" and "있" not in (says.stem, *says.aux) and not _own_action(said)


def _leads_on(said: Said) -> bool:
    """An own deed, or 그랬더니, 그런 식으로 했더니, that stands for those before."""
    return said.kind == "action" or (said.says.past and (said.says.vague or said.says.stem in ("그러", "그렇", "이렇")))


def _found_out(before: Sequence[Said]) -> bool:
    """Whether the clause before looked at something, so that this is what was found: 재 보니까, 나눠 봤더니."""
    if not before or before[-1].clause.ending not in ("더니", "니까") or before[-1].says.vague:
        return False
    return "보" in before[-1].says.aux or before[-1].says.stem in PERCEIVED


def _became_able(says: Predicate) -> bool:
    return any(noun == "수" for _, noun in says.frames) and "되" in says.aux


def _changed(said: Said) -> bool:
    says = said.says
    inner = any(m.tag in ("VV",) and m.form in CHANGE for m in said.clause.morphs[:-2])
    felt = says.stem == "느끼" and "지" in says.aux and inner
    grown = says.tag in ("VA", "XSA", "VV", "XSV") and "지" in says.aux and says.stem not in ("느끼",)
    happened = says.tag == "XSV" and says.stem == "되" and says.noun in HAPPENED
    became = "되" in says.aux and any(m.form == "게" and m.tag == "EC" for m in said.clause.morphs)
    return says.stem in CHANGE or felt or grown or happened or became


def _reached(said: Said, forms: set[str]) -> bool:
    says = said.says
    if says.subject == "thing":
        return says.noun in HAPPENED and not says.object
    lettered = says.stem == "받" and len(says.noun) == 1 and says.noun.isascii()  # A를 받았어요
    graded = (says.stem in ("받", "얻", "거두") and bool(forms & GRADES)) or lettered
    reduced = (says.stem in REDUCED or says.noun in REDUCED_NOUNS) and bool(forms & MEASURED)
    attained = says.noun in ATTAINED or (says.stem in ATTAINED_VERBS)
    return graded or reduced or attained


def _others_followed(said: Said) -> bool:
    """What a group of people did afterwards, of itself: 나중에는 손님들도 ... ; nobody did it for the speaker."""
    says = said.says
    morphs = said.clause.morphs
    if says.subject != "other" or says.quoted or {"주", "드리"} & set(says.aux) or any(m.tag == "JKO" for m in morphs):
        return False
    plural = any(morph.form in ("들", "명", "분", "모두") for morph in morphs)
    return plural and any(morph.form in GROUPS for morph in morphs)


def _duty(said: Said) -> bool:
    """What the speaker had to do: in charge, a goal, asked to, must."""
    says = said.says
    if says.subject == "other" and not _asked_me(said):
        return False
    if says.negated or says.habit:
        return False
    past = says.past or says.stem in GIVEN
    resolved = any(a.tag == "ETN" and b.form == "로" for a, b in pairwise(said.clause.morphs))
    if resolved and says.past and not says.unreal and (says.aux or says.noun in ("마음", "결심", "결정")):
        return True
    if says.stem in GIVEN or says.noun in GIVEN:
        return past and (not says.unreal or says.quoted)
    if says.tag == "VCP":
        return past and not says.unreal and any(morph.form in DUTIES for morph in said.clause.morphs)
    if says.obliged:
        return says.past and "겠" not in {morph.form for morph in said.clause.morphs}
    return past and (_asked_me(said) or (says.stem == "받" and says.noun in ASKED))


def _asked_me(said: Said) -> bool:
    """Somebody told the speaker to: 저보고 맡으라고 하셨습니다."""
    morphs = said.clause.morphs
    me = any(a.form in ME and b.form in ("보고", "한테", "에게", "더러", "께") for a, b in pairwise(morphs))
    return me and said.says.past and said.says.quoted and any(m.form in ORDERS and m.tag != "EP" for m in morphs)


def _cues(said: Said) -> set[str]:
    """The words of the clause that stand for themselves; 결과 in 결과표 does not."""
    morphs = said.clause.morphs
    inside = {a.form for a, b in pairwise(morphs) if a.tag == "NNG" and b.tag == "NNG" and a.end == b.start}
    thanks = {b.form for a, b in pairwise(morphs) if b.form in ("덕분", "덕") and (a.form in PEOPLE or a.form in ("님", "들"))}
    return {morph.form for morph in morphs} - inside - thanks


def _circumstance(said: Said, before: Sequence[Said], *, acted: bool) -> bool:
    """Where, when and what was going on before the speaker acted; another's deed is none."""
    says = said.says
    forms = {morph.form for morph in said.clause.morphs}
    scene = any(noun in SCENES for _, noun in says.frames) and not says.unreal
    if acted:
        met = (says.seen or says.tag == "VCP") and _found_out(before)
        return says.subject != "other" and ((bool(forms & TIMES) and (says.tag == "VCP" or scene)) or met)
    if says.unreal or (says.negated and (any(noun == "적" for _, noun in says.frames) or "않" in says.aux) and says.subject in ("own", "")):
        return False
    state = says.negated or says.tag in ("VA", "VCP", "XSA") or says.stem in UNWILLED | ARRIVED or {"되", "지"} & set(says.aux)
    if says.subject == "other":
        coming = says.stem in ARRIVED and not says.tensed  # 오셔서 하셨습니다: on the way to another's deed
        return bool(scene or state) and not coming and "주" not in says.aux
    lived = says.noun in LIVING | ROLES or says.stem in LIVING_VERBS
    return bool(scene or lived or forms & CIRCUMSTANCES or says.subject == "thing" or says.stem in UNWILLED or says.negated)


ARRIVED = frozenset({"들어오", "오", "그만두", "나가"})  # who came and who left
TIMES = frozenset({"당시", "시절", "때"})


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
    return not (said.clause.final or says.subject == "other" or says.quoted or says.habit or says.negated or says.past and says.tensed)


def _one_piece(last: Said, said: Said) -> bool:
    """Whether this clause only goes on with the find before it."""
    linked = not last.says.tensed
    if said.kind == "situation":
        return last.kind == "situation"
    if said.kind in ("result", "task"):
        return linked and last.kind in ("situation", said.kind)
    bare = not any(m.tag.startswith("NN") and m.form != said.says.noun for m in said.clause.morphs)
    return last.kind == "action" and bare and last.clause.ending in ("어서", "아서", "여서")
